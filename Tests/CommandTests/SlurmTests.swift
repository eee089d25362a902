import Foundation
import Testing

/// A real Slurm, where `Scripts/slurm-for-tests` has started one and `POISE_TEST_SLURM=1` says so.
@Suite struct SlurmTests {
  static let isWanted = ProcessInfo.processInfo.environment["POISE_TEST_SLURM"] == "1"
  static let isThere = isWanted && (try? run("sinfo", "--noheader", "--format=%T")) != nil

  /// What a program of Slurm says.
  @discardableResult
  static func run(_ words: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    struct Failed: Error {}
    guard process.terminationStatus == 0 else { throw Failed() }
    return String(decoding: data, as: UTF8.self)
  }

  @Test func slurmIsTestedOrSaidNotToBe() {
    guard !Self.isThere else { return }
    let reason =
      Self.isWanted ? "Slurm does not answer" : "POISE_TEST_SLURM is not 1, as .ci/run sets it"
    print("SKIPPED: poise sweep submit on a real Slurm: \(reason)")
  }

  /// Waits until no task of the sweep is left; the last status.
  static func settled(_ sweep: String, in folder: String) throws -> [String: Any] {
    var status: [String: Any] = [:]
    for _ in 0..<300 {
      status = try SweepCommandTests.status(sweep, in: folder)
      if (status["tasks"] as? [Any])?.isEmpty == true { return status }
      Thread.sleep(forTimeInterval: 0.2)
    }
    Issue.record("tasks of \(sweep) do not end: \(status)")
    return status
  }

  /// An array of eight tasks; one is cancelled half-way; the rest is submitted again.
  @Test(.enabled(if: isThere, "SKIPPED: needs Slurm and POISE_TEST_SLURM=1"))
  func arrayOfEight() throws {
    try Command.withFolder { folder in
      let line = "phase --activation tanh --weight-variance 0.8:2.2#40 --bias-variance 0:0.2#5"
      for jobs in [1, 2] {
        _ = try Command.run("sweep run --into local-\(jobs) --jobs \(jobs) -- \(line)", in: folder)
      }
      let wanted = try SweepCommandTests.collected("local-1", in: folder)
      #expect(try SweepCommandTests.collected("local-2", in: folder) == wanted)

      // The last two tasks wait for the others: one of them is cancelled before it is through.
      let submit = try Command.run(
        ["sweep", "submit", "--into", "s", "--engine", "slurm", "--tasks", "8", "--time", "5:00"]
          + ["--setup", "[ $SLURM_ARRAY_TASK_ID -lt 7 ] || sleep 100", "--json", "--"]
          + line.split(separator: " ").map(String.init), in: folder)
      #expect(submit.status == 0, "\(submit.errors)")
      let receipt = try submit.object()
      #expect(receipt["tasks"] as? Int == 8 && receipt["points"] as? Int == 200)
      let job = try #require((receipt["jobs"] as? [String])?.first)
      // What is in work is not submitted again.
      let twice = try Command.run("sweep submit --into s", in: folder)
      #expect(twice.output.contains("Nothing to submit: "), "\(twice.output)\(twice.errors)")
      var live = 8
      for _ in 0..<300 where live > 1 {
        Thread.sleep(forTimeInterval: 0.2)
        let tasks = try SweepCommandTests.status("s", in: folder)["tasks"] as? [Any]
        live = tasks?.count ?? 0
      }
      try Self.run("scancel", "\(job)_7")
      let status = try Self.settled("s", in: folder)
      #expect(status["done"] as? Int == 175 && status["missing"] as? Int == 25, "\(status)")
      #expect((status["endedTasks"] as? [String: Int])?["CANCELLED"] == 1, "\(status)")

      let retry = try Command.run("sweep retry s --engine slurm --tasks 8 --json", in: folder)
      #expect(try retry.object()["points"] as? Int == 25, "\(retry.errors)")
      let end = try Self.settled("s", in: folder)
      #expect(end["done"] as? Int == 200 && end["failed"] as? Int == 0, "\(end)")
      #expect(try SweepCommandTests.collected("s", in: folder) == wanted)
      #expect(try OutputTests.names("\(folder)/s/journals").count == 16)
    }
  }
}
