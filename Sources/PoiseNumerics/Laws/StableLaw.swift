import RealModule

/// The alpha-stable law, to rounding accuracy in every corner of its parameters.
///
/// With c the scale and t > 0 (the other sign by conjugation),
///
///     S1:  ln E e^(itX) = −(ct)^α (1 − iβ tan(πα/2)) + iμ₁t     (α = 1: −ct (1 + iβ(2/π) ln t) + iμ₁t)
///     S0:  μ₁ = μ₀ − βc tan(πα/2)                               (α = 1: μ₁ = μ₀ − β(2/π) c ln c)
///
/// Scale 1 is exp(−|t|^α): at α = 2 the variance is 2c². S0 is continuous in all four parameters
/// together, S1 is not at α = 1. A law keeps the tables of its integrals, so making one costs some
/// ten microseconds (milliseconds with |α − 1| < 0.1) and each value then well under one.
///
/// - Accuracy: pdf, survival and cdf each relative ≤ 1e-12 for β = 0, 0.3 ≤ α ≤ 1.99, and ≤ 1e-9 for
///   |β| ≤ 1, 0.1 ≤ α ≤ 2 (`accuracy` states it; measured in `docs/numerics/stable.md`).
/// - Source: Zolotarev 1986; Nolan 1997; `docs/numerics/stable.md`.
public struct StableLaw: Sendable, Equatable {
  /// The meaning of `location`.
  public enum Parameterization: String, Sendable, CaseIterable {
    case s0, s1
  }

  /// Stability index, 0 < α ≤ 2: the tails fall like |x|^(−1−α).
  public let alpha: Double
  /// Skewness, −1 ≤ β ≤ 1; without effect at α = 2.
  public let beta: Double
  /// c > 0; c^α adds when independent variables are added.
  public let scale: Double
  /// μ₀ or μ₁.
  public let location: Double
  public let parameterization: Parameterization
  let standard: StandardStable

  /// - Throws: `outOfRange` for α outside (0, 2], |β| > 1, scale ≤ 0 or any number not finite.
  public init(
    alpha: Double, beta: Double = 0, scale: Double = 1, location: Double = 0,
    parameterization: Parameterization = .s0
  ) throws(PoiseError) {
    guard alpha > 0, alpha <= 2 else {
      throw PoiseError(
        .outOfRange, quantity: "stable alpha", value: "\(alpha)", allowed: "above 0, at most 2",
        suggestion: "2 for the Gaussian law, 1 for Cauchy's")
    }
    guard beta.magnitude <= 1 else {
      throw PoiseError(
        .outOfRange, quantity: "stable beta", value: "\(beta)", allowed: "-1 to 1",
        suggestion: "0 for a symmetric law")
    }
    guard scale > 0, scale.isFinite else {
      throw PoiseError(
        .outOfRange, quantity: "stable scale", value: "\(scale)", allowed: "finite, above 0")
    }
    guard location.isFinite else {
      throw PoiseError(
        .outOfRange, quantity: "stable location", value: "\(location)", allowed: "finite")
    }
    self.alpha = alpha
    self.beta = beta
    self.scale = scale
    self.location = location
    self.parameterization = parameterization
    standard = StandardStable(alpha: alpha, beta: alpha == 2 ? 0 : beta)
  }

  public static func == (a: StableLaw, b: StableLaw) -> Bool {
    a.alpha == b.alpha && a.beta == b.beta && a.scale == b.scale && a.location == b.location
      && a.parameterization == b.parameterization
  }

  /// c β tan(πα/2), or its S0 limit β(2/π) c ln c at α = 1: μ₀ − μ₁.
  private var shift: Double {
    guard beta != 0, alpha != 2 else { return 0 }
    return alpha == 1
      ? beta * 2 / .pi * scale * .log(scale)
      : beta * scale * StableSide(alpha: alpha, beta: beta).tangent
  }

  /// μ₀, the location in S0.
  public var locationS0: Double { parameterization == .s0 ? location : location + shift }

