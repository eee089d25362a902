import PoiseNumerics

/// Puts members into a zip archive without compression; equal members give equal bytes.
struct ZipWriter {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  /// Appends one member.
  ///
  /// - Throws: `unwritable` beyond what an archive without the 64-bit extension holds.
  mutating func append(_ content: [UInt8], named name: String) throws(PoiseError) {
    let nameBytes = Array(name.utf8)
    guard content.count < 0xFFFF_FFFF, bytes.count < 0xFFFF_FFFF, nameBytes.count < 0xFFFF,
      count < 0xFFFF
    else {
      throw PoiseError(
        .unwritable, quantity: "archive member \(name)", value: "\(content.count) bytes",
        allowed: "an archive below 4 GiB with fewer than 65535 members",
        suggestion: "write one NPY file per array")
    }
    let offset = bytes.count
    // Version 2.0, UTF-8 names, stored, 1 January 1980.
    var common: [UInt8] = []
    common += Self.short(20) + Self.short(0x0800) + Self.short(0) + Self.short(0) + Self.short(0x21)
    common += Self.word(Int(Gzip.checksum(content[...])))
    common += Self.word(content.count) + Self.word(content.count) + Self.short(nameBytes.count)
    common += Self.short(0)
    bytes += Self.word(0x0403_4B50) + common + nameBytes + content
    directory += Self.word(0x0201_4B50) + Self.short(20) + common
    directory += Self.short(0) + Self.short(0) + Self.short(0) + Self.word(0) + Self.word(offset)
    directory += nameBytes
    count += 1
  }

  /// The whole archive.
  func finished() throws(PoiseError) -> [UInt8] {
    guard bytes.count < 0xFFFF_FFFF else {
      throw PoiseError(
        .unwritable, quantity: "archive", value: "\(bytes.count) bytes", allowed: "below 4 GiB",
        suggestion: "write one NPY file per array")
    }
    var end = Self.word(0x0605_4B50) + Self.short(0) + Self.short(0)
    end += Self.short(count) + Self.short(count)
    end += Self.word(directory.count) + Self.word(bytes.count) + Self.short(0)
    return bytes + directory + end
  }

  private static func short(_ value: Int) -> [UInt8] {
    [UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF)]
  }

  private static func word(_ value: Int) -> [UInt8] {
    short(value & 0xFFFF) + short(value >> 16 & 0xFFFF)
  }
}
