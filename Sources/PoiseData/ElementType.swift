/// How a number is stored in a file; in memory every number is a `Double`.
///
/// Values of `.int64` and `.uint64` above 2^53 are rounded to the nearest `Double`.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  case float64, float32, float16, bfloat16
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  case bool

  /// Bytes of one stored number.
  public var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// Whether the stored numbers are integers (or truth values, stored as 0 and 1).
  public var isInteger: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: false
    default: true
    }
  }

  /// Decodes `count` numbers that start at byte `offset`; the caller has checked the bounds.
  func decode(_ bytes: [UInt8], at offset: Int, count: Int, bigEndian: Bool = false) -> [Double] {
    precondition(offset >= 0 && count >= 0 && count <= (bytes.count - offset) / byteCount)
    return bytes.withUnsafeBytes { raw in
      let span = UnsafeRawBufferPointer(rebasing: raw[offset..<offset + count * byteCount])
      let source = Words(raw: span, count: count, bigEndian: bigEndian)
      switch self {
      case .float64: return source.map(UInt64.self) { Double(bitPattern: $0) }
      case .float32: return source.map(UInt32.self) { Double(Float(bitPattern: $0)) }
      case .float16: return source.map(UInt16.self) { NarrowFloat.half.widened($0) }
      case .bfloat16: return source.map(UInt16.self) { NarrowFloat.brain.widened($0) }
      case .int8: return source.map(Int8.self) { Double($0) }
      case .int16: return source.map(Int16.self) { Double($0) }
      case .int32: return source.map(Int32.self) { Double($0) }
      case .int64: return source.map(Int64.self) { Double($0) }
      case .uint8: return source.map(UInt8.self) { Double($0) }
      case .uint16: return source.map(UInt16.self) { Double($0) }
      case .uint32: return source.map(UInt32.self) { Double($0) }
      case .uint64: return source.map(UInt64.self) { Double($0) }
      case .bool: return source.map(UInt8.self) { $0 == 0 ? 0 : 1 }
      }
    }
  }

  /// Appends the numbers, little-endian, rounded to nearest even.
  ///
  /// - Returns: the index of the first finite value that overflows this type (nothing is appended
  ///   for it or after it), or nil when all fit.
  func encode(_ values: [Double], into bytes: inout [UInt8]) -> Int? {
    bytes.reserveCapacity(bytes.count + values.count * byteCount)
    for (index, value) in values.enumerated() {
      switch self {
      case .float64: append(value.bitPattern, to: &bytes)
      case .float32:
        let single = Float(value)
        if single.isInfinite && value.isFinite { return index }
        append(single.bitPattern, to: &bytes)
      case .float16, .bfloat16:
        let kind = self == .float16 ? NarrowFloat.half : NarrowFloat.brain
        let pattern = kind.narrowed(value)
        if kind.isInfinite(pattern) && value.isFinite { return index }
        append(pattern, to: &bytes)
      default: preconditionFailure("only floating-point types are written")
      }
    }
    return nil
  }
}

private func append<Word: FixedWidthInteger>(_ word: Word, to bytes: inout [UInt8]) {
  var word = word.littleEndian
  Swift.withUnsafeBytes(of: &word) { bytes.append(contentsOf: $0) }
}

/// A run of machine words in a buffer, not necessarily aligned.
private struct Words {
  let raw: UnsafeRawBufferPointer
  let count: Int
  let bigEndian: Bool

  func map<Word: FixedWidthInteger & BitwiseCopyable>(
    _ type: Word.Type, _ body: (Word) -> Double
  ) -> [Double] {
    [Double](unsafeUninitializedCapacity: count) { output, initialized in
      for index in 0..<count {
        let word = raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self)
        output[index] = body(bigEndian ? Word(bigEndian: word) : Word(littleEndian: word))
      }
      initialized = count
    }
  }
}
