import Foundation
import PoiseLab
import PoiseModel
import PoiseNumerics
import Testing

@Suite struct RecordTests {
  static func record(_ verb: String, _ result: Record.Result) -> Record {
    Record(
      verb: verb, command: "poise \(verb)", seed: UInt64.max, assumptions: ["a"], sources: ["b"],
      timing: Timing(started: Date(timeIntervalSince1970: 0), ended: Date()), result: result)
  }

  static func results() throws -> [(String, Record.Result)] {
    let relu = try NetworkEnsemble(
      activation: .relu, weights: .gaussian(variance: 2), biases: .gaussian(variance: 0.1))
    return [
      (
        "phase",
        .phase(
          try PhaseSurvey.map(
            .relu, weightVariances: [0.5, 2, 3], biasVariances: [0, 0.1], correlations: false))
      ),
      (
        "propagate",
        .propagate(
          try PropagationSurvey.profile(
            relu, depth: 5, start: .typical(meanSquare: 1, correlation: 0.5)))
      ),
      (
        "advise",
        .advise(
          try Advisor(Advisor.Question(activation: .relu, depth: 3, width: 16, jobs: 1))
            .answer())
      ),
    ]
  }

  /// Writing, reading and writing again gives the same bytes.
  @Test func roundTrip() throws {
    for (verb, result) in try Self.results() {
      let first = try Self.record(verb, result).json()
      let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("poise-\(UUID().uuidString).json").path
      try first.write(to: URL(fileURLWithPath: path))
      defer { try? FileManager.default.removeItem(atPath: path) }
      let read = try Record.read(from: path)
      #expect(try read.json() == first, "\(verb)")
      #expect(read.seed == UInt64.max && read.schema == "poise.record/1")
      let text = String(decoding: first, as: UTF8.self)
      #expect(text.hasSuffix("}\n") && !text.lowercased().contains("nan"))
    }
  }

  /// A number that does not exist is an explicit null, and its case stands beside it.
  @Test func nullsHaveTheirCase() throws {
    var nulls = 0
    for (verb, result) in try Self.results() {
      let object = try JSONSerialization.jsonObject(with: try Self.record(verb, result).json())
      visit(object) { dictionary in
        for (key, value) in dictionary where value is NSNull {
          nulls += 1
          let optional = ["formulaRate", "squaredLossEigenvalue", "crossEntropyEigenvalue"]
          // A homogeneous critical point has no length; nothing more is to be said.
          guard !optional.contains(key), dictionary["isRecommended"] == nil || key != "length"
          else { continue }
          if dictionary.count == 3, key == "length" { continue }
          #expect(dictionary["\(key)Case"] is String, "\(verb): \(key)")
        }
      }
    }
    #expect(nulls > 5)
  }

  private func visit(_ value: Any, _ body: ([String: Any]) -> Void) {
    if let dictionary = value as? [String: Any] {
      body(dictionary)
      dictionary.values.forEach { visit($0, body) }
    } else if let array = value as? [Any] {
      array.forEach { visit($0, body) }
    }
  }

  @Test(arguments: ["", "{}", "[1]", #"{"schema": "poise.record/1"}"#]) func hostile(text: String)
    throws
  {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("poise-\(UUID().uuidString).json").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let error = #expect(throws: PoiseError.self) { try Record.read(from: path) }
    #expect(error?.code == .unreadable && error?.quantity == path)
  }

  @Test func anotherSchemaNamesItself() throws {
    var record = Self.record("phase", try Self.results()[0].1)
    record.schema = "poise.record/9"
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("poise-\(UUID().uuidString).json").path
    try record.json().write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let error = #expect(throws: PoiseError.self) { try Record.read(from: path) }
    #expect(error?.code == .unreadable && error?.value == "schema poise.record/9")
  }
}
