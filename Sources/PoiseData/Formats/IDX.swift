public import PoiseNumerics

/// The IDX format of the MNIST files: big-endian, one array, plain or gzip.
///
/// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
public enum IDX {
  private static let types: [UInt8: ElementType] = [
    0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
  ]

  /// Reads an array; gzip is recognised by its signature.
  ///
  /// - Throws: `unreadable`.
  public static func read(path: String) throws(PoiseError) -> StoredArray {
    try decode(FileAccess.readInflated(path: path))
  }

  /// Reads an array from bytes that are not compressed; `name` stands for the path in messages.
  public static func decode(
    _ bytes: [UInt8], name: String = "IDX content"
  ) throws(PoiseError) -> StoredArray {
    try decode(FileBytes(bytes: bytes, name: name))
  }

  /// Reads images with the labels beside them: rows × pixels, values as stored (0 to 255).
  ///
  /// - Throws: `unreadable`; `shapeMismatch` when the files do not belong together.
  public static func readImages(
    path: String, labelsPath: String?
  ) throws(PoiseError) -> Dataset {
    let images = try read(path: path)
    var labels: [Int]?
    if let labelsPath {
      let array = try read(path: labelsPath)
      guard array.elementType.isInteger, array.shape.count == 1 else {
        throw PoiseError(
          .unreadable, quantity: labelsPath,
          value: "\(array.elementType.rawValue) of shape \(array.shape)",
          allowed: "integers along one axis")
      }
      labels = array.elements.map { Int($0) }
    }
    return try Dataset(
      name: path, inputs: images.matrix, labels: labels,
      source: labelsPath.map { "\(path), labels \($0)" } ?? path)
  }

  /// Whether the content looks like IDX.
  static func isIDX(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && types[bytes[2]] != nil
      && (1...4).contains(bytes[3])
  }

  static func decode(_ file: FileBytes) throws(PoiseError) -> StoredArray {
    let form = "an IDX file: 0, 0, type, number of axes"
    guard file.count >= 4, file.bytes[0] == 0, file.bytes[1] == 0,
      let type = types[file.bytes[2]], file.bytes[3] >= 1
    else { throw file.fault("no IDX signature", expected: form) }
    var shape: [Int] = []
    for axis in 0..<Int(file.bytes[3]) {
      let length = try file.integer(
        UInt32.self, at: 4 + 4 * axis, bigEndian: true, what: "the IDX header")
      shape.append(Int(length))
    }
    let start = 4 + 4 * shape.count
    let count = try file.entryCount(shape: shape, byteCount: type.byteCount)
    guard file.count - start == count * type.byteCount else {
      throw file.fault(
        "\(file.count - start) bytes of data",
        expected: "\(count * type.byteCount) bytes for shape \(shape)",
        suggestion: "fetch the file again")
    }
    let elements = type.decode(file.bytes, at: start, count: count, bigEndian: true)
    return StoredArray(checkedShape: shape, elements: elements, elementType: type)
  }
}

extension FileAccess {
  /// The content of a file, decompressed when it carries the gzip signature.
  static func readInflated(path: String) throws(PoiseError) -> FileBytes {
    let file = try read(path: path)
    guard Gzip.isGzip(file.bytes) else { return file }
    return FileBytes(bytes: try Gzip.decompress(file.bytes, name: path), name: path)
  }
}
