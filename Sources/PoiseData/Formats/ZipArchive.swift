import PoiseNumerics

/// A zip archive: stored and deflated members, with the 64-bit extension.
///
/// The central directory is believed only as far as the bytes bear it out: sizes, positions and
/// checksums are checked when a member is read. Source: PKWARE APPNOTE 6.3.
struct ZipArchive {
  struct Member {
    let name: String
    let isDeflated: Bool
    let checksum: UInt32
    let compressedSize: Int
    let size: Int
    let headerOffset: Int
  }

  let file: FileBytes
  let members: [Member]

  private static let memberLimit = 100_000

  static func isZip(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
  }

  /// Reads the list of members.
  init(_ file: FileBytes) throws(PoiseError) {
    self.file = file
    let directory = try Directory(file)
    guard directory.count <= Self.memberLimit else {
      throw file.fault(
        "an archive of \(directory.count) members", expected: "at most \(Self.memberLimit)")
    }
    var offset = directory.offset
    var members: [Member] = []
    var names: Set<String> = []
    for _ in 0..<directory.count {
      let (member, next) = try Self.member(file, at: offset)
      guard names.insert(member.name).inserted else {
        throw file.fault("two members named '\(member.name)'", expected: "names that differ")
      }
      members.append(member)
      offset = next
    }
    self.members = members
  }

  /// The content of a member, decompressed, with its size and checksum checked.
  func content(of member: Member, limit: Int) throws(PoiseError) -> FileBytes {
    let place = FileBytes(bytes: file.bytes, name: "\(file.name)#\(member.name)")
    guard member.size <= limit else {
      throw place.fault(
        "a member of \(member.size) bytes", expected: "at most \(limit) bytes",
        suggestion: "store fewer rows")
    }
    let start = member.headerOffset
    guard try place.integer(UInt32.self, at: start, what: "the member header") == 0x0403_4B50
    else { throw place.fault("no member header", expected: "an undamaged zip archive") }
    _ = try place.range(at: start, length: 30, what: "the member header")
    let nameLength = Int(try place.integer(UInt16.self, at: start + 26, what: "the header"))
    let extraLength = Int(try place.integer(UInt16.self, at: start + 28, what: "the header"))
    let span = try place.range(
      at: start + 30 + nameLength + extraLength, length: member.compressedSize, what: "the member")
    let bytes =
      member.isDeflated
      ? try Gzip.inflated(place, range: span, format: .deflate, limit: member.size)
      : Array(file.bytes[span])
    guard bytes.count == member.size, Gzip.checksum(bytes[...]) == member.checksum else {
      throw place.fault(
        "content that does not match its size or checksum", expected: "an undamaged zip archive",
        suggestion: "fetch the file again")
    }
    return FileBytes(bytes: bytes, name: place.name)
  }

  private static func member(
    _ file: FileBytes, at offset: Int
  ) throws(PoiseError) -> (Member, next: Int) {
    _ = try file.range(at: offset, length: 46, what: "the zip directory")
    func short(_ at: Int) throws(PoiseError) -> Int {
      Int(try file.integer(UInt16.self, at: offset + at, what: "the zip directory"))
    }
    func word(_ at: Int) throws(PoiseError) -> Int {
      Int(try file.integer(UInt32.self, at: offset + at, what: "the zip directory"))
    }
    guard try word(0) == 0x0201_4B50 else {
      throw file.fault("a damaged zip directory", expected: "an undamaged zip archive")
    }
    let method = try short(10)
    let name = try file.range(at: offset + 46, length: try short(28), what: "a member name")
    let extra = try file.range(
      at: name.upperBound, length: try short(30), what: "the zip directory")
    let text = String(decoding: file.bytes[name], as: UTF8.self)
    guard try short(8) & 1 == 0, method == 0 || method == 8 else {
      throw file.fault(
        "member '\(text)' is encrypted or packed by method \(method)",
        expected: "stored or deflated members", suggestion: "save with numpy.savez")
    }
    var sizes = [try word(24), try word(20), try word(42)]
    try widen(&sizes, file: file, extra: extra)
    guard method == 8 || sizes[0] == sizes[1] else {
      throw file.fault("member '\(text)' with two sizes", expected: "an undamaged zip archive")
    }
    let member = Member(
      name: text, isDeflated: method == 8, checksum: UInt32(try word(16)),
      compressedSize: sizes[1], size: sizes[0], headerOffset: sizes[2])
    return (member, extra.upperBound + (try short(32)))
  }

