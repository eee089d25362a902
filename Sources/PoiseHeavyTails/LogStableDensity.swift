public import PoiseNumerics
import RealModule

/// The unit stable law on the logarithmic axis: Z symmetric with E e^{itZ} = e^{−|t|^α/2}, u = ln |Z|.
///
/// Tabulated is G(u) = 2 p(eᵘ) e^{(1+α)u}, the density of u times e^{αu}: it rises from 0 to the plateau
/// 2A = Γ(1+α) sin(πα/2)/π. The plateau is what makes lengths at α < 2 differ from all others: the
/// integral of G against a function that is flat up to −ln S grows like ln(1/S).
///
/// Chebyshev panels in u reproduce `StableLaw` to 1e-13 of the largest value (measured in tests).
public struct LogStableDensity: Sendable {
  /// α in [0.1, 2].
  public let alpha: Double
  /// 2A, the limit of G; 0 at α = 2.
  public let plateau: Double
  /// Left and right end of the table.
  let lower: Double
  let upper: Double
  /// Panels have width 1 outside, ½ within ±`core`.
  private let corners: [Double]
  private let coefficients: [Double]
  /// ∫ G and ∫ G e^{−αu} up to each corner.
  private let weightedSums: [Double]
  private let masses: [Double]

  private static let core = 4.0
  private static let degree = 20

  /// - Throws: `outOfRange` for α outside [0.1, 2].
  public init(alpha: Double) throws(PoiseError) {
    self.alpha = try alpha.checked(
      "alpha", in: 0.1...2, suggestion: "1 to 2; at 2 weights are Gaussian")
    plateau = alpha == 2 ? 0 : 2 * StableTail.density(alpha)
    let law = try StableLaw(alpha: alpha, scale: .exp2(-1 / alpha))
    // The density at 0 is flat to 1e-16 below e^lower: p″/p = Γ(3/α)/Γ(1/α) for the law e^{−|t|^α}.
    let width = 0.5 * (Double.logGamma(1 / alpha) - .logGamma(3 / alpha)) - .log(2) / alpha
    let start = (width - 19).rounded(.down)
    let end = alpha == 2 ? 4 : max(5, (40 / alpha).rounded(.up))
    var corners = [start]
    while let last = corners.last, last < end {
      corners.append(last + (last >= -Self.core && last < Self.core ? 0.5 : 1))
    }
    let points = (0..<corners.count - 1).flatMap {
      ChebyshevPanel.points(lower: corners[$0], upper: corners[$0 + 1], count: Self.degree)
    }
    let densities = law.pdf(points.map { .exp($0) })
    let values = zip(points, densities).map { 2 * $1 * .exp((1 + alpha) * $0) }
    var coefficients: [Double] = []
    for panel in 0..<corners.count - 1 {
      let part = Array(values[panel * Self.degree..<(panel + 1) * Self.degree])
      coefficients +=
        ChebyshevPanel(
          lower: corners[panel], upper: corners[panel + 1], values: part
        ).coefficients
    }
    (lower, upper) = (corners[0], corners.last!)
    self.corners = corners
    self.coefficients = coefficients
    let centre = 2 * law.pdf(0)
    var weighted = [centre * .exp((1 + alpha) * start) / (1 + alpha)]
    var masses = [centre * .exp(start)]
    for panel in 0..<corners.count - 1 {
      let (part, mass) = GaussLegendre.panel.integrate(
        from: corners[panel], to: corners[panel + 1]
      ) { u in
        let value = Self.clenshaw(coefficients, corners, panel, u)
        return (value, value * .exp(-alpha * u))
      }
      weighted.append(weighted[panel] + part)
      masses.append(masses[panel] + mass)
    }
    weightedSums = weighted
    self.masses = masses
  }

  /// G(u) = 2 p(eᵘ) e^{(1+α)u}.
  public func callAsFunction(_ u: Double) -> Double {
    if u >= upper { return plateau }
    if u <= lower { return weightedSums[0] * (1 + alpha) * .exp((1 + alpha) * (u - lower)) }
    return Self.clenshaw(coefficients, corners, panel(of: u), u)
  }

  /// ∫_{−∞}^u G.
  func weightedIntegral(to u: Double) -> Double {
    if u <= lower { return weightedSums[0] * .exp((1 + alpha) * (u - lower)) }
    if u >= upper { return weightedSums.last! + plateau * (u - upper) }
    let panel = panel(of: u)
    return weightedSums[panel]
      + GaussLegendre.panel.integrate(from: corners[panel], to: u) { self($0) }
  }

  /// P(ln |Z| < u).
  func mass(to u: Double) -> Double {
    if u <= lower { return masses[0] * .exp(u - lower) }
    if u >= upper { return 1 - plateau / alpha * .exp(-alpha * u) }
    let panel = panel(of: u)
    let part = GaussLegendre.panel.integrate(from: corners[panel], to: u) {
      self($0) * .exp(-alpha * $0)
    }
    return min(1, masses[panel] + part)
  }

  private func panel(of u: Double) -> Int {
    let core = Self.core
    let before = max(0, min(-core, upper) - lower)
    if u < -core { return Int(u - lower) }
    if u < core { return Int(before) + Int(2 * (u + core)) }
    return min(corners.count - 2, Int(before) + Int(4 * core) + Int(u - core))
  }

  @inline(__always)
  private static func clenshaw(
    _ coefficients: [Double], _ corners: [Double], _ panel: Int, _ u: Double
  ) -> Double {
    let (a, b) = (corners[panel], corners[panel + 1])
    let t = (2 * u - a - b) / (b - a)
    return coefficients.withUnsafeBufferPointer { all in
      let c = all.baseAddress! + panel * degree
      var (b1, b2) = (0.0, 0.0)
      var index = degree - 1
      while index > 0 {
        (b1, b2) = (2 * t * b1 - b2 + c[index], b1)
        index -= 1
      }
      return t * b1 - b2 + c[0]
    }
  }
}

/// The two tail constants of the unit law e^{−|t|^α/2}; both vanish at α = 2.
public enum StableTail {
  /// A = Γ(1+α) sin(πα/2)/2π: p(z) → A |z|^{−1−α}.
  public static func density(_ alpha: Double) -> Double {
    .gamma(1 + alpha) * sine(alpha) / (2 * .pi)
  }

  /// C = Γ(α) sin(πα/2)/π = 2A/α: P(|Z| > z) → C z^{−α}.
  public static func probability(_ alpha: Double) -> Double {
    .gamma(alpha) * sine(alpha) / .pi
  }

  /// sin(πα/2), without cancellation near α = 2.
  private static func sine(_ alpha: Double) -> Double {
    alpha > 1 ? .sin(.pi * (2 - alpha) / 2) : .sin(.pi * alpha / 2)
  }
}
