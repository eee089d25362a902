import PoiseNumerics
import RealModule

/// φ(x) = ln(1 + eˣ). No closed Gaussian averages; branch points at ±iπ.
public struct Softplus: ActivationFunction {
  public init() {}
  public var name: String { "softplus" }
  public var slopesAtInfinity: (minus: Double, plus: Double) { (0, 1) }
  public var analyticStrip: Double? { .pi }

  public func value(_ x: Double) -> Double { (x < 0 ? 0 : x) + .log(onePlus: .exp(-abs(x))) }
  public func derivative(_ x: Double) -> Double { Sigmoid().value(x) }
  /// ln σ(x) = min(x, 0) − ln(1 + e^(−|x|)).
  public func logSlope(_ x: Double) -> Double { min(x, 0) - .log(onePlus: .exp(-abs(x))) }
  public func secondDerivative(_ x: Double) -> Double { Sigmoid().derivative(x) }

  /// φ(x) − ln 2 − x/2 = ln cosh(x/2) and φ′(x) − 1/2 = tanh(x/2)/2.
  public func deviation(_ x: Double) -> (value: Double, derivative: Double) {
    let slope = Double.tanh(x / 2) / 2
    guard abs(x) < 4 else {
      return (abs(x) / 2 - .log(2) + .log(onePlus: .exp(-abs(x))), slope)
    }
    let sinh = Double.sinh(x / 4)
    return (.log(onePlus: 2 * sinh * sinh), slope)
  }

  /// max(x, 0) + ln(1 + e), given l = ln(u) of the rounded u = 1 + e.
  @inline(__always)
  private static func value<T: BinaryFloatingPoint>(_ x: T, _ e: T, _ log: T) -> T {
    let rounded = (1 + e) - 1
    return (x < 0 ? 0 : x) + (rounded == 0 ? e : log * (e / rounded))
  }

  public func evaluate(
    _ x: UnsafePointer<Double>, count: Int, value: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>?
  ) {
    // log(1 + e) loses the digits of a small e; log(u) e/(u − 1) with u = 1 + e restores them.
    let block = 512
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * block) { buffer in
      let e = buffer.baseAddress!
      let log = e + block
      var start = 0
      while start < count {
        let size = min(block, count - start)
        for index in 0..<size { (e + index).initialize(to: -abs(x[start + index])) }
        VectorMath.exp(e, e, count: size)
        for index in 0..<size { (log + index).initialize(to: 1 + e[index]) }
        VectorMath.log(log, log, count: size)
        if let derivative {
          for index in 0..<size {
            derivative[start + index] = Sigmoid.value(x[start + index], e[index])
          }
        }
        for index in 0..<size {
          value[start + index] = Self.value(x[start + index], e[index], log[index])
        }
        start += size
      }
    }
  }

  public func evaluate(
    _ x: UnsafePointer<Float>, count: Int, value: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>?
  ) {
    // log(1 + e) loses the digits of a small e; log(u) e/(u − 1) with u = 1 + e restores them.
    let block = 512
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * block) { buffer in
      let e = buffer.baseAddress!
      let log = e + block
      var start = 0
      while start < count {
        let size = min(block, count - start)
        for index in 0..<size { (e + index).initialize(to: -abs(x[start + index])) }
        VectorMath.exp(e, e, count: size)
        for index in 0..<size { (log + index).initialize(to: 1 + e[index]) }
        VectorMath.log(log, log, count: size)
        if let derivative {
          for index in 0..<size {
            derivative[start + index] = Sigmoid.value(x[start + index], e[index])
          }
        }
        for index in 0..<size {
          value[start + index] = Self.value(x[start + index], e[index], log[index])
        }
        start += size
      }
    }
  }
}
