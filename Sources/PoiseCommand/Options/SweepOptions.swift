import ArgumentParser
import Dispatch
import Foundation
import Poise
import Synchronization

/// What is swept, and in which folder.
struct SweptOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the sweep.", valueName: "dir")) var into: String
  @Option(
    help: ArgumentHelp(
      "Options whose ranges run together instead of being crossed; may be repeated.",
      valueName: "a,b"))
  var zip: [String] = []
  @Option(
    help: ArgumentHelp(
      "Options whose lists or ranges are one value of a point; may be repeated.",
      valueName: "option"))
  var fixed: [String] = []
  @Option(
    parsing: .unconditional,
    help: "Longest series of numbers to keep of a point. Default: 200.")
  var series: Int?
  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp(
      "After --: a verb of poise with its options. Left out: the command that the folder holds.",
      valueName: "verb"))
  var command: [String] = []

  /// The folder with its grid.
  func folder(isDryRun: Bool = false) throws(PoiseError) -> SweepFolder {
    guard !command.isEmpty else {
      guard zip.isEmpty, fixed.isEmpty, series == nil else {
        throw PoiseError(
          .outOfRange, quantity: "command to sweep", value: "not given",
          allowed: "--zip, --fixed and --series beside a command",
          suggestion: "the command again, after --")
      }
      return try SweepFolder(at: into)
    }
    let series = series ?? 200
    guard (0...1_000_000).contains(series) else {
      throw PoiseError(
        .outOfRange, quantity: "--series", value: "\(series)", allowed: "0 to 1000000")
    }
    let swept = command.first == "poise" ? Array(command.dropFirst()) : command
    let names = zip.map { $0.split(separator: ",").map { Self.name(String($0)) } }
    let fixed = fixed.flatMap { $0.split(separator: ",").map { Self.name(String($0)) } }
    let grid = try SweepGrid(swept, zipped: names, fixed: fixed, series: series)
    for index in Set([0, grid.count - 1]) { try RecordSink.check(grid.arguments(at: index)) }
    return try SweepFolder(
      at: into, swept, zipped: names, fixed: fixed, series: series, isDryRun: isDryRun)
  }

  /// `--alpha` and `alpha` alike.
  private static func name(_ text: String) -> String {
    text.hasPrefix("--") ? String(text.dropFirst(2)) : text
  }
}

/// How points are worked on.
struct WorkOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Points at a time. Default: all processors.")
  var jobs: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seconds that a point may take.", valueName: "seconds"))
  var timeLimit: Double?
  @Flag(help: "No progress on standard error.") var quiet = false
  @Flag(help: "Print the outcome as JSON.") var json = false

  func limit() throws(PoiseError) -> Double? {
    guard let timeLimit else { return nil }
    guard timeLimit > 0, timeLimit <= 1e9 else {
      throw PoiseError(
        .outOfRange, quantity: "--time-limit", value: "\(timeLimit)",
        allowed: "seconds above 0, at most 1e9")
    }
    return timeLimit
  }

  func runner(_ folder: SweepFolder) throws(PoiseError) -> SweepRunner {
    SweepRunner(
      grid: folder.grid,
      worker: [try Self.program(), "sweep", "work", "--series", "\(folder.grid.series)"],
      jobs: try CommonOptions.threads(jobs), timeLimit: try limit())
  }

  /// The path of this program.
  static func program() throws(PoiseError) -> String {
    guard let path = Bundle.main.executablePath else {
      throw PoiseError(
        .noAnswer, quantity: "poise", value: "does not find itself",
        allowed: "a program in a file of its own")
    }
    return path
  }
}

/// Ctrl-C, or the wish of a scheduler that a process ends, as a flag.
///
/// Unchecked: the sources, which are safe to share, only have to live as long as the flag.
final class Interruption: @unchecked Sendable {
  private let flag = Flag()
  private let sources: [any DispatchSourceSignal]

  private final class Flag: Sendable {
    let isUp = Mutex(false)
  }

  init() {
    let flag = flag
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { flag.isUp.withLock { $0 = true } }
      source.resume()
      return source
    }
    // A write beyond a limit, or to a worker that died, is an error like any other.
    for number in [SIGXFSZ, SIGPIPE] { signal(number, SIG_IGN) }
  }

  var isWanted: Bool { flag.isUp.withLock { $0 } }
}
