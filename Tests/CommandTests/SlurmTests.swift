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

  /// Lines of the journals in a folder.
  static func lines(_ folder: String) -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".jsonl") }.reduce(0) { sum, name in
      sum + (FileManager.default.contents(atPath: "\(folder)/\(name)")?.count { $0 == 0x0A } ?? 0)
    }
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
      let line = "stable pdf --alpha 1:1.875#8 --x 0:10#100"
      for jobs in [1, 2] {
        _ = try Command.run("sweep run --into local-\(jobs) --jobs \(jobs) -- \(line)", in: folder)
      }
      let wanted = try SweepCommandTests.collected("local-1", in: folder)
      #expect(try SweepCommandTests.collected("local-2", in: folder) == wanted)

      // The last task stops once it has finished some points, until it is cancelled.
      let halfWay =
        "[ $SLURM_ARRAY_TASK_ID -lt 7 ] || { while [ $(cat \(folder)/s/journals/1-7/*.jsonl "
        + "2>/dev/null | wc -l) -lt 4 ]; do sleep 0.01; done; kill -STOP $$; } &"
      let submit = try Command.run(
        "sweep submit --into s --engine slurm --tasks 8 --time 5:00 --json --setup".words + [
          halfWay
        ]
          + "-- \(line)".words, in: folder)
      #expect(submit.status == 0, "\(submit.errors)")
      let receipt = try submit.object()
      #expect(receipt["tasks"] as? Int == 8 && receipt["points"] as? Int == 800)
      let job = try #require((receipt["jobs"] as? [String])?.first)
      // What is in work is not submitted again.
      let twice = try Command.run("sweep submit --into s", in: folder)
      #expect(twice.output.contains("in work"), "\(twice.output)\(twice.errors)")
      for _ in 0..<6000 where Self.lines("\(folder)/s/journals/1-7") < 4 {
        Thread.sleep(forTimeInterval: 0.01)
      }
      try Self.run("scancel", "\(job)_7")
      let status = try Self.settled("s", in: folder)
      let missing = try #require(status["missing"] as? Int)
      #expect((1...97).contains(missing) && status["failed"] as? Int == 0, "\(status)")
      #expect((status["endedTasks"] as? [String: Int])?["CANCELLED"] == 1, "\(status)")

      let retry = try Command.run("sweep retry s --engine slurm --tasks 8 --json", in: folder)
      // A cancelled task may still finish the points in its hands after the status was read.
      let again = try #require(try retry.object()["points"] as? Int, "\(retry.errors)")
      #expect((1...missing).contains(again), "\(again) of \(missing)")
      let end = try Self.settled("s", in: folder)
      #expect(end["done"] as? Int == 800 && end["failed"] as? Int == 0, "\(end)")
      #expect(try SweepCommandTests.collected("s", in: folder) == wanted)
    }
  }
}

extension String {
  /// Its words.
  fileprivate var words: [String] { split(separator: " ").map(String.init) }
}
