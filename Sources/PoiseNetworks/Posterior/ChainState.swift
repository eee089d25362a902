public import PoiseNumerics

/// A Markov chain over the weights of one network.
public protocol PosteriorChain: Sendable {
  /// Everything needed to go on: written and read back, a chain continues with the same bits.
  var state: ChainState { get }
  /// Sweeps done since the chain's birth.
  var sweep: Int { get }
  /// The names of what `advance` returns.
  var observableNames: [String] { get }
  /// One sweep or trajectory; returns the observables after it.
  /// - Throws: `notConverged` or `noAnswer` when numbers leave their range.
  mutating func advance() throws(PoiseError) -> [Double]
  /// Outputs on other inputs (input × output) with the present weights.
  func outputs(_ inputs: Matrix<Double>) -> Matrix<Double>
}

/// What a chain has to remember: no random state beyond the number of the sweep, since the numbers of
/// sweep t of chain c are the stream (seed, c, t).
public struct ChainState: Codable, Sendable, Equatable {
  /// Seed of the run: the same for all its chains.
  public var seed: UInt64
  /// Number of the chain.
  public var chain: Int
  /// Sweeps done.
  public var sweep: Int
  /// Whitened weights, layer by layer, read-out last, row-major.
  public var weights: [[Double]]
  /// Step size and its adaptation, for Hamiltonian chains.
  public var adaptation: StepAdaptation?

  /// A start drawn from the prior.
  public init(prior task: SamplingTask, seed: UInt64, chain: Int) {
    self.seed = seed
    self.chain = chain
    sweep = 0
    weights = (0...task.depth).map { layer in
      var stream = SamplerStream.start.stream(seed: seed, chain: chain, index: layer)
      let (rows, columns) = task.shape(layer)
      return stream.normals(rows, columns).elements
    }
  }

  init(seed: UInt64, chain: Int, sweep: Int, weights: [Matrix<Double>]) {
    self.seed = seed
    self.chain = chain
    self.sweep = sweep
    self.weights = weights.map(\.elements)
  }

  /// The whitened weights as matrices.
  func matrices(_ task: SamplingTask) throws(PoiseError) -> [Matrix<Double>] {
    guard weights.count == task.depth + 1 else { throw Self.misfit }
    var result: [Matrix<Double>] = []
    for (layer, values) in weights.enumerated() {
      let (rows, columns) = task.shape(layer)
      guard values.count == rows * columns, values.allSatisfy(\.isFinite) else {
        throw Self.misfit
      }
      result.append(Matrix(rows: rows, columns: columns, elements: values))
    }
    return result
  }

  private static var misfit: PoiseError {
    PoiseError(
      .shapeMismatch, quantity: "state of a chain", value: "other layers than the task has",
      allowed: "a state written by a chain of the same task")
  }
}
