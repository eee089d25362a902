public import PoiseNumerics
import RealModule

/// The information bottleneck of jointly Gaussian x and Y: the most that any representation T of x
/// can tell of Y at a given I(T; x) (Chechik, Globerson, Tishby, Weiss 2005).
///
/// With λ_i the eigenvalues of Σ_{x|Y} Σ_x⁻¹, the optimal T keeps r_i = ½ max(0, t − ln λ_i/(1 − λ_i))
/// nats of direction i, where t = ln(β − 1) and β is the price of rate, and then
///
///     I(T; x) = Σ r_i,   I(T; Y) = −½ Σ ln(λ_i + (1 − λ_i) e^{−2 r_i}).
///
/// I(T; x) is piecewise linear in t: it is inverted exactly, without iteration. Totals in nats.
public struct GaussianBottleneck: Sendable, Equatable {
  /// λ_i in (0, 1), ascending: small where Y says much of a direction.
  public let eigenvalues: [Double]
  private let thresholds: [Double]

  /// From the eigenvalues themselves; those equal to 1 tell nothing of Y and are left out.
  /// - Throws: `outOfRange` for a λ outside (0, 1]: at 0, Y would tell infinitely much.
  public init(eigenvalues: [Double]) throws(PoiseError) {
    for value in eigenvalues where !(value > 0 && value <= 1) {
      throw PoiseError(
        .outOfRange, quantity: "eigenvalue of Σ_x|Y Σ_x⁻¹", value: "\(value)",
        allowed: "above 0, at most 1",
        suggestion: "a noise on Y: without it Y tells infinitely much of x")
    }
    self.eigenvalues = eigenvalues.filter { $0 < 1 }.sorted()
    thresholds = self.eigenvalues.map { Double.log($0) - Double.log(onePlus: -$0) }
  }

  /// I(x; Y) = −½ Σ ln λ_i: what a T that keeps everything tells of Y.
  public var relevantInformation: Double { -eigenvalues.reduce(0) { $0 + .log($1) } / 2 }

  /// A point of the curve.
  public struct Point: Sendable, Equatable {
    /// I(T; x).
    public let informationX: Double
    /// I(T; Y), the largest at this I(T; x).
    public let informationY: Double
    /// β: dI(T; x)/dI(T; Y) on the curve; infinite where nothing is left to learn.
    public let price: Double
  }

  /// The point of the curve at a given I(T; x) ≥ 0.
  /// - Throws: `outOfRange` for an I(T; x) below 0 or not finite.
  public func point(informationX: Double) throws(PoiseError) -> Point {
    guard informationX >= 0, informationX.isFinite else {
      throw PoiseError(
        .outOfRange, quantity: "I(T; x)", value: "\(informationX)", allowed: "at least 0, finite",
        suggestion: "a layer without noise carries infinite information: I(T; Y) is then I(x; Y)")
    }
    guard let first = thresholds.first else {
      return Point(informationX: informationX, informationY: 0, price: .infinity)
    }
    // Directions are taken in ascending λ: with m of them, I = ½ Σ (t − θ_i).
    var (level, sum) = (first, 0.0)
    for (index, threshold) in thresholds.enumerated() {
      sum += threshold
      let active = Double(index + 1)
      level = (2 * informationX + sum) / active
      guard index + 1 < thresholds.count, level > thresholds[index + 1] else { break }
    }
    var informationY = 0.0
    for (value, threshold) in zip(eigenvalues, thresholds) where level > threshold {
      // 1 − (1 − λ)(1 − e^{−2r}), 2r = t − θ.
      informationY -=
        Double.log(onePlus: (1 - value) * Double.expMinusOne(threshold - level)) / 2
    }
    return Point(
      informationX: informationX, informationY: informationY, price: 1 + .exp(level))
  }

  /// The curve at `count` ≥ 2 equally spaced I(T; x) from 0 to `most`.
  public func curve(upTo most: Double, count: Int) throws(PoiseError) -> [Point] {
    try (0..<max(2, count)).map { index throws(PoiseError) in
      try point(informationX: most * Double(index) / Double(max(2, count) - 1))
    }
  }

  /// What this theory takes for granted.
  public static let assumptions = [
    "x and Y are jointly Gaussian; the curve then bounds every T that depends on Y through x alone",
    "totals over all directions, in nats",
  ]
  /// Where it comes from.
  public static let sources = [
    "Chechik, Globerson, Tishby, Weiss 2005, JMLR 6, 165"
  ]
}
