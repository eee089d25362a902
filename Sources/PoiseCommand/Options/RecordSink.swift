import ArgumentParser
import Poise
import Synchronization

/// Receives the records of a verb that runs as a point of a sweep, in place of terminal and files.
final class RecordSink: Sendable {
  /// Where records go on this thread; nil for terminal and files.
  @TaskLocal static var current: RecordSink?

  private let records = Mutex<[Record]>([])

  func take(_ more: [Record]) { records.withLock { $0 += more } }

  /// The result of a command line: everything it computes, on one thread.
  ///
  /// - Parameter parser: knows the command line before.
  /// - Throws: what the verb throws; `noAnswer` for a verb that leaves no record, or several.
  static func result(
    of arguments: [String], _ parser: PointParser = PointParser()
  ) throws(PoiseError) -> any RecordedResult {
    let sink = RecordSink()
    do {
      try $current.withValue(sink) {
        var command = try parser.command(arguments)
        try command.run()
      }
    } catch let error as PoiseError {
      throw error
    } catch {
      // A check that disagrees ends with a status of its own; its record is there.
      if sink.records.withLock({ $0.isEmpty }) { throw .refusedCommand(error) }
    }
    let records = sink.records.withLock { $0 }
    guard records.count == 1 else {
      throw PoiseError(
        .noAnswer, quantity: arguments.first ?? "command", value: "\(records.count) records",
        allowed: "a command that leaves one record",
        suggestion: records.isEmpty ? "a verb of theory" : "single values: --fixed takes ranges out"
      )
    }
    return records[0].result.value
  }

  /// Refuses a command line that cannot be parsed.
  static func check(_ arguments: [String]) throws(PoiseError) {
    guard let verb = arguments.first, PoiseCommand.theoryVerbs.contains(verb) else {
      throw PoiseError(
        .unknownName, quantity: "command to sweep", value: arguments.first ?? "not given",
        allowed: PoiseCommand.theoryVerbs.joined(separator: ", "))
    }
    do {
      _ = try PoiseCommand.parseVerb(arguments)
    } catch {
      throw .refusedCommand(error)
    }
  }
}

extension PoiseError {
  /// What the parser of the command line refused.
  fileprivate static func refusedCommand(_ error: any Error) -> PoiseError {
    let text = PoiseCommand.message(for: error).split(separator: "\n").prefix(3)
    return PoiseError(
      .outOfRange, quantity: "command to sweep", value: text.joined(separator: " "),
      allowed: "what its --help says")
  }
}
