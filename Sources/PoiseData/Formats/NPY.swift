public import PoiseNumerics

/// NumPy's format for one array, versions 1 to 3 (`numpy.save`, `numpy.load`).
///
/// Source: NEP 1 and the documentation of `numpy.lib.format`.
public enum NPY {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  private static let headerLimit = 1 << 20

  /// Reads an array of real numbers, integers or truth values of either byte order.
  ///
  /// - Returns: the array, row-major whatever the order in the file.
  /// - Throws: `unreadable`.
  public static func read(path: String) throws(PoiseError) -> StoredArray {
    try decode(FileAccess.read(path: path))
  }

  /// Reads an array from bytes; `name` stands for the path in messages.
  public static func decode(
    _ bytes: [UInt8], name: String = "NPY content"
  ) throws(PoiseError) -> StoredArray {
    try decode(FileBytes(bytes: bytes, name: name))
  }

  /// Whether the content carries the NPY signature.
  static func isNPY(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  static func decode(_ file: FileBytes) throws(PoiseError) -> StoredArray {
    guard isNPY(file.bytes) else {
      throw file.fault("no NPY signature", expected: "a file written by numpy.save")
    }
    let major = try file.integer(UInt8.self, at: 6, what: "the NPY version")
    guard (1...3).contains(major) else {
      throw file.fault("NPY version \(major)", expected: "version 1, 2 or 3")
    }
    let start = major == 1 ? 10 : 12
    let length =
      major == 1
      ? Int(try file.integer(UInt16.self, at: 8, what: "the NPY header"))
      : Int(try file.integer(UInt32.self, at: 8, what: "the NPY header"))
    guard length <= headerLimit else {
      throw file.fault(
        "an NPY header of \(length) bytes", expected: "at most \(headerLimit) bytes")
    }
    let span = try file.range(at: start, length: length, what: "the NPY header")
    let header = try NPYHeader(file.bytes[span], file: file)
    return try decode(file, header: header, at: span.upperBound)
  }

  private static func decode(
    _ file: FileBytes, header: NPYHeader, at offset: Int
  ) throws(PoiseError) -> StoredArray {
    let width = header.elementType.byteCount
    let count = try file.entryCount(shape: header.shape, byteCount: width)
    guard file.count - offset == count * width else {
      throw file.fault(
        "\(file.count - offset) bytes of data",
        expected: "\(count * width) bytes for shape \(header.shape)",
        suggestion: "save the array again, one array per file")
    }
    let stored = header.elementType.decode(
      file.bytes, at: offset, count: count, bigEndian: header.bigEndian)
    let elements = header.fortranOrder ? rowMajor(stored, shape: header.shape) : stored
    return StoredArray(
      checkedShape: header.shape, elements: elements, elementType: header.elementType)
  }

  /// Reorders entries whose first index runs fastest so that the last one does.
  private static func rowMajor(_ stored: [Double], shape: [Int]) -> [Double] {
    guard shape.count > 1, !stored.isEmpty else { return stored }
    var strides: [Int] = []
    var stride = 1
    for length in shape {
      strides.append(stride)
      stride *= length
    }
    var index = [Int](repeating: 0, count: shape.count)
    var position = 0
    var result: [Double] = []
    result.reserveCapacity(stored.count)
    for _ in stored.indices {
      result.append(stored[position])
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        position += strides[axis]
        if index[axis] < shape[axis] { break }
        position -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return result
  }

  /// The bytes of an array as NPY version 1, little-endian, row-major.
  ///
  /// - Throws: `outOfRange` for a type other than float64 and float32, or when a value overflows.
  public static func encode(_ array: StoredArray) throws(PoiseError) -> [UInt8] {
    guard array.elementType == .float64 || array.elementType == .float32 else {
      throw PoiseError(
        .outOfRange, quantity: "NPY element type", value: array.elementType.rawValue,
        allowed: "float64 or float32")
    }
    var bytes = header(shape: array.shape, type: array.elementType == .float64 ? "<f8" : "<f4")
    try array.appendElements(to: &bytes)
    return bytes
  }

  /// What stands before the little-endian row-major float64 entries of an array in a version 1
  /// file, for writers that fill in the entries piece by piece.
  public static func header(shape: [Int]) -> [UInt8] { header(shape: shape, type: "<f8") }

  private static func header(shape: [Int], type: String) -> [UInt8] {
    let comma = shape.count == 1 ? "," : ""
    let shape = shape.map { "\($0)" }.joined(separator: ", ") + comma
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape)), }"
    // The data start at a multiple of 64, after a newline.
    let padding = (64 - (10 + header.utf8.count + 1) % 64) % 64
    header += String(repeating: " ", count: padding) + "\n"
    var bytes = magic + [1, 0]
    bytes.append(UInt8(header.utf8.count & 0xFF))
    bytes.append(UInt8(header.utf8.count >> 8))
    return bytes + Array(header.utf8)
  }

  /// Writes an array as NPY, beside the destination and renamed.
  ///
  /// - Throws: `unwritable`, or as ``encode(_:)``.
  public static func write(_ array: StoredArray, path: String) throws(PoiseError) {
    try FileAccess.write(encode(array), path: path)
  }
}

extension StoredArray {
  /// Appends the entries, little-endian, in the stored type.
  func appendElements(to bytes: inout [UInt8]) throws(PoiseError) {
    if let index = elementType.encode(elements, into: &bytes) {
      throw PoiseError(
        .outOfRange, quantity: "entry \(index)", value: "\(elements[index])",
        allowed: "values that fit \(elementType.rawValue)", suggestion: "store as float64")
    }
  }
}
