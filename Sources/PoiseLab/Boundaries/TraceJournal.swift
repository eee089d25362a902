import Foundation
import PoiseNumerics

/// Finished traces of boundaries in a folder of journals: what is there is not traced again.
struct TraceJournal {
  private let folder: String
  private var known: [PointIdentity: StablePhaseResult.Point] = [:]
  /// Made with the first trace: a run that only reads leaves no file.
  private var writer: JournalWriter?

  private static let subject = "boundaries of the plane of stable weights"

  /// - Throws: `unreadable` for a folder of something else.
  init(folder: String) throws(PoiseError) {
    self.folder = folder
    let decoder = JSONDecoder()
    for (identity, entry) in try JournalReader(folder: folder, subject: Self.subject).entries()
      .entries
    {
      known[identity] = try? decoder.decode(StablePhaseResult.Point.self, from: Data(entry))
    }
  }

  /// The trace of these options.
  func point(_ options: String) -> StablePhaseResult.Point? { known[PointIdentity(of: options)] }

  /// Keeps a finished trace.
  /// - Throws: `unwritable`.
  mutating func append(
    _ options: String, _ point: StablePhaseResult.Point
  ) throws(PoiseError) {
    if writer == nil { writer = try JournalWriter(folder: folder, subject: Self.subject) }
    let identity = PointIdentity(of: options)
    // Numbers and strings always encode.
    guard let entry = try? JSONEncoder().encode(point) else { return }
    try writer?.append(identity, Array(entry))
    known[identity] = point
  }

  /// Brings everything to the disk.
  func close() { writer?.close() }
}
