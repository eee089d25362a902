public import PoiseNumerics
import RealModule

/// χ_deloc = ∫₀^s* s² f(s) ds with s* from one pool: what extended singular vectors carry.
public struct DelocalizedSusceptibility: Sendable, Equatable {
  /// χ_deloc; all of ⟨s²⟩ = χ₁ at α = 2.
  public let value: Double
  /// From the error of s*.
  public let error: Double
  /// χ_deloc over the share of singular values below s*.
  public let conditional: Double
  /// s*; nil where no edge was found (all extended), or at α = 2.
  public let edge: Double?
  /// P.
  public let pool: Int

  /// - Throws: `noAnswer` without a fixed point.
  public init(
    of theory: HeavyTailMeanField, pool: Int = 5000, neighbours: Int = 128, sweeps: Int = 60,
    seed: UInt64 = 1, jobs: Int = 1
  ) throws(PoiseError) {
    self.pool = pool
    let law = try StableJacobianLaw(of: theory)
    var (edge, error): (Double?, Double) = (nil, 0)
    if theory.alpha < 2 {
      let found = try Localization(of: theory, neighbours: neighbours, seed: seed)
        .mobilityEdge(pools: [pool], sweeps: sweeps, jobs: jobs).rungs[0]
      (edge, error) = (found.edge, found.standardError)
    }
    let end = edge ?? 30 * theory.scale
    self.edge = edge
    value = try law.meanSquare(below: end)
    conditional = value / (try law.mass(from: 1e-4 * theory.scale, to: end))
    // dχ/ds* = s*² f(s*).
    self.error = edge == nil ? 0 : error * end * end * (try law.density(end))
  }
}

extension HeavyTailMeanField {
  /// χ_deloc = 1, by regula falsi in ln σ_w; each evaluation is a mobility edge.
  ///
  /// - Throws: `noAnswer` if it is not crossed between σ_w = 0.5 and 2.
  public func delocalizedScale(
    pool: Int = 5000, sweeps: Int = 60, seed: UInt64 = 1, jobs: Int = 1,
    progress: (@Sendable (Int) -> Void)? = nil
  ) throws(PoiseError) -> BoundaryScale {
    var evaluations = 0
    var lastError = 0.0
    func excess(_ logScale: Double) throws(PoiseError) -> Double {
      let one = try DelocalizedSusceptibility(
        of: with(scale: .exp(logScale)), pool: pool, sweeps: sweeps, seed: seed, jobs: jobs)
      evaluations += 1
      progress?(evaluations)
      lastError = one.error / one.value
      return .log(one.value)
    }
    var (low, high) = (Double.log(0.8), Double.log(1.25))
    var (atLow, atHigh) = (try excess(low), try excess(high))
    while atLow > 0, low > .log(0.5) {
      (high, atHigh) = (low, atLow)
      low -= 0.2
      atLow = try excess(low)
    }
    while atHigh < 0, high < .log(2) {
      (low, atLow) = (high, atHigh)
      high += 0.2
      atHigh = try excess(high)
    }
    guard atLow < 0, atHigh > 0 else {
      throw PoiseError(
        .noAnswer, quantity: "χ_deloc = 1", value: "not crossed between σ_w = 0.5 and 2",
        allowed: "a change of sign", suggestion: "another pool")
    }
    var slope = (atHigh - atLow) / (high - low)
    var root = low - atLow / slope
    for _ in 0..<2 {
      let value = try excess(root)
      if value < 0 { (low, atLow) = (root, value) } else { (high, atHigh) = (root, value) }
      slope = (atHigh - atLow) / (high - low)
      root = low - atLow / slope
    }
    return BoundaryScale(
      boundary: .delocalized, scale: .exp(root), error: .exp(root) * lastError / slope,
      size: pool)
  }
}
