public import PoiseModel
public import PoiseNumerics
import RealModule

/// Infinitely wide networks with symmetric α-stable weights (Qu, Wardak and Gong 2022):
///
///     hˡ = Wˡ φ(hˡ⁻¹) + bˡ,   W_ij = σ_w N^{−1/α} W̃_ij,   b_i = σ_b B̃_i,   E e^{itW̃} = e^{−|t|^α/2}.
///
/// Preactivations are stable too: h = S Z with q = S^α, a power of a scale and not a variance; at α = 2 it
/// is the variance. Everything is computed in ln q, which may lie far below the smallest number.
///
/// ```swift
/// let theory = try HeavyTailMeanField(activation: .tanh, alpha: 1.5, scale: 0.5)
/// if case .settles(let point) = try theory.outcome() { print(point.logLength) }   // −11.2004
/// ```
public struct HeavyTailMeanField: Sendable {
  /// φ.
  public let activation: Activation
  /// α in [0.1, 2].
  public let alpha: Double
  /// σ_w.
  public let scale: Double
  /// σ_b.
  public let biasScale: Double
  /// The unit law on the logarithmic axis.
  public let density: LogStableDensity
  let rule: LogAxisRule

  /// - Throws: `outOfRange` for α outside [0.1, 2], σ_w outside [1e-3, 1e4] or σ_b outside [0, 1e4].
  public init(
    activation: Activation, alpha: Double, scale: Double, biasScale: Double = 0
  ) throws(PoiseError) {
    let density = try LogStableDensity(alpha: alpha)
    try self.init(
      activation: activation, density: density, rule: LogAxisRule(activation, alpha: alpha),
      scale: scale, biasScale: biasScale)
  }

  /// The same α and φ at other scales; shares the tables.
  public func with(scale: Double, biasScale: Double? = nil) throws(PoiseError)
    -> HeavyTailMeanField
  {
    try HeavyTailMeanField(
      activation: activation, density: density, rule: rule, scale: scale,
      biasScale: biasScale ?? self.biasScale)
  }

  private init(
    activation: Activation, density: LogStableDensity, rule: LogAxisRule, scale: Double,
    biasScale: Double
  ) throws(PoiseError) {
    self.activation = activation
    alpha = density.alpha
    self.density = density
    self.rule = rule
    self.scale = try scale.checked(
      "scale", in: 1e-3...1e4, suggestion: "σ_w of order 1; entries have scale σ_w (2N)^(-1/α)")
    self.biasScale = try biasScale.checked("bias scale", in: 0...1e4)
  }

  /// Whether |φ| grows slower than its argument, so that E |φ(h)|^α exists; at α = 2 it always does.
  public var hasInfiniteWidthLimit: Bool {
    if alpha == 2 { return true }
    let (minus, plus) = activation.function.slopesAtInfinity
    return minus == 0 && plus == 0
  }

  /// (½ Σ± |φ′(0±)|^α)^{1/α}, the slope at the origin.
  public var slopeAtOrigin: Double { .pow(rule.slopeAtOrigin, 1 / alpha) }

  /// What this theory takes for granted.
  public static let assumptions = [
    "layers are infinitely wide", "weights are independent, symmetric and exactly stable",
    "φ grows slower than its argument",
  ]
  /// Where it comes from.
  public static let sources = ["Qu, Wardak, Gong 2022, arXiv:2203.12967"]
}