  /// Replaces sizes of 2^32 - 1 by those of the 64-bit extra field, in its fixed order.
  private static func widen(
    _ sizes: inout [Int], file: FileBytes, extra: Range<Int>
  ) throws(PoiseError) {
    guard sizes.contains(0xFFFF_FFFF) else { return }
    var offset = extra.lowerBound
    while offset + 4 <= extra.upperBound {
      let kind = try file.integer(UInt16.self, at: offset, what: "an extra field")
      let length = Int(try file.integer(UInt16.self, at: offset + 2, what: "an extra field"))
      var position = offset + 4
      let end = position + length
      guard end <= extra.upperBound else { break }
      if kind == 1 {
        for index in sizes.indices where sizes[index] == 0xFFFF_FFFF && position + 8 <= end {
          let wide = try file.integer(UInt64.self, at: position, what: "an extra field")
          guard let size = Int(exactly: wide), size <= file.count || index == 0 else {
            throw file.fault("a member size of \(wide)", expected: "sizes within the file")
          }
          sizes[index] = size
          position += 8
        }
        return
      }
      offset = end
    }
  }
}

/// Where the central directory lies.
private struct Directory {
  let count: Int
  let offset: Int

  init(_ file: FileBytes) throws(PoiseError) {
    // The end record is 22 bytes and a comment of at most 65535.
    var position = file.count - 22
    let lowest = max(0, position - 65535)
    while position >= lowest {
      if file.bytes[position] == 0x50,
        try file.integer(UInt32.self, at: position, what: "the end record") == 0x0605_4B50
      {
        break
      }
      position -= 1
    }
    guard position >= lowest else {
      throw file.fault(
        "no zip directory", expected: "a complete zip archive",
        suggestion: "fetch the file again, it looks truncated")
    }
    let count = Int(try file.integer(UInt16.self, at: position + 10, what: "the end record"))
    let offset = Int(try file.integer(UInt32.self, at: position + 16, what: "the end record"))
    if count == 0xFFFF || offset == 0xFFFF_FFFF,
      let wide = try Self.wide(file, endRecord: position)
    {
      self = wide
    } else {
      (self.count, self.offset) = (count, offset)
    }
  }

  private init(count: Int, offset: Int) {
    (self.count, self.offset) = (count, offset)
  }

  private static func wide(_ file: FileBytes, endRecord: Int) throws(PoiseError) -> Directory? {
    let locator = endRecord - 20
    guard locator >= 0,
      try file.integer(UInt32.self, at: locator, what: "the locator") == 0x0706_4B50
    else { return nil }
    let place = try file.integer(UInt64.self, at: locator + 8, what: "the locator")
    guard let record = Int(exactly: place), record <= file.count,
      try file.integer(UInt32.self, at: record, what: "the end record") == 0x0606_4B50
    else { throw file.fault("a damaged zip directory", expected: "an undamaged zip archive") }
    _ = try file.range(at: record, length: 56, what: "the end record")
    let count = try file.integer(UInt64.self, at: record + 32, what: "the end record")
    let offset = try file.integer(UInt64.self, at: record + 48, what: "the end record")
    guard let count = Int(exactly: count), let offset = Int(exactly: offset) else {
      throw file.fault("a damaged zip directory", expected: "an undamaged zip archive")
    }
    return Directory(count: count, offset: offset)
  }
}
