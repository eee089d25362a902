import Foundation
import PoiseData
import PoiseNumerics

/// The collected files: all numbers as arrays over the grid, and a table with one row per point.
struct SweepFiles {
  let grid: SweepGrid
  let table: SweepTable

  /// Arrays over the grid by name.
  ///
  /// `axes.<option>`: the values of an axis, or 0, 1, … for names. `status`: 0 done, 1 failed, 2 over
  /// the time limit, 3 missing. Every number under its path; not-a-number where it does not exist or
  /// its point has no result. Words as codes in alphabetical order, -1 for none; the record has the
  /// legend. Series with one more axis.
  func arrays() throws(PoiseError) -> NPZ {
    var arrays: [String: StoredArray] = [:]
    for axis in grid.axes {
      let values = axis.numbers ?? axis.values.indices.map(Double.init)
      arrays["axes.\(axis.name)"] = StoredArray(values)
    }
    func add(_ name: String, _ values: [Double], _ more: [Int] = []) throws(PoiseError) {
      arrays[name] = try StoredArray(shape: grid.shape + more, elements: values)
    }
    try add("status", table.status.map { Double($0.code) })
    for column in table.columns { try add(column.name, column.values) }
    for column in table.words { try add(column.name, column.codes.map(Double.init)) }
    for series in table.series where !series.isLeftOut {
      try add(series.name, series.values, [series.length])
    }
    return NPZ(arrays: arrays)
  }

  /// Writes the rows beside the destination and renames.
  func write(csv path: String, jobs: Int) throws(PoiseError) {
    do {
      try Data(csv(jobs: jobs)).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw PoiseError(
        .unwritable, quantity: path, value: "cannot be written",
        allowed: "room on the disk and the right to write")
    }
  }

  /// Rows in the order of the grid: the axes, the status, numbers, words. An empty cell is a number
  /// that does not exist. A result with the name of an axis is left out where it repeats the axis, and
  /// is called `result.NAME` where it does not.
  func csv(jobs: Int) -> [UInt8] {
    let columns = table.columns.filter { !repeats($0) }
    let words = table.words.filter { !repeats($0) }
    let axes = grid.axes.map(\.name) + ["status"]
    let results = (columns.map(\.name) + words.map(\.name)).map {
      axes.contains($0) ? "result.\($0)" : $0
    }
    let names = axes + results
    let header = Array((names.map(Self.cell).joined(separator: ",") + "\n").utf8)
    let block = 4096
    let blocks = parallelMap(count: (grid.count + block - 1) / block, jobs: jobs) { index in
      rows(index * block..<min(grid.count, (index + 1) * block), columns, words)
    }
    var bytes = header
    bytes.reserveCapacity(header.count + blocks.reduce(0) { $0 + $1.count })
    for part in blocks { bytes += part }
    return bytes
  }

  /// Whether a number says at every point what the axis of its name says.
  private func repeats(_ column: SweepTable.Column) -> Bool {
    guard let axis = grid.axes.firstIndex(where: { $0.name == column.name }),
      let numbers = grid.axes[axis].numbers
    else { return false }
    return column.values.indices.allSatisfy { index in
      let value = column.values[index]
      return !value.isFinite || value == numbers[grid.place(along: axis, at: index)]
    }
  }

  /// The same of a word.
  private func repeats(_ words: SweepTable.Words) -> Bool {
    guard let axis = grid.axes.firstIndex(where: { $0.name == words.name }) else { return false }
    let values = grid.axes[axis].values
    return words.codes.indices.allSatisfy { index in
      let code = words.codes[index]
      return code < 0 || words.legend[Int(code)] == values[grid.place(along: axis, at: index)]
    }
  }

  private func rows(
    _ range: Range<Int>, _ columns: [SweepTable.Column], _ words: [SweepTable.Words]
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count * 16 * (columns.count + 4))
    let legends = words.map { $0.legend.map { Array(Self.cell($0).utf8) } }
    for index in range {
      for value in grid.values(at: index) {
        bytes += Self.cell(value).utf8
        bytes.append(0x2C)
      }
      bytes += table.status[index].rawValue.utf8
      for column in columns {
        bytes.append(0x2C)
        let value = column.values[index]
        if value.isFinite { bytes += SweepAxis.canonical(value).utf8 }
      }
      for (column, legend) in zip(words, legends) {
        bytes.append(0x2C)
        if column.codes[index] >= 0 { bytes += legend[Int(column.codes[index])] }
      }
      bytes.append(0x0A)
    }
    return bytes
  }

  /// Quoted where a comma, a quote or a line end asks for it.
  private static func cell(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
