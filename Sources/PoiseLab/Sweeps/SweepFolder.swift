import Foundation
public import PoiseNumerics

/// The folder of a sweep.
///
///     sweep.json                 the command with its ranges
///     journals/local/*.jsonl     what runs on this machine finished
///     journals/<n>-<t>/*.jsonl   what task t of submission n finished
///     submissions/<n>.json       what was given to a scheduler, with its script beside it
public struct SweepFolder: Sendable {
  /// Where it is.
  public let path: String
  /// The points.
  public let grid: SweepGrid

  private static func manifest(_ path: String) -> String { "\(path)/sweep.json" }
  var journals: String { "\(path)/journals" }
  var submissions: String { "\(path)/submissions" }
  /// What journals of this folder say that they belong to.
  var subject: String { "sweep of \(grid.arguments.first ?? "")" }

  /// The sweep that a folder holds.
  /// - Throws: `unreadable` where there is none.
  public init(at path: String) throws(PoiseError) {
    guard let manifest = try SweepManifest.read(Self.manifest(path)) else {
      throw PoiseError(
        .unreadable, quantity: path, value: "holds no sweep",
        allowed: "a folder that poise sweep run or submit made",
        suggestion: "poise sweep run --into \(path) -- VERB with ranges")
    }
    self.path = path
    grid = try manifest.grid()
  }

  /// A folder for a sweep, made if needed. One that holds the same command with other ranges takes
  /// the new ranges; finished points that still belong to the grid stay valid.
  ///
  /// - Parameter isDryRun: writes nothing.
  /// - Throws: `outOfRange` when the folder holds another sweep; `unwritable`.
  public init(
    at path: String, _ arguments: [String], zipped: [[String]] = [], fixed: [String] = [],
    series: Int = 200, isDryRun: Bool = false
  ) throws(PoiseError) {
    guard !path.isEmpty else {
      throw PoiseError(
        .outOfRange, quantity: "--into", value: "empty", allowed: "the name of a folder")
    }
    self.path = path
    let wanted = SweepManifest(
      arguments: arguments, zipped: zipped, fixed: fixed, series: series)
    grid = try wanted.grid()
    if let present = try SweepManifest.read(Self.manifest(path)) {
      guard try grid.continues(present.grid()) else {
        throw PoiseError(
          .outOfRange, quantity: path,
          value: "holds another sweep: \(present.arguments.joined(separator: " "))"
            + (present.series == series ? "" : " (--series \(present.series))"),
          allowed: "the same command, with the same or other ranges",
          suggestion: "--into another folder")
      }
      if isDryRun || present == wanted { return }
    }
    if isDryRun { return }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw PoiseError(
        .unwritable, quantity: path, value: "cannot be made",
        allowed: "a folder that you may write to", suggestion: "--into another folder")
    }
    try wanted.write(Self.manifest(path))
  }

  /// A journal of its own for a run on this machine, or for a task of a submission.
  public func journal(share: SweepShare?) throws(PoiseError) -> JournalWriter {
    try JournalWriter(folder: folder(of: share), subject: subject)
  }

  func folder(of share: SweepShare?) -> String {
    "\(journals)/\(share.map { "\($0.submission)-\($0.task)" } ?? "local")"
  }

  /// Folders with journals, in the order of their names.
  func journalFolders() throws(PoiseError) -> [String] {
    guard FileManager.default.fileExists(atPath: journals) else { return [] }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: journals) else {
      throw PoiseError(
        .unreadable, quantity: journals, value: "cannot be listed",
        allowed: "a folder that you may read")
    }
    return names.sorted().map { "\(journals)/\($0)" }
  }

  /// Everything that is finished.
  func table() throws(PoiseError) -> (table: SweepTable, damage: JournalReader.Damage) {
    var table = SweepTable(count: grid.count)
    let damage = try read(journalFolders()) { index, entry in table.take(index, entry) }
    table.finish(copies: copies)
    return (table, damage)
  }

  /// What is known of every point, results apart.
  public func survey() throws(PoiseError) -> SweepSurvey {
    var survey = SweepSurvey(count: grid.count)
    survey.damage = try read(journalFolders()) { index, entry in survey.take(index, entry) }
    survey.finish(copies: copies)
    return survey
  }

  /// Those of some points that a task of a submission has finished in an earlier attempt.
  func finished(_ share: SweepShare, among indices: [Int]) throws(PoiseError) -> Set<Int> {
    let folder = folder(of: share)
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    var places: [PointIdentity: Int] = [:]
    for index in indices { places[grid.identity(at: index)] = index }
    var finished: Set<Int> = []
    try JournalReader(folder: folder, subject: subject).read { point, _ in
      if let index = places[point] { finished.insert(index) }
    }
    return finished
  }

  /// Hands every entry of the grid to `body` with its index; points that left the grid are passed
  /// over.
  private func read(
    _ folders: [String], _ body: (Int, UnsafeBufferPointer<UInt8>) -> Void
  ) throws(PoiseError) -> JournalReader.Damage {
    var damage = JournalReader.Damage()
    guard !folders.isEmpty else { return damage }
    let places = places
    for folder in folders {
      let part = try JournalReader(folder: folder, subject: subject).read { point, entry in
        if let index = places[point] { body(index, entry) }
      }
      damage = damage + part
    }
    return damage
  }

  /// The index of every point; of equal ones the first.
  private var places: [PointIdentity: Int] {
    var places = [PointIdentity: Int](minimumCapacity: grid.count)
    for index in 0..<grid.count {
      let identity = grid.identity(at: index)
      if places[identity] == nil { places[identity] = index }
    }
    return places
  }

  /// Indices whose point stands earlier in the grid already, as values that occur twice make them.
  private var copies: [(index: Int, of: Int)] {
    guard grid.axes.contains(where: { Set($0.values).count < $0.values.count }) else { return [] }
    let places = places
    return (0..<grid.count).compactMap { index in
      guard let first = places[grid.identity(at: index)], first != index else { return nil }
      return (index, first)
    }
  }
}
