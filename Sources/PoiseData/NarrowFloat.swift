/// A 16-bit floating-point format; conversions from `Double` round once, to nearest even.
///
/// Going through `Float` would round twice; the compiler's own half type does not exist everywhere.
struct NarrowFloat: Sendable {
  let exponentBits: Int
  let significandBits: Int

  /// IEEE 754 binary16.
  static let half = NarrowFloat(exponentBits: 5, significandBits: 10)
  /// bfloat16: the upper half of an IEEE 754 binary32.
  static let brain = NarrowFloat(exponentBits: 8, significandBits: 7)

  private var bias: Int { (1 << (exponentBits - 1)) - 1 }
  private var infinity: UInt16 { UInt16((1 << exponentBits) - 1) << UInt16(significandBits) }

  /// Whether a pattern stands for +∞ or −∞.
  func isInfinite(_ pattern: UInt16) -> Bool { pattern & 0x7FFF == infinity }

  /// The nearest 16-bit value, ties to even; NaN stays NaN, overflow gives infinity.
  func narrowed(_ value: Double) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    if value.isNaN {
      // Keep the upper bits of the payload; the quiet bit keeps it from turning into infinity.
      let payload = UInt16(
        truncatingIfNeeded: value.significandBitPattern >> (52 - UInt64(significandBits)))
      return sign | infinity | payload | 1 << UInt16(significandBits - 1)
    }
    if value.isInfinite { return sign | infinity }
    if value == 0 { return sign }
    let exponent = Int(value.exponent)
    if exponent > bias { return sign | infinity }
    let lowest = 1 - bias
    let quantum = max(exponent, lowest) - significandBits
    // Exact scaling by a power of two, then one rounding.
    let scaled = Double(sign: .plus, exponent: -quantum, significand: value.magnitude)
    let units = Int(scaled.rounded(.toNearestOrEven))
    // A carry out of the significand runs into the exponent, as it should.
    let pattern =
      exponent < lowest
      ? units : ((exponent + bias) << significandBits) + units - (1 << significandBits)
    return sign | min(UInt16(pattern), infinity)
  }

  /// The exact value of a pattern.
  func widened(_ pattern: UInt16) -> Double {
    let sign: FloatingPointSign = pattern & 0x8000 == 0 ? .plus : .minus
    let fraction = Int(pattern) & ((1 << significandBits) - 1)
    let exponent = Int(pattern & 0x7FFF) >> significandBits
    if exponent == (1 << exponentBits) - 1 {
      if fraction == 0 { return sign == .plus ? .infinity : -.infinity }
      let payload = UInt64(fraction) << UInt64(52 - significandBits)
      let bits = UInt64(pattern & 0x8000) << 48 | 0x7FF8 << 48 | payload
      return Double(bitPattern: bits)
    }
    let significand = exponent == 0 ? fraction : fraction + (1 << significandBits)
    return Double(
      sign: sign, exponent: max(exponent, 1) - bias - significandBits,
      significand: Double(significand))
  }
}
