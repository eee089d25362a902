public import PoiseNumerics

/// The safetensors format: named tensors and strings of metadata, without code.
///
/// Read: F64, F32, F16, BF16, I8 to I64, U8 to U64, BOOL. Written: F64, F32, F16, BF16, rounded
/// to nearest even. Source: the format description of the safetensors project.
public struct Safetensors: Sendable, Equatable {
  /// The tensors by name.
  public var tensors: [String: StoredArray]
  /// Free strings by key (`__metadata__`).
  public var metadata: [String: String]

  /// A set of named tensors.
  public init(tensors: [String: StoredArray], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  static let typeNames: [(name: String, type: ElementType)] = [
    ("F64", .float64), ("F32", .float32), ("F16", .float16), ("BF16", .bfloat16),
    ("I64", .int64), ("I32", .int32), ("I16", .int16), ("I8", .int8),
    ("U64", .uint64), ("U32", .uint32), ("U16", .uint16), ("U8", .uint8), ("BOOL", .bool),
  ]

  /// Reads tensors from a file.
  ///
  /// - Parameter names: the tensors wanted; nil for all.
  /// - Throws: `unreadable`; `unknownName` when a wanted tensor is not there.
  public static func read(path: String, names: [String]? = nil) throws(PoiseError) -> Safetensors {
    try decode(FileAccess.read(path: path), names: names)
  }

  /// Reads tensors from bytes; `name` stands for the path in messages.
  public static func decode(
    _ bytes: [UInt8], names: [String]? = nil, name: String = "safetensors content"
  ) throws(PoiseError) -> Safetensors {
    try decode(FileBytes(bytes: bytes, name: name), names: names)
  }

  static func decode(_ file: FileBytes, names: [String]?) throws(PoiseError) -> Safetensors {
    let header = try SafetensorsHeader(file)
    let wanted = names ?? header.entries.map(\.name)
    let byName = Dictionary(uniqueKeysWithValues: header.entries.map { ($0.name, $0) })
    var tensors: [String: StoredArray] = [:]
    var entries = 0
    for name in wanted {
      guard let entry = byName[name] else {
        throw PoiseError(
          .unknownName, quantity: "tensor in \(file.name)", value: name,
          allowed: NameList.text(byName.keys.sorted()))
      }
      // Tensors do not overlap, so the sum cannot overflow.
      entries += entry.count
      guard entries <= FileLimits.elements else {
        throw file.fault(
          "more than \(FileLimits.elements) entries in all",
          expected: "at most \(FileLimits.elements)", suggestion: "read the tensors one by one")
      }
      let values = entry.type.decode(file.bytes, at: entry.span.lowerBound, count: entry.count)
      tensors[name] = StoredArray(
        checkedShape: entry.shape, elements: values, elementType: entry.type)
    }
    return Safetensors(tensors: tensors, metadata: header.metadata)
  }

  /// The names of the tensors in a file, in order.
  static func names(in file: FileBytes) throws(PoiseError) -> [String] {
    try SafetensorsHeader(file).entries.map(\.name).sorted()
  }

  /// The bytes of the file. Wide types come first, then names in order, so that every tensor is
  /// aligned to its type; the header is padded with spaces to 8 bytes.
  ///
  /// - Throws: `outOfRange` for a type that is not written, an overflow or a reserved name.
  public func encode() throws(PoiseError) -> [UInt8] {
    let ordered = tensors.sorted { left, right in
      let (wide, narrow) = (left.value.elementType.byteCount, right.value.elementType.byteCount)
      return wide == narrow ? left.key < right.key : wide > narrow
    }
    var data: [UInt8] = []
    var items: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        "\($0.key.jsonLiteral):\($0.value.jsonLiteral)"
      }
      items.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    for (name, tensor) in ordered {
      let type = try Self.writtenType(of: tensor, named: name)
      let start = data.count
      try tensor.appendElements(to: &data)
      let shape = tensor.shape.map { "\($0)" }.joined(separator: ",")
      items.append(
        "\(name.jsonLiteral):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(start),\(data.count)]}")
    }
    var header = Array("{\(items.joined(separator: ","))}".utf8)
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    return length + header + data
  }

  private static func writtenType(
    of tensor: StoredArray, named name: String
  ) throws(PoiseError) -> String {
    guard name != "__metadata__" else {
      throw PoiseError(
        .outOfRange, quantity: "tensor name", value: name, allowed: "any other name")
    }
    guard !tensor.elementType.isInteger,
      let type = typeNames.first(where: { $0.type == tensor.elementType })
    else {
      throw PoiseError(
        .outOfRange, quantity: "element type of \(name)", value: tensor.elementType.rawValue,
        allowed: "float64, float32, float16, bfloat16")
    }
    return type.name
  }

  /// Writes the file beside the destination and renames it.
  ///
  /// - Throws: `unwritable`, or as ``encode()``.
  public func write(path: String) throws(PoiseError) {
    try FileAccess.write(encode(), path: path)
  }
}
