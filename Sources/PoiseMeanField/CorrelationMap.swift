import PoiseModel
public import PoiseNumerics
import RealModule

/// How the correlation of two inputs of one length q changes from a layer to the next.
///
/// Everything is written for the gap e = 1 − c, never for c, and by an integral of positive terms:
///
///     q' e' = a² q e + σ_w² (1/p − 1) E φ² + σ_w² q ∫₀^θ K̇_q(t) sin t dt,   cos θ = 1 − e.
///
/// With dropout (p < 1, independent masks) identical inputs part, and c = 1 is no fixed point.
public struct CorrelationMap: Sendable {
  /// q, the length of both inputs at this layer.
  public let length: Double
  /// q' = V(q), their length at the next.
  public let nextLength: Double
  /// C′(1) = χ₁ without the 1/p of dropout.
  public let slopeAtOne: Double

  private let kernel: SlopeKernel
  private let weightVariance: Double
  private let residualSquared: Double
  private let maskGap: Double

  /// - Parameter length: q > 0.
  init(_ map: LengthMap, length: Double) {
    let moments = map.activation.moments(length: length)
    self.length = length
    nextLength = map.next(length, moments)
    weightVariance = map.weightVariance
    residualSquared = map.residual * map.residual
    maskGap = map.weightVariance * (1 / map.keep - 1) * moments.valueSquared
    slopeAtOne = residualSquared + map.weightVariance * moments.slopeSquared
    kernel = SlopeKernel(map.activation, length: length)
  }

  /// A plain network at a fixed point of its length map, where χ₁ and the kernel are known.
  init(weightVariance: Double, length: Double, slopeAtOne: Double, kernel: SlopeKernel) {
    (self.length, nextLength) = (length, length)
    self.weightVariance = weightVariance
    (residualSquared, maskGap) = (0, 0)
    self.slopeAtOne = slopeAtOne
    self.kernel = kernel
  }

  /// C′ at the gap e: growth per layer of a small change of the correlation.
  public func slope(gap: Double) -> Double {
    residualSquared + weightVariance * kernel.slope(gap: gap)
  }

  /// C′ at the gap e by quadrature where `slope(gap:)` interpolates.
  func exactSlope(_ activation: Activation, gap: Double) -> Double {
    guard kernel.isInterpolated else { return slope(gap: gap) }
    let pair = GaussianPair(lengthA: length, lengthB: length, gap: gap)
    return residualSquared + weightVariance * activation.pairMoments(pair).slope
  }

  /// e' from e in [0, 2], to full relative accuracy.
  public func nextGap(_ gap: Double) -> Double {
    guard gap > 0 else { return maskGap / nextLength }
    return (maskGap + length * gap * meanSlope(gap)) / nextLength
  }

  /// (1 − C(c))/(1 − c) without the mask term: decreases in e where C is convex.
  private func meanSlope(_ gap: Double) -> Double {
    residualSquared + weightVariance * kernel.meanSlope(gap: gap)
  }

  /// The stable fixed point c*, if q is a fixed point of the length map.
  ///
  /// C has non-negative Taylor coefficients on [0, 1], so (1 − C)/(1 − c) decreases with the gap:
  /// in the chaotic phase it crosses 1 once below c = 1, and the trivial root is never met.
  public func fixedPoint() throws(PoiseError) -> (gap: Double, slope: Double) {
    guard maskGap == 0 else { return try maskedFixedPoint() }
    guard slopeAtOne - 1 > 1e-12 else { return (0, slopeAtOne) }
    // An odd φ without biases sends orthogonal inputs to orthogonal inputs: C(0) = 0.
    if meanSlope(1) >= 1 - 1e-14 { return (1, slope(gap: 1)) }
    if let gap = newtonGap() { return (gap, slope(gap: gap)) }
    // Where φ′ jumps the gap is of the order of (χ₁ − 1)², far below rounding of c.
    let least = 1e-30
    guard meanSlope(least) > 1 else { return (0, slopeAtOne) }
    let root = try bracketedRoot(from: Double.log(least), to: 0) { t in
      meanSlope(.exp(t)) - 1
    }
    let gap = Double.exp(root.value)
    return (gap, slope(gap: gap))
  }

  private func maskedFixedPoint() throws(PoiseError) -> (gap: Double, slope: Double) {
    // An odd φ without biases: c* = 0, up to rounding.
    if nextGap(1) >= 1 - 1e-12 { return (1, slope(gap: 1)) }
    let root = try bracketedRoot(from: 0, to: 1) { gap in nextGap(gap) - gap }
    return (root.value, slope(gap: root.value))
  }

  /// c* itself to full relative accuracy where it is small, from the map written for c ≥ 0,
  ///
  ///     q' c' = a² q c + σ_w² (E φ)² + σ_b² + σ_w² q ∫₀^c K̇ dc.
  func correlation(atGap gap: Double, meanSquared: Double, biasVariance: Double) -> Double {
    guard gap > 0.5 else { return 1 - gap }
    let offset = weightVariance * meanSquared + biasVariance
    if offset == 0 { return 0 }
    var c = max(1 - gap, 0)
    for _ in 0..<20 {
      let integral = GaussLegendre.sixteen.integrate(from: 0, to: c) { slope(gap: 1 - $0) }
      let step =
        ((offset + length * integral) / nextLength - c)
        / (1 - length / nextLength * slope(gap: 1 - c))
      c = max(c + step, 0)
      if abs(step) <= 1e-15 * c { break }
    }
    return c
  }

  /// The mean slope is convex and decreasing in e, so Newton from e = 0 climbs to the root
  /// without overshooting.
  private func newtonGap() -> Double? {
    var gap = 0.0
    for _ in 0..<100 {
      guard let mean = kernel.meanSlopeAndDerivative(gap: gap) else { return nil }
      let excess = residualSquared + weightVariance * mean.value - 1
      let step = -excess / (weightVariance * mean.derivative)
      gap = max(gap + step, 0)
      // Quadratic convergence: what follows a relative step of 1e-9 is rounding.
      if abs(step) <= 1e-9 * gap { return gap }
    }
    return gap
  }
}
