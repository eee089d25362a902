public import PoiseNumerics
import RealModule

/// What may be called a boundary of the phases of a heavy-tailed network. Each is a different statement; none is
/// "the" boundary, and all but the fourth say nothing without the width or pool they hold for.
public enum HeavyTailBoundary: String, Sendable, CaseIterable {
  /// σ_c(N): below, signals die out in deep networks of width N. Exact.
  case death
  /// λ = 0 at a pool P: below, small differences between inputs die out, above they grow.
  case lyapunov
  /// χ_deloc = 1: extended singular vectors alone carry a gain of 1.
  case delocalized
  /// Median over networks of the mean squared singular value is 1 at width N: a few rare weights decide it.
  case rawFloor = "raw-floor"
  /// The share of Jacobian singular vectors that are far from extended falls under a stated fraction: the upper
  /// end of the extended critical regime, from finite networks.
  case multifractal

  /// The definition in a line.
  public var definition: String {
    switch self {
    case .death: "ln σ_w + m_N = 0: a small signal neither grows nor dies at width N (exact)"
    case .lyapunov: "tangent growth λ = 0 in a pool of P units"
    case .delocalized: "∫₀^s* s² f(s) ds = 1 below the mobility edge s*"
    case .rawFloor: "median of (1/N) tr JᵀJ over networks of width N is 1"
    case .multifractal: "share of singular vectors with D₂ below a threshold falls under a fraction"
    }
  }
}

/// A boundary in σ_w at one α, with its error and what it holds for.
public struct BoundaryScale: Sendable, Equatable {
  /// Which boundary it is.
  public let boundary: HeavyTailBoundary
  /// σ_w.
  public let scale: Double
  /// Standard or estimated error of it.
  public let error: Double
  /// N or P.
  public let size: Int
}

extension HeavyTailMeanField {
  /// σ_c(N).
  /// - Throws: `noAnswer` unless φ(0) = 0 and φ′(0) ≠ 0.
  public func deathScale(width: Int) throws(PoiseError) -> BoundaryScale {
    let growth = try FiniteWidthGrowth(
      atOriginOf: activation, density: density, width: width)
    return BoundaryScale(
      boundary: .death, scale: growth.criticalScale, error: growth.criticalScale * growth.error,
      size: width)
  }

  /// Median over networks of (1/N) tr JᵀJ for one square layer: σ_w² M_α^{2/α} N^{2/α−1} times the median of
  /// a one-sided stable law, to which the sum of N² entries c²W² is drawn. At α = 2 its mean, χ₁.
  public func medianMeanSquare(width: Int, slopeMoment: Double) throws(PoiseError) -> Double {
    guard alpha < 2 else { return scale * scale * slopeMoment }
    let rho = alpha / 2
    // Tail x^{−ρ}: Laplace transform exp(−Γ(1−ρ) t^ρ); in S1 the scale is (Γ(1−ρ) cos(πρ/2))^{1/ρ}.
    let size = Double.pow(.gamma(1 - rho) * .cos(.pi * rho / 2), 1 / rho)
    let law = try StableLaw(alpha: rho, beta: 1, scale: size, parameterization: .s1)
    var (low, high) = (-20.0, 60.0)
    while high - low > 1e-10 {
      let middle = (low + high) / 2
      if law.cdf(.exp(middle)) < 0.5 { low = middle } else { high = middle }
    }
    let median = Double.exp(low)
    return scale * scale
      * .pow(slopeMoment * StableTail.probability(alpha), 2 / alpha)
      * .pow(Double(width), 2 / alpha - 1) * median
  }

  /// The scale at which the median of (1/N) tr JᵀJ is 1.
  /// - Throws: `noAnswer` if it is not crossed between σ_w = 1e-3 and 1e3.
  public func rawFloorScale(width: Int) throws(PoiseError) -> BoundaryScale {
    let unit = try with(scale: 1).medianMeanSquare(width: width, slopeMoment: 1)
    let root = try bracketedRoot(from: .log(1e-3), to: .log(1e3), tolerance: 1e-10) {
      (logScale: Double) throws(PoiseError) -> Double in
      let theory = try with(scale: .exp(logScale))
      var moment = rule.slopeAtOrigin
      if case .settles(let point) = try theory.outcome() {
        moment = theory.slopeMoment(logScale: point.logScale)
      }
      return 2 * logScale + 2 / alpha * .log(moment) + .log(unit)
    }
    return BoundaryScale(
      boundary: .rawFloor, scale: .exp(root.value), error: 1e-9 * .exp(root.value), size: width)
  }

  /// λ = 0 at pool P: the same random numbers at every scale, so that λ is nearly a smooth function of it.
  ///
  /// - Parameters:
  ///   - evaluations: about eight of one exponent each, a few seconds a piece at P = 40000.
  /// - Throws: `noAnswer` if λ does not change sign between half and thrice σ_c(P).
  public func lyapunovScale(
    pool: Int, layers: Int = 160, seed: UInt64 = 1, jobs: Int = 1,
    progress: (@Sendable (Int) -> Void)? = nil
  ) throws(PoiseError) -> BoundaryScale {
    let centre = try deathScale(width: pool).scale
    var found: [(Double, Double, Double)] = []
    func exponent(_ logScale: Double) throws(PoiseError) -> Double {
      let theory = try with(scale: .exp(logScale))
      let one = try PopulationDynamics(of: theory, pool: pool, seed: seed)
        .lyapunovExponent(layers: layers, jobs: jobs)
      found.append((logScale, one.value, max(one.standardError, 1e-5)))
      progress?(found.count)
      return one.value
    }
    var (low, high) = (Double.log(centre * 0.8), Double.log(centre * 1.25))
    while try exponent(low) > 0, low > .log(centre * 0.4) { low -= 0.2 }
    while try exponent(high) < 0, high < .log(centre * 3.5) { high += 0.2 }
    for _ in 0..<3 {
      let middle = (low + high) / 2
      if try exponent(middle) > 0 { high = middle } else { low = middle }
    }
    let near = found.filter { abs($0.0 - (low + high) / 2) < 0.16 }
    let line = WeightedLine(near.count >= 3 ? near : found)
    guard line.slope > 0, abs(line.root - (low + high) / 2) < 0.5 else {
      throw PoiseError(
        .noAnswer, quantity: "λ = 0", value: "no change of sign near σ_w = \(centre)",
        allowed: "a pool with a transition", suggestion: "a larger pool")
    }
    return BoundaryScale(
      boundary: .lyapunov, scale: .exp(line.root), error: .exp(line.root) * line.rootError,
      size: pool)
  }
}
