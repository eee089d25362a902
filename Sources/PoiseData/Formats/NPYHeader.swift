import PoiseNumerics

/// The header of an NPY file: a Python dictionary literal with exactly three keys.
struct NPYHeader {
  let elementType: ElementType
  let bigEndian: Bool
  let fortranOrder: Bool
  let shape: [Int]

  /// Parses the text of a header; `file` only names it in messages.
  init(_ text: ArraySlice<UInt8>, file: FileBytes) throws(PoiseError) {
    var reader = LiteralReader(text: text, file: file)
    var description: String?
    var fortran: Bool?
    var lengths: [Int]?
    try reader.expect("{")
    while !reader.accept("}") {
      let key = try reader.string()
      try reader.expect(":")
      switch key {
      case "descr" where description == nil: description = try reader.string()
      case "fortran_order" where fortran == nil: fortran = try reader.truth()
      case "shape" where lengths == nil: lengths = try reader.tuple()
      default: throw reader.fault("the key '\(key)', unknown or given twice")
      }
      if !reader.accept(",") {
        try reader.expect("}")
        break
      }
    }
    guard reader.isAtEnd, let description, let fortran, let lengths else {
      throw reader.fault("an incomplete header")
    }
    (elementType, bigEndian) = try Self.element(description, file: file)
    fortranOrder = fortran
    shape = lengths
  }

  private static func element(
    _ description: String, file: FileBytes
  ) throws(PoiseError) -> (ElementType, bigEndian: Bool) {
    let types: [String: ElementType] = [
      "f8": .float64, "f4": .float32, "f2": .float16, "b1": .bool,
      "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64,
      "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64,
    ]
    guard let order = description.first, "<>|=".contains(order),
      let type = types[String(description.dropFirst())], order != "|" || type.byteCount == 1
    else {
      throw file.fault(
        "dtype '\(description)'", expected: "real numbers, integers or truth values",
        suggestion: "save with array.astype('float64')")
    }
    return (type, order == ">")
  }
}

/// Reads the few kinds of Python literals that an NPY header is made of.
private struct LiteralReader {
  var text: ArraySlice<UInt8>
  let file: FileBytes

  init(text: ArraySlice<UInt8>, file: FileBytes) {
    self.text = text
    self.file = file
  }

  func fault(_ found: String) -> PoiseError {
    file.fault(
      "an NPY header with \(found)",
      expected: "a dictionary of descr (a string), fortran_order and shape",
      suggestion: "structured and object arrays cannot be read; save plain numbers")
  }

  private mutating func skipSpace() {
    while let byte = text.first, byte == 0x20 || (0x09...0x0D).contains(byte) {
      text = text.dropFirst()
    }
  }

  var isAtEnd: Bool {
    mutating get {
      skipSpace()
      return text.isEmpty
    }
  }

  mutating func accept(_ character: Character) -> Bool {
    skipSpace()
    guard text.first == character.asciiValue else { return false }
    text = text.dropFirst()
    return true
  }

  mutating func expect(_ character: Character) throws(PoiseError) {
    guard accept(character) else { throw fault("no '\(character)' where one belongs") }
  }

  mutating func string() throws(PoiseError) -> String {
    skipSpace()
    guard let quote = text.first, quote == 0x27 || quote == 0x22 else {
      throw fault("something other than a string where one belongs")
    }
    text = text.dropFirst()
    guard let end = text.firstIndex(of: quote), end - text.startIndex <= 64 else {
      throw fault("a string that does not end")
    }
    let content = String(decoding: text[..<end], as: UTF8.self)
    text = text[(end + 1)...]
    return content
  }

  mutating func truth() throws(PoiseError) -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)] where text.starts(with: word.utf8) {
      text = text.dropFirst(word.utf8.count)
      return value
    }
    throw fault("a fortran_order that is neither True nor False")
  }

  mutating func tuple() throws(PoiseError) -> [Int] {
    try expect("(")
    var lengths: [Int] = []
    while !accept(")") {
      lengths.append(try length())
      guard lengths.count <= FileLimits.axes else { throw fault("too many axes") }
      if !accept(",") {
        try expect(")")
        break
      }
    }
    return lengths
  }

  private mutating func length() throws(PoiseError) -> Int {
    skipSpace()
    let digits = text.prefix { (0x30...0x39).contains($0) }
    guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
      throw fault("an axis whose length is not a number from 0 to 2^63 - 1")
    }
    text = text.dropFirst(digits.count)
    // Python 2 wrote long integers with a suffix.
    if text.first == 0x4C { text = text.dropFirst() }
    return value
  }
}
