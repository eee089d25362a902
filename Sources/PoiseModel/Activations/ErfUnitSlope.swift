import PoiseNumerics
import RealModule

/// φ(x) = erf(√π x/2): erf with slope 1 at the origin, entire. Every Gaussian average is closed.
public struct ErfUnitSlope: ActivationFunction {
  public init() {}
  public var name: String { "erf_unit_slope" }
  public var slopesAtInfinity: (minus: Double, plus: Double) { (0, 0) }
  public var analyticStrip: Double? { .infinity }

  /// β = √π/2.
  private static let scale = Double.pi.squareRoot() / 2
  private static let gaussian = ErfMoments(scale: scale)

  public func value(_ x: Double) -> Double { .erf(Self.scale * x) }
  public func derivative(_ x: Double) -> Double { .exp(-.pi / 4 * x * x) }
  public func logSlope(_ x: Double) -> Double { -.pi / 4 * x * x }
  public func secondDerivative(_ x: Double) -> Double {
    -.pi / 2 * clamp(x, 40) * derivative(x)
  }

  /// φ(x) − x by the odd Taylor series of erf; φ′(x) − 1 = e^(−πx²/4) − 1.
  public func deviation(_ x: Double) -> (value: Double, derivative: Double) {
    (erfDeviation(Self.scale * x), .expMinusOne(-.pi / 4 * x * x))
  }

  public func closedMoments(length: Double) -> ActivationMoments? {
    Self.gaussian.moments(length: length)
  }

  public func closedPair(_ pair: GaussianPair) -> PairMoments? { Self.gaussian.pair(pair) }

  public func closedMean(
    mean: Double, deviation: Double
  ) -> (value: Double, derivative: Double)? {
    Self.gaussian.mean(mean: mean, deviation: deviation)
  }

  public func evaluate(
    _ x: UnsafePointer<Double>, count: Int, value: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>?
  ) {
    let scale = Double(Self.scale)
    if let derivative {
      for index in 0..<count {
        let y = clamp(scale * x[index], 30)
        derivative[index] = -y * y
      }
      VectorMath.exp(derivative, derivative, count: count)
    }
    for index in 0..<count { value[index] = scale * x[index] }
    VectorMath.erf(value, value, count: count)
  }

  public func evaluate(
    _ x: UnsafePointer<Float>, count: Int, value: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>?
  ) {
    let scale = Float(Self.scale)
    if let derivative {
      for index in 0..<count {
        let y = clamp(scale * x[index], 30)
        derivative[index] = -y * y
      }
      VectorMath.exp(derivative, derivative, count: count)
    }
    for index in 0..<count { value[index] = scale * x[index] }
    VectorMath.erf(value, value, count: count)
  }
}
