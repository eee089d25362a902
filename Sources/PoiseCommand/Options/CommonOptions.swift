public import ArgumentParser
import Foundation
public import Poise
public import PoiseReports

/// Options that every verb with an answer shares.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print the whole record as JSON: sorted keys, all digits.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Write record.json, report.html and figures into this folder.", valueName: "dir"))
  var output: String?

  @Option(help: "Format of the figure files: svg, png or pdf.")
  var figure: FigureFormat = .svg

  @Option(help: "Seed of every random number.")
  var seed: UInt64 = 1

  @Option(
    parsing: .unconditional,
    help: "Threads; the result does not depend on it. Default: all processors.")
  var jobs: Int?

  @Flag(help: "No progress on standard error.")
  var quiet = false

  /// The number of threads.
  func threads() throws(PoiseError) -> Int { try Self.threads(jobs) }

  /// `jobs` if it is a possible number of threads, else a refusal; all processors for nil, one in a
  /// sweep, whose points run side by side.
  static func threads(_ jobs: Int?) throws(PoiseError) -> Int {
    guard let jobs else { return RecordSink.current == nil ? availableJobs : 1 }
    guard (1...1024).contains(jobs) else {
      throw PoiseError(.outOfRange, quantity: "--jobs", value: "\(jobs)", allowed: "1 to 1024")
    }
    return jobs
  }

  /// Says beforehand how long simulations take, from 20 seconds on.
  /// - Throws: `outOfRange` for more than ten minutes that were not allowed with --yes.
  func announce(
    seconds: Double, work: String, quantity: String, isAllowed: Bool, suggestion: String
  ) throws(PoiseError) {
    guard seconds > 20 else { return }
    let minutes = (seconds / 6).rounded() / 10
    guard seconds < 600 || isAllowed else {
      throw PoiseError(
        .outOfRange, quantity: quantity, value: "about \(minutes) minutes",
        allowed: "ten minutes, or --yes", suggestion: suggestion)
    }
    if !quiet { Terminal.note("\(work): about \(minutes) minutes") }
  }
}

extension FigureFormat: ExpressibleByArgument {}

/// Options of a check on finite networks.
struct CheckOptions: ParsableArguments {
  @Flag(help: "Build finite networks, measure the same quantities, and compare.")
  var check = false

  @Option(parsing: .unconditional, help: "Networks to build for the check.")
  var networks = 50

  @Option(parsing: .unconditional, help: "Units per layer of these networks.")
  var width = 256
}

/// Options that say which inputs are meant.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Inputs: digits (built in), gaussian:ROWSxDIM, sparse:ROWSxDIM:FRACTION, \
      clustered:ROWSxDIM:CLUSTERS, binary:ROWSxDIM, or a file (.csv, .npy, .npz, .safetensors, \
      MNIST IDX, CIFAR-10 .bin; gzip for CSV and IDX).
      """, valueName: "data"))
  var data: String?

  @Option(
    parsing: .unconditional, help: "Most rows to send through the networks; a seeded sample.")
  var rows = 256

  @Option(
    help: "How raw values are scaled: standardize (per feature), scale (one factor), raw.")
  var prepare: PreparedData.Preparation = .standardize

  /// The prepared data, or nil if none were named.
  func load(seed: UInt64) throws(PoiseError) -> PreparedData? {
    guard let data else { return nil }
    guard (1...256).contains(rows) else {
      throw PoiseError(
        .outOfRange, quantity: "--rows", value: "\(rows)", allowed: "1 to 256",
        suggestion: "256 rows give 32640 pairs; more do not sharpen the check")
    }
    return try PreparedData(data, preparation: prepare, rows: rows, seed: seed)
  }
}

extension PreparedData.Preparation: ExpressibleByArgument {}

/// Where a run's answer goes: terminal or JSON, and files if asked for.
struct Delivery {
  let common: CommonOptions
  let started = Date()

  /// The command line that redoes the run; jobs and output do not belong to the answer.
  static var command: String {
    var words: [String] = []
    var skip = false
    for word in CommandLine.arguments.dropFirst() {
      if skip {
        skip = false
        continue
      }
      if ["--jobs", "--output", "--figure"].contains(word) {
        skip = true
        continue
      }
      if word.hasPrefix("--jobs=") || word.hasPrefix("--output=") || word.hasPrefix("--figure=")
        || ["--json", "--quiet"].contains(word)
      {
        continue
      }
      words.append(ShellText.word(word))
    }
    return (["poise"] + words).joined(separator: " ")
  }

  /// Puts a result into a record.
  func record(
    _ verb: String, _ result: Record.Result, assumptions: [String], sources: [String]
  ) -> Record {
    Record(
      verb: verb, command: Self.command, seed: common.seed, assumptions: assumptions,
      sources: sources, timing: Timing(started: started, ended: Date()), result: result)
  }

  /// Where a long answer keeps its finished points until it is whole: in the folder of its files, if
  /// there is one. The same command finds them again.
  func store() throws(PoiseError) -> PointStore? {
    guard let output = common.output, !output.isEmpty, RecordSink.current == nil else { return nil }
    return try PointStore(folder: "\(output)/.unfinished", subject: Self.command)
  }

  /// Says how much was found, and removes the store.
  func finish(_ store: PointStore?) {
    guard let store else { return }
    if store.resumed > 0, !common.quiet {
      Terminal.note("resumed: \(store.resumed) finished points were there")
    }
    store.remove()
  }

  /// Writes the files of a record, if asked for; returns their paths.
  func write(
    _ record: Record, pytorch: String? = nil, into folder: String? = nil,
    extra: (URL) throws -> [String] = { _ in [] }
  ) throws -> [String] {
    guard let output = folder ?? common.output, RecordSink.current == nil else { return [] }
    guard !output.isEmpty else {
      throw PoiseError(
        .outOfRange, quantity: "--output", value: "empty", allowed: "the name of a folder",
        suggestion: "--output . for this one")
    }
    let directory = URL(fileURLWithPath: output, isDirectory: true)
    let outcome = try ReportWriter.write(
      record: record, to: directory, figureFormat: common.figure, pytorch: pytorch)
    if let warning = outcome.warning { Terminal.note("warning: \(warning.message)") }
    return outcome.files.map { path in
      path.hasPrefix("/")
        ? (output as NSString).appendingPathComponent((path as NSString).lastPathComponent) : path
    } + (try extra(directory))
  }

  /// Prints one record.
  func print(_ record: Record, text: (Record) -> String) throws {
    if let sink = RecordSink.current { return sink.take([record]) }
    if common.json {
      FileHandle.standardOutput.write(try record.json())
    } else {
      Terminal.print(text(record))
    }
  }

  /// Prints several records as a JSON array, or as texts one after the other.
  func print(_ records: [Record], text: (Record) -> String) throws {
    if records.count == 1 { return try print(records[0], text: text) }
    if let sink = RecordSink.current { return sink.take(records) }
    if common.json {
      var data = Data("[\n".utf8)
      for (index, record) in records.enumerated() {
        data += try record.json().dropLast()
        data += Data((index + 1 < records.count ? ",\n" : "\n]\n").utf8)
      }
      FileHandle.standardOutput.write(data)
    } else {
      Terminal.print(records.map(text).joined(separator: "\n"))
    }
  }
}
