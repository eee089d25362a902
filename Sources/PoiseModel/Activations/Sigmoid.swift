import PoiseNumerics
import RealModule

/// φ(x) = 1/(1 + e^(−x)). No closed Gaussian averages; poles at ±iπ.
public struct Sigmoid: ActivationFunction {
  public init() {}
  public var name: String { "sigmoid" }
  public var slopesAtInfinity: (minus: Double, plus: Double) { (0, 0) }
  public var analyticStrip: Double? { .pi }

  public func value(_ x: Double) -> Double { Self.value(x, .exp(-abs(x))) }
  public func derivative(_ x: Double) -> Double { Self.derivative(x, .exp(-abs(x))) }
  public func logSlope(_ x: Double) -> Double { -abs(x) - 2 * .log(onePlus: .exp(-abs(x))) }
  public func secondDerivative(_ x: Double) -> Double { -derivative(x) * .tanh(x / 2) }

  /// φ(x) − 1/2 − x/4 = (tanh y − y)/2 and φ′(x) − 1/4 = −(tanh² y)/4, y = x/2.
  public func deviation(_ x: Double) -> (value: Double, derivative: Double) {
    let half = Tanh().deviation(x / 2)
    return (half.value / 2, half.derivative / 4)
  }

  /// With e = e^(−|x|), which cannot overflow: 1/(1 + e) or e/(1 + e).
  @inline(__always)
  static func value<T: BinaryFloatingPoint>(_ x: T, _ e: T) -> T { (x < 0 ? e : 1) / (1 + e) }

  /// e/(1 + e)², with its full relative accuracy in both tails.
  @inline(__always)
  static func derivative<T: BinaryFloatingPoint>(_ x: T, _ e: T) -> T { e / ((1 + e) * (1 + e)) }

  public func evaluate(
    _ x: UnsafePointer<Double>, count: Int, value: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>?
  ) {
    evaluateBlocks(
      x, count, value, derivative, VectorMath.exp, argument: { -abs($0) },
      value: { Self.value($0, $1) }, derivative: { Self.derivative($0, $1) })
  }

  public func evaluate(
    _ x: UnsafePointer<Float>, count: Int, value: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>?
  ) {
    evaluateBlocks(
      x, count, value, derivative, VectorMath.exp, argument: { -abs($0) },
      value: { Self.value($0, $1) }, derivative: { Self.derivative($0, $1) })
  }
}
