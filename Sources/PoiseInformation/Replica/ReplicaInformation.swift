import PoiseMeanField
import PoiseModel
public import PoiseNumerics
import RealModule

/// The information of the asymptotically exact replica formula.
public struct ReplicaInformation: Sendable, Equatable {
  /// I(x; hˡ)/n_l.
  public let information: Information
  /// h(hˡ)/n_l, nats.
  public let entropy: Double
  /// h(hˡ | x)/n_l, nats.
  public let conditionalEntropy: Double
  /// What the other of two starts led to, where it led elsewhere: several solutions exist, as happens
  /// for discrete inputs and for jumps of φ, and the one of the smaller entropy counts.
  public let other: Information?
  /// Mean square errors of input and hidden units given hˡ, from the input on.
  public let errors: [Double]
  /// Sweeps made.
  public let sweeps: Int
}

extension NetworkChannel {
  /// I(x; hˡ) per neuron by the multilayer replica formula: exact for wide layers. Proven for one
  /// layer, for two with Gaussian weights, and for two orthogonal ones; for more layers an accepted
  /// conjecture, checked against finite networks.
  ///
  /// - Parameters:
  ///   - layer: l ≥ 1.
  ///   - widths: n₀ … n_l, or nil for equal widths. Per neuron then means per unit of layer l.
  /// - Returns: error about 1e-9 (measured by halving every step).
  /// - Throws: `outOfRange`, `shapeMismatch`, `noAnswer` where lengths diverge, `notConverged`.
  /// - Source: Gabrié et al. 2018 (arXiv 1805.09785); `docs/theory/information.md`.
  public func replicaInformation(
    atLayer layer: Int, widths: [Int]? = nil
  ) throws(PoiseError) -> ReplicaInformation {
    try checked(layer: layer)
    let sizes = try self.sizes(widths, layer: layer)
    let noise = noiseVariances(toLayer: layer)
    let powers = try unitPowers(noise)
    let channel = ScalarChannel(ensemble.activation)
    let solver = ReplicaSolver(
      channels: [ScalarChannel](repeating: channel, count: layer - 1),
      prior: PriorChannel(prior: inputs), couplings: couplings(sizes), noise: noise,
      biasVariance: ensemble.biasVariance, powers: powers,
      ignorance: [inputs.variance] + powers[1...]
    )
    let whole = try Self.bothStarts(solver)
    // Noise at the output alone, or one layer: given x only that noise is left.
    var given = (smaller: 0.5 * Double.log(noise[layer - 1]), larger: 0.0)
    given.larger = given.smaller
    if layer > 1, noise[0] > 0 {
      let points = try Self.bothStarts(
        ReplicaSolver(
          channels: solver.channels, prior: nil, couplings: solver.couplings, noise: noise,
          biasVariance: ensemble.biasVariance, powers: powers, ignorance: solver.ignorance))
      given = (points.point.entropy, points.other)
    }
    let unit = 0.5 * (1 + Double.log(2 * .pi))
    let information = whole.point.entropy - given.smaller
    let other = whole.other - given.larger
    let differs = abs(other - information) > 1e-7 * max(1, abs(information))
    return ReplicaInformation(
      information: Information(nats: information), entropy: whole.point.entropy + unit,
      conditionalEntropy: given.smaller + unit, other: differs ? Information(nats: other) : nil,
      errors: whole.point.errors, sweeps: whole.point.sweeps)
  }

  /// From ignorance and from certainty: the point of the smaller entropy, and the other entropy.
  private static func bothStarts(
    _ solver: ReplicaSolver<ScalarChannel>
  ) throws(PoiseError) -> (point: ReplicaSolver<ScalarChannel>.FixedPoint, other: Double) {
    let ignorant = try solver.solve(scale: 1)
    let certain = try solver.solve(scale: 1e-4, near: ignorant)
    return certain.entropy < ignorant.entropy
      ? (certain, ignorant.entropy) : (ignorant, certain.entropy)
  }

  func couplings(_ sizes: [Double]) -> [WeightCoupling] {
    (1..<sizes.count).map {
      WeightCoupling(
        isOrthogonal: isOrthogonal, variance: ensemble.weightVariance, inputs: sizes[$0 - 1],
        outputs: sizes[$0])
    }
  }

  /// ρ₀ = E x², ρ_l = E φ(hˡ)² for l < L.
  func unitPowers(_ noise: [Double]) throws(PoiseError) -> [Double] {
    let variances = try variances(noise)
    return [inputs.secondMoment]
      + variances.dropLast().map { ensemble.activation.moments(length: $0.total).valueSquared }
  }

  /// n₀ … n_l in one unit; all 1 for equal widths.
  func sizes(_ widths: [Int]?, layer: Int) throws(PoiseError) -> [Double] {
    guard let widths else { return [Double](repeating: 1, count: layer + 1) }
    guard widths.count == layer + 1 else {
      throw PoiseError(
        .shapeMismatch, quantity: "widths", value: "\(widths.count)",
        allowed: "\(layer + 1): the input and every layer up to the one observed")
    }
    if let width = widths.first(where: { $0 < 1 }) {
      throw PoiseError(.outOfRange, quantity: "width", value: "\(width)", allowed: "at least 1")
    }
    return widths.map { Double($0) }
  }
}
