import PoiseNumerics
import RealModule

/// φ(x) = erf x, entire. Every Gaussian average is closed (Williams 1997).
public struct Erf: ActivationFunction {
  public init() {}
  public var name: String { "erf" }
  public var slopesAtInfinity: (minus: Double, plus: Double) { (0, 0) }
  public var analyticStrip: Double? { .infinity }

  /// φ′(0) = 2/√π.
  private static let slope = 2 / Double.pi.squareRoot()
  private static let gaussian = ErfMoments(scale: 1)

  public func value(_ x: Double) -> Double { .erf(x) }
  public func derivative(_ x: Double) -> Double { Self.slope * .exp(-x * x) }
  public func logSlope(_ x: Double) -> Double { .log(Self.slope) - x * x }
  public func secondDerivative(_ x: Double) -> Double { -2 * clamp(x, 30) * derivative(x) }

  /// The odd Taylor series of erf x − 2x/√π below 1; relative error below 1e-15.
  public func deviation(_ x: Double) -> (value: Double, derivative: Double) {
    (erfDeviation(x), Self.slope * .expMinusOne(-x * x))
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
    if let derivative {
      for index in 0..<count {
        let y = clamp(x[index], 30)
        derivative[index] = -y * y
      }
      VectorMath.exp(derivative, derivative, count: count)
      let slope = Double(Self.slope)
      for index in 0..<count { derivative[index] *= slope }
    }
    VectorMath.erf(x, value, count: count)
  }

  public func evaluate(
    _ x: UnsafePointer<Float>, count: Int, value: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>?
  ) {
    if let derivative {
      for index in 0..<count {
        let y = clamp(x[index], 30)
        derivative[index] = -y * y
      }
      VectorMath.exp(derivative, derivative, count: count)
      let slope = Float(Self.slope)
      for index in 0..<count { derivative[index] *= slope }
    }
    VectorMath.erf(x, value, count: count)
  }
}
