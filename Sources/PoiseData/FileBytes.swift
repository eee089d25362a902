import PoiseNumerics

/// The content of a file with the name it goes by in messages; every access is checked.
struct FileBytes: Sendable {
  let bytes: [UInt8]
  /// The path, or `path#member` inside an archive.
  let name: String

  var count: Int { bytes.count }

  /// The error for content that is not what its format promises.
  func fault(_ found: String, expected: String, suggestion: String = "") -> PoiseError {
    PoiseError(
      .unreadable, quantity: name, value: found, allowed: expected, suggestion: suggestion)
  }

  /// The bytes `offset ..< offset + length`, or an error that says what is missing.
  func range(at offset: Int, length: Int, what: String) throws(PoiseError) -> Range<Int> {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else {
      throw fault(
        "\(what) ends at byte \(count) of the file",
        expected: "\(length) bytes from byte \(offset) on",
        suggestion: "fetch the file again, it looks truncated or damaged")
    }
    return offset..<offset + length
  }

  /// An integer at a byte offset.
  func integer<Word: FixedWidthInteger & BitwiseCopyable>(
    _ type: Word.Type, at offset: Int, bigEndian: Bool = false, what: String
  ) throws(PoiseError) -> Word {
    let span = try range(at: offset, length: MemoryLayout<Word>.size, what: what)
    let word = bytes.withUnsafeBytes {
      $0.loadUnaligned(fromByteOffset: span.lowerBound, as: Word.self)
    }
    return bigEndian ? Word(bigEndian: word) : Word(littleEndian: word)
  }

  /// Whether the content starts with the given bytes.
  func hasPrefix(_ magic: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// The number of entries of a shape whose entries take `byteCount` bytes each, with all caps.
  func entryCount(shape: [Int], byteCount: Int) throws(PoiseError) -> Int {
    guard shape.count <= FileLimits.axes else {
      throw fault("an array of \(shape.count) axes", expected: "at most \(FileLimits.axes) axes")
    }
    guard let entries = FileLimits.product(shape), FileLimits.product([entries, byteCount]) != nil,
      FileLimits.product(Array(shape.dropFirst())) != nil
    else {
      throw fault("shape \(shape)", expected: "lengths >= 0 whose product fits 64 bits")
    }
    guard entries <= FileLimits.elements else {
      throw fault(
        "an array of \(entries) entries", expected: "at most \(FileLimits.elements) entries",
        suggestion: "store fewer rows")
    }
    return entries
  }
}
