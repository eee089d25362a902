import PoiseNumerics
import RealModule

/// φ(x) = λx for x > 0, λα(eˣ − 1) for x < 0: ELU and SELU.
///
/// Moments and means are closed; pair averages are left to one integral over the mean.
public protocol ExponentialLinearActivation: ActivationFunction {
  /// λ, the slope of the positive side.
  var scale: Double { get }
  /// α; φ tends to −λα.
  var alpha: Double { get }
}

extension ExponentialLinearActivation {
  public var kinks: [Double] { [0] }
  public var slopeJumps: [(at: Double, jump: Double)] {
    alpha == 1 ? [] : [(0, scale * (1 - alpha))]
  }
  public var slopesAtInfinity: (minus: Double, plus: Double) { (0, scale) }
  public var analyticStrip: Double? { 0 }

  public func value(_ x: Double) -> Double {
    x < 0 ? scale * alpha * .expMinusOne(x) : scale * x
  }

  public func derivative(_ x: Double) -> Double {
    if x == 0 { return scale * (1 + alpha) / 2 }
    return x < 0 ? scale * alpha * .exp(x) : (x.isNaN ? x : scale)
  }

  public func logSlope(_ x: Double) -> Double {
    x < 0 ? .log(scale * alpha) + x : .log(derivative(x))
  }

  /// λα eˣ for x < 0, 0 for x > 0, the mean of both at 0.
  public func secondDerivative(_ x: Double) -> Double {
    if x == 0 { return scale * alpha / 2 }
    return x < 0 ? scale * alpha * .exp(x) : (x.isNaN ? x : 0)
  }

  /// With φ′(0) = λ(1 + α)/2, the mean slope, and eˣ − 1 − x by its series near 0.
  public func deviation(_ x: Double) -> (value: Double, derivative: Double) {
    let half = scale * (1 - alpha) / 2
    if x >= 0 {
      return (half == 0 ? 0 : half * x, x == 0 ? 0 : half)
    }
    let slope = scale * alpha * Double.expMinusOne(x) - half
    guard x > -0.5 else {
      return (scale * (alpha * .expMinusOne(x) - (1 + alpha) / 2 * x), slope)
    }
    return (scale * alpha * expMinusOneMinusArgument(x) - half * x, slope)
  }

  public func closedMoments(length: Double) -> ActivationMoments? {
    ExponentialLinearMoments(scale: scale, alpha: alpha).moments(length: length)
  }

  public func closedMean(
    mean: Double, deviation: Double
  ) -> (value: Double, derivative: Double)? {
    ExponentialLinearMoments(scale: scale, alpha: alpha).mean(mean: mean, deviation: deviation)
  }

  public func evaluate(
    _ x: UnsafePointer<Double>, count: Int, value: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>?
  ) {
    // eˣ − 1 = 2t/(1 − t), t = tanh(x/2), keeps its digits near 0.
    let (scale, alpha) = (Double(self.scale), Double(self.alpha))
    let mean = scale * (1 + alpha) / 2
    evaluateBlocks(
      x, count, value, derivative, VectorMath.tanh, argument: { $0 < 0 ? $0 / 2 : 0 },
      value: { $0 < 0 ? scale * alpha * (2 * $1 / (1 - $1)) : scale * $0 },
      derivative: {
        $0 < 0 ? scale * alpha * ((1 + $1) / (1 - $1)) : ($0 > 0 ? scale : mean + $0)
      })
  }

  public func evaluate(
    _ x: UnsafePointer<Float>, count: Int, value: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>?
  ) {
    // eˣ − 1 = 2t/(1 − t), t = tanh(x/2), keeps its digits near 0.
    let (scale, alpha) = (Float(self.scale), Float(self.alpha))
    let mean = scale * (1 + alpha) / 2
    evaluateBlocks(
      x, count, value, derivative, VectorMath.tanh, argument: { $0 < 0 ? $0 / 2 : 0 },
      value: { $0 < 0 ? scale * alpha * (2 * $1 / (1 - $1)) : scale * $0 },
      derivative: {
        $0 < 0 ? scale * alpha * ((1 + $1) / (1 - $1)) : ($0 > 0 ? scale : mean + $0)
      })
  }
}

/// eˣ − 1 − x by its series, for |x| ≤ 1/2.
private func expMinusOneMinusArgument(_ x: Double) -> Double {
  var sum = 1.0
  var n = 16.0
  while n >= 3 {
    sum = 1 + x / n * sum
    n -= 1
  }
  return x * x / 2 * sum
}
