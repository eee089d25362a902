import PoiseNumerics
import RealModule

/// φ(x) = a₊x for x > 0 and a₋x for x < 0: linear, relu, leaky relu, abs. All averages are closed.
///
/// - Source: Cho and Saul 2009 (arc-cosine kernels), here for two slopes and by the angle θ.
public protocol HomogeneousActivation: ActivationFunction {
  /// (a₋, a₊).
  var slopes: (minus: Double, plus: Double) { get }
}

extension HomogeneousActivation {
  public var kinks: [Double] { slopes.minus == slopes.plus ? [] : [0] }
  public var slopeJumps: [(at: Double, jump: Double)] {
    slopes.minus == slopes.plus ? [] : [(0, slopes.plus - slopes.minus)]
  }
  public var slopesAtInfinity: (minus: Double, plus: Double) { slopes }
  public var homogeneousSlopes: (minus: Double, plus: Double)? { slopes }
  public var analyticStrip: Double? { slopes.minus == slopes.plus ? .infinity : 0 }

  public func value(_ x: Double) -> Double { scaled(x, slopes) }
  public func derivative(_ x: Double) -> Double { slope(x, slopes) }
  public func secondDerivative(_ x: Double) -> Double { x.isNaN ? x : 0 }

  /// With φ′(0) = (a₊ + a₋)/2 the deviation is (a₊ − a₋)|x|/2.
  public func deviation(_ x: Double) -> (value: Double, derivative: Double) {
    let half = (slopes.plus - slopes.minus) / 2
    return (half == 0 ? 0 : half * abs(x), slope(x, (-half, half)))
  }

  /// E φ² = q(a₊² + a₋²)/2, μ_k = (a₊^2k + a₋^2k)/2.
  public func closedMoments(length: Double) -> ActivationMoments? {
    let (minus, plus) = (slopes.minus * slopes.minus, slopes.plus * slopes.plus)
    let mean = (minus + plus) / 2
    return ActivationMoments(
      valueSquared: length * mean, slopeSquared: mean,
      slopeFourth: (minus * minus + plus * plus) / 2, lengthSlope: mean)
  }

  /// With f = sin θ − θ cos θ, √ = √(q_a q_b) and J = (a₊ − a₋)²/2:
  ///
  ///     E φφ = √ [(a₊² + a₋²)/2 cos θ + J f(θ)/π],   E φ′φ′ = (a₊² + a₋²)/2 − J θ/π,
  ///
  /// and beyond π/2 the same about π, with δ = π − θ and −a₊a₋ for the mean square: relu keeps its
  /// digits down to θ = 0 and up to θ = π.
  public func closedPair(_ pair: GaussianPair) -> PairMoments? {
    let (minus, plus) = slopes
    let root = pair.lengthA.squareRoot() * pair.lengthB.squareRoot()
    let jump = (plus - minus) * (plus - minus) / 2
    if pair.angle <= .pi / 2 {
      let mean = (minus * minus + plus * plus) / 2
      return PairMoments(
        value: root * (mean * pair.correlation + jump / .pi * sineMinusAngleCosine(pair.angle)),
        slope: mean - jump * pair.angle / .pi)
    }
    let rest = .pi - pair.angle
    let product = minus * plus
    return PairMoments(
      value: root * (product * pair.correlation + jump / .pi * sineMinusAngleCosine(rest)),
      slope: product + jump * rest / .pi)
  }

  /// a₊R(m, s) − a₋R(−m, s), R(m, s) = mΦ(m/s) + s p(m/s); a₊Φ(m/s) + a₋Φ(−m/s).
  public func closedMean(
    mean: Double, deviation: Double
  ) -> (value: Double, derivative: Double)? {
    let (minus, plus) = slopes
    if minus == plus { return (plus * mean, plus) }
    let t = mean / deviation
    return (
      deviation * (plus * StandardNormal.rampMean(t) - minus * StandardNormal.rampMean(-t)),
      plus * StandardNormal.cumulative(t) + minus * StandardNormal.cumulative(-t)
    )
  }

  public func evaluate(
    _ x: UnsafePointer<Double>, count: Int, value: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>?
  ) {
    evaluatePointwise(
      x, count, value, derivative, value: { [slopes] in scaled($0, slopes) },
      derivative: { [slopes] in slope($0, slopes) })
  }

  public func evaluate(
    _ x: UnsafePointer<Float>, count: Int, value: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>?
  ) {
    let slopes = (minus: Float(self.slopes.minus), plus: Float(self.slopes.plus))
    evaluatePointwise(
      x, count, value, derivative, value: { scaled($0, slopes) },
      derivative: { slope($0, slopes) })
  }
}

/// sin θ − θ cos θ for 0 ≤ θ ≤ π/2, by its series below 1.
func sineMinusAngleCosine(_ angle: Double) -> Double {
  guard angle < 1 else { return .sin(angle) - angle * .cos(angle) }
  // Σ_{n≥1} (−1)^(n+1) 2n θ^(2n+1)/(2n + 1)! = (θ³/3)(1 − θ²/10 (1 − θ²/28 (1 − …))).
  let square = angle * angle
  var sum = 1.0
  var n = 10.0
  while n >= 2 {
    sum = 1 - square / ((2 * n - 2) * (2 * n + 1)) * sum
    n -= 1
  }
  return angle * square / 3 * sum
}

/// φ(x); a slope of exactly 0 gives 0 even at infinity.
@inline(__always)
private func scaled<T: BinaryFloatingPoint>(_ x: T, _ slopes: (minus: T, plus: T)) -> T {
  x < 0 ? (slopes.minus == 0 ? 0 : slopes.minus * x) : slopes.plus * x
}

/// φ′(x), the mean of both slopes at 0, NaN at NaN.
@inline(__always)
private func slope<T: BinaryFloatingPoint>(_ x: T, _ slopes: (minus: T, plus: T)) -> T {
  x < 0 ? slopes.minus : (x > 0 ? slopes.plus : (slopes.minus + slopes.plus) / 2 + x)
}
