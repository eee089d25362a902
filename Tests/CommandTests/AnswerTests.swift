import Foundation
import Testing

/// Answers on standard output: text, JSON, statements of physics.
@Suite struct AnswerTests {
  /// The whole text of a small answer, kept as it is.
  @Test func phaseInText() throws {
    let result = try Command.run(
      "phase --activation tanh --weight-variance 1.5 --bias-variance 0.05")
    #expect(result.status == 0 && result.errors.isEmpty)
    #expect(
      result.output == """
        Ordered: χ₁ = 0.9386 at q* = 0.418; the correlation of two inputs settles over ξ_c = 15.79 layers.

        The edge of chaos of tanh starts at σ_w² = 1.0 without biases.

        tanh, gaussian weights
            σ_w²     σ_b²  phase        χ₁      q*     c*     ξ_q     ξ_c
          1.5000  0.05000  ordered  0.9386  0.4180  1.000  1.6828  15.791

        Next: add --check to measure the same on finite networks

        """)
  }

  /// Where a quantity does not exist the answer says so; it is no error.
  @Test(arguments: [
    ("phase --activation relu --weight-variance 2 --bias-variance 0.1", "Diverging"),
    ("phase --activation relu --weight-variance 2", "Marginal"),
    ("phase --activation gelu --weight-variance 2.5 --bias-variance 0.1", "Diverging"),
    ("phase --activation gelu --weight-variance 2.1 --bias-variance 0", "half-stable"),
    ("phase --activation softplus --weight-variance 1", "no edge of chaos"),
    ("phase --activation erf --weight-variance 1.21 --bias-variance 0.04 --keep 0.95", "dropout"),
    ("advise --activation softplus --depth 4 --width 32", "softplus has no edge of chaos"),
    ("propagate --activation abs --weight-variance 2 --depth 8", "8"),
    (
      "propagate --activation tanh --weight-variance 1.5 --depth 3 --input-correlation -0.5", "tanh"
    ),
  ])
  func statements(line: String, words: String) throws {
    let result = try Command.run(line)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains(words), "\(result.output)")
    #expect(result.output.columns <= 100)
    #expect(!result.output.lowercased().contains("nan"))
  }

  static let verbs: [(line: String, keys: [String])] = [
    (
      "advise --activation tanh --depth 4 --width 32 --data digits --rows 32 --networks 6",
      [
        "headline", "reasons", "caveats", "candidates", "learningRate", "check", "plane",
        "gradientProfiles", "depth", "width", "data", "inputScale",
      ]
    ),
    (
      "phase --activation tanh --weight-variance 0.5:3#6 --bias-variance 0,0.1,0.2",
      ["cells", "criticalLine", "criticalStatement", "presets", "weightVariances", "biasVariances"]
    ),
    (
      "propagate --activation gelu --init he_normal --depth 6 --data digits --rows 24 --check --networks 6 --width 48",
      ["layers", "length", "overlap", "gap", "logGradient", "fixedPoint", "check", "ensemble"]
    ),
  ]

  /// The record as JSON has what is promised, and depends on the number of threads only in the
  /// time it took. The text fits 100 columns.
  @Test(arguments: verbs) func json(line: String, keys: [String]) throws {
    let verb = String(line.prefix { $0 != " " })
    var records: [NSDictionary] = []
    for jobs in [1, 2] {
      let result = try Command.run("\(line) --json --jobs \(jobs)")
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      var object = try result.object()
      let expected = [
        "schema", "version", "verb", "command", "seed", "assumptions", "sources", "machine",
        "timing", "result",
      ]
      #expect(Set(object.keys) == Set(expected))
      #expect(object["schema"] as? String == "poise.record/1" && object["verb"] as? String == verb)
      // Words that a shell would take apart are quoted.
      let command = (object["command"] as? String)?.replacing("'", with: "")
      #expect(command == "poise " + line)
      let answer = try #require((object["result"] as? [String: Any])?[verb] as? [String: Any])
      for key in keys { #expect(answer[key] != nil, "\(key)") }
      object["timing"] = nil
      records.append(object as NSDictionary)
    }
    #expect(records[0] == records[1])
    let text = try Command.run(line)
    #expect(text.status == 0 && text.output.columns <= 100, "\(text.output)")
  }

  @Test func ranges() throws {
    let result = try Command.run(
      "propagate --activation tanh --weight-variance 1,2 --depth 2:4:2 --json")
    let records = try #require(try result.json() as? [[String: Any]])
    #expect(records.count == 4)
  }

  @Test func verifyInJSON() throws {
    let result = try Command.run("verify --json")
    #expect(result.status == 0)
    // One report for each shipped table.
    let reports = try #require(try result.json() as? [[String: Any]])
    #expect(reports.count >= 2)
    for report in reports {
      #expect(Set(report.keys) == ["table", "passed", "failed", "entries"])
      #expect(report["failed"] as? Int == 0 && (report["passed"] as? Int ?? 0) >= 30)
      for entry in try #require(report["entries"] as? [[String: Any]]) {
        #expect(
          Set(entry.keys)
            == ["id", "quantity", "passed", "expected", "computed", "error", "reason"])
        #expect(entry["passed"] as? Bool == true && entry["reason"] is NSNull)
      }
    }
    let text = try Command.run("verify")
    #expect(text.status == 0 && text.output.columns <= 100)
    #expect(text.output.hasPrefix("All "))
  }

  /// A table of one's own: 1 for a value that differs or a quantity nobody knows, 66 for what is
  /// no table.
  @Test(arguments: [
    ("poise.reference/1", "moment_phi2", "1", 0), ("poise.reference/1", "moment_phi2", "1.5", 1),
    ("poise.reference/1", "beauty", "1", 1), ("poise.reference/2", "moment_phi2", "1", 66),
  ])
  func verifyATable(schema: String, quantity: String, value: String, status: Int32) throws {
    try Command.withFolder { folder in
      let table = """
        {"schema": "\(schema)", "entries": [{"id": "a", "quantity": "\(quantity)",
         "parameters": {"activation": "linear", "q": "1"}, "expected": {"value": "\(value)"},
         "tolerance": {"relative": "1e-12"}}]}
        """
      try Data(table.utf8).write(to: URL(fileURLWithPath: "\(folder)/t.json"))
      let result = try Command.run("verify t.json --json", in: folder)
      #expect(result.status == status, "\(result.errors)")
      guard status < 2 else {
        #expect(result.output.isEmpty && result.errors.contains("poise.reference/2"))
        return
      }
      let report = try result.object()
      #expect(report["failed"] as? Int == Int(status))
      let entry = try #require((report["entries"] as? [[String: Any]])?.first)
      #expect((entry["reason"] is NSNull) == (status == 0))
      #expect((entry["computed"] is NSNull) == (quantity == "beauty"))
    }
  }

  @Test(arguments: [
    "advise", "phase", "propagate", "verify", "report", "doctor", "explain", "cite",
  ])
  func helpHasAnExample(verb: String) throws {
    let result = try Command.run([verb, "--help"])
    #expect(result.status == 0)
    #expect(result.output.contains("\n  poise \(verb)"), "\(result.output)")
    #expect(result.output.contains("?") || verb == "report")
    #expect(result.output.columns <= 100)
  }

  @Test func helpNamesEveryVerb() throws {
    let result = try Command.run("--help")
    #expect(result.status == 0)
    for verb in ["advise", "phase", "propagate", "verify", "report", "doctor", "explain", "cite"] {
      #expect(result.output.contains("\n  \(verb) "), "\(verb)")
    }
    #expect(try Command.run("--version").output.hasPrefix("poise "))
  }

  /// No colour into a file; no progress either.
  @Test func plainText() throws {
    let result = try Command.run(
      "advise --activation tanh --depth 3 --width 32 --data digits --rows 16 --networks 5")
    #expect(!result.output.contains("\u{1B}") && result.errors.isEmpty)
    #expect(result.output.hasPrefix("Use orthogonal weights, σ_w² = "))
  }

  @Test func reading() throws {
    #expect(try Command.run("explain chi1").output.contains("χ₁"))
    #expect(try Command.run("explain").status == 0)
    #expect(try Command.run("cite advise").output.contains("@"))
    #expect(try Command.run("doctor --json").json() is [[String: Any]])
  }
}
