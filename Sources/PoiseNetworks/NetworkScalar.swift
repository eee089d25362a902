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
  /// yᵢ ← yᵢ + a xᵢ.
  static func add(
    _ count: Int, _ a: Self, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// yᵢ ← xᵢ in double precision.
  static func widen(_ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Double>)
  /// m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g², w ← w − rate · m/(√s + ε), element by element.
  static func adam(
    _ count: Int, _ factors: AdamFactors, _ g: UnsafePointer<Self>, _ m: UnsafeMutablePointer<Self>,
    _ s: UnsafeMutablePointer<Self>, _ w: UnsafeMutablePointer<Self>)
}

/// The numbers of one step of Adam; the corrections for the start are part of `rate` and `epsilon`.
public struct AdamFactors: Sendable {
  /// β₁.
  public let beta1: Double
  /// β₂.
  public let beta2: Double
  /// η √(1 − β₂ᵗ)/(1 − β₁ᵗ).
  public let rate: Double
  /// ε √(1 − β₂ᵗ).
  public let epsilon: Double
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
  public static func add(
    _ count: Int, _ a: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    for index in 0..<count { y[index] += a * x[index] }
  }
  public static func widen(
    _ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    for index in 0..<count { y[index] = x[index] }
  }
  public static func adam(
    _ count: Int, _ factors: AdamFactors, _ g: UnsafePointer<Double>,
    _ m: UnsafeMutablePointer<Double>, _ s: UnsafeMutablePointer<Double>,
    _ w: UnsafeMutablePointer<Double>
  ) {
    let (beta1, beta2) = (Double(factors.beta1), Double(factors.beta2))
    let (rest1, rest2) = (Double(1 - factors.beta1), Double(1 - factors.beta2))
    let (rate, epsilon) = (Double(factors.rate), Double(factors.epsilon))
    for index in 0..<count {
      let gradient = g[index]
      let mean = beta1 * m[index] + rest1 * gradient
      let square = beta2 * s[index] + rest2 * gradient * gradient
      m[index] = mean
      s[index] = square
      w[index] -= rate * mean / (square.squareRoot() + epsilon)
    }
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
  public static func add(
    _ count: Int, _ a: Float, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<count { y[index] += a * x[index] }
  }
  public static func widen(
    _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Double>
  ) {
    for index in 0..<count { y[index] = Double(x[index]) }
  }
  public static func adam(
    _ count: Int, _ factors: AdamFactors, _ g: UnsafePointer<Float>,
    _ m: UnsafeMutablePointer<Float>, _ s: UnsafeMutablePointer<Float>,
    _ w: UnsafeMutablePointer<Float>
  ) {
    let (beta1, beta2) = (Float(factors.beta1), Float(factors.beta2))
    let (rest1, rest2) = (Float(1 - factors.beta1), Float(1 - factors.beta2))
    let (rate, epsilon) = (Float(factors.rate), Float(factors.epsilon))
    for index in 0..<count {
      let gradient = g[index]
      let mean = beta1 * m[index] + rest1 * gradient
      let square = beta2 * s[index] + rest2 * gradient * gradient
      m[index] = mean
      s[index] = square
      w[index] -= rate * mean / (square.squareRoot() + epsilon)
    }
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
