import Testing

@testable import PoiseCommand

/// A command with other values, and the same command line parsed anew.
@Suite struct PointParserTests {
  /// Command lines with every option that can be changed, and another value for each.
  static let lines: [(line: String, others: [String: String])] = [
    (
      "phase --activation=tanh --weight-variance=1.5 --bias-variance=0.05",
      ["activation": "relu", "weight-variance": "1:2#3", "bias-variance": "0"]
    ),
    (
      "phase --activation=tanh --weights=stable --alpha=1.5 --scale=1 --bias-scale=0",
      ["alpha": "1.25", "scale": "2", "bias-scale": "0.5"]
    ),
    (
      "propagate --activation=tanh --weight-variance=1.5 --depth=20",
      ["weight-variance": "2", "depth": "30", "activation": "gelu"]
    ),
    (
      "spectrum --activation=tanh --weight-variance=1.5 --depth=4 --width=64",
      ["weight-variance": "2", "depth": "8", "width": "32"]
    ),
    (
      "information layers --activation=tanh --weight-variance=1.5 --depth=4 --width=64 "
        + "--convention=A --noise-variance=0.01",
      ["weight-variance": "2", "depth": "8", "width": "32"]
    ),
    (
      "stable pdf --x=0.5 --alpha=1.5 --beta=0 --scale=1 --location=0",
      ["x": "1:2#3", "alpha": "1.25", "beta": "0.5", "scale": "2", "location": "-1"]
    ),
    ("stable cdf --x=0.5 --alpha=1.5", ["x": "-1", "alpha": "2"]),
    ("stable quantile --p=0.5 --alpha=1.5", ["p": "0.25", "alpha": "2"]),
    (
      "tails --activation=tanh --alpha=1.5 --scale=1",
      ["activation": "erf", "alpha": "1.25", "scale": "2"]
    ),
  ]

  /// All that a command holds.
  private func content(_ command: Any) -> String {
    var text = ""
    dump(command, to: &text)
    return text
  }

  private func revalued(
    _ command: some RevaluedCommand, _ old: [String], _ new: [String]
  ) -> (any RevaluedCommand)? { PointParser.revalue(command, from: old, to: new) }

  @Test(arguments: lines) func sameAsParsed(line: String, others: [String: String]) throws {
    let words = line.split(separator: " ").map(String.init)
    let former = try #require(try PoiseCommand.parseVerb(words) as? any RevaluedCommand)
    for (name, value) in others {
      let changed = words.map { $0.hasPrefix("--\(name)=") ? "--\(name)=\(value)" : $0 }
      #expect(changed != words)
      let revalued = revalued(former, words, changed)
      let quick = try #require(revalued, "\(name)")
      let parsed = try PoiseCommand.parseVerb(changed)
      #expect(content(quick) == content(parsed), "\(name)")
      #expect(content(quick) != content(former), "\(name)")
    }
  }

  /// What cannot be set is parsed: another flag, number of words, verb, or an empty value.
  @Test func everythingElseIsParsed() throws {
    let words = ["phase", "--activation=tanh", "--weight-variance=1.5", "--seed=1"]
    let former = try #require(try PoiseCommand.parseVerb(words) as? Phase)
    for other in [
      ["phase", "--activation=tanh", "--weight-variance=1.5", "--seed=2"],
      ["phase", "--activation=tanh", "--bias-variance=1.5", "--seed=1"],
      ["phase", "--activation=tanh", "--weight-variance=", "--seed=1"],
      ["phase", "--activation=tanh", "--weight-variance=1.5"],
      ["spectrum", "--activation=tanh", "--weight-variance=1.5", "--seed=1"],
    ] {
      #expect(PointParser.revalue(former, from: words, to: other) == nil, "\(other)")
    }
  }

  /// One parser for many lines gives what many parsers give, after refusals too.
  @Test func manyLines() throws {
    let parser = PointParser()
    for value in ["0.5", "x", "1.5", "-1", "2"] {
      let words = ["phase", "--activation=tanh", "--weight-variance=\(value)", "--no-correlations"]
      func outcome(_ parser: PointParser) -> String {
        do { return content(try RecordSink.result(of: words, parser)) } catch { return "\(error)" }
      }
      #expect(outcome(parser) == outcome(PointParser()))
    }
  }
}
