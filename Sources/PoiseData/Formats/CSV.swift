public import PoiseNumerics

/// Comma-separated tables: one row per input, an optional header line, an optional label column.
public enum CSV {
  /// Whether the first line names the columns.
  public enum Header: Sendable, Hashable {
    /// It does when one of its cells is not a number.
    case automatic
    case present
    case absent
  }

  /// Which column holds the labels, integers from 0 on.
  public enum LabelColumn: Sendable, Hashable {
    /// The column that the header calls `label`, `class` or `target`, if there is one.
    case automatic
    case none
    case last
    case named(String)
  }

  /// Reads a table; gzip is recognised by its signature.
  ///
  /// - Throws: `unreadable` with line and column for rows of different length, cells that are not
  ///   finite numbers and labels that are not integers >= 0; `unknownName` for a label column
  ///   that does not exist.
  public static func read(
    path: String, header: Header = .automatic, labels: LabelColumn = .automatic
  ) throws(PoiseError) -> Dataset {
    try decode(FileAccess.readInflated(path: path), header: header, labels: labels)
  }

  /// Reads a table from bytes; `name` stands for the path in messages.
  public static func decode(
    _ bytes: [UInt8], name: String = "CSV content", header: Header = .automatic,
    labels: LabelColumn = .automatic
  ) throws(PoiseError) -> Dataset {
    try decode(FileBytes(bytes: bytes, name: name), header: header, labels: labels)
  }

  static func decode(
    _ file: FileBytes, header: Header, labels: LabelColumn
  ) throws(PoiseError) -> Dataset {
    var cells = CSVCells(file)
    var row: [ArraySlice<UInt8>] = []
    guard try cells.next(into: &row) else {
      throw file.fault("no rows", expected: "at least one row of numbers")
    }
    let isHeader =
      switch header {
      case .present: true
      case .absent: false
      case .automatic: row.contains { decimalNumber($0) == nil }
      }
    let names = isHeader ? row.map { String(decoding: $0, as: UTF8.self) } : nil
    let labelColumn = try column(labels, names: names, width: row.count, file: file)
    var table = Table(width: row.count, labelColumn: labelColumn)
    if !isHeader { try table.append(row, from: cells) }
    while try cells.next(into: &row) { try table.append(row, from: cells) }
    return try table.dataset(file)
  }

  private static func column(
    _ labels: LabelColumn, names: [String]?, width: Int, file: FileBytes
  ) throws(PoiseError) -> Int? {
    let usual = ["label", "class", "target"]
    switch labels {
    case .none: return nil
    case .last: return width - 1
    case .automatic: return names?.firstIndex { usual.contains($0.lowercased()) }
    case .named(let name):
      if let index = names?.firstIndex(of: name) { return index }
      throw PoiseError(
        .unknownName, quantity: "label column of \(file.name)", value: name,
        allowed: names.map { NameList.text($0) } ?? "a table with a header line",
        suggestion: "name a column of the header, or 'last'")
    }
  }

  /// The bytes of a table with a header line; the labels, if any, are the last column.
  ///
  /// Numbers are written with as many digits as it takes to read the same number back.
  public static func encode(_ dataset: Dataset) -> [UInt8] {
    let width = dataset.inputs.columns
    var text = (0..<width).map { "x\($0)" }.joined(separator: ",")
    text += dataset.labels == nil ? "\n" : ",label\n"
    for row in 0..<dataset.inputs.rows {
      for column in 0..<width {
        if column > 0 { text += "," }
        text += dataset.inputs.elements[row * width + column].description
      }
      if let labels = dataset.labels { text += ",\(labels[row])" }
      text += "\n"
    }
    return Array(text.utf8)
  }

  /// Writes a table beside the destination and renames it.
  ///
  /// - Throws: `unwritable`.
  public static func write(_ dataset: Dataset, path: String) throws(PoiseError) {
    try FileAccess.write(encode(dataset), path: path)
  }
}

/// Collects the rows of a table.
private struct Table {
  let width: Int
  let labelColumn: Int?
  var elements: [Double] = []
  var labels: [Int] = []
  var rows = 0

  init(width: Int, labelColumn: Int?) {
    self.width = width
    self.labelColumn = labelColumn
  }

  mutating func append(
    _ row: [ArraySlice<UInt8>], from cells: borrowing CSVCells
  ) throws(PoiseError) {
    guard row.count == width else {
      throw cells.fault("\(row.count) cells", expected: "\(width) cells, as in the first row")
    }
    guard elements.count <= FileLimits.elements - width else {
      throw cells.fault("too many numbers", expected: "at most \(FileLimits.elements)")
    }
    for (column, cell) in row.enumerated() {
      guard let value = decimalNumber(cell), value.isFinite else {
        let text = String(decoding: cell.prefix(40), as: UTF8.self)
        throw cells.fault(
          cell.isEmpty ? "an empty cell" : "'\(text)'", column: column,
          expected: "a finite number")
      }
      guard column == labelColumn else {
        elements.append(value)
        continue
      }
      guard value >= 0, value < Double(FileLimits.classes), value == value.rounded() else {
        throw cells.fault(
          "label \(value)", column: column,
          expected: "an integer from 0 to \(FileLimits.classes - 1)")
      }
      labels.append(Int(value))
    }
    rows += 1
  }

  func dataset(_ file: FileBytes) throws(PoiseError) -> Dataset {
    let features = labelColumn == nil ? width : width - 1
    guard rows > 0, features > 0 else {
      throw file.fault(
        "\(rows) rows of \(features) features", expected: "at least one row and one feature")
    }
    return try Dataset(
      name: file.name, inputs: Matrix(rows: rows, columns: features, elements: elements),
      labels: labelColumn == nil ? nil : labels, source: file.name)
  }
}
