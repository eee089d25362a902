import Foundation
public import PoiseNumerics

/// The commands of Slurm: `sbatch`, `squeue`, `scontrol`, and `sacct` where accounting is enabled.
public struct SlurmQueue: Sendable {
  /// Tasks of arrays that wait or run.
  public struct Task: Sendable, Equatable {
    /// The array.
    public var job: String
    /// Index within the array.
    public var index: Int
    /// PENDING, RUNNING, COMPLETING, …
    public var state: String
    /// Time left, as Slurm prints it.
    public var timeLeft: String
    /// Why it waits.
    public var reason: String
  }

  /// Finds Slurm.
  /// - Throws: `missingTool` where sbatch is not found.
  public init() throws(PoiseError) {
    guard Tool.isFound("sbatch") else {
      throw PoiseError(
        .missingTool, quantity: "Slurm", value: "no sbatch along PATH",
        allowed: "a machine from which jobs are submitted",
        suggestion: "poise sweep run on this machine")
    }
  }

  /// Most tasks of one array: MaxArraySize of the configuration, whose indices stay below it.
  public func maxArraySize() throws(PoiseError) -> Int {
    let text = try Tool.run("scontrol", ["show", "config"])
    return Int(Self.setting("MaxArraySize", in: text) ?? "") ?? 1001
  }

  /// Whether sacct answers.
  func hasAccounting() throws(PoiseError) -> Bool {
    let text = try Tool.run("scontrol", ["show", "config"])
    return !(Self.setting("AccountingStorageType", in: text) ?? "none").hasSuffix("none")
  }

  /// Submits a script; the number of the job.
  public func submit(_ script: String) throws(PoiseError) -> String {
    let text = try Tool.run("sbatch", ["--parsable", script])
    let id = text.split(whereSeparator: { ";\n".contains($0) }).first.map(String.init) ?? ""
    guard !id.isEmpty, id.allSatisfy(\.isNumber) else {
      throw PoiseError(
        .noAnswer, quantity: "sbatch", value: text.trimmingCharacters(in: .whitespacesAndNewlines),
        allowed: "the number of a job")
    }
    return id
  }

  /// Tasks of the given arrays that wait or run.
  public func tasks(of jobs: [String]) throws(PoiseError) -> [Task] {
    guard !jobs.isEmpty else { return [] }
    // Asking for a job that is long gone is an error of squeue: then all of the user's are asked.
    let text = try Tool.run(
      "squeue", ["--noheader", "--array", "--format=%F|%K|%T|%L|%r", "--user=\(NSUserName())"])
    return text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 5, jobs.contains(parts[0]), let index = Int(parts[1]) else { return nil }
      return Task(
        job: parts[0], index: index, state: parts[2], timeLeft: parts[3], reason: parts[4])
    }
  }

  /// How tasks that are gone have ended, as far as Slurm remembers: by accounting where it is
  /// enabled, else by what the controller still holds.
  func endings(of job: String) throws(PoiseError) -> [Int: String] {
    var endings: [Int: String] = [:]
    if try hasAccounting() {
      let text = try Tool.run(
        "sacct", ["--noheader", "--parsable2", "--allocations", "--format=JobID,State", "-j", job])
      for line in text.split(separator: "\n") {
        let parts = line.split(separator: "|").map(String.init)
        guard parts.count == 2, let index = Int(parts[0].split(separator: "_").last ?? "") else {
          continue
        }
        endings[index] = parts[1]
      }
      return endings
    }
    // One record a task, as `JobId=5 ArrayJobId=4 ArrayTaskId=1 … JobState=CANCELLED …`; a job that
    // is forgotten is an error, and then nothing is known.
    guard let text = try? Tool.run("scontrol", ["--oneliner", "show", "job", job]) else {
      return [:]
    }
    for line in text.split(separator: "\n") {
      var fields: [Substring: Substring] = [:]
      for word in line.split(separator: " ") {
        let parts = word.split(separator: "=", maxSplits: 1)
        if parts.count == 2 { fields[parts[0]] = parts[1] }
      }
      if let index = fields["ArrayTaskId"].flatMap({ Int($0) }), let state = fields["JobState"] {
        endings[index] = String(state)
      }
    }
    return endings
  }

  private static func setting(_ name: String, in text: String) -> String? {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      if parts.count == 2, parts[0] == name { return parts[1] }
    }
    return nil
  }
}

/// Programs of the system that are asked something.
enum Tool {
  static func isFound(_ name: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }

  /// Runs a program found along PATH; its standard output.
  /// - Throws: `noAnswer` with what it said on standard error when it fails.
  static func run(_ name: String, _ arguments: [String]) throws(PoiseError) -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw PoiseError(.missingTool, quantity: name, value: "cannot be run", allowed: "")
    }
    // Neither pipe may fill while the other is read; what is said on errors is short.
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let said = String(decoding: complaint.prefix(600), as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      throw PoiseError(
        .noAnswer, quantity: name,
        value: said.isEmpty ? "status \(process.terminationStatus)" : said, allowed: "")
    }
    return String(decoding: text, as: UTF8.self)
  }
}
