import PoiseNumerics

/// A JSON value for file headers.
///
/// Foundation's parser keeps the last of two equal keys in silence; here that is an error, and
/// the order of keys is kept.
enum StrictJSON {
  /// A value with the key it stands under.
  struct Field {
    let key: String
    let value: StrictJSON
  }

  case object([Field])
  case array([StrictJSON])
  case string(String)
  case integer(Int)
  /// A number that is not an integer of 64 bits, a truth value or null: no header uses them.
  case other

  /// Parses the whole of `text`, at most 16 levels deep.
  static func parse(_ text: ArraySlice<UInt8>, file: FileBytes) throws(PoiseError) -> StrictJSON {
    var reader = JSONReader(text: text, file: file)
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    guard reader.text.isEmpty else { throw reader.fault("text behind its end") }
    return value
  }
}

private struct JSONReader {
  var text: ArraySlice<UInt8>
  let file: FileBytes

  init(text: ArraySlice<UInt8>, file: FileBytes) {
    self.text = text
    self.file = file
  }

  func fault(_ found: String) -> PoiseError {
    file.fault(
      "a header with \(found), at byte \(text.startIndex)", expected: "a valid JSON header",
      suggestion: "fetch or write the file again")
  }

  mutating func skipSpace() {
    while let byte = text.first, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { text.removeFirst() }
  }

  private mutating func accept(_ character: Character) -> Bool {
    skipSpace()
    guard text.first == character.asciiValue else { return false }
    text.removeFirst()
    return true
  }

  private mutating func expect(_ character: Character) throws(PoiseError) {
    guard accept(character) else { throw fault("no '\(character)' where one belongs") }
  }

  mutating func value(depth: Int) throws(PoiseError) -> StrictJSON {
    guard depth < 16 else { throw fault("more than 16 levels") }
    skipSpace()
    switch text.first {
    case 0x7B: return try object(depth: depth)
    case 0x5B: return try array(depth: depth)
    case 0x22: return .string(try string())
    default: return try scalar()
    }
  }

  private mutating func object(depth: Int) throws(PoiseError) -> StrictJSON {
    try expect("{")
    var entries: [StrictJSON.Field] = []
    var keys: Set<String> = []
    if accept("}") { return .object(entries) }
    repeat {
      skipSpace()
      let key = try string()
      guard keys.insert(key).inserted else { throw fault("the key '\(key)' twice") }
      try expect(":")
      entries.append(StrictJSON.Field(key: key, value: try value(depth: depth + 1)))
    } while accept(",")
    try expect("}")
    return .object(entries)
  }

  private mutating func array(depth: Int) throws(PoiseError) -> StrictJSON {
    try expect("[")
    var values: [StrictJSON] = []
    if accept("]") { return .array(values) }
    repeat { values.append(try value(depth: depth + 1)) } while accept(",")
    try expect("]")
    return .array(values)
  }

  private mutating func scalar() throws(PoiseError) -> StrictJSON {
    let word = text.prefix { byte in
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
        || [0x2B, 0x2D, 0x2E, 0x45].contains(byte)
    }
    let spelling = String(decoding: word, as: UTF8.self)
    text = text.dropFirst(word.count)
    if ["true", "false", "null"].contains(spelling) { return .other }
    guard let first = word.first, first == 0x2D || (0x30...0x39).contains(first),
      let number = Double(spelling), number.isFinite, !spelling.contains("x")
    else { throw fault("something that is no JSON value") }
    return Int(spelling).map { .integer($0) } ?? .other
  }

  private mutating func string() throws(PoiseError) -> String {
    guard text.first == 0x22 else { throw fault("no string where one belongs") }
    text.removeFirst()
    var content: [UInt8] = []
    while let byte = text.popFirst() {
      switch byte {
      case 0x22:
        guard let string = String(validating: content, as: UTF8.self) else {
          throw fault("a string that is not UTF-8")
        }
        return string
      case 0x5C: content += try escape()
      case 0..<0x20: throw fault("a control character in a string")
      default: content.append(byte)
      }
    }
    throw fault("a string that does not end")
  }

  private mutating func escape() throws(PoiseError) -> [UInt8] {
    let plain: [UInt8: UInt8] = [
      0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D,
      0x74: 0x09,
    ]
    guard let kind = text.popFirst() else { throw fault("a string that does not end") }
    if let byte = plain[kind] { return [byte] }
    guard kind == 0x75 else { throw fault("an unknown escape in a string") }
    var units = [try hexUnit()]
    if (0xD800..<0xDC00).contains(units[0]) {
      guard text.popFirst() == 0x5C, text.popFirst() == 0x75 else {
        throw fault("half a surrogate pair")
      }
      units.append(try hexUnit())
    }
    guard let character = String(validating: units, as: UTF16.self) else {
      throw fault("half a surrogate pair")
    }
    return Array(character.utf8)
  }

  private mutating func hexUnit() throws(PoiseError) -> UInt16 {
    let digits = String(decoding: text.prefix(4), as: UTF8.self)
    guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit),
      let unit = UInt16(digits, radix: 16)
    else { throw fault("a broken escape in a string") }
    text = text.dropFirst(4)
    return unit
  }
}

extension String {
  /// The string as a JSON literal with its quotes.
  var jsonLiteral: String {
    var literal = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case "\0"..<" ":
        let code = String(scalar.value, radix: 16)
        literal += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }
}
