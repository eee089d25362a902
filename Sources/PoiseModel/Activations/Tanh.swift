import PoiseNumerics
import RealModule

/// φ(x) = tanh x. No closed Gaussian averages; poles at ±iπ/2.
public struct Tanh: ActivationFunction {
  public init() {}
  public var name: String { "tanh" }
  public var slopesAtInfinity: (minus: Double, plus: Double) { (0, 0) }
  public var analyticStrip: Double? { .pi / 2 }

  public func value(_ x: Double) -> Double { .tanh(x) }

  /// sech²x as 4t/(1 + t)², t = e^(−2|x|): full relative accuracy in the tails, where 1 − tanh² dies.
  public func derivative(_ x: Double) -> Double {
    let t = Double.exp(-2 * abs(x))
    return 4 * t / ((1 + t) * (1 + t))
  }

  /// ln sech²x = 2 ln 2 − 2|x| − 2 ln(1 + e^(−2|x|)).
  public func logSlope(_ x: Double) -> Double {
    2 * (Double.log(2) - abs(x) - .log(onePlus: .exp(-2 * abs(x))))
  }

  public func secondDerivative(_ x: Double) -> Double { -2 * .tanh(x) * derivative(x) }

  public func deviation(_ x: Double) -> (value: Double, derivative: Double) {
    guard abs(x) < 0.55 else {
      let value = Double.tanh(x)
      return (value - x, -value * value)
    }
    // Odd Taylor series of tanh x − x. Its terms fall as (4y/π²)ⁿ: the last is below 1e-16 of the first.
    let y = x * x
    var sum = 0.0
    Self.taylor.withUnsafeBufferPointer { taylor in
      for n in stride(from: y < 0.01 ? 7 : 17, through: 0, by: -1) { sum = sum * y + taylor[n] }
    }
    let deviation = sum * y * x
    return (deviation, -(x + deviation) * (x + deviation))
  }

  /// Taylor coefficients of (tanh x − x)/x³ in x², from tanh′ = 1 − tanh².
  private static let taylor: [Double] = {
    var odd = [1.0]  // coefficients of tanh: x, x³, x⁵, …
    for n in 1...18 {
      var convolution = 0.0
      for j in 0..<n { convolution += odd[j] * odd[n - 1 - j] }
      odd.append(-convolution / Double(2 * n + 1))
    }
    return Array(odd.dropFirst())
  }()

  public func evaluate(
    _ x: UnsafePointer<Double>, count: Int, value: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>?
  ) {
    VectorMath.tanh(x, value, count: count)
    guard let derivative else { return }
    for index in 0..<count { derivative[index] = 1 - value[index] * value[index] }
  }

  public func evaluate(
    _ x: UnsafePointer<Float>, count: Int, value: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>?
  ) {
    VectorMath.tanh(x, value, count: count)
    guard let derivative else { return }
    for index in 0..<count { derivative[index] = 1 - value[index] * value[index] }
  }
}
