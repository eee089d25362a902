/// Who a point of a sweep is: a 128-bit hash of everything that decides its result.
///
/// FNV-1a over the bytes of a canonical text. Among 10^7 points two share a hash with a chance of
/// 10^-25; it is no defence against intent.
public struct PointIdentity: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The hash.
  public let value: UInt128

  /// The identity with this hash.
  public init(_ value: UInt128) { self.value = value }

  /// The identity of a canonical text.
  public init(of text: String) {
    var text = text
    self = text.withUTF8 { PointIdentity(of: $0) }
  }

  /// The identity of canonical bytes.
  public init(of bytes: UnsafeBufferPointer<UInt8>) {
    // Offset basis and prime (2^88 + 0x13B) of FNV's authors.
    var state: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
    for byte in bytes {
      state = (state ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B
    }
    value = state
  }

  /// Reads back 32 hexadecimal digits; nil for anything else.
  public init?(hexadecimal bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count == 32 else { return nil }
    var value: UInt128 = 0
    for byte in bytes {
      guard let digit = Self.digit(byte) else { return nil }
      value = value << 4 | UInt128(digit)
    }
    self.value = value
  }

  /// 32 hexadecimal digits, lower case.
  public var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 32 - digits.utf8.count) + digits
  }

  public static func < (a: Self, b: Self) -> Bool { a.value < b.value }

  /// The value of a hexadecimal digit as Poise writes it: lower case.
  static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
