import PoiseModel
public import PoiseNumerics

/// Independent draws of all weights of a deep linear network with one output, at any T ≥ 0 and without
/// a Markov chain, given draws of the order parameters q.
///
/// Given q only the length of the read-out and one row of each layer know the data: a = √(N_L q_L) ×
/// unit vector; in layer l = L … 2 the row along v̂_l (what the layers above read out) is
/// √(N_{l−1}q_{l−1}) × unit vector; in layer 1 it is a Gaussian conditioned on the labels. All other rows
/// are prior. The draws of q come from a theory's density, so these samples do not test that density.
public struct DirectSampler: Sendable {
  /// The posterior that is sampled.
  public let task: SamplingTask
  private let seed: UInt64
  private let modes: (values: [Double], left: Matrix<Double>, right: Matrix<Double>)

  /// One network.
  public struct Draw: Sendable {
    /// W_1 … W_L, then a (1 × N_L), not whitened.
    public let weights: [Matrix<Double>]
    /// f = map · x (1 × N₀).
    public let map: Matrix<Double>
  }

  /// - Throws: `outOfRange` for several outputs or another activation than linear.
  public init(_ task: SamplingTask, seed: UInt64) throws(PoiseError) {
    guard task.outputCount == 1, task.activation.name == "linear" else {
      throw PoiseError(
        .outOfRange, quantity: "direct sampler",
        value: "\(task.outputCount) outputs, \(task.activation.name)",
        allowed: "one output of a linear network", suggestion: "Gibbs sampling")
    }
    BLAS.useOneThread()
    self.task = task
    self.seed = seed
    modes = try GibbsChain.modes(task.inputs)
  }

  /// Network number `index`.
  ///
  /// - Parameter orderParameters: q_1 … q_L, a draw from p(q|Y).
  public func draw(_ index: Int, orderParameters q: [Double]) -> Draw {
    precondition(q.count == task.depth, "one order parameter per layer")
    var stream = SamplerStream.direct.stream(seed: seed, chain: index, index: 0)
    let depth = task.depth
    func row(_ count: Int, square: Double) -> Matrix<Double> {
      let normal = stream.normals(1, count)
      let length = normal.elements.reduce(0) { $0 + $1 * $1 }
      return normal.scaled(by: (square / length).squareRoot())
    }
    let width = task.widths[depth - 1]
    let readout = row(width, square: Double(width) * q[depth - 1])
    var weights = [readout]
    // v: what the layers above read out of layer l, f = v x_l/√N_l.
    var v = readout
    for layer in stride(from: depth - 1, through: 0, by: -1) {
      let (rows, columns) = task.shape(layer)
      var w = stream.normals(rows, columns)
      let deviation = task.variances[layer].squareRoot()
      w.withUnsafeMutableElements { for index in 0..<$0.count { $0[index] *= deviation } }
      let length = v.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let direction = v.scaled(by: 1 / length)
      let prior = product(direction, w)
      // In units where f = v̂ w · x_{l−1}/√N_{l−1} times |v|/√N_l.
      let gain = length / Double(rows).squareRoot()
      let posterior =
        layer > 0
        ? row(columns, square: Double(columns) * q[layer - 1])
        : conditioned(prior, gain: gain, &stream)
      var change = posterior
      for index in change.elements.indices { change.elements[index] -= prior.elements[index] }
      multiply(direction, change, into: &w, beta: 1, transposeA: true)
      weights.append(w)
      v = posterior.scaled(by: gain)
    }
    let root = 1 / Double(task.inputs.columns).squareRoot()
    return Draw(weights: weights.reversed(), map: v.scaled(by: root))
  }

  /// w ~ N(0, σ_1²) conditioned on gain w·x/√N₀ + √T noise = y, from a prior draw; at T = 0 on least
  /// squares.
  private func conditioned(
    _ prior: Matrix<Double>, gain: Double, _ stream: inout RandomStream
  ) -> Matrix<Double> {
    let temperature = task.temperature
    let variance = task.variances[0] * gain * gain
    let noise = stream.normals(1, task.patternCount)
    // Residual along the modes: v_i·(y − √T noise) − gain √μ_i (w_i·prior).
    var target = task.targets.transposed
    for index in target.elements.indices {
      target.elements[index] -= temperature.squareRoot() * noise.elements[index]
    }
    var along = product(target, modes.left, transposeB: true)
    multiply(prior, modes.right, into: &along, -gain, beta: 1, transposeB: true)
    let cut = 1e-12 * (modes.values.first ?? 0)
    for mode in modes.values.indices {
      let total = variance * modes.values[mode] + temperature
      along[0, mode] *=
        temperature == 0 && modes.values[mode] <= cut ? 0 : task.variances[0] * gain / total
    }
    var result = prior
    multiply(along, modes.right, into: &result, beta: 1)
    return result
  }
}
