public import PoiseNumerics

/// Chains run side by side: each owns its streams, so that the draws do not depend on the number of
/// threads.
public struct ChainRun: Sendable {
  /// The observables' names.
  public let names: [String]
  /// Draws of each chain after its warm-up (draw × observable).
  public let traces: [Matrix<Double>]
  /// Where each chain stands: give these to go on.
  public let states: [ChainState]

  /// Outputs on chosen inputs, averaged over each of `blocks` successive parts of a chain; empty where
  /// they were not asked for.
  public let meanOutputs: [BlockMeans]

  /// - Parameters:
  ///   - chains: number of chains, at least 2: one alone cannot tell whether it has converged.
  ///   - warmup: sweeps that are dropped, counted from the chain's birth.
  ///   - draws: sweeps that are kept of each chain, at least 4.
  ///   - averaging: inputs whose outputs are averaged (input × N₀).
  ///   - resuming: states of an earlier run; its draws come before these.
  ///   - make: chain number c from a state, or from the prior.
  /// - Throws: `outOfRange`; what a chain throws.
  public init<Chain: PosteriorChain>(
    chains: Int = 2, warmup: Int, draws: Int, averaging inputs: Matrix<Double>? = nil,
    resuming states: [ChainState]? = nil, jobs: Int = 1,
    _ make: @Sendable (Int, ChainState?) throws(PoiseError) -> Chain
  ) throws(PoiseError) {
    guard chains >= 2, draws >= 4, warmup >= 0, states.map({ $0.count == chains }) ?? true else {
      throw PoiseError(
        .outOfRange, quantity: "chains", value: "\(chains) of \(warmup) + \(draws) sweeps",
        allowed: "at least 2 chains of at least 4 draws, one state per chain")
    }
    let results = try parallelMap(count: chains, jobs: jobs) {
      (index: Int) throws(PoiseError) -> Single in
      var chain = try make(index, states?[index])
      let names = chain.observableNames
      var trace = Matrix<Double>(rows: draws, columns: names.count)
      var means = BlockMeans(draws: draws)
      while chain.sweep < warmup { _ = try chain.advance() }
      for row in 0..<draws {
        for (column, value) in try chain.advance().enumerated() { trace[row, column] = value }
        if let inputs { means.add(chain.outputs(inputs), draw: row) }
      }
      return Single(names: names, trace: trace, state: chain.state, means: means)
    }
    names = results[0].names
    traces = results.map(\.trace)
    self.states = results.map(\.state)
    meanOutputs = inputs == nil ? [] : results.map(\.means)
  }

  private struct Single: Sendable {
    let names: [String]
    let trace: Matrix<Double>
    let state: ChainState
    let means: BlockMeans
  }

  /// All observables with errors and diagnostics.
  public var estimates: [ChainEstimate] {
    names.indices.map { column in
      ChainEstimate(
        name: names[column],
        chains: traces.map { trace in (0..<trace.rows).map { trace[$0, column] } })
    }
  }

  /// One observable by name.
  public func estimate(_ name: String) -> ChainEstimate? {
    names.firstIndex(of: name).map { estimates[$0] }
  }

  /// What is not converged, in words; empty when every mean may be believed.
  public var warnings: [String] { estimates.compactMap(\.warning) }
}
