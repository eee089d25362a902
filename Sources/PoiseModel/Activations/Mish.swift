import PoiseNumerics
import RealModule

/// φ(x) = x tanh(ln(1 + eˣ)). No closed Gaussian averages.
///
/// tanh ln(1 + n) = (n² + 2n)/(n² + 2n + 2) is rational in n = eˣ; its poles n = −1 ± i lie at
/// x = ln √2 ± 3πi/4, which is the analytic strip.
public struct Mish: ActivationFunction {
  public init() {}
  public var name: String { "mish" }
  public var slopesAtInfinity: (minus: Double, plus: Double) { (0, 1) }
  public var analyticStrip: Double? { 3 * .pi / 4 }

  public func value(_ x: Double) -> Double { Self.value(x, .exp(-abs(x))) }
  public func derivative(_ x: Double) -> Double { Self.derivative(x, .exp(-abs(x))) }

  /// 2ω′ + x ω″, ω″ = 4n(2 + 2n − 3n² − 2n³)/(n² + 2n + 2)³.
  public func secondDerivative(_ x: Double) -> Double {
    let e = Double.exp(-abs(x))
    let bend: Double
    if x < 0 {
      let p = e * (e + 2) + 2
      bend = 4 * e * (2 + e * (2 - e * (3 + 2 * e))) / (p * p * p)
    } else {
      let p = 1 + 2 * e * (1 + e)
      bend = 4 * e * e * (-2 + e * (-3 + 2 * e * (1 + e))) / (p * p * p)
    }
    return 2 * Self.gateSlope(x, e) + clamp(x, 800) * bend
  }

  /// φ(x) − 3x/5 = x (8y + 2y²)/(5(5 + 4y + y²)), y = eˣ − 1.
  public func deviation(_ x: Double) -> (value: Double, derivative: Double) {
    let e = Double.exp(-abs(x))
    let change: Double
    if x > 1 {
      change = Self.gate(x, e) - 0.6
    } else {
      let y = Double.expMinusOne(x)
      change = y * (8 + 2 * y) / (5 * (5 + y * (4 + y)))
    }
    return (x * change, change + clamp(x, 800) * Self.gateSlope(x, e))
  }

  /// ω = tanh ln(1 + eˣ) by e = e^(−|x|).
  @inline(__always)
  private static func gate<T: BinaryFloatingPoint>(_ x: T, _ e: T) -> T {
    let minus = e * (e + 2)
    let plus = 1 + 2 * e
    return x < 0 ? minus / (minus + 2) : plus / (plus + 2 * e * e)
  }

  /// ω′ = 4n(n + 1)/(n² + 2n + 2)².
  @inline(__always)
  private static func gateSlope<T: BinaryFloatingPoint>(_ x: T, _ e: T) -> T {
    let p = x < 0 ? e * (e + 2) + 2 : 1 + 2 * e * (1 + e)
    return 4 * (x < 0 ? e : e * e) * (1 + e) / (p * p)
  }

  /// x ω; the bound of 800 lies where e has vanished.
  @inline(__always)
  private static func value<T: BinaryFloatingPoint>(_ x: T, _ e: T) -> T {
    (x < -800 ? -800 : x) * gate(x, e)
  }

  /// ω + x ω′.
  @inline(__always)
  private static func derivative<T: BinaryFloatingPoint>(_ x: T, _ e: T) -> T {
    gate(x, e) + clamp(x, 800) * gateSlope(x, e)
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
