public import PoiseModel
public import PoiseNumerics
import Synchronization

/// Measurements of many networks of one ensemble on one batch, network by network.
public struct EnsembleMeasurements: Sendable, Equatable {
  /// Everything measured on each network, in order of its index.
  public let networks: [LayerMeasurements]

  /// Mean over rows of |hˡ|²/N (network × layer). The list of a network whose preactivations
  /// overflowed ends before that layer: see `divergedAtLayer`.
  public var length: [[Double]] { networks.map(\.length) }
  /// Mean over distinct pairs of rows of h_a·h_b/N (network × layer); empty lists for one row.
  public var overlap: [[Double]] { networks.map(\.overlap) }
  /// Mean over the gradient rows of ln |gˡ|² (network × layer); empty for a diverged network.
  public var logGradient: [[Double]] { networks.map(\.logGradient) }
  /// |hˡ|²/N of one row alone (network × layer), free of the averaging over rows.
  public func length(row: Int) -> [[Double]] { networks.map { $0.rowLengths.map { $0[row] } } }
  /// ln |gˡ|² of one row alone (network × layer).
  public func logGradient(row: Int) -> [[Double]] {
    networks.map { $0.rowLogGradients.map { $0[row] } }
  }
  /// ln |Jˡ u|² of one row alone (network × layer).
  public func logTangent(row: Int) -> [[Double]] {
    networks.map { $0.rowLogTangents.map { $0[row] } }
  }
  /// First layer (from 1) that overflowed in each network, or nil.
  public var divergedAtLayer: [Int?] { networks.map(\.divergedAtLayer) }

  /// Builds `networks` networks and measures them on one batch.
  ///
  /// Network i owns the streams (seed, i); the result does not depend on `jobs` in any bit. One
  /// worker holds one network at a time, and reuses its memory for the next.
  ///
  /// - Parameters:
  ///   - inputs: (sample × input), the same for all networks.
  ///   - options: what to measure. By default gradients of the first 64 rows.
  ///   - progress: called with the number of finished networks, from any worker.
  ///   - isCancelled: asked before every layer of every network.
  /// - Throws: `shapeMismatch`, `outOfRange`; `cancelled` when `isCancelled` says so.
  public static func measure(
    _ ensemble: NetworkEnsemble, architecture: Architecture, inputs: Matrix<Double>,
    networks: Int, seed: UInt64, jobs: Int = availableJobs, options: MeasurementOptions? = nil,
    progress: (@Sendable (Int) -> Void)? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(PoiseError) -> EnsembleMeasurements {
    let options = options ?? MeasurementOptions(gradientRows: min(inputs.rows, 64))
    try options.check(architecture, inputs: inputs)
    let pool = WorkspacePool()
    let finished = Atomic<Int>(0)
    let results = try parallelMap(count: networks, jobs: jobs) { item throws(PoiseError) in
      if isCancelled() { throw .cancelledPass(layer: 0) }
      let sample = NetworkSample(
        of: ensemble, architecture: architecture, seed: seed, index: UInt64(item))
      let workspace = pool.take() ?? Workspace(sample, rows: inputs.rows, options: options)
      defer { pool.give(workspace) }
      let result = try workspace.measure(sample, inputs: inputs, isCancelled: isCancelled)
      progress?(finished.add(1, ordering: .relaxed).newValue)
      return result
    }
    return EnsembleMeasurements(networks: results)
  }
}

/// The memory of one worker; used by one thread at a time.
private final class Workspace: @unchecked Sendable {
  private let layers: LayerStream<Double>
  private let pass: Propagation<Double>

  init(_ sample: NetworkSample, rows: Int, options: MeasurementOptions) {
    layers = LayerStream(sample, retaining: options.gradientRows > 0)
    pass = Propagation(sample.architecture, rows: rows, options: options)
  }

  func measure(
    _ sample: NetworkSample, inputs: Matrix<Double>, isCancelled: () -> Bool
  ) throws(PoiseError) -> LayerMeasurements {
    layers.restart(with: sample)
    (pass.options.seed, pass.options.index) = (sample.seed, sample.index)
    return try pass.run(layers, inputs: inputs, isCancelled: isCancelled)
  }
}

/// Workspaces not in use. Local to one call; at most as many as there are workers.
private final class WorkspacePool: Sendable {
  private let free = Mutex<[Workspace]>([])

  func take() -> Workspace? { free.withLock { $0.popLast() } }
  func give(_ workspace: Workspace) { free.withLock { $0.append(workspace) } }
}
