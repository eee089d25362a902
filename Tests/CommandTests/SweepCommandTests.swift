import Foundation
import Testing

/// `poise sweep`: what is interrupted loses nothing, and the bytes are the same however it ran.
@Suite(.serialized) struct SweepCommandTests {
  static let swept = "stable pdf --alpha 1:1.875#8 --x 0:2#5"

  static func data(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// The bytes of the collected files.
  static func collected(_ sweep: String, in folder: String) throws -> [Data] {
    let result = try Command.run("sweep collect \(sweep) --output \(sweep)-out", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return try ["sweep.npz", "sweep.csv"].map { try data("\(folder)/\(sweep)-out/\($0)") }
  }

  static func status(_ sweep: String, in folder: String) throws -> [String: Any] {
    try Command.run("sweep status \(sweep) --json", in: folder).object()
  }

  /// Processes that a process has started.
  static func children(of process: Process) throws -> [pid_t] {
    let listing = Process()
    listing.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    listing.arguments = ["pgrep", "-P", "\(process.processIdentifier)"]
    let pipe = Pipe()
    listing.standardOutput = pipe
    try listing.run()
    let text = String(
      decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    listing.waitUntilExit()
    return text.split(separator: "\n").compactMap { pid_t($0) }
  }

  /// Plan, run with one and two jobs, collect, report.
  @Test func wholeWay() throws {
    try Command.withFolder { folder in
      let plan = try Command.run("sweep plan --into a --json -- \(Self.swept)", in: folder).object()
      #expect(plan["points"] as? Int == 40 && plan["missing"] as? Int == 40)
      #expect((plan["timed"] as? [Double])?.count == 3)
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/a"))
      for (name, jobs) in [("a", 1), ("b", 2)] {
        let result = try Command.run(
          "sweep run --into \(name) --jobs \(jobs) -- \(Self.swept)", in: folder)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("40 of 40 points done; 40 computed now"))
      }
      let files = try Self.collected("a", in: folder)
      #expect(try Self.collected("b", in: folder) == files)
      let rows = String(decoding: files[1], as: UTF8.self).split(separator: "\n")
      #expect(rows.count == 41)
      #expect(rows[0].hasPrefix("alpha,x,status,curves.law.alpha,"))
      #expect(rows[1].hasPrefix("1,0,done,") && rows[6].hasPrefix("1.125,0,done,"))
      // One point is what the verb itself says.
      let one = try Command.run("stable pdf --alpha 1.125 --x 0.5 --json", in: folder).object()
      let result = try #require(one["result"] as? [String: Any])
      let stable = try #require(result["stable"] as? [String: Any])
      let curve = try #require((stable["curves"] as? [[String: Any]])?.first)
      let header = rows[0].split(separator: ",", omittingEmptySubsequences: false)
      let row = rows[7].split(separator: ",", omittingEmptySubsequences: false)
      let column = try #require(header.firstIndex(of: "curves.values"))
      #expect(Double(row[column]) == (curve["values"] as? [Double])?.first)
      // Nothing is left to do, and the figures come from the record alone.
      let again = try Command.run("sweep run --into a", in: folder)
      #expect(again.output.hasPrefix("40 of 40 points done; there was nothing to do."))
      let report = try Command.run("report a-out --output again", in: folder)
      #expect(report.status == 0, "\(report.errors)")
      if OutputTests.hasGnuplot {
        #expect(try OutputTests.names("\(folder)/again").contains("figure-sweep.svg"))
      }
    }
  }

  /// What a point that fails, or takes too long, does to the others: nothing.
  @Test func failuresAndRetry() throws {
    try Command.withFolder { folder in
      let line = "phase --activation tanh --weight-variance -1,-0.5,0.5,1,1.5"
      let result = try Command.run("sweep run --into a -- \(line)", in: folder)
      #expect(result.status == 2)
      #expect(result.output.contains("3 of 5 points done"), "\(result.output)")
      #expect(result.output.contains("weight variance") && result.output.contains("sweep retry a"))
      let status = try Self.status("a", in: folder)
      #expect(status["failed"] as? Int == 2 && status["done"] as? Int == 3)
      let again = try Command.run("sweep run --into a --json", in: folder).object()
      #expect(again["computed"] as? Int == 0)
      let retried = try Command.run("sweep retry a --json", in: folder)
      #expect(try retried.object()["computed"] as? Int == 2 && retried.status == 2)
      let rows = String(decoding: try Self.collected("a", in: folder)[1], as: UTF8.self)
      #expect(rows.contains("\n-1,failed,") && rows.contains("\n0.5,done,"))

      let slow = "tails --activation tanh --alpha 1.5 --scale 1 --pool 0,400000 --yes"
      let late = try Command.run("sweep run --into b --time-limit 3 -- \(slow)", in: folder)
      #expect(late.status == 2 && late.output.contains("1 of 2 points done"), "\(late.output)")
      #expect(late.output.contains("took longer than 3 s"))
      #expect(try Self.status("b", in: folder)["timeLimit"] as? Int == 1)
    }
  }

  /// Another grid keeps what is still valid; another sweep is refused, and so are newer versions.
  @Test func folders() throws {
    try Command.withFolder { folder in
      let line = "stable pdf --alpha 1.5 --x"
      _ = try Command.run("sweep run --into a -- \(line) 0:1:0.25", in: folder)
      let wider = try Command.run("sweep run --into a --json -- \(line) 0:2:0.25", in: folder)
      let summary = try wider.object()
      #expect(summary["done"] as? Int == 9 && summary["computed"] as? Int == 4)
      let narrow = try Command.run("sweep run --into a --json -- \(line) 0.5,1", in: folder)
      #expect(try narrow.object()["computed"] as? Int == 0)
      let other = try Command.run(
        "sweep run --into a -- stable cdf --alpha 1.5 --x 0,1", in: folder)
      #expect(other.status == 64 && other.errors.contains("another sweep"), "\(other.errors)")

      let manifest = "\(folder)/a/sweep.json"
      let text = String(decoding: try Self.data(manifest), as: UTF8.self)
      try Data(text.replacing("poise.sweep/1", with: "poise.sweep/2").utf8)
        .write(to: URL(fileURLWithPath: manifest))
      for line in ["sweep run --into a", "sweep status a", "sweep collect a --output out"] {
        let result = try Command.run(line, in: folder)
        #expect(result.status == 66 && result.errors.contains("version 2"), "\(result.errors)")
      }
      for (line, word) in [
        ("sweep status nowhere", "holds no sweep"), ("sweep run --into x", "holds no sweep"),
        ("sweep run --into x -- doctor --a 1,2", "command to sweep"),
        ("sweep run --into x -- phase --activation tanh --beta 1,2", "beta"),
        ("sweep run --into /proc/x -- \(Self.swept)", "/proc/x"),
      ] {
        let result = try Command.run(line, in: folder)
        #expect([64, 66, 2].contains(result.status) && result.errors.contains(word), "\(line)")
        for internalWord in internalWords { #expect(!result.errors.contains(internalWord)) }
      }
    }
  }

  /// A damaged line is named, and its point computed again to the same bytes.
  @Test func damage() throws {
    try Command.withFolder { folder in
      _ = try Command.run("sweep run --into a -- \(Self.swept)", in: folder)
      let whole = try Self.collected("a", in: folder)
      let journals = "\(folder)/a/journals/local"
      let name = try #require(
        try OutputTests.names(journals).first { $0.hasSuffix(".jsonl") })
      var bytes = try Self.data("\(journals)/\(name)")
      let middle = bytes.count / 2
      bytes[middle] = bytes[middle] == 0x37 ? 0x38 : 0x37
      try bytes.write(to: URL(fileURLWithPath: "\(journals)/\(name)"))
      let result = try Command.run("sweep run --into a", in: folder)
      #expect(result.output.hasPrefix("40 of 40 points done; 1 computed now"), "\(result.output)")
      #expect(result.errors.contains("\(name): line"), "\(result.errors)")
      #expect(try Self.collected("a", in: folder) == whole)
      // Dates of files mean nothing.
      let old = [FileAttributeKey.modificationDate: Date(timeIntervalSince1970: 4e9)]
      try FileManager.default.setAttributes(old, ofItemAtPath: "\(journals)/\(name)")
      #expect(try Self.collected("a", in: folder) == whole)
    }
  }

  /// A file system that takes no more is named; what was finished is kept.
  @Test func noRoom() throws {
    try Command.withFolder { folder in
      let poise = try Command.executable().path
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/bash")
      // Blocks of 1024 bytes: room for half of the points.
      shell.arguments = [
        "-c", "ulimit -f 8; exec '\(poise)' sweep run --into a --quiet -- \(Self.swept) 2> errors",
      ]
      shell.currentDirectoryURL = URL(fileURLWithPath: folder)
      shell.standardOutput = FileHandle.nullDevice
      try shell.run()
      shell.waitUntilExit()
      let errors = String(decoding: try Self.data("\(folder)/errors"), as: UTF8.self)
      #expect(shell.terminationReason == .exit && shell.terminationStatus == 2, "\(errors)")
      #expect(errors.contains("make room"), "\(errors)")
      let done = try #require(try Self.status("a", in: folder)["done"] as? Int)
      #expect(done > 0 && done < 40)
      let result = try Command.run("sweep run --into a --json", in: folder).object()
      #expect(result["computed"] as? Int == 40 - done)
      _ = try Command.run("sweep run --into b -- \(Self.swept)", in: folder)
      #expect(try Self.collected("a", in: folder) == Self.collected("b", in: folder))
    }
  }

  /// Ctrl-C ends a run with what it has; a second run beside the first is refused.
  @Test func interruption() throws {
    try Command.withFolder { folder in
      let line = "phase --activation tanh --weight-variance 0.8:2.2#20000"
      let arguments = "sweep run --into a --quiet -- \(line)".split(separator: " ").map(String.init)
      let process = try Command.start(arguments, in: folder)
      var done = 0
      for _ in 0..<200 where done == 0 {
        Thread.sleep(forTimeInterval: 0.05)
        done = (try? Self.status("a", in: folder)["done"] as? Int) ?? 0
      }
      let second = try Command.run("sweep run --into a", in: "\(folder)/a/..")
      #expect(second.status == 64 && second.errors.contains("another run"), "\(second.errors)")
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 130)
      let status = try Self.status("a", in: folder)
      #expect(status["localWorkers"] as? Int == 0)
      #expect((status["done"] as? Int ?? 0) >= done && done > 0)
    }
  }

  /// Maps of every verb that takes long.
  static let maps = [
    "tails --activation tanh --alpha 1.5 --scale 0.5:3@16 --pool 1000",
    "phase --activation tanh --keep 0.9 --weight-variance 0.5:4#64 --bias-variance 0:1#10",
    "phase --activation tanh --weights stable --alpha 1.1:1.9#6 --scale 0.25:3#6 --width 1000",
    "spectrum --activation tanh --weights orthogonal --weight-variance 1.1025 "
      + "--bias-variance 1.68e-4 --depth 10:100@8",
  ]

  /// A map with --output that was killed continues, and ends in the same record.
  @Test(arguments: maps) func mapContinues(line: String) throws {
    try Command.withFolder { folder in
      let arguments = "\(line) --jobs 1 --output out".split(separator: " ").map(String.init)
      // On a busy machine the blow may come too late.
      var kept = 0
      for _ in 0..<5 {
        try? FileManager.default.removeItem(atPath: "\(folder)/out")
        let process = try Command.start(arguments, in: folder)
        while process.isRunning, SlurmTests.lines("\(folder)/out/.unfinished") < 4 {
          Thread.sleep(forTimeInterval: 0.01)
        }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        kept = SlurmTests.lines("\(folder)/out/.unfinished") - 1
        if process.terminationReason == .uncaughtSignal, kept >= 3 { break }
      }
      #expect(kept >= 3)
      let second = try Command.run(arguments, in: folder)
      #expect(second.status == 0, "\(second.errors)")
      let counted = second.errors.firstMatch(of: /resumed: (\d+) finished points were there/)
      let resumed = try #require(counted.flatMap { Int($0.1) }, "\(second.errors)")
      // The cheap points of a map of phases are kept by the row or more.
      #expect(line.hasPrefix("phase") ? resumed >= 3 * 6 : resumed == kept, "\(resumed) of \(kept)")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/out/.unfinished"))
      _ = try Command.run("\(line) --output calm", in: folder)
      func result(_ name: String) throws -> Data {
        let record = try #require(
          try JSONSerialization.jsonObject(with: Self.data("\(folder)/\(name)/record.json"))
            as? [String: Any])
        return try JSONSerialization.data(
          withJSONObject: try #require(record["result"]), options: .sortedKeys)
      }
      #expect(try result("out") == result("calm"))
    }
  }

  /// Whatever the clocks of journals and manifest say, nothing changes.
  @Test(arguments: [0, 2e10]) func datesMeanNothing(seconds: Double) throws {
    try Command.withFolder { folder in
      let line = "stable pdf --alpha 1.5 --x 0,0.25,0.5,0.75"
      _ = try Command.run("sweep run --into a -- \(line)", in: folder)
      let (whole, status) = (
        try Self.collected("a", in: folder), try Command.run("sweep status a", in: folder)
      )
      let date = [FileAttributeKey.modificationDate: Date(timeIntervalSince1970: seconds)]
      let names = try #require(FileManager.default.enumerator(atPath: "\(folder)/a"))
      for case let name as String in names {
        try FileManager.default.setAttributes(date, ofItemAtPath: "\(folder)/a/\(name)")
      }
      #expect(try Command.run("sweep status a", in: folder).output == status.output)
      let again = try Command.run("sweep run --into a --json", in: folder).object()
      #expect(again["computed"] as? Int == 0 && again["done"] as? Int == 4)
      // Another point beside the old ones: its journal is the younger or the older, by far.
      let more = try Command.run("sweep run --into a --json -- \(line),1", in: folder)
      #expect(try more.object()["computed"] as? Int == 1)
      _ = try Command.run("sweep run --into a -- \(line)", in: folder)
      #expect(try Self.collected("a", in: folder) == whole)
    }
  }

  /// Kills runs and their workers at random; what is collected in the end is what an undisturbed run
  /// gives, every point once.
  static func kill(times: Int, points: String) throws {
    try Command.withFolder { folder in
      let line = "stable pdf --alpha 1.5 --x 0:10#\(points)"
      _ = try Command.run("sweep run --into calm -- \(line)", in: folder)
      let calm = try collected("calm", in: folder)
      var random = SystemRandomNumberGenerator()
      var killed = 0
      var sweeps = 0
      while killed < times {
        sweeps += 1
        let name = "sweep-\(sweeps)"
        var isDone = false
        while !isDone {
          let arguments = "sweep run --into \(name) --jobs 2 --quiet -- \(line)"
          let process = try Command.start(
            arguments.split(separator: " ").map(String.init), in: folder)
          // Some blows for the workers, then one for the run itself; or none, and it comes to its end.
          while process.isRunning, killed < times {
            Thread.sleep(forTimeInterval: .random(in: 0.02...0.4, using: &random))
            guard process.isRunning else { break }
            let victim =
              Bool.random(using: &random)
              ? try children(of: process).randomElement(using: &random) : nil
            Foundation.kill(victim ?? process.processIdentifier, SIGKILL)
            killed += 1
          }
          process.waitUntilExit()
          isDone = process.terminationReason == .exit
          if isDone { #expect(process.terminationStatus == 0) }
        }
        #expect(try collected(name, in: folder) == calm, "after \(killed) kills")
        let status = try status(name, in: folder)
        #expect(status["missing"] as? Int == 0 && status["failed"] as? Int == 0)
        #expect((status["damagedLines"] as? [String])?.isEmpty == true)
      }
      print("\(killed) kills in \(sweeps) sweeps")
    }
  }

  @Test func tenKills() throws { try Self.kill(times: 10, points: "600") }
}

@Suite(.enabled(if: ProcessInfo.processInfo.environment["POISE_VALIDATE"] != nil, "long"))
struct SweepKillValidation {
  @Test func twoHundredKills() throws { try SweepCommandTests.kill(times: 200, points: "2000") }
}
