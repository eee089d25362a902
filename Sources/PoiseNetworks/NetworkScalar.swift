public import PoiseModel
public import PoiseNumerics

/// The two precisions in which a finite network can live: `Double` where it is measured against
/// theory, `Float` where it trains.
public protocol NetworkScalar: BLASScalar {
  /// φ and, if wanted, φ′ of `count` preactivations, by the matching buffers of the activation.
  static func evaluate(
    _ function: any ActivationFunction, _ x: UnsafePointer<Self>, count: Int,
    value: UnsafeMutablePointer<Self>, derivative: UnsafeMutablePointer<Self>?)
  /// yᵢ ← xᵢ yᵢ.
  static func multiply(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// yᵢ ← a yᵢ.
  static func scale(_ count: Int, _ a: Self, _ y: UnsafeMutablePointer<Self>)
  /// yᵢ ← a xᵢ, rounded to this precision.
  static func round(
    _ count: Int, _ a: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Self>)
}

// Written out for each type: the loops are then concrete code and vectorised, whoever calls.
extension Double: NetworkScalar {
  public static func evaluate(
    _ function: any ActivationFunction, _ x: UnsafePointer<Double>, count: Int,
    value: UnsafeMutablePointer<Double>, derivative: UnsafeMutablePointer<Double>?
  ) {
    function.evaluate(x, count: count, value: value, derivative: derivative)
  }
  public static func multiply(
    _ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    for index in 0..<count { y[index] *= x[index] }
  }
  public static func scale(_ count: Int, _ a: Double, _ y: UnsafeMutablePointer<Double>) {
    for index in 0..<count { y[index] *= a }
  }
  public static func round(
    _ count: Int, _ a: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    for index in 0..<count { y[index] = a * x[index] }
  }
}

extension Float: NetworkScalar {
  public static func evaluate(
    _ function: any ActivationFunction, _ x: UnsafePointer<Float>, count: Int,
    value: UnsafeMutablePointer<Float>, derivative: UnsafeMutablePointer<Float>?
  ) {
    function.evaluate(x, count: count, value: value, derivative: derivative)
  }
  public static func multiply(
    _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<count { y[index] *= x[index] }
  }
  public static func scale(_ count: Int, _ a: Float, _ y: UnsafeMutablePointer<Float>) {
    for index in 0..<count { y[index] *= a }
  }
  public static func round(
    _ count: Int, _ a: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<count { y[index] = Float(a * x[index]) }
  }
}

/// Uninitialised scratch memory, freed with its owner; never shared between threads at once.
final class Scratch<Scalar: NetworkScalar> {
  let base: UnsafeMutablePointer<Scalar>
  let count: Int

  init(_ count: Int) {
    self.count = count
    base = .allocate(capacity: max(count, 1))
  }

  deinit { base.deallocate() }
}
