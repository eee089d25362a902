import Foundation
import Testing

/// The built program, run as a user runs it.
enum Command {
  struct Result: Sendable {
    var status: Int32
    var output: String
    var errors: String

    /// The answer as JSON.
    func json() throws -> Any {
      try JSONSerialization.jsonObject(with: Data(output.utf8))
    }

    /// The answer as a JSON object.
    func object() throws -> [String: Any] { try #require(try json() as? [String: Any]) }
  }

  struct Missing: Error, CustomStringConvertible {
    var places: [String]
    var description: String {
      "the program poise is not built; looked at \(places.joined(separator: ", ")). "
        + "Try: make build"
    }
  }

  /// The program beside the test bundle.
  static func executable() throws -> URL {
    var folders: [URL] = [Bundle.main.bundleURL]
    for argument in CommandLine.arguments where argument.contains(".xctest") {
      folders.append(URL(fileURLWithPath: argument).deletingLastPathComponent())
    }
    folders.append(
      URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent())
    for bundle in Bundle.allBundles { folders.append(bundle.bundleURL.deletingLastPathComponent()) }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    folders.append(package.appendingPathComponent(".build/release"))
    let places = folders.map { $0.appendingPathComponent("poise") }
    var isFolder: ObjCBool = false
    for place in places
    where FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder)
      && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: place.path)
    {
      return place
    }
    throw Missing(places: places.map(\.path))
  }

  /// A process with its two outputs going to files, so that no pipe can fill.
  static func start(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> Process {
    let process = Process()
    process.executableURL = try executable()
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    for name in ["stdout", "stderr"] {
      _ = FileManager.default.createFile(atPath: "\(folder)/.\(name)", contents: nil)
    }
    process.standardOutput = FileHandle(forWritingAtPath: "\(folder)/.stdout")
    process.standardError = FileHandle(forWritingAtPath: "\(folder)/.stderr")
    try process.run()
    return process
  }

  /// Runs `poise` with these arguments and waits.
  static func run(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]
  ) throws -> Result {
    guard let folder else {
      return try withFolder { try run(arguments, in: $0, environment: environment) }
    }
    let process = try start(arguments, in: folder, environment: environment)
    process.waitUntilExit()
    func text(_ name: String) throws -> String {
      String(
        decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/.\(name)")), as: UTF8.self)
    }
    return Result(
      status: process.terminationStatus, output: try text("stdout"), errors: try text("stderr"))
  }

  /// Runs `poise` with the words of a line.
  static func run(_ line: String, in folder: String? = nil) throws -> Result {
    try run(line.split(separator: " ").map(String.init), in: folder)
  }

  /// A folder that is gone afterwards.
  static func withFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("poise-command-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }
}

/// Words that only a programmer of Poise could read.
let internalWords = [
  "PoiseError", "Fatal error", "Swift.", "Foundation.", "NSCocoa", "Optional(", "Domain=", ".swift",
  "PoiseLab", "Error Domain", "nil",
]

extension String {
  /// Columns of the longest line.
  var columns: Int { split(separator: "\n").map(\.count).max() ?? 0 }
}
