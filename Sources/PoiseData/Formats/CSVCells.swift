import PoiseNumerics

/// Cuts comma-separated text (RFC 4180) into rows of cells.
///
/// Lines end in LF, CRLF or CR; blank lines are passed over; cells in double quotes may hold
/// commas, line ends and doubled quotes.
struct CSVCells {
  let file: FileBytes
  /// Line of the row read last, from 1.
  private(set) var line = 0
  private var position = 0
  private var nextLine = 1

  init(_ file: FileBytes) {
    self.file = file
    // The byte order mark that spreadsheets write.
    if file.hasPrefix([0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  func fault(_ found: String, column: Int? = nil, expected: String) -> PoiseError {
    let place = column.map { ", column \($0 + 1)" } ?? ""
    return file.fault("line \(line)\(place): \(found)", expected: expected)
  }

  /// Reads the next row that is not blank into `cells`; false at the end.
  mutating func next(into cells: inout [ArraySlice<UInt8>]) throws(PoiseError) -> Bool {
    while position < file.count {
      line = nextLine
      cells.removeAll(keepingCapacity: true)
      let start = position
      try row(into: &cells)
      let isBlank = cells.count == 1 && cells[0].isEmpty && file.bytes[start] != 0x22
      if !isBlank { return true }
    }
    return false
  }

  private mutating func row(into cells: inout [ArraySlice<UInt8>]) throws(PoiseError) {
    while true {
      let isQuoted = position < file.count && file.bytes[position] == 0x22
      cells.append(isQuoted ? try quoted(column: cells.count) : plain())
      guard position < file.count else { return }
      let separator = file.bytes[position]
      position += 1
      if separator == 0x2C { continue }
      endLine(separator)
      return
    }
  }

  private mutating func endLine(_ separator: UInt8) {
    nextLine += 1
    if separator == 0x0D && position < file.count && file.bytes[position] == 0x0A { position += 1 }
  }

  /// The bytes up to the next comma or line end, without spaces around them.
  private mutating func plain() -> ArraySlice<UInt8> {
    var start = position
    while position < file.count {
      let byte = file.bytes[position]
      if byte == 0x2C || byte == 0x0A || byte == 0x0D { break }
      position += 1
    }
    var end = position
    while start < end, file.bytes[start] == 0x20 || file.bytes[start] == 0x09 { start += 1 }
    while start < end, file.bytes[end - 1] == 0x20 || file.bytes[end - 1] == 0x09 { end -= 1 }
    return file.bytes[start..<end]
  }

  private mutating func quoted(column: Int) throws(PoiseError) -> ArraySlice<UInt8> {
    var content: [UInt8] = []
    position += 1
    while position < file.count {
      let byte = file.bytes[position]
      position += 1
      guard byte == 0x22 else {
        if byte == 0x0A { nextLine += 1 }
        content.append(byte)
        continue
      }
      guard position < file.count else { return content[...] }
      switch file.bytes[position] {
      case 0x22:
        content.append(0x22)
        position += 1
      case 0x2C, 0x0A, 0x0D: return content[...]
      default:
        throw fault("text behind a closing quote", column: column, expected: "a comma")
      }
    }
    throw fault("a quote that is not closed", column: column, expected: "a closing quote")
  }
}

/// The number that a cell spells in decimal notation, or nil.
func decimalNumber(_ cell: ArraySlice<UInt8>) -> Double? {
  var mantissa: UInt64 = 0
  var digits = 0
  var decimals = 0
  var isPastPoint = false
  var index = cell.startIndex
  let isNegative = cell.first == 0x2D
  if isNegative || cell.first == 0x2B { index += 1 }
  while index < cell.endIndex {
    let byte = cell[index]
    if byte == 0x2E && !isPastPoint {
      isPastPoint = true
    } else if byte >= 0x30 && byte <= 0x39 && digits < 15 {
      mantissa = mantissa * 10 + UInt64(byte - 0x30)
      digits += 1
      if isPastPoint { decimals += 1 }
    } else {
      return spelledNumber(cell)
    }
    index += 1
  }
  guard digits > 0 else { return nil }
  // Both are exact below 2^53 and 10^22, so one division rounds correctly.
  let value = Double(mantissa) / powersOfTen[decimals]
  return isNegative ? -value : value
}

/// The general case: exponents, many digits; also nan and inf, which the caller refuses.
private func spelledNumber(_ cell: ArraySlice<UInt8>) -> Double? {
  guard cell.count <= 400 else { return nil }
  let text = String(decoding: cell, as: UTF8.self)
  if ["nan", "inf", "infinity"].contains(text.lowercased().drop { "+-".contains($0) }) {
    return .nan
  }
  let allowed: (UInt8) -> Bool = {
    ($0 >= 0x30 && $0 <= 0x39) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0)
  }
  return cell.allSatisfy(allowed) ? Double(text) : nil
}

private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
]
