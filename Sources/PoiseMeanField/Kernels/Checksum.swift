import PoiseNumerics

/// A 64-bit checksum of words (FNV-1a with a final mix): finds torn writes and other inputs, no
/// defence against intent.
public struct Checksum: Sendable {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The checksum of no words.
  public init() {}

  /// Appends a word; the order of words matters.
  public mutating func add(_ word: UInt64) {
    state = (state ^ word) &* 0x0000_0100_0000_01B3
    state ^= state >> 29
  }

  /// The checksum of all words so far.
  public var value: UInt64 { state ^ (state >> 32) }

  /// The checksum of the bits of some numbers.
  public static func of(_ numbers: [Double]) -> UInt64 {
    var sum = Checksum()
    for number in numbers { sum.add(number.bitPattern) }
    return sum.value
  }
}

extension KernelPlan {
  /// Of all inputs and their shapes.
  public var inputsChecksum: UInt64 {
    var sum = Checksum()
    for side in isSymmetric ? [rows] : [rows, columns] {
      sum.add(UInt64(side.inputs.rows))
      sum.add(UInt64(side.inputs.columns))
      sum.add(Checksum.of(side.inputs.elements))
    }
    return sum.value
  }
}
