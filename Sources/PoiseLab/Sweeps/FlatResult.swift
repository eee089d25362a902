/// A result taken apart: numbers, words and series of numbers, each under the path that it has in
/// the JSON of the record.
///
/// A list with one element counts as that element; a list of objects becomes one series for each
/// number that they hold, and where the objects have distinct names (`name` or `quantity`) each counts
/// as an object of that name besides (`check.series.length.measured`); sentences, lists of lists and
/// series longer than asked for are left out.
struct FlatResult: Sendable, Equatable {
  struct Entry<Value: Sendable & Equatable>: Sendable, Equatable {
    var name: String
    var value: Value
  }
  /// nil for a number that does not exist.
  var numbers: [Entry<Double?>] = []
  var words: [Entry<String>] = []
  /// Not-a-number for those that do not exist.
  var series: [Entry<[Double]>] = []

  /// Words longer than this are sentences.
  private static let longestWord = 48
  /// Longer lists are rows of a table, whatever they call their elements.
  private static let mostNames = 32

  /// - Parameter longest: longest series to keep.
  init(_ result: some RecordedResult, longest: Int) throws {
    let root = ResultTree.Node()
    try result.encode(to: ResultTree(node: root))
    add(root.value, "", longest)
  }

  init() {}

  private mutating func add(_ value: ResultTree.Value, _ path: String, _ longest: Int) {
    switch value {
    case .number(let number): numbers.append(.init(name: path, value: number))
    case .null: numbers.append(.init(name: path, value: nil))
    case .word(let word):
      if word.count <= Self.longestWord, !word.hasSuffix("."), !word.isEmpty {
        words.append(.init(name: path, value: word))
      }
    case .object(let parts):
      for part in parts {
        add(part.node.value, path.isEmpty ? part.name : "\(path).\(part.name)", longest)
      }
    case .list(let nodes):
      if nodes.count == 1 {
        add(nodes[0].value, path, longest)
      } else if let row = Self.numbers(nodes) {
        if !row.isEmpty, row.count <= longest { series.append(.init(name: path, value: row)) }
      } else if nodes.count <= longest {
        addColumns(nodes, path)
        for (name, node) in Self.named(nodes) { add(node.value, "\(path).\(name)", longest) }
      }
    }
  }

  /// The elements of a list by their names; none if there are elements without, or with the same.
  private static func named(_ nodes: [ResultTree.Node]) -> [(String, ResultTree.Node)] {
    guard nodes.count <= mostNames else { return [] }
    let names = nodes.compactMap { node -> String? in
      guard case .object(let parts) = node.value,
        let part = parts.first(where: { ["name", "quantity"].contains($0.name) }),
        case .word(let word) = part.node.value, !word.isEmpty, word.count <= longestWord
      else { return nil }
      return word
    }
    guard names.count == nodes.count, Set(names).count == names.count else { return [] }
    return Array(zip(names, nodes))
  }

  /// One series for each number that every element has.
  private mutating func addColumns(_ nodes: [ResultTree.Node], _ path: String) {
    var columns: [Entry<[Double]>] = []
    for (row, node) in nodes.enumerated() {
      guard case .object = node.value else { return }
      var part = FlatResult()
      part.add(node.value, path, 0)
      if row == 0 { columns = part.numbers.map { .init(name: $0.name, value: []) } }
      columns.removeAll { column in !part.numbers.contains { $0.name == column.name } }
      for number in part.numbers {
        guard let place = columns.firstIndex(where: { $0.name == number.name }) else { continue }
        columns[place].value.append(number.value ?? .nan)
      }
    }
    series += columns
  }

  /// The numbers of a list of numbers; nil for any other list.
  private static func numbers(_ nodes: [ResultTree.Node]) -> [Double]? {
    var row: [Double] = []
    row.reserveCapacity(nodes.count)
    for node in nodes {
      switch node.value {
      case .number(let number): row.append(number)
      case .null: row.append(.nan)
      default: return nil
      }
    }
    return row
  }
}

/// An encoder that keeps what it is given as a tree: numbers stay numbers.
struct ResultTree: Encoder {
  final class Node {
    var value: Value = .null
  }
  enum Value {
    case null
    case number(Double)
    case word(String)
    case list([Node])
    case object([(name: String, node: Node)])
  }

  let node: Node
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .object = node.value {} else { node.value = .object([]) }
    return KeyedEncodingContainer(Keyed(node: node))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .list = node.value {} else { node.value = .list([]) }
    return Listed(node: node)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(node: node) }

  private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: Node
    var codingPath: [any CodingKey] { [] }

    private func child(_ key: any CodingKey) -> Node {
      guard case .object(var parts) = node.value else { return Node() }
      let child = Node()
      node.value = .null
      parts.append((key.stringValue, child))
      node.value = .object(parts)
      return child
    }

    mutating func encodeNil(forKey key: Key) { child(key).value = .null }

    mutating func encode(_ value: some Encodable, forKey key: Key) throws {
      try child(key).put(value)
    }

    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> { ResultTree(node: child(key)).container(keyedBy: type) }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      ResultTree(node: child(key)).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { ResultTree(node: node) }
    mutating func superEncoder(forKey key: Key) -> any Encoder { ResultTree(node: child(key)) }
  }

  private struct Listed: UnkeyedEncodingContainer {
    let node: Node
    var codingPath: [any CodingKey] { [] }
    var count: Int { if case .list(let nodes) = node.value { nodes.count } else { 0 } }

    private func child() -> Node {
      guard case .list(var nodes) = node.value else { return Node() }
      let child = Node()
      node.value = .null
      nodes.append(child)
      node.value = .list(nodes)
      return child
    }

    mutating func encodeNil() { child().value = .null }
    mutating func encode(_ value: some Encodable) throws { try child().put(value) }

    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> { ResultTree(node: child()).container(keyedBy: type) }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
      ResultTree(node: child()).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { ResultTree(node: child()) }
  }

  private struct Single: SingleValueEncodingContainer {
    let node: Node
    var codingPath: [any CodingKey] { [] }
    mutating func encodeNil() { node.value = .null }
    mutating func encode(_ value: some Encodable) throws { try node.put(value) }
  }
}

extension ResultTree.Node {
  /// A number, a truth value (0 or 1), a word, or whatever the value encodes itself as.
  ///
  /// Types are compared, not cast: a cast that fails costs more than all the rest.
  fileprivate func put<Value: Encodable>(_ value: Value) throws {
    if Value.self == Double.self {
      put(number: value as! Double)
    } else if Value.self == String.self {
      self.value = .word(value as! String)
    } else if Value.self == Int.self {
      self.value = .number(Double(value as! Int))
    } else if Value.self == Bool.self {
      self.value = .number(value as! Bool ? 1 : 0)
    } else if Value.self == Float.self {
      put(number: Double(value as! Float))
    } else if Self.integers.contains(ObjectIdentifier(Value.self)),
      let number = value as? any BinaryInteger
    {
      self.value = .number(Self.double(number))
    } else {
      try value.encode(to: ResultTree(node: self))
    }
  }

  private static func double(_ number: some BinaryInteger) -> Double { Double(number) }

  private func put(number: Double) { value = number.isFinite ? .number(number) : .null }

  private static let integers = Set(
    [
      Int8.self, Int16.self, Int32.self, Int64.self, UInt.self, UInt8.self, UInt16.self,
      UInt32.self, UInt64.self,
    ].map { (type: any BinaryInteger.Type) in ObjectIdentifier(type) })
}
