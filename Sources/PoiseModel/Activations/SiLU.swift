import PoiseNumerics
import RealModule

/// φ(x) = x/(1 + e^(−x)), also called swish. No closed Gaussian averages; poles at ±iπ.
public struct SiLU: ActivationFunction {
  public init() {}
  public var name: String { "silu" }
  public var slopesAtInfinity: (minus: Double, plus: Double) { (0, 1) }
  public var analyticStrip: Double? { .pi }

  public func value(_ x: Double) -> Double { Self.value(x, .exp(-abs(x))) }
  public func derivative(_ x: Double) -> Double { Self.derivative(x, .exp(-abs(x))) }

  /// σ′(x) (2 − x tanh(x/2)).
  public func secondDerivative(_ x: Double) -> Double {
    let bounded = clamp(x, 800)
    return Sigmoid().derivative(bounded) * (2 - bounded * .tanh(bounded / 2))
  }

  /// φ(x) − x/2 = x tanh(x/2)/2 and φ′(x) − 1/2 = tanh(x/2)/2 + x σ′(x).
  public func deviation(_ x: Double) -> (value: Double, derivative: Double) {
    let half = Double.tanh(x / 2) / 2
    return (x * half, half + clamp(x, 800) * Sigmoid().derivative(x))
  }

  /// x σ(x), with e = e^(−|x|); the bound of 800 lies where e has vanished.
  @inline(__always)
  private static func value<T: BinaryFloatingPoint>(_ x: T, _ e: T) -> T {
    (x < -800 ? -800 : x) * Sigmoid.value(x, e)
  }

  /// σ + x σ′.
  @inline(__always)
  private static func derivative<T: BinaryFloatingPoint>(_ x: T, _ e: T) -> T {
    Sigmoid.value(x, e) + clamp(x, 800) * Sigmoid.derivative(x, e)
  }

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
