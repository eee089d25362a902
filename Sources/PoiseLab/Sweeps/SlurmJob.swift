import Foundation
public import PoiseNumerics

/// What a job asks of Slurm. As a profile a JSON file with these keys, every one optional.
public struct SlurmJob: Codable, Sendable, Equatable {
  /// Wall time of a task, as Slurm takes it: `30:00`, `1-12:00:00`.
  public var time: String?
  /// Memory of a task: `2G`.
  public var memory: String?
  /// Partition that tasks are sent to; nil for the default of Slurm.
  public var partition: String?
  /// Account that tasks are charged to; nil for the default of Slurm.
  public var account: String?
  /// Tasks of the array in all.
  public var tasks: Int?
  /// Most tasks of one array; more tasks become several arrays. Never above MaxArraySize.
  public var tasksPerJob: Int?
  /// Processors of a task, each with a worker.
  public var processors: Int?
  /// Lines of the script before Poise is called, as `module load …`.
  public var setup: [String]?

  /// Nothing is set: what a job asks for is left to Slurm or to Poise.
  public init() {}

  /// Reads a profile.
  /// - Throws: `unreadable`.
  public static func read(_ path: String) throws(PoiseError) -> SlurmJob {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PoiseError(
        .unreadable, quantity: path, value: "no such file, or no permission",
        allowed: "a profile in JSON")
    }
    let keys: Set = [
      "time", "memory", "partition", "account", "tasks", "tasksPerJob", "processors", "setup",
    ]
    let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
    guard let object, let job = try? JSONDecoder().decode(SlurmJob.self, from: data) else {
      throw PoiseError(
        .unreadable, quantity: path, value: "not a profile",
        allowed: "a JSON object with any of \(keys.sorted().joined(separator: ", "))",
        suggestion: #"{"partition": "main", "time": "1:00:00", "setup": ["module load gcc"]}"#)
    }
    if let unknown = object.keys.sorted().first(where: { !keys.contains($0) }) {
      throw PoiseError(
        .unknownName, quantity: path, value: unknown,
        allowed: keys.sorted().joined(separator: ", "))
    }
    return job
  }

  /// This job with what another says where it says something.
  public func overridden(by other: SlurmJob) -> SlurmJob {
    var job = self
    job.time = other.time ?? time
    job.memory = other.memory ?? memory
    job.partition = other.partition ?? partition
    job.account = other.account ?? account
    job.tasks = other.tasks ?? tasks
    job.tasksPerJob = other.tasksPerJob ?? tasksPerJob
    job.processors = other.processors ?? processors
    job.setup = other.setup ?? setup
    return job
  }

  /// The script of one array.
  ///
  /// - Parameters:
  ///   - name: name of the job.
  ///   - indices: tasks of the array.
  ///   - log: file of a task's output, with `%a` for its index.
  ///   - command: words of the command that a task runs; the number of the task is `$task`.
  ///   - first: what is added to the index in the array.
  func script(
    name: String, indices: Range<Int>, log: String, command: [String], first: Int
  ) throws(PoiseError) -> String {
    var lines = ["#!/bin/bash", "#SBATCH --job-name=\(Self.plain(name))"]
    lines.append("#SBATCH --array=\(indices.lowerBound)-\(indices.upperBound - 1)")
    for (option, value) in [
      ("time", time), ("mem", memory), ("partition", partition), ("account", account),
    ] {
      guard let value else { continue }
      guard !value.isEmpty, value.allSatisfy({ $0.isASCII && !$0.isWhitespace && !$0.isNewline })
      else {
        throw PoiseError(
          .outOfRange, quantity: "--\(option)", value: value, allowed: "one word, as Slurm takes it"
        )
      }
      lines.append("#SBATCH --\(option)=\(value)")
    }
    lines.append("#SBATCH --cpus-per-task=\(processors ?? 1)")
    lines.append("#SBATCH --output=\"\(log)\"")
    lines += ["#SBATCH --requeue", "#SBATCH --open-mode=append"]
    // What follows runs on the node; a task that is started again continues.
    lines += ["set -e"] + (setup ?? [])
    lines.append("task=$((SLURM_ARRAY_TASK_ID + \(first)))")
    let words = command.map { $0.contains("$task") ? "\"\($0)\"" : Self.quoted($0) }
    lines.append("exec " + words.joined(separator: " "))
    return lines.joined(separator: "\n") + "\n"
  }

  /// For a shell.
  private static func quoted(_ word: String) -> String {
    "'" + word.replacing("'", with: "'\\''") + "'"
  }

  private static func plain(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-" })
  }
}