  /// μ₁, the location in S1; where α > 1 this is the mean.
  public var locationS1: Double { parameterization == .s1 ? location : location - shift }

  /// The same law, its location spelled the other way.
  public func expressed(in other: Parameterization) throws(PoiseError) -> StableLaw {
    try StableLaw(
      alpha: alpha, beta: beta, scale: scale,
      location: other == .s0 ? locationS0 : locationS1, parameterization: other)
  }

  /// The standard S0 abscissa of x, and y = x − ζ where it is known without subtraction.
  func standardized(_ x: Double) -> (x: Double, y: Double?) {
    guard parameterization == .s1, beta != 0, alpha != 1, alpha != 2 else {
      return ((x - locationS0) / scale, nil)
    }
    let y = (x - location) / scale
    return (y - beta * StableSide(alpha: alpha, beta: beta).tangent, y)
  }

  /// Bound on the relative error of pdf, cdf and survival, measured in `docs/numerics/stable.md`: 1e-12
  /// for β = 0, 1e-10 otherwise. nil where nothing was measured: α < 0.1, and |α − 1| < 0.1 with
  /// 0 < 1 − |β| < 1e-6, whose light side keeps fewer digits.
  public var accuracy: Double? {
    guard alpha >= 0.1 else { return nil }
    if beta == 0 || alpha == 2 { return 1e-12 }
    let rest = 1 - abs(beta)
    return standard.isNearOne && rest > 0 && rest < 1e-6 ? nil : 1e-10
  }

  /// All values at x.
  private func values(_ x: Double, densityOnly: Bool = false) -> StandardStable.Values {
    guard !x.isNaN else {
      return StandardStable.Values(logDensity: x, density: x, survival: x, cumulative: x)
    }
    guard x.isFinite else {
      return StandardStable.Values(
        logDensity: -.infinity, density: 0, survival: x > 0 ? 0 : 1, cumulative: x > 0 ? 1 : 0)
    }
    let place = standardized(x)
    guard place.x.isFinite else { return values(place.x) }
    return standard.values(place.x, y: place.y, densityOnly: densityOnly)
  }

  /// Density f(x). Here and below: the limit at ±∞, and NaN only for NaN.
  public func pdf(_ x: Double) -> Double {
    values(x, densityOnly: true).density / scale
  }

  /// ln f(x), also where f itself is below the smallest number; −∞ off the support.
  public func logPDF(_ x: Double) -> Double {
    values(x, densityOnly: true).logDensity - .log(scale)
  }

  /// P(X ≤ x).
  public func cdf(_ x: Double) -> Double { values(x).cumulative }

  /// P(X > x), with its own relative accuracy.
  public func survival(_ x: Double) -> Double { values(x).survival }

  /// Densities of many abscissae; the same bits for any `jobs`.
  public func pdf(_ xs: [Double], jobs: Int = 1) -> [Double] { map(xs, jobs) { pdf($0) } }

  /// ln f of many abscissae.
  public func logPDF(_ xs: [Double], jobs: Int = 1) -> [Double] { map(xs, jobs) { logPDF($0) } }

  /// P(X ≤ x) of many abscissae.
  public func cdf(_ xs: [Double], jobs: Int = 1) -> [Double] { map(xs, jobs) { cdf($0) } }

  /// P(X > x) of many abscissae.
  public func survival(_ xs: [Double], jobs: Int = 1) -> [Double] {
    map(xs, jobs) { survival($0) }
  }

  /// Applies a function to each element, in chunks over at most `jobs` threads.
  func map(_ xs: [Double], _ jobs: Int, _ f: @Sendable (Double) -> Double) -> [Double] {
    let chunk = 512
    let pieces = parallelMap(count: (xs.count + chunk - 1) / chunk, jobs: jobs) {
      (piece: Int) throws(Never) -> [Double] in
      xs[piece * chunk..<min(xs.count, (piece + 1) * chunk)].map(f)
    }
    return pieces.flatMap { $0 }
  }
}
