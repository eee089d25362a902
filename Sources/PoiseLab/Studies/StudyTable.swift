public import PoiseNumerics

/// What the sweeps of a study gave.
public struct StudyData: Sendable {
  /// Profile of the sweeps.
  public let profile: StudyProfile
  private let tables: [StudyTable]

  /// - Parameter tables: one for each part.
  public init(profile: StudyProfile, tables: [StudyTable]) {
    self.profile = profile
    self.tables = tables
  }

  /// The table of a part.
  /// - Throws: `unknownName`.
  public func part(_ name: String) throws(PoiseError) -> StudyTable {
    if let table = tables.first(where: { $0.part.name == name }) { return table }
    throw PoiseError(
      .unknownName, quantity: "part of a study", value: name,
      allowed: tables.map(\.part.name).joined(separator: ", "))
  }
}

/// The points of one part with everything that their records hold, by the path of it.
public struct StudyTable: Sendable {
  /// Name and command of the part.
  public let part: StudyPart
  /// The points and their options.
  public let grid: SweepGrid
  private let table: SweepTable
  private let columns: [String: Int]
  private let words: [String: Int]
  private let rows: [String: Int]

  init(_ part: StudyPart, _ grid: SweepGrid, _ table: SweepTable) {
    self.part = part
    self.grid = grid
    self.table = table
    func places(_ names: [String]) -> [String: Int] {
      Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    }
    columns = places(table.columns.map(\.name))
    words = places(table.words.map(\.name))
    rows = places(table.series.map(\.name))
  }

  /// Points of the grid, with and without a result.
  public var count: Int { grid.count }

  /// Points that have a result.
  public var done: [Int] { (0..<count).filter { table.status[$0] == .done } }

  /// Points whose options have these values, in the order of the grid. Options with one value count as
  /// well as axes.
  ///
  /// - Parameter options: values as the command has them: 1.50 and 1.5 are the same.
  /// - Throws: `unknownName` for an option that the command does not have.
  public func points(_ options: [String: String]) throws(PoiseError) -> [Int] {
    var found = Array(0..<count)
    for (name, value) in options {
      let wanted = SweepAxis.canonical(value)
      let all = try found.map { point throws(PoiseError) in try option(name, at: point) }
      found = zip(found, all).filter { $0.1 == wanted }.map(\.0)
    }
    return found
  }

  /// The one point whose options have these values.
  /// - Throws: `unknownName`; `outOfRange` for none or several.
  public func point(_ options: [String: String]) throws(PoiseError) -> Int {
    let found = try points(options)
    guard found.count == 1 else {
      let asked = options.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      throw PoiseError(
        .outOfRange, quantity: "part \(part.name)",
        value: "\(found.count) points at \(asked.joined(separator: ", "))", allowed: "one point")
    }
    return found[0]
  }

  /// The values of an option, in the order of its axis.
  /// - Throws: `unknownName`.
  public func values(of name: String) throws(PoiseError) -> [String] {
    if let axis = grid.axes.first(where: { $0.name == name }) {
      return axis.values.map { SweepAxis.canonical($0) }
    }
    return [try option(name, at: 0)]
  }

  /// The values of an option as numbers.
  /// - Throws: `unknownName`; `outOfRange` for an option of words.
  public func numbers(of name: String) throws(PoiseError) -> [Double] {
    try values(of: name).map { text throws(PoiseError) in try number(text, name) }
  }

  /// The value of an option at a point, in canonical form.
  /// - Throws: `unknownName`.
  public func option(_ name: String, at point: Int) throws(PoiseError) -> String {
    let start = "--\(name)="
    let arguments = grid.arguments(at: point)
    guard let text = arguments.first(where: { $0.hasPrefix(start) }) else {
      throw PoiseError(
        .unknownName, quantity: "option of part \(part.name)", value: name,
        allowed: arguments.filter { $0.hasPrefix("--") }.joined(separator: " "))
    }
    return SweepAxis.canonical(String(text.dropFirst(start.count)))
  }

