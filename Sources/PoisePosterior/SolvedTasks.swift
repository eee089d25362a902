public import PoiseNumerics
import RealModule

/// Tasks of Gaussian inputs whose averages are closed at T = 0 for many inputs and patterns: label
/// strength, bias and variance for networks of equal widths and one variance.
///
/// - Derivation: `docs/theory/posterior.md`, section 5.
public struct SolvedTask: Sendable, Equatable {
  /// The order parameter and its limits.
  public let order: EqualWidths
  /// (f̄ − y)² averaged over test points, clean labels.
  public let bias: Double
  /// V averaged over test points.
  public let predictionVariance: Double
  /// Probability that a sampled network has the wrong sign; nil where labels are not ±1.
  public let signError: Double?

  /// bias + variance.
  public var error: Double { bias + predictionVariance }

  /// y = w·x/√N₀ + noise, |w|²/N₀ = signal.
  ///
  /// - Parameters:
  ///   - inputLoad: α_0 = P/N₀. Below 1 the labels are interpolated; above 1 least squares fits all N₀
  ///     directions and the variance is 0.
  ///   - load: α = P/N.
  /// - Throws: `outOfRange`; `noAnswer` at α_0 = 1, where the bias diverges.
  public static func noisyLinearTeacher(
    inputLoad: Double, signal: Double, noise: Double, variance: Double, depth: Int, load: Double
  ) throws(PoiseError) -> SolvedTask {
    let a = try inputLoad.checked("α_0 = P/N₀", in: 1e-300...1e12)
    _ = try signal.checked("signal", in: 0...1e100)
    _ = try noise.checked("noise variance", in: 0...1e100)
    guard a != 1 else { throw divergence(a) }
    let strength = signal + (a < 1 ? noise / (1 - a) : noise / (a - 1))
    let order = try EqualWidths(
      load: a < 1 ? load : load / a, variance: variance, depth: depth,
      labelStrength: strength / variance)
    guard a < 1 else {
      return SolvedTask(order: order, bias: noise / (a - 1), predictionVariance: 0, signError: nil)
    }
    return SolvedTask(
      order: order, bias: (1 - a) * signal + noise * a / (1 - a),
      predictionVariance: try variance * scale(order) * (1 - a), signError: nil)
  }

  /// P Gaussian centres with labels ±1; test points √(1−γ) x^μ + √γ η around them.
  ///
  /// - Parameter spread: γ in [0, 1].
  /// - Throws: `outOfRange`, also for α_0 ≥ 1, where random labels cannot be interpolated.
  public static func template(
    inputLoad: Double, spread: Double, variance: Double, depth: Int, load: Double
  ) throws(PoiseError) -> SolvedTask {
    let a = try inputLoad.checked("α_0 = P/N₀", in: 1e-300...1e12)
    let gamma = try spread.checked("spread γ", in: 0...1)
    guard a < 1 else { throw divergence(a) }
    let order = try EqualWidths(
      load: load, variance: variance, depth: depth, labelStrength: 1 / (1 - a) / variance)
    // Across test points f̄ − √(1−γ) y has variance γα_0/(1−α_0): regression on the other centres.
    let (cross, root) = (gamma * a / (1 - a), (1 - gamma).squareRoot())
    let spreadVariance = try gamma * variance * scale(order)
    let v = spreadVariance * (1 - a)
    let total = (cross + v).squareRoot()
    return SolvedTask(
      order: order, bias: (1 - root) * (1 - root) + cross, predictionVariance: v,
      signError: total > 0 ? StandardNormal.cumulative(-root / total) : 0)
  }

  private static func scale(_ order: EqualWidths) throws(PoiseError) -> Double {
    guard let s = order.scale else {
      throw PoiseError(
        .noAnswer, quantity: "s = u^L", value: "beyond 1e308", allowed: "a smaller σ² or depth")
    }
    return s
  }

  private static func divergence(_ a: Double) -> PoiseError {
    PoiseError(
      .noAnswer, quantity: "bias", value: "diverges at α_0 = \(a)",
      allowed: "α_0 = P/N₀ away from the interpolation threshold 1",
      suggestion: "a temperature above 0")
  }
}
