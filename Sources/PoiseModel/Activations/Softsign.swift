import PoiseNumerics
import RealModule

/// φ(x) = x/(1 + |x|). φ′ is continuous, φ″ jumps from 2 to −2 at 0. No closed Gaussian averages.
public struct Softsign: ActivationFunction {
  public init() {}
  public var name: String { "softsign" }
  public var kinks: [Double] { [0] }
  public var slopesAtInfinity: (minus: Double, plus: Double) { (0, 0) }
  public var analyticStrip: Double? { 0 }

  public func value(_ x: Double) -> Double { Self.value(x) }
  public func derivative(_ x: Double) -> Double { Self.derivative(x) }

  /// −2 sign(x)/(1 + |x|)³, 0 at the jump.
  public func secondDerivative(_ x: Double) -> Double {
    if x == 0 { return 0 }
    let inverse = 1 / (1 + abs(x))
    return (x < 0 ? 2 : -2) * inverse * inverse * inverse
  }

  /// φ(x) − x = −x|x|/(1 + |x|) and φ′(x) − 1 = −|x|(2 + |x|)/(1 + |x|)².
  public func deviation(_ x: Double) -> (value: Double, derivative: Double) {
    let share = abs(Self.value(x))
    return (-x * share, -share * (2 - share))
  }

  /// The bound, where φ has long been ±1, keeps ∞/∞ away.
  @inline(__always)
  private static func value<T: BinaryFloatingPoint>(_ x: T) -> T {
    let bounded = clamp(x, 1e30)
    return bounded / (1 + abs(bounded))
  }

  @inline(__always)
  private static func derivative<T: BinaryFloatingPoint>(_ x: T) -> T {
    let inverse = 1 / (1 + abs(x))
    return inverse * inverse
  }

  public func evaluate(
    _ x: UnsafePointer<Double>, count: Int, value: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>?
  ) {
    evaluatePointwise(
      x, count, value, derivative, value: { Self.value($0) },
      derivative: { Self.derivative($0) })
  }

  public func evaluate(
    _ x: UnsafePointer<Float>, count: Int, value: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>?
  ) {
    evaluatePointwise(
      x, count, value, derivative, value: { Self.value($0) },
      derivative: { Self.derivative($0) })
  }
}