  /// The value of an option at a point as a number.
  /// - Throws: `unknownName`; `outOfRange` for words.
  public func value(_ name: String, at point: Int) throws(PoiseError) -> Double {
    try number(option(name, at: point), name)
  }

  /// The number with this path in the record of a point.
  ///
  /// - Throws: `unknownName` for a path that no point has; `noAnswer` where this point has no result,
  ///   or the number does not exist.
  public func number(_ path: String, at point: Int) throws(PoiseError) -> Double {
    if let value = try optional(path, at: point) { return value }
    let reason = table.reasons[point] ?? "\(path) does not exist there"
    throw PoiseError(
      .noAnswer, quantity: "part \(part.name) at \(grid.place(of: point))", value: reason,
      allowed: "a number \(path)", suggestion: part.command)
  }

  /// The number with this path; nil where this point has none.
  /// - Throws: `unknownName` for a path that no point has.
  public func optional(_ path: String, at point: Int) throws(PoiseError) -> Double? {
    guard let place = columns[path] else { throw missing(path, table.columns.map(\.name)) }
    let value = table.columns[place].values[point]
    return value.isFinite ? value : nil
  }

  /// The word with this path; nil where this point has none.
  /// - Throws: `unknownName` for a path that no point has.
  public func word(_ path: String, at point: Int) throws(PoiseError) -> String? {
    guard let place = words[path] else { throw missing(path, table.words.map(\.name)) }
    let code = table.words[place].codes[point]
    return code < 0 ? nil : table.words[place].legend[Int(code)]
  }

  /// The series with this path; not-a-number where an element does not exist, or the point has no
  /// result. A list of one element is a number in the table, and a series of one here.
  ///
  /// - Throws: `unknownName` for a path that no point has, or whose length differs from point to point.
  public func series(_ path: String, at point: Int) throws(PoiseError) -> [Double] {
    guard let place = rows[path], !table.series[place].isLeftOut else {
      if rows[path] == nil, let place = columns[path] {
        return [table.columns[place].values[point]]
      }
      throw missing(path, table.series.filter { !$0.isLeftOut }.map(\.name))
    }
    let length = table.series[place].length
    return Array(table.series[place].values[point * length..<(point + 1) * length])
  }

  /// What became of the points.
  var summary: StudyResult.Part {
    func count(_ status: PointStatus) -> Int { table.status.count { $0 == status } }
    return StudyResult.Part(
      name: part.name, command: part.command, points: grid.count, done: count(.done),
      failed: count(.failed), timeLimit: count(.timeLimit), seconds: table.seconds.reduce(0, +),
      failures: table.reasons.keys.sorted().prefix(10).map { point in
        SweepResult.Failure(
          index: point, place: grid.place(of: point), status: table.status[point].rawValue,
          reason: table.reasons[point] ?? "")
      })
  }

  private func number(_ text: String, _ name: String) throws(PoiseError) -> Double {
    guard let value = Double(text) else {
      throw PoiseError(
        .outOfRange, quantity: "--\(name) of part \(part.name)", value: text, allowed: "a number")
    }
    return value
  }

  private func missing(_ path: String, _ known: [String]) -> PoiseError {
    guard !done.isEmpty else {
      return PoiseError(
        .noAnswer, quantity: "part \(part.name)",
        value: table.reasons.values.min().map { "no point has a result: \($0)" }
          ?? "no point is finished", allowed: "a number \(path)", suggestion: part.command)
    }
    let last = path.split(separator: ".").last.map(String.init) ?? path
    let near = known.filter { $0.hasSuffix(last) }
    return PoiseError(
      .unknownName, quantity: "path in the records of part \(part.name)", value: path,
      allowed: (near.isEmpty ? known : near).prefix(40).joined(separator: ", "))
  }
}
