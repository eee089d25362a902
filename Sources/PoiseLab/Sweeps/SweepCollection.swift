import Foundation
import PoiseData
public import PoiseNumerics

/// Merges the journals of a sweep into one NPZ and one CSV, and a result for the record.
public struct SweepCollection: Sendable {
  /// The arrays over the grid.
  public static let arrayFile = "sweep.npz"
  /// The rows.
  public static let rowFile = "sweep.csv"
  /// Most points whose values a record holds for its figures.
  public static let shownLimit = 1_000_000

  private let folder: SweepFolder
  private let table: SweepTable
  private let damage: JournalReader.Damage

  /// Reads everything that is finished.
  /// - Throws: `unreadable` for journals that are not of this sweep.
  public init(_ folder: SweepFolder) throws(PoiseError) {
    self.folder = folder
    (table, damage) = try folder.table()
  }

  /// Writes the two files into a folder, which is made if needed. They hold results alone: two
  /// sweeps of one command have the same bytes.
  ///
  /// - Returns: their names.
  /// - Throws: `unwritable`.
  public func write(to directory: String, jobs: Int = 1) throws(PoiseError) -> [String] {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw PoiseError(
        .unwritable, quantity: directory, value: "cannot be made",
        allowed: "a folder that you may write to", suggestion: "--output with another folder")
    }
    let files = SweepFiles(grid: folder.grid, table: table)
    try files.arrays().write(path: "\(directory)/\(Self.arrayFile)")
    try files.write(csv: "\(directory)/\(Self.rowFile)", jobs: jobs)
    return [Self.arrayFile, Self.rowFile]
  }

  /// What the record keeps.
  ///
  /// - Parameter show: quantities to draw, by name or by the last part of it; empty for the first
  ///   three that vary and are no axis.
  /// - Throws: `unknownName` for a quantity that no point has.
  public func result(
    show: [String] = [], files: [String] = []
  ) throws(PoiseError) -> SweepResult {
    let grid = folder.grid
    func count(_ kind: PointStatus) -> Int {
      table.status.reduce(0) { $0 + ($1 == kind ? 1 : 0) }
    }
    return SweepResult(
      swept: grid.arguments.joined(separator: " "),
      axes: zip(grid.axes, grid.dimensions).map { axis, dimension in
        SweepResult.Axis(
          name: axis.name, values: axis.numbers ?? axis.values.indices.map(Double.init),
          names: axis.numbers == nil ? axis.values : nil, dimension: dimension)
      },
      lengths: grid.shape, done: count(.done), failed: count(.failed),
      timeLimit: count(.timeLimit), missing: count(.missing), failures: failures,
      seconds: table.seconds.reduce(0, +), quantities: table.columns.map(Self.quantity),
      words: table.words.map(Self.words),
      series: table.series.filter { !$0.isLeftOut }.map {
        SweepResult.Series(name: $0.name, length: $0.length)
      },
      leftOut: table.series.filter(\.isLeftOut).map(\.name),
      shown: try shown(show).map { column in
        SweepResult.Shown(
          name: column.name, values: column.values.map { $0.isFinite ? $0 : nil })
      },
      damagedLines: damage.damaged, tornFiles: damage.torn, files: files)
  }

  private var failures: [SweepResult.Failure] {
    table.reasons.keys.sorted().prefix(100).map { index in
      SweepResult.Failure(
        index: index, place: folder.grid.place(of: index), status: table.status[index].rawValue,
        reason: table.reasons[index] ?? "")
    }
  }

  private static func quantity(_ column: SweepTable.Column) -> SweepResult.Quantity {
    var (defined, low, high) = (0, Double.infinity, -Double.infinity)
    for value in column.values where value.isFinite {
      defined += 1
      low = min(low, value)
      high = max(high, value)
    }
    return SweepResult.Quantity(
      name: column.name, defined: defined, minimum: defined > 0 ? low : nil,
      maximum: defined > 0 ? high : nil)
  }

  private static func words(_ words: SweepTable.Words) -> SweepResult.Words {
    var counts = [Int](repeating: 0, count: words.legend.count)
    for code in words.codes where code >= 0 { counts[Int(code)] += 1 }
    return SweepResult.Words(name: words.name, legend: words.legend, counts: counts)
  }

  private func shown(_ names: [String]) throws(PoiseError) -> [SweepTable.Column] {
    guard !names.isEmpty else {
      guard folder.grid.count <= Self.shownLimit / 4 else { return [] }
      return Array(table.columns.lazy.filter { isTelling($0) }.prefix(3))
    }
    guard folder.grid.count <= Self.shownLimit else {
      throw PoiseError(
        .outOfRange, quantity: "--show", value: "\(folder.grid.count) points",
        allowed: "at most \(Self.shownLimit) for a figure", suggestion: "the arrays in the NPZ file"
      )
    }
    return try names.map { name throws(PoiseError) in
      let found = table.columns.filter { $0.name == name || $0.name.hasSuffix("." + name) }
      guard let column = found.first(where: { $0.name == name }) ?? found.first else {
        throw PoiseError(
          .unknownName, quantity: "--show", value: name,
          allowed: table.columns.prefix(60).map(\.name).joined(separator: ", "))
      }
      return column
    }
  }

  /// Whether a quantity varies and is not one of the axes again.
  private func isTelling(_ column: SweepTable.Column) -> Bool {
    let known = column.values.indices.filter { column.values[$0].isFinite }
    guard let first = known.first,
      known.contains(where: { column.values[$0] != column.values[first] })
    else { return false }
    return !folder.grid.axes.indices.contains { axis in
      guard let numbers = folder.grid.axes[axis].numbers else { return false }
      return known.allSatisfy { index in
        column.values[index] == numbers[folder.grid.place(along: axis, at: index)]
      }
    }
  }
}
