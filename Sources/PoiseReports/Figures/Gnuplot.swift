public import Foundation
public import PoiseNumerics

/// Draws figures by gnuplot, all of a run in one process.
public struct Gnuplot: Sendable {
  /// Path of the program.
  public let executable: URL
  /// A child that takes longer is ended.
  public let timeLimit: TimeInterval

  /// Finds gnuplot along PATH.
  /// - Throws: `missingTool` with the command that installs it.
  public init(
    path: String = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
    timeLimit: TimeInterval = 60
  ) throws(PoiseError) {
    let candidates = path.split(separator: ":").map {
      URL(fileURLWithPath: String($0)).appendingPathComponent("gnuplot")
    }
    let manager = FileManager.default
    guard let found = candidates.first(where: { manager.isExecutableFile(atPath: $0.path) })
    else { throw Self.missing }
    executable = found
    self.timeLimit = timeLimit
  }

  init(executable: URL, timeLimit: TimeInterval) {
    self.executable = executable
    self.timeLimit = timeLimit
  }

  static let missing = PoiseError(
    .missingTool, quantity: "gnuplot", value: "not found along PATH",
    allowed: "gnuplot 5.4 or newer",
    suggestion: "apt-get install gnuplot-nox fonts-texgyre (Debian), brew install gnuplot (macOS)")

  /// Draws `figures` into `directory`, each with its script and data beside it, and returns the
  /// pictures as SVG text by name.
  ///
  /// Everything is made in a folder of its own and moved when finished, so that an interrupted run
  /// leaves no half picture under a final name.
  public func draw(
    _ figures: [FigureScript], format: FigureFormat, in directory: URL
  ) throws -> [String: String] {
    guard !figures.isEmpty else { return [:] }
    let manager = FileManager.default
    let workshop = directory.appendingPathComponent(".figures-unfinished")
    try? manager.removeItem(at: workshop)
    try manager.createDirectory(at: workshop, withIntermediateDirectories: true)
    defer { try? manager.removeItem(at: workshop) }
    var scripts: [String] = []
    for figure in figures {
      try write(figure.data, to: workshop, "\(figure.stem).dat")
      try write(figure.script(format: format), to: workshop, "\(figure.stem).gp")
      scripts.append("\(figure.stem).gp")
      if format != .svg {
        let script = figure.script(format: .svg, output: "\(figure.stem).svg")
        try write(script, to: workshop, "page-\(figure.name).gp")
        scripts.append("page-\(figure.name).gp")
      }
    }
    try run(scripts, in: workshop)
    return try collect(figures, format: format, from: workshop, to: directory)
  }

  private func collect(
    _ figures: [FigureScript], format: FigureFormat, from workshop: URL, to directory: URL
  ) throws -> [String: String] {
    var pictures: [String: String] = [:]
    for figure in figures {
      let drawn = workshop.appendingPathComponent("\(figure.stem).svg")
      let svg = InlineSVG.withFallbackFonts(try String(contentsOf: drawn, encoding: .utf8))
      pictures[figure.name] = svg
      if format == .svg { try write(svg, to: workshop, "\(figure.stem).svg") }
      for part in ["dat", "gp", format.rawValue] {
        let name = "\(figure.stem).\(part)"
        try AtomicFile.move(
          workshop.appendingPathComponent(name), to: directory.appendingPathComponent(name))
      }
    }
    return pictures
  }

  private func write(_ text: String, to folder: URL, _ name: String) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }

  /// Runs the scripts one after another in one gnuplot, without a shell and without the user's
  /// settings file.
  func run(_ scripts: [String], in folder: URL) throws {
    let log = folder.appendingPathComponent("gnuplot.log")
    guard FileManager.default.createFile(atPath: log.path, contents: nil) else {
      throw PoiseError(.unwritable, quantity: log.path, value: "cannot be made", allowed: "")
    }
    let errors = try FileHandle(forWritingTo: log)
    defer { try? errors.close() }
    let process = Process()
    process.executableURL = executable
    process.arguments = ["-d"] + scripts
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    for name in ["GNUTERM", "GNUPLOT_LIB", "GPVAL_TERM"] { environment[name] = nil }
    environment["LC_ALL"] = "C.UTF-8"
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    let finished = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in finished.signal() }
    try process.run()
    guard finished.wait(timeout: .now() + timeLimit) == .success else {
      kill(process.processIdentifier, SIGKILL)
      _ = finished.wait(timeout: .now() + 5)
      throw PoiseError(
        .notConverged, quantity: "gnuplot", value: "no picture after \(timeLimit) seconds",
        allowed: "", suggestion: "poise report on the record, when the machine is less busy")
    }
    guard process.terminationStatus == 0 else {
      let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
      let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      throw PoiseError(
        .noAnswer, quantity: "gnuplot",
        value: "status \(process.terminationStatus): \(lines.suffix(3).joined(separator: " "))",
        allowed: "",
        suggestion: "poise doctor, which looks at gnuplot; poise report draws the record again")
    }
  }
}

/// Files that are whole or absent.
enum AtomicFile {
  /// Moves within one file system, replacing what was there.
  static func move(_ source: URL, to target: URL) throws {
    guard rename(source.path, target.path) == 0 else {
      throw PoiseError(
        .unwritable, quantity: target.path, value: String(cString: strerror(errno)),
        allowed: "a folder that you may write to", suggestion: "--output with another folder")
    }
  }

  /// Writes beside the target and renames.
  static func write(_ data: Data, to target: URL) throws {
    do {
      try data.write(to: target, options: .atomic)
    } catch {
      throw PoiseError(
        .unwritable, quantity: target.path, value: "cannot be written",
        allowed: "a folder that you may write to", suggestion: "--output with another folder")
    }
  }
}
