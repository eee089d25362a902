import CPoiseKernels

/// Elementary functions over whole vectors, several times faster than one call per element.
///
/// Common to all:
/// - `x` and `y` point to `count` ≥ 0 elements each. `y == x` is allowed, any other overlap is not.
/// - Element i of the result depends on x[i] alone, bit for bit: not on `count`, alignment or the
///   other elements. Bits may differ between kinds of processor (with and without fused
///   multiply-add).
/// - NaN gives NaN; ±0, ±∞ and subnormals are treated as in the C library.
/// - Errors are the largest found against 64-bit-mantissa libm on 4 million points each, with and
///   without fused multiply-add, in units in the last place (ulp) of the result.
public enum VectorMath {
  /// y = tanh x. Error ≤ 2.5 ulp on the whole line, small arguments included; odd exactly.
  public static func tanh(
    _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, count: Int
  ) {
    poise_tanh_f64(x, y, length(count))
  }

  /// y = tanh x in single precision. Error ≤ 2.5 ulp on the whole line; odd exactly.
  public static func tanh(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
  ) {
    poise_tanh_f32(x, y, length(count))
  }

  /// y = eˣ. Error ≤ 1.1 ulp, subnormal results included; 0 below −745.2, ∞ above 709.8.
  public static func exp(
    _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, count: Int
  ) {
    poise_exp_f64(x, y, length(count))
  }

  /// y = eˣ in single precision. Error ≤ 1.1 ulp; 0 below −104, ∞ above 88.8.
  public static func exp(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
  ) {
    poise_exp_f32(x, y, length(count))
  }

  /// y = ln x. Error ≤ 0.9 ulp, near 1 and for subnormals too; −∞ at ±0, NaN below.
  public static func log(
    _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, count: Int
  ) {
    poise_log_f64(x, y, length(count))
  }

  /// y = ln x in single precision. Error ≤ 0.9 ulp; −∞ at ±0, NaN below.
  public static func log(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
  ) {
    poise_log_f32(x, y, length(count))
  }

  /// y = erf x. Error ≤ 2.1 ulp on the whole line, small arguments included; odd exactly.
  public static func erf(
    _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, count: Int
  ) {
    poise_erf_f64(x, y, length(count))
  }

  /// y = erf x in single precision. Error ≤ 2.5 ulp on the whole line; odd exactly.
  public static func erf(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
  ) {
    poise_erf_f32(x, y, length(count))
  }

  /// y = asin x. Error ≤ 2.5 ulp on [−1, 1], small arguments included; NaN beyond; odd exactly.
  public static func asin(
    _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, count: Int
  ) {
    poise_asin_f64(x, y, length(count))
  }

  /// y = sin x, x in radians. Error ≤ 2.2 ulp up to |x| = 10⁶; beyond, libm's value, slowly.
  /// NaN at ±∞; odd exactly.
  public static func sin(
    _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, count: Int
  ) {
    poise_sin_f64(x, y, length(count))
  }

  /// y = sin x in single precision. Error ≤ 1.7 ulp up to |x| = 10⁶; beyond, libm's value, slowly.
  public static func sin(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
  ) {
    poise_sin_f32(x, y, length(count))
  }

  /// y = cos x, x in radians. Error ≤ 2.2 ulp up to |x| = 10⁶; beyond, libm's value, slowly.
  /// NaN at ±∞; even exactly.
  public static func cos(
    _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, count: Int
  ) {
    poise_cos_f64(x, y, length(count))
  }

  /// y = cos x in single precision. Error ≤ 1.7 ulp up to |x| = 10⁶; beyond, libm's value, slowly.
  public static func cos(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, count: Int
  ) {
    poise_cos_f32(x, y, length(count))
  }

  /// Both of a pair for hardly more than the price of one, same bits as `sin` and `cos`.
  /// One of the results may be written over `x`; they must not overlap each other.
  public static func sinCos(
    _ x: UnsafePointer<Double>, sin: UnsafeMutablePointer<Double>,
    cos: UnsafeMutablePointer<Double>, count: Int
  ) {
    poise_sincos_f64(x, sin, cos, length(count))
  }

  /// Both of a pair in single precision, same bits as `sin` and `cos`; aliasing as in double.
  public static func sinCos(
    _ x: UnsafePointer<Float>, sin: UnsafeMutablePointer<Float>,
    cos: UnsafeMutablePointer<Float>, count: Int
  ) {
    poise_sincos_f32(x, sin, cos, length(count))
  }

  /// tanh of every element.
  public static func tanh(_ x: [Double]) -> [Double] { map(x) { tanh($0, $1, count: $2) } }

  /// e to the power of every element.
  public static func exp(_ x: [Double]) -> [Double] { map(x) { exp($0, $1, count: $2) } }

  /// Natural logarithm of every element.
  public static func log(_ x: [Double]) -> [Double] { map(x) { log($0, $1, count: $2) } }

  /// erf of every element.
  public static func erf(_ x: [Double]) -> [Double] { map(x) { erf($0, $1, count: $2) } }

  /// Arc sine of every element, in radians.
  public static func asin(_ x: [Double]) -> [Double] { map(x) { asin($0, $1, count: $2) } }

  /// Sine of every element, in radians.
  public static func sin(_ x: [Double]) -> [Double] { map(x) { sin($0, $1, count: $2) } }

  /// Cosine of every element, in radians.
  public static func cos(_ x: [Double]) -> [Double] { map(x) { cos($0, $1, count: $2) } }

  private static func map(
    _ x: [Double],
    _ kernel: (UnsafePointer<Double>, UnsafeMutablePointer<Double>, Int) -> Void
  ) -> [Double] {
    guard !x.isEmpty else { return [] }
    return [Double](unsafeUninitializedCapacity: x.count) { buffer, initialized in
      x.withUnsafeBufferPointer { kernel($0.baseAddress!, buffer.baseAddress!, x.count) }
      initialized = x.count
    }
  }

  /// A negative count would become a huge unsigned one.
  private static func length(_ count: Int) -> Int {
    precondition(count >= 0, "VectorMath: negative count")
    return count
  }
}
