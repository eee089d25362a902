public import PoiseNumerics

/// The numbers of one array, tensor or column of a file: for statistics of the values themselves.
///
/// NaN and infinities are kept: what is done with them is for the caller to decide and to count.
public enum NumberFile {
  /// Reads NPY, NPZ, safetensors or CSV, told by signature or suffix.
  ///
  /// - Parameters:
  ///   - tensor: name in an NPZ or safetensors file; may be left out where there is only one.
  ///   - column: name (CSV with a header) or number from 0 of one column; nil for all numbers.
  /// - Throws: `unreadable`; `unknownName` for a name that is not there.
  public static func read(
    path: String, tensor: String? = nil, column: String? = nil
  ) throws(PoiseError) -> [Double] {
    let file = try FileAccess.readInflated(path: path)
    let name = path.lowercased()
    if NPY.isNPY(file.bytes) {
      try refuse(tensor, path)
      return try pick(NPY.decode(file), column, path)
    }
    if ZipArchive.isZip(file.bytes) || name.hasSuffix(".npz") {
      let chosen = try choose(tensor, NPZ.names(in: file), path)
      return try pick(NPZ.decode(file, names: [chosen]).arrays[chosen], column, path)
    }
    if name.hasSuffix(".safetensors") {
      let chosen = try choose(tensor, Safetensors.names(in: file), path)
      return try pick(Safetensors.decode(file, names: [chosen]).tensors[chosen], column, path)
    }
    if name.hasSuffix(".csv") || name.hasSuffix(".csv.gz") || name.hasSuffix(".txt") {
      try refuse(tensor, path)
      return try table(file, column)
    }
    throw file.fault(
      file.count == 0 ? "an empty file" : "a file of unknown format",
      expected: "CSV, NPY, NPZ or safetensors, by the usual suffix")
  }

  private static func refuse(_ tensor: String?, _ path: String) throws(PoiseError) {
    guard let tensor else { return }
    throw PoiseError(
      .unknownName, quantity: "tensor in \(path)", value: tensor,
      allowed: "no name: the file holds one array")
  }

  private static func choose(
    _ tensor: String?, _ names: [String], _ path: String
  ) throws(PoiseError) -> String {
    if let tensor, names.contains(tensor) { return tensor }
    if tensor == nil, names.count == 1 { return names[0] }
    throw PoiseError(
      .unknownName, quantity: "tensor in \(path)", value: tensor ?? "none chosen",
      allowed: NameList.text(names), suggestion: "--tensor NAME")
  }

  private static func pick(
    _ array: StoredArray?, _ column: String?, _ path: String
  ) throws(PoiseError) -> [Double] {
    guard let array else { preconditionFailure("decoding throws for a name that is missing") }
    guard let column else { return array.elements }
    let matrix = array.matrix
    guard let index = Int(column), index >= 0, index < matrix.columns else {
      throw PoiseError(
        .unknownName, quantity: "column of \(path)", value: column,
        allowed: "a number from 0 to \(max(0, matrix.columns - 1))")
    }
    return (0..<matrix.rows).map { matrix.elements[$0 * matrix.columns + index] }
  }

  private static func table(
    _ file: FileBytes, _ column: String?
  ) throws(PoiseError) -> [Double] {
    var cells = CSVCells(file)
    var row: [ArraySlice<UInt8>] = []
    guard try cells.next(into: &row) else {
      throw file.fault("no rows", expected: "at least one row of numbers")
    }
    let width = row.count
    let isHeader = row.contains { decimalNumber($0) == nil }
    let names = isHeader ? row.map { String(decoding: $0, as: UTF8.self) } : []
    var chosen: Int?
    if let column {
      chosen = names.firstIndex(of: column) ?? Int(column)
      guard let chosen, (0..<width).contains(chosen) else {
        throw PoiseError(
          .unknownName, quantity: "column of \(file.name)", value: column,
          allowed: (names.isEmpty ? "" : NameList.text(names) + ", or ")
            + "a number from 0 to \(width - 1)")
      }
    }
    var values: [Double] = []
    var pending = !isHeader
    while true {
      if !pending {
        guard try cells.next(into: &row) else { break }
      }
      pending = false
      guard row.count == width else {
        throw cells.fault("\(row.count) cells", expected: "\(width) cells, as in the first row")
      }
      for (index, cell) in row.enumerated() where chosen == nil || chosen == index {
        guard let value = decimalNumber(cell) else {
          throw cells.fault(
            cell.isEmpty
              ? "an empty cell" : "'\(String(decoding: cell.prefix(40), as: UTF8.self))'",
            column: index, expected: "a number")
        }
        guard values.count < FileLimits.elements else {
          throw cells.fault("too many numbers", expected: "at most \(FileLimits.elements)")
        }
        values.append(value)
      }
    }
    return values
  }
}
