public import PoiseNumerics

/// NumPy's format for several named arrays (`numpy.savez`, `numpy.savez_compressed`).
public struct NPZ: Sendable, Equatable {
  /// The arrays by name, without the suffix `.npy` that they carry inside the archive.
  public var arrays: [String: StoredArray]

  /// A set of named arrays.
  public init(arrays: [String: StoredArray]) { self.arrays = arrays }

  /// Reads the arrays of an archive; members that are not NPY are passed over.
  ///
  /// - Parameter names: the arrays wanted; nil for all.
  /// - Throws: `unreadable`; `unknownName` when a wanted array is not there.
  public static func read(path: String, names: [String]? = nil) throws(PoiseError) -> NPZ {
    try decode(FileAccess.read(path: path), names: names)
  }

  /// Reads from bytes; `name` stands for the path in messages.
  public static func decode(
    _ bytes: [UInt8], names: [String]? = nil, name: String = "NPZ content"
  ) throws(PoiseError) -> NPZ {
    try decode(FileBytes(bytes: bytes, name: name), names: names)
  }

  static func decode(_ file: FileBytes, names: [String]?) throws(PoiseError) -> NPZ {
    let (archive, members) = try contents(file)
    var arrays: [String: StoredArray] = [:]
    // One cap over all members: many members may share the same compressed bytes.
    var remaining = FileLimits.inflatedBytes
    var entries = 0
    for name in names ?? members.keys.sorted() {
      guard let member = members[name] else {
        throw PoiseError(
          .unknownName, quantity: "array in \(file.name)", value: name,
          allowed: NameList.text(members.keys.sorted()))
      }
      let content = try archive.content(of: member, limit: remaining)
      remaining -= content.count
      let array = try NPY.decode(content)
      entries += array.elements.count
      guard entries <= FileLimits.elements else {
        throw file.fault(
          "more than \(FileLimits.elements) entries in all",
          expected: "at most \(FileLimits.elements)", suggestion: "read the arrays one by one")
      }
      arrays[name] = array
    }
    return NPZ(arrays: arrays)
  }

  /// The names of the arrays in a file, in order.
  static func names(in file: FileBytes) throws(PoiseError) -> [String] {
    try contents(file).members.keys.sorted()
  }

  private static func contents(
    _ file: FileBytes
  ) throws(PoiseError) -> (archive: ZipArchive, members: [String: ZipArchive.Member]) {
    guard ZipArchive.isZip(file.bytes) else {
      throw file.fault("no zip signature", expected: "a file written by numpy.savez")
    }
    let archive = try ZipArchive(file)
    var members: [String: ZipArchive.Member] = [:]
    for member in archive.members where member.name.hasSuffix(".npy") {
      members[String(member.name.dropLast(4))] = member
    }
    return (archive, members)
  }

  /// The bytes of the archive: members stored without compression, in the order of their names.
  ///
  /// - Throws: as ``NPY/encode(_:)``; `unwritable` at 4 GiB.
  public func encode() throws(PoiseError) -> [UInt8] {
    var writer = ZipWriter()
    for (name, array) in arrays.sorted(by: { $0.key < $1.key }) {
      try writer.append(NPY.encode(array), named: name + ".npy")
    }
    return try writer.finished()
  }

  /// Writes the archive beside the destination and renames it.
  ///
  /// - Throws: `unwritable`, or as ``encode()``.
  public func write(path: String) throws(PoiseError) {
    try FileAccess.write(encode(), path: path)
  }
}
