import Foundation
@testable import PoiseLab
import PoiseNumerics
import Testing

@Suite struct VerificationTests {
  static func table(_ entries: String, schema: String = "poise.reference/1") -> Data {
    Data(#"{"schema": "\#(schema)", "theory": "t", "about": "a", "entries": [\#(entries)]}"#.utf8)
  }

  /// E φ² of linear at length q is q: a quantity whose value any test can choose.
  static func entry(
    q: String, expected: String, tolerance: String = #"{"relative": "1e-12"}"#,
    quantity: String = "moment_phi2", activation: String = "linear"
  ) -> String {
    """
    {"id": "one", "quantity": "\(quantity)", "parameters": {"activation": "\(activation)", \
    "q": \(q), "sigma_b": "0.3"}, "expected": \(expected), "tolerance": \(tolerance)}
    """
  }

  static func run(_ entry: String) throws -> Verification.EntryResult {
    let table = try Verification.decode(table(entry), name: "test")
    let report = Verification.run(table)
    #expect(report.passed + report.failed == 1)
    return try #require(report.entries.first)
  }

  /// Every entry of every shipped table whose quantity this version knows passes; the tables know
  /// no quantity under another spelling of ours.
  @Test(arguments: Verification.shipped) func shippedTables(name: String) throws {
    let table = try Verification.shippedTable(name)
    let known = table.entries.filter { Verification.registry[$0.quantity] != nil }
    #expect(known.count >= 30)
    let report = Verification.run(table, skipsUnknown: true, jobs: 2)
    #expect(report.entries.count == known.count)
    for entry in report.entries {
      #expect(entry.passed, "\(entry.id) \(entry.quantity): \(entry.reason ?? "")")
      #expect(entry.computed != nil && entry.reason == nil && (entry.error ?? 2) <= 1)
    }
    let unknown = table.entries.filter { Verification.registry[$0.quantity] == nil }
    let rest = Verification.run(
      Verification.Table(name: name, entries: unknown), skipsUnknown: false)
    #expect(rest.entries.count == unknown.count)
    for entry in rest.entries {
      #expect(!entry.passed && entry.computed == nil && entry.error == nil)
      #expect(entry.reason == "unknown quantity \(entry.quantity)")
    }
  }

  /// Every registered quantity is tested by some table.
  @Test func registryIsCovered() throws {
    var quantities: Set<String> = []
    for name in Verification.shipped {
      quantities.formUnion(try Verification.shippedTable(name).entries.map(\.quantity))
    }
    #expect(Set(Verification.registry.keys).subtracting(quantities).isEmpty)
  }

  @Test(arguments: [
    ("2", #"{"value": 2}"#, #"{"relative": 1e-12}"#, true),
    (#""2""#, #"{"value": "2.0"}"#, #"{"relative": "1e-12"}"#, true),
    (#""sqrt(4)""#, #"{"value": 2}"#, #"{"relative": 1e-12}"#, true),
    ("2", #"{"value": 2.1}"#, #"{"relative": 0.05}"#, true),
    ("2", #"{"value": 2.1}"#, #"{"relative": 0.04}"#, false),
    ("2", #"{"value": 2.1}"#, #"{"absolute": 0.11}"#, true),
    ("2", #"{"value": 2.1}"#, #"{"absolute": 0.09}"#, false),
    ("2", #"{"value": 2.1}"#, #"{"standardError": 0.05, "sigmas": 2.5}"#, true),
    ("2", #"{"value": 2.1}"#, #"{"standardError": 0.05, "sigmas": 1.5}"#, false),
    ("2", #"{"value": 2.1}"#, #"{"standardError": 0.05}"#, true),
    ("2", #"{"value": 2.0}"#, #"{"relative": 0}"#, true),
    ("2", #"{"value": 2.1}"#, #"{"relative": 0}"#, false),
    // An exact zero has no relative error: 1e-10 absolutely.
    ("0", #"{"value": 0}"#, #"{"relative": 1e-12}"#, true),
    ("9e-11", #"{"value": 0}"#, #"{"relative": 1e-12}"#, true),
    ("2e-10", #"{"value": 0}"#, #"{"relative": 1e3}"#, false),
  ])
  func tolerances(q: String, expected: String, tolerance: String, passes: Bool) throws {
    let result = try Self.run(Self.entry(q: q, expected: expected, tolerance: tolerance))
    #expect(result.passed == passes, "\(result)")
    #expect((result.reason == nil) == passes)
    let error = try #require(result.error)
    #expect((error <= 1) == passes)
  }

  /// null: the quantity does not exist. Neither side may claim it alone.
  @Test func missingValues() throws {
    let none = Self.entry(
      q: "1", expected: #"{"value": null}"#, quantity: "critical_q", activation: "softplus")
    #expect(try Self.run(none).passed)
    let claimed = Self.entry(
      q: "1", expected: #"{"value": 1}"#, quantity: "critical_q", activation: "softplus")
    let wrong = try Self.run(claimed)
    #expect(!wrong.passed && wrong.computed == ["value": .missing])
    #expect(wrong.reason == "value: expected 1.0, computed null (does not exist)")
    let denied = try Self.run(Self.entry(q: "1", expected: #"{"value": null}"#))
    #expect(!denied.passed && denied.computed == ["value": .number(1)])
  }

  @Test func otherShapes() throws {
    let array = try Self.run(Self.entry(q: "1", expected: #"{"value": [1, "2"]}"#))
    #expect(!array.passed && array.expected == ["value": .array([1, 2])])
    #expect(array.reason == "value: expected 2 numbers, computed 1.0")
    let named = try Self.run(Self.entry(q: "1", expected: #"{"mean": 1}"#))
    #expect(!named.passed && named.reason == "no value named mean")
    let unknown = try Self.run(Self.entry(q: "1", expected: #"{"value": 1}"#, quantity: "beauty"))
    #expect(!unknown.passed && unknown.computed == nil)
    #expect(unknown.reason == "unknown quantity beauty")
  }

  /// Parameters out of range, of another kind, or missing: a failure with a reason, no trap.
  @Test(arguments: [
    "-1", #""nan""#, #""inf""#, "1e999", "null", "[1]", "{}", #""""#, #""sqrt(-1)""#, #""sqrt()""#,
    "1e13",
  ])
  func hostileParameters(q: String) throws {
    // 1e999 may be refused as JSON already.
    guard
      let table = try? Verification.decode(
        Self.table(Self.entry(q: q, expected: #"{"value": 1}"#)), name: "test")
    else { return }
    let result = try #require(Verification.run(table).entries.first)
    #expect(!result.passed && result.computed == nil)
    #expect(result.reason?.contains("parameter q") == true)
  }

  @Test(arguments: [
    "", "{", "[]", "null", "3", "\"x\"", "{}", #"{"schema": 1}"#,
    #"{"schema": "poise.reference/2"}"#,
    #"{"schema": "poise.reference/1"}"#, #"{"schema": "poise.reference/1", "entries": {}}"#,
    #"{"schema": "poise.reference/1", "entries": [1]}"#,
    #"{"schema": "poise.reference/1", "entries": [{}]}"#,
    #"{"entries": []}"#, "\u{0}\u{1}", "{\"schema\": \"poise.reference/1\", \"entries\": [",
  ])
  func hostileTables(text: String) {
    let error = #expect(throws: PoiseError.self) {
      try Verification.decode(Data(text.utf8), name: "bad.json")
    }
    #expect(error?.code == .unreadable && error?.quantity == "bad.json")
    #expect(error?.allowed.contains("poise.reference/1") == true)
  }

  @Test(arguments: [
    (#"{"value": "NaN"}"#, #"{"relative": 1}"#), (#"{"value": "inf"}"#, #"{"relative": 1}"#),
    (#"{"value": "x"}"#, #"{"relative": 1}"#), (#"{"value": {}}"#, #"{"relative": 1}"#),
    (#"{"value": [1, "NaN"]}"#, #"{"relative": 1}"#),
    (#"{"value": [[1], [true]]}"#, #"{"relative": 1}"#),
    (#"{"value": [null]}"#, #"{"relative": 1}"#), (#"{"value": true}"#, #"{"relative": 1}"#),
    ("[1]", #"{"relative": 1}"#), ("1", #"{"relative": 1}"#), ("{}", #"{"relative": 1}"#),
    (#"{"value": 1}"#, "{}"), (#"{"value": 1}"#, "1"), (#"{"value": 1}"#, "null"),
    (#"{"value": 1}"#, #"{"relative": "NaN"}"#), (#"{"value": 1}"#, #"{"relative": -1}"#),
    (#"{"value": 1}"#, #"{"roughly": 1}"#),
  ])
  func malformedEntries(expected: String, tolerance: String) {
    let error = #expect(throws: PoiseError.self) {
      let data = Self.table(Self.entry(q: "1", expected: expected, tolerance: tolerance))
      _ = try Verification.decode(data, name: "bad.json")
    }
    #expect(error?.code == .unreadable)
    #expect(error?.value == "entry 1 (one) is malformed")
  }

  @Test func anEmptyTablePasses() throws {
    let report = Verification.run(try Verification.decode(Self.table(""), name: "empty"))
    #expect(report.passed == 0 && report.failed == 0)
  }

  @Test func missingFile() {
    let error = #expect(throws: PoiseError.self) { try Verification.table(at: "/no/such.json") }
    #expect(error?.code == .unreadable && error?.quantity == "/no/such.json")
  }
}
