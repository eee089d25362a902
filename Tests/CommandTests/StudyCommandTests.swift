import Foundation
import Testing

/// `poise reproduce`: studies from the first point to the page.
@Suite(.serialized) struct StudyCommandTests {
  /// Points that all journals of a study hold.
  static func points(_ folder: String) -> Int {
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return files.filter { $0.hasSuffix(".jsonl") }.reduce(0) { sum, file in
      let text = FileManager.default.contents(atPath: "\(folder)/\(file)") ?? Data()
      let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
      return sum + lines.count { $0.contains("\"status\"") }
    }
  }

  static func study(_ record: [String: Any]) throws -> [String: Any] {
    let result = try #require(record["result"] as? [String: Any])
    return try #require(result["study"] as? [String: Any])
  }

  @Test func listAndRefusals() throws {
    let list = try Command.run("reproduce list")
    #expect(list.status == 0 && list.output.contains("channels") && list.output.columns <= 100)
    let lines = try #require(
      try Command.run("reproduce list --profile smallest --json").json() as? [[String: Any]])
    for name in ["channels", "bounds"] {
      let line = try #require(lines.first { $0["name"] as? String == name })
      let points = try #require(line["points"] as? Int)
      #expect(points > 5 && line["missing"] as? Int == points)
    }
    for (line, word) in [
      ("reproduce chanels", "channels"), ("reproduce bounds --output=", "--output"),
      ("reproduce bounds --profile tiny", "smallest"),
      ("reproduce bounds --profile smallest --output /proc/x", "/proc/x"),
    ] {
      let run = try Command.run(line)
      #expect([2, 64].contains(run.status) && run.errors.contains(word), "\(run.errors)")
      for internalWord in internalWords { #expect(!run.errors.contains(internalWord)) }
    }
  }

  /// Data that cannot be read are refused before the first point, and a list leaves no trace.
  @Test func nothingIsWrittenBeforeItCanBe() throws {
    try Command.withFolder { folder in
      let run = try Command.run(
        "reproduce criticality --profile smallest --output out --data none.csv", in: folder)
      #expect(run.status == 66 && run.errors.contains("none.csv"), "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/out"))
      try FileManager.default.createDirectory(
        atPath: "\(folder)/out/bounds", withIntermediateDirectories: true)
      let list = try Command.run("reproduce list --output out", in: folder)
      #expect(list.status == 0 && list.errors.isEmpty)
      #expect(try OutputTests.names("\(folder)/out/bounds").isEmpty)
    }
  }

  /// Points that took too long: what they leave open shows in the exit status.
  @Test func pointsWithoutResult() throws {
    try Command.withFolder { folder in
      let run = try Command.run(
        "reproduce advice --profile smallest --output out --quiet --time-limit 0.001", in: folder)
      #expect(run.status == 2, "\(run.output) \(run.errors)")
      #expect(run.output.contains("verdict inconclusive"), "\(run.output)")
    }
  }

  /// The whole of a study; nothing is computed twice.
  @Test func smallestProfile() throws {
    try Command.withFolder { folder in
      let line = "reproduce bounds --profile smallest --output out"
      let run = try Command.run(line, in: folder)
      // relu has no largest bound at χ₁ = 1, which the study says.
      #expect(run.status == 1, "\(run.errors)")
      #expect(run.output.columns <= 100 && run.output.contains("verdict differs."))
      let points = Self.points("\(folder)/out")
      let again = try Command.run("\(line) --json", in: folder)
      #expect(Self.points("\(folder)/out") == points && again.status == 1)
      let record = try again.object()
      #expect(record["command"] as? String == "poise reproduce bounds --profile smallest")
      let study = try Self.study(record)
      let parts = try #require(study["parts"] as? [[String: Any]])
      #expect(parts.reduce(0) { $0 + ($1["points"] as? Int ?? 0) } == points)
      let statements = try #require(study["statements"] as? [[String: Any]])
      for (word, verdict) in [
        ("orthogonal, linear", "agrees"), ("tanh: largest bound", "agrees"), ("relu, s", "differs"),
      ] {
        let one = statements.first { ($0["quantity"] as? String)?.hasPrefix(word) == true }
        #expect(one?["verdict"] as? String == verdict, "\(word)")
      }
      // The page for people has every claim, every command, every figure.
      let names = try OutputTests.names("\(folder)/out/bounds")
      let readme = String(
        decoding: try SweepCommandTests.data("\(folder)/out/bounds/README.md"), as: UTF8.self)
      for part in parts { #expect(readme.contains(try #require(part["command"] as? String))) }
      for one in statements { #expect(readme.contains(try #require(one["claim"] as? String))) }
      if OutputTests.hasGnuplot {
        for panel in try #require(study["panels"] as? [[String: Any]]) {
          let file = "figure-\(panel["name"] as? String ?? "").svg"
          #expect(names.contains(file) && readme.contains("(\(file))"))
        }
        let report = try Command.run("report out/bounds --output again", in: folder)
        #expect(report.status == 0, "\(report.errors)")
      }
      // A command of the page gives the points of the part again.
      let command = try #require(
        parts.first { $0["name"] as? String == "linear" }?["command"] as? String)
      let alone = try Command.run(String(command.dropFirst("poise ".count)), in: folder)
      #expect(alone.status == 0 && alone.output.hasPrefix("6 of 6 points done"))
      let list = try Command.run(
        "reproduce list --profile smallest --output out --json", in: folder)
      let lines = try #require(try list.json() as? [[String: Any]])
      #expect(lines.first { $0["name"] as? String == "bounds" }?["missing"] as? Int == 0)
    }
  }

  /// Ctrl-C in the midst of a part: the same command goes on with what is missing.
  @Test func interruption() throws {
    try Command.withFolder { folder in
      let arguments = "reproduce channels --profile smallest --output out --quiet --jobs 2"
        .split(separator: " ").map(String.init)
      let process = try Command.start(arguments, in: folder)
      for _ in 0..<600 where Self.points("\(folder)/out") < 4 {
        Thread.sleep(forTimeInterval: 0.02)
      }
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 130)
      let errors = String(
        decoding: try SweepCommandTests.data("\(folder)/.stderr"), as: UTF8.self)
      #expect(errors.contains("the same command again"), "\(errors)")
      let kept = Self.points("\(folder)/out")
      #expect(kept >= 4)
      let rest = try Command.run(arguments + ["--json"], in: folder)
      #expect([0, 1].contains(rest.status), "\(rest.errors)")
      let study = try Self.study(try rest.object())
      let parts = try #require(study["parts"] as? [[String: Any]])
      let points = parts.reduce(0) { $0 + ($1["points"] as? Int ?? 0) }
      #expect(kept < points && Self.points("\(folder)/out") == points)
      #expect(parts.allSatisfy { $0["done"] as? Int == $0["points"] as? Int })
      // Exact claims hold at any size.
      let statements = try #require(study["statements"] as? [[String: Any]])
      for word in ["linear, orthogonal: information lost", "linear, orthogonal: I(T; Y)"] {
        let one = statements.first { ($0["quantity"] as? String)?.hasPrefix(word) == true }
        #expect(one?["verdict"] as? String == "agrees", "\(word)")
      }
    }
  }
}
