import PoiseNumerics
import RealModule

/// φ(x) = max(x, 0).
public struct ReLU: ActivationFunction {
  public init() {}
  public var name: String { "relu" }
  public var kinks: [Double] { [0] }
  public var slopeJumps: [(at: Double, jump: Double)] { [(0, 1)] }
  public var slopesAtInfinity: (minus: Double, plus: Double) { (0, 1) }
  public var homogeneousSlopes: (minus: Double, plus: Double)? { (0, 1) }
  public var analyticStrip: Double? { 0 }

  public func value(_ x: Double) -> Double { max(x, 0) }
  public func derivative(_ x: Double) -> Double { x > 0 ? 1 : (x == 0 ? 0.5 : 0) }
  public func secondDerivative(_ x: Double) -> Double { 0 }

  public func evaluate(
    _ x: UnsafePointer<Double>, count: Int, value: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>?
  ) {
    for index in 0..<count {
      let argument = x[index]
      if let derivative { derivative[index] = argument > 0 ? 1 : 0 }
      value[index] = argument > 0 ? argument : 0
    }
  }
}
