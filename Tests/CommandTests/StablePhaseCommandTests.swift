import Foundation
import Testing

/// `phase`, `tails` and `advise` with stable weights.
@Suite("stable weights")
struct StablePhaseCommandTests {
  private func result(_ line: String, _ key: String) throws -> [String: Any] {
    let run = try Command.run(line + " --json --quiet")
    #expect(run.status == 0, "\(run.errors)")
    let result = try #require(try run.object()["result"] as? [String: Any])
    return try #require(result[key] as? [String: Any])
  }

  @Test("the plane")
  func plane() throws {
    let line = "phase --activation tanh --weights stable --alpha 1.2,1.6,2 --scale 0.5:2#4"
    let plane = try result(line, "stablePhase")
    let cells = try #require(plane["cells"] as? [[String: Any]])
    #expect(cells.count == 12 && cells.allSatisfy { $0.keys.contains("growthRate") })
    let boundaries = try #require(plane["boundaries"] as? [[String: Any]])
    #expect(boundaries.map { $0["name"] as? String } == ["death", "raw-floor"])
    #expect(boundaries.allSatisfy { $0["size"] as? Int == 256 })
    let text = try Command.run(line + " --width 1000")
    #expect(text.output.hasPrefix("At width 1000 signals die below σ_c(1000)"))
    #expect(text.output.columns <= 100 && !text.output.lowercased().contains("nan"))
    // One Gaussian point is still the Gaussian phase.
    let gauss = try Command.run("phase --activation tanh --alpha 2 --scale 1.2247448713915890")
    let same = try Command.run("phase --activation tanh --weight-variance 1.5")
    #expect(gauss.status == 0 && gauss.output.hasPrefix(String(same.output.prefix(30))))
  }

  @Test("a traced boundary resumes")
  func boundary() throws {
    try Command.withFolder { folder in
      let line =
        "phase --activation tanh --weights stable --alpha 1.5,2 --scale 0.5,1 --width 64 "
        + "--boundaries multifractal --journal traces"
      let first = try Command.run(line, in: folder)
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.output.contains("multifractal, N 64"))
      let second = try Command.run(line, in: folder)
      #expect(second.output == first.output && !second.errors.contains("traces: about"))
      let journals = try FileManager.default.contentsOfDirectory(atPath: folder + "/traces")
      #expect(journals.count == 1)
    }
  }

  @Test("advice")
  func advice() throws {
    let line = "advise --activation tanh --weights stable --alpha 1.5,2 --depth 8 --width 64"
    let advice = try result(line + " --data digits --rows 16 --networks 4", "stableAdvice")
    let windows = try #require(advice["windows"] as? [[String: Any]])
    #expect(windows.count == 2 && windows.allSatisfy { $0["lower"] is Double })
    let measured = try #require(advice["measurement"] as? [String: Any])
    #expect(measured["networks"] as? Int == 4)
    let text = try Command.run(
      "advise --activation tanh --weights stable --alpha 2 --depth 8 --width 64")
    #expect(text.output.hasPrefix("Signals live through 8 layers of width 64"))
    #expect(text.output.contains("Not promised: that it trains") && text.output.columns <= 100)
  }

  @Test("growth where nothing settles, and a check")
  func tails() throws {
    let relu = try Command.run("tails --activation relu --alpha 1.5 --scale 1 --pool 0")
    #expect(
      relu.status == 0
        && relu.output.replacing("\n", with: " ").contains("a large signal grows, by"))
    let check = try result(
      "tails --activation tanh --alpha 1.5 --scale 2 --width 200 --pool 0 --check", "tails")
    let rows = try #require((check["check"] as? [String: Any])?["rows"] as? [[String: Any]])
    #expect(rows.count == 9)
  }

  static let slips: [(line: String, words: [String])] = [
    ("phase --activation tanh --weights stable --alpha 2.5", ["2.5", "0.1 to 2", "try"]),
    ("phase --activation tanh --weights stable --alpha 0", ["0.0", "0.1 to 2"]),
    ("phase --activation tanh --weights stable --scale -1", ["-1", "scale"]),
    ("phase --activation relu --weights stable", ["relu", "such as tanh", "poise tails"]),
    ("phase --activation tanh --weights stable --width 3", ["3", "try"]),
    ("phase --activation tanh --weights stable --alpha 1:2#2000 --scale 1:2#2000", ["2000 × 2000"]),
    (
      "phase --activation tanh --weights stable --boundaries lyapunov --pool 10", ["10", "1000 to"]
    ),
    ("phase --activation tanh --weights stable --boundaries edge", ["edge", "delocalised"]),
    (
      "phase --activation tanh --weights stable --alpha 1.5 --scale 1 --width 3000 "
        + "--boundaries multifractal --boundary-alpha 1:1.9:0.02", ["one hour, or --yes", "hours"]
    ),
    ("phase --activation tanh --boundaries lyapunov", ["without stable weights"]),
    ("phase --activation tanh --weights stable --check", ["poise tails"]),
    ("tails --activation tanh --alpha 3 --scale 1", ["3.0", "0.1 to 2"]),
    ("tails --activation tanh --alpha 1.5 --scale 1 --pool 20", ["20", "1000 to"]),
    ("tails --activation tanh --alpha 1.5 --scale 1 --width 50 --check", ["50", "200 to 8000"]),
    ("tails --activation tanh --alpha 1,2 --scale 1 --check", ["2 points"]),
    ("tails --activation tanh --alpha 1:2#21 --scale 1:3#60", ["minutes", "--yes", "--pool 0"]),
    ("advise --activation relu --weights stable --depth 8 --width 64", ["relu", "tanh"]),
    ("advise --activation tanh --weights stable --alpha 5 --depth 8 --width 64", ["5.0"]),
    ("advise --activation tanh --alpha 1.5 --depth 8 --width 64", ["without stable weights"]),
    (
      "advise --activation tanh --weights stable --outputs 10 --depth 8 --width 64",
      ["--outputs"]
    ),
  ]

  @Test("what cannot be asked", arguments: slips)
  func refusals(_ slip: (line: String, words: [String])) throws {
    let run = try Command.run(slip.line)
    #expect(run.status == 64 || run.status == 2, "\(run.status) \(run.output)")
    #expect(run.output.isEmpty)
    for word in slip.words { #expect(run.errors.contains(word), "\(word) in: \(run.errors)") }
    for word in internalWords { #expect(!run.errors.contains(word), "\(run.errors)") }
    #expect(run.errors.columns <= 100)
  }
}
