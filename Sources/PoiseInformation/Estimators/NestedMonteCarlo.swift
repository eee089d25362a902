public import PoiseNumerics
import RealModule

/// Mutual information of a small noisy network by brute force, for noise at every layer:
///
///     I(x; T) = E ln p(T|x) − E ln p(T),   T = centre(x, inner noise) + N(0, s I)
///
/// with both densities as averages of Gaussians over `inner` fresh passes for each of `outer` samples.
/// Exact within its error for up to about 8 units and 3 nats; beyond, the sums have too few terms.
public struct NestedMonteCarlo: Sendable {
  /// Samples of T; the error falls as their root.
  public let outer: Int
  /// Passes behind each density.
  public let inner: Int
  /// s of the last layer.
  public let noiseVariance: Double

  /// Most units: beyond, p(T) is a sum of one term.
  public static let mostUnits = 16

  /// - Throws: `outOfRange` for fewer than 10 outer or 100 inner samples, or s not above 0.
  public init(
    noiseVariance: Double, outer: Int = 100, inner: Int = 20_000
  ) throws(PoiseError) {
    try SampleChecks.checkNoise(noiseVariance)
    guard outer >= 10, inner >= 100 else {
      throw PoiseError(
        .outOfRange, quantity: "samples of nested Monte Carlo", value: "\(outer) × \(inner)",
        allowed: "at least 10 × 100", suggestion: "100 × 20000")
    }
    self.noiseVariance = noiseVariance
    self.outer = outer
    self.inner = inner
  }

  /// - Parameters:
  ///   - input: draws an input.
  ///   - centre: the last layer before its own noise, for an input and a fresh draw of the noise
  ///     of the layers below.
  /// - Throws: `outOfRange` for more than `mostUnits` units or values that are not finite.
  public func estimate(
    seed: UInt64, jobs: Int = 1,
    input: @Sendable (inout RandomStream) -> [Double],
    centre: @Sendable ([Double], inout RandomStream) -> [Double]
  ) throws(PoiseError) -> InformationEstimate {
    let samples = try parallelMap(count: outer, jobs: jobs) {
      (index: Int) throws(PoiseError) -> (term: Double, effective: Double) in
      var stream = RandomStream(seed: seed, item: UInt64(index), purpose: InformationPurpose.outer)
      let x = input(&stream)
      var t = centre(x, &stream)
      try check(t)
      for unit in t.indices { t[unit] += noiseVariance.squareRoot() * stream.normal() }
      var fresh = RandomStream(seed: seed, item: UInt64(index), purpose: InformationPurpose.inner)
      let given = logDensity(t, &fresh) { centre(x, &$0) }
      let all = logDensity(t, &fresh) { centre(input(&$0), &$0) }
      return (given.value - all.value, min(given.effective, all.effective))
    }
    let moments = RunningMoments(samples.map(\.term))
    return InformationEstimate(
      nats: moments.mean, standardError: moments.standardError ?? 0,
      warnings: warnings(moments.mean, samples.map(\.effective)))
  }

  /// ln of the mean of e^{−|t − c|²/2s} over passes, corrected for E ln p̂ ≈ ln p − var/2; and
  /// how many passes it rests upon, (Σw)²/Σw². The norm of the Gaussian cancels.
  private func logDensity(
    _ t: [Double], _ stream: inout RandomStream, _ centre: (inout RandomStream) -> [Double]
  ) -> (value: Double, effective: Double) {
    var logs = [Double](repeating: 0, count: inner)
    for index in 0..<inner {
      let c = centre(&stream)
      var square = 0.0
      for unit in t.indices { square += (t[unit] - c[unit]) * (t[unit] - c[unit]) }
      logs[index] = -square / (2 * noiseVariance)
    }
    let largest = logs.max()!
    let weights = VectorMath.exp(logs.map { $0 - largest })
    let (sum, squares) = weights.reduce((0.0, 0.0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    let effective = sum * sum / squares
    let spread = max(0, 1 / effective - 1 / Double(inner))
    return (largest + .log(sum / Double(inner)) + spread / 2, effective)
  }

  private func check(_ t: [Double]) throws(PoiseError) {
    guard t.count <= Self.mostUnits else {
      throw PoiseError(
        .outOfRange, quantity: "units for nested Monte Carlo", value: "\(t.count)",
        allowed: "at most \(Self.mostUnits); trustworthy up to 8",
        suggestion: "the replica formula or the bounds, which are made for wide layers")
    }
    guard !t.isEmpty, t.allSatisfy(\.isFinite) else {
      throw PoiseError(
        .outOfRange, quantity: "values of the last layer", value: "\(t)", allowed: "finite numbers")
    }
  }

  private func warnings(_ nats: Double, _ effective: [Double]) -> [String] {
    var warnings: [String] = []
    let poor = effective.count { $0 < 30 }
    if poor * 20 > outer {
      warnings.append(
        "\(poor) of \(outer) densities rest on fewer than 30 of \(inner) passes: biased")
    }
    if nats > 3 { warnings.append("more than 3 nats: the inner averages have too few terms") }
    return warnings
  }
}
