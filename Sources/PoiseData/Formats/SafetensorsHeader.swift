import PoiseNumerics

/// The header of a safetensors file, with every promise checked against the file.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let type: ElementType
    let shape: [Int]
    let count: Int
    /// Where the data lie, counted from the start of the file.
    let span: Range<Int>
  }

  let entries: [Entry]
  let metadata: [String: String]

  private static let lengthLimit = 100_000_000

  init(_ file: FileBytes) throws(PoiseError) {
    let promised = try file.integer(UInt64.self, at: 0, what: "the safetensors header")
    guard promised <= Self.lengthLimit, promised <= file.count - 8 else {
      throw file.fault(
        "a header of \(promised) bytes in a file of \(file.count)",
        expected: "a safetensors file, header within the file and at most 100 MB",
        suggestion: "check that this is a safetensors file and complete")
    }
    let end = 8 + Int(promised)
    guard end > 8, file.bytes[8] == 0x7B,
      case .object(let items) = try StrictJSON.parse(file.bytes[8..<end], file: file)
    else {
      throw file.fault("no JSON object as header", expected: "a safetensors file")
    }
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    for item in items {
      if item.key == "__metadata__" {
        metadata = try Self.metadata(item.value, file: file)
      } else {
        entries.append(try Self.entry(item.key, item.value, dataStart: end, file: file))
      }
    }
    try Self.checkCover(entries, dataStart: end, file: file)
    self.entries = entries
    self.metadata = metadata
  }

  private static func metadata(
    _ value: StrictJSON, file: FileBytes
  ) throws(PoiseError) -> [String: String] {
    guard case .object(let pairs) = value else {
      throw file.fault("metadata that is no object", expected: "strings by name")
    }
    var result: [String: String] = [:]
    for pair in pairs {
      guard case .string(let text) = pair.value else {
        throw file.fault("metadata '\(pair.key)' that is no string", expected: "strings by name")
      }
      result[pair.key] = text
    }
    return result
  }

  private static func entry(
    _ name: String, _ value: StrictJSON, dataStart: Int, file: FileBytes
  ) throws(PoiseError) -> Entry {
    let place = FileBytes(bytes: file.bytes, name: "\(file.name)#\(name)")
    let form = "an entry of dtype, shape and data_offsets"
    guard case .object(let fields) = value, fields.count == 3 else {
      throw place.fault("an entry of another form", expected: form)
    }
    let byKey = Dictionary(uniqueKeysWithValues: fields.map { ($0.key, $0.value) })
    guard case .string(let typeName) = byKey["dtype"], case .array(let lengths) = byKey["shape"],
      case .array(let ends) = byKey["data_offsets"]
    else { throw place.fault("an entry of another form", expected: form) }
    guard let type = Safetensors.typeNames.first(where: { $0.name == typeName })?.type else {
      throw place.fault(
        "dtype '\(typeName)'", expected: NameList.text(Safetensors.typeNames.map(\.name)),
        suggestion: "convert the tensor to F32")
    }
    let shape = try integers(lengths, place: place)
    let offsets = try integers(ends, place: place)
    let count = try place.entryCount(shape: shape, byteCount: type.byteCount)
    let available = file.count - dataStart
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= available
    else {
      throw place.fault(
        "data_offsets \(offsets)", expected: "two positions within \(available) bytes of data")
    }
    guard offsets[1] - offsets[0] == count * type.byteCount else {
      throw place.fault(
        "\(offsets[1] - offsets[0]) bytes of data",
        expected: "\(count * type.byteCount) bytes for \(typeName) of shape \(shape)")
    }
    return Entry(
      name: name, type: type, shape: shape, count: count,
      span: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  private static func integers(
    _ values: [StrictJSON], place: FileBytes
  ) throws(PoiseError) -> [Int] {
    var result: [Int] = []
    for value in values {
      guard case .integer(let integer) = value else {
        throw place.fault("a shape or position that is no integer", expected: "integers >= 0")
      }
      result.append(integer)
    }
    return result
  }

  /// The tensors cover the data exactly: no hole, no overlap, nothing behind.
  private static func checkCover(
    _ entries: [Entry], dataStart: Int, file: FileBytes
  ) throws(PoiseError) {
    var position = dataStart
    let ordered = entries.sorted {
      ($0.span.lowerBound, $0.span.upperBound) < ($1.span.lowerBound, $1.span.upperBound)
    }
    for entry in ordered {
      guard entry.span.lowerBound == position else {
        throw file.fault(
          "tensor '\(entry.name)' overlaps another or leaves a hole before it",
          expected: "tensors that follow one another")
      }
      position = entry.span.upperBound
    }
    guard position == file.count else {
      throw file.fault(
        "\(file.count - position) bytes behind the last tensor", expected: "none")
    }
  }
}
