import PoiseNumerics
import RealModule

/// φ(x) = sin x, entire. Every Gaussian average is closed.
public struct Sin: ActivationFunction {
  public init() {}
  public var name: String { "sin" }
  public var slopesAtInfinity: (minus: Double, plus: Double) { (0, 0) }
  public var analyticStrip: Double? { .infinity }

  public func value(_ x: Double) -> Double { .sin(x) }
  public func derivative(_ x: Double) -> Double { .cos(x) }
  public func secondDerivative(_ x: Double) -> Double { -.sin(x) }

  /// sin x − x by its series below 1; cos x − 1 = −2 sin²(x/2).
  public func deviation(_ x: Double) -> (value: Double, derivative: Double) {
    let half = Double.sin(x / 2)
    guard abs(x) < 1 else { return (.sin(x) - x, -2 * half * half) }
    let square = x * x
    var sum = 1.0
    var n = 10.0
    while n >= 2 {
      sum = 1 - square / (2 * n * (2 * n + 1)) * sum
      n -= 1
    }
    return (-x * square / 6 * sum, -2 * half * half)
  }

  /// E φ² = (1 − e^(−2q))/2, μ₁ = (1 + e^(−2q))/2, μ₂ = 3/8 + e^(−2q)/2 + e^(−8q)/8.
  public func closedMoments(length: Double) -> ActivationMoments? {
    let decay = Double.exp(-2 * length)
    return ActivationMoments(
      valueSquared: -.expMinusOne(-2 * length) / 2, slopeSquared: (1 + decay) / 2,
      slopeFourth: 0.375 + decay / 2 + .exp(-8 * length) / 8, lengthSlope: decay)
  }

  /// e^(−(q_a + q_b)/2) sinh k and the same with cosh.
  ///
  /// The exponents ±k − (q_a + q_b)/2 are −(√q_a − √q_b)²/2 − √(q_a q_b)(1 ∓ c): nothing overflows.
  public func closedPair(_ pair: GaussianPair) -> PairMoments? {
    let (rootA, rootB) = (pair.lengthA.squareRoot(), pair.lengthB.squareRoot())
    let sum = rootA + rootB
    let difference = sum > 0 ? (pair.lengthA - pair.lengthB) / sum : 0
    let near = Double.exp(-difference * difference / 2 - rootA * rootB * pair.gap)
    let far = Double.exp(-difference * difference / 2 - rootA * rootB * (2 - pair.gap))
    let covariance = pair.covariance
    return PairMoments(
      value: covariance >= 0
        ? -near * .expMinusOne(-2 * covariance) / 2 : far * .expMinusOne(2 * covariance) / 2,
      slope: (near + far) / 2)
  }

  /// E sin(m + sz) = sin m e^(−s²/2), and cos.
  public func closedMean(
    mean: Double, deviation: Double
  ) -> (value: Double, derivative: Double)? {
    let decay = Double.exp(-deviation * deviation / 2)
    return (.sin(mean) * decay, .cos(mean) * decay)
  }

  public func evaluate(
    _ x: UnsafePointer<Double>, count: Int, value: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>?
  ) {
    if let derivative { VectorMath.cos(x, derivative, count: count) }
    VectorMath.sin(x, value, count: count)
  }

  public func evaluate(
    _ x: UnsafePointer<Float>, count: Int, value: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>?
  ) {
    if let derivative { VectorMath.cos(x, derivative, count: count) }
    VectorMath.sin(x, value, count: count)
  }
}
