import Foundation
import PoiseNumerics
import Testing

@testable import PoiseLab

/// A study of two small sweeps, judged by what a test tells it.
private struct SampleStudy: Study {
  var name = "sample"
  var title: String { "A sample" }
  var question: String { "Does it work?" }
  var assumptions: [String] { ["nothing"] }
  var citations: [Citation] { [Citations.poole] }
  var networks = 3
  var path = "value"

  func parts(_ profile: StudyProfile) -> [StudyPart] {
    let depths = profile == .smallest ? "2,4" : "2,4,8"
    return [
      StudyPart(
        "first",
        "phase --activation tanh,erf --depth \(depths) --networks \(networks) "
          + "--weight-variance 1.50"),
      StudyPart(
        "second", "stable pdf --alpha 1,2 --x 0,1", zip: [["alpha", "x"]], fixed: ["y"], series: 9),
    ]
  }

  func judge(_ data: StudyData) throws(PoiseError) -> StudyJudgement {
    let table = try data.part("first")
    let point = try table.point(["activation": "erf", "depth": "4"])
    return StudyJudgement(statements: [
      StudyStatement(
        "value", claim: "It is 3.", source: "here",
        measured: Estimate(try table.number(path, at: point)), is: .equal, 3, tolerance: 0.5)
    ])
  }
}

@Suite struct StudyTests {
  private struct Value: RecordedResult {
    struct Row: Codable, Sendable {
      var quantity: String
      var size: Double
      var list: [Double]
    }
    var value: Double
    @Nullable var absent: Double?
    var kind = "sample"
    var row: [Double] = [1, 2]
    var single: [Double] = [7]
    var rows: [Row] = []
    var shape: [(name: String, isWhole: Bool)] { [] }
  }

  private static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("poise-study-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  /// Finishes points of a part: the value of each, or nil for one that fails.
  private static func finish(
    _ folder: StudyFolder, _ part: Int, _ values: [Double?]
  ) throws {
    let sweep = folder.sweeps[part].folder
    let journal = try sweep.journal(share: nil)
    for (index, value) in values.enumerated() {
      let point =
        try value.map { try SweepPoint(Value(value: $0), seconds: 1, series: 9) }
        ?? SweepPoint(.failed, seconds: 1, reason: "lengths diverge")
      try journal.append(sweep.grid.identity(at: index), point.json)
    }
    journal.close()
  }

  // MARK: verdicts

  /// Three standard errors around the measured number: all allowed, none, or some of them.
  @Test(
    arguments: [
      (1.0, nil, .equal, .agrees), (1.1, nil, .equal, .agrees), (1.2, nil, .equal, .differs),
      (1.05, 0.01, .equal, .agrees), (1.05, 0.02, .equal, .inconclusive),
      (1.2, 0.03, .equal, .differs), (1.2, 0.05, .equal, .inconclusive),
      (0.8, 0.03, .equal, .differs), (-5, nil, .atMost, .agrees), (1.11, nil, .atMost, .differs),
      (1.09, 0.01, .atMost, .inconclusive), (5, nil, .atLeast, .agrees),
      (0.89, nil, .atLeast, .differs), (0.95, 0.03, .atLeast, .inconclusive),
      (.nan, nil, .equal, .inconclusive), (.infinity, nil, .atLeast, .inconclusive),
      (1, .nan, .equal, .inconclusive),
    ] as [(Double, Double?, StudyStatement.Relation, StudyStatement.Verdict)])
  func verdict(
    _ measured: Double, _ error: Double?, _ relation: StudyStatement.Relation,
    _ verdict: StudyStatement.Verdict
  ) throws {
    let estimate = Estimate(
      measured, error.map { .standard($0, degreesOfFreedom: .infinity) } ?? .exact)
    let one = StudyStatement(
      "q", claim: "c", source: "s", measured: estimate, is: relation, 1, tolerance: 0.1 + 1e-12)
    #expect(one.verdict == verdict)
    #expect((one.reach == nil) == (one.measured == nil))
    #expect(one.reach == nil || abs(one.reach! - 3 * (error ?? 0)) <= 1e-4 * (error ?? 0))
    #expect((one.measured == nil) == (one.measuredCase != nil))
    #expect(one.measured == nil || abs(one.by! - (measured - 1)) < 1e-15)
    let again = try JSONDecoder().decode(
      StudyStatement.self, from: JSONEncoder().encode(one))
    #expect(again == one)
  }

  @Test func verdictOfAll() {
    func all(_ values: Double...) -> StudyStatement.Verdict {
      StudyStatement.verdict(
        values.map {
          StudyStatement(
            "q", claim: "c", source: "s",
            measured: Estimate($0, .standard(0.1, degreesOfFreedom: .infinity)), is: .atMost, 0,
            tolerance: 0)
        })
    }
    #expect(all(-1, -2) == .agrees && all(-1, 0) == .inconclusive)
    #expect(all(-1, 0, 1) == .differs && all() == .inconclusive)
    let untested = StudyStatement(
      "q", claim: "c", source: "s", untested: "no bound", is: .equal, 0, tolerance: 1)
    #expect(untested.verdict == .inconclusive && untested.measuredCase == "no bound")
  }

  // MARK: folders and tables

  @Test func wholeWay() throws {
    try Self.withFolder { path in
      let folder = try StudyFolder(at: path, SampleStudy(), .smallest)
      #expect(try folder.missing() == 6)
      #expect(FileManager.default.fileExists(atPath: "\(path)/sweeps/smallest/first/sweep.json"))
      try Self.finish(folder, 0, [1, 2, 3, 3.25])
      // While a part is missing nothing is judged.
      #expect(throws: PoiseError.self) { try folder.result() }
      try Self.finish(folder, 1, [0, 0])
      let result = try StudyFolder(at: path, SampleStudy(), .smallest).result()
      #expect(result.verdict == .agrees && result.statements[0].measured == 3.25)
      #expect(result.parts.map(\.points) == [4, 2] && result.parts[0].seconds == 4)
      #expect(
        result.parts[1].command
          == "poise sweep run --into second --zip alpha,x --fixed y --series 9 -- stable pdf "
          + "--alpha 1,2 --x 0,1")
      // Another profile has folders of its own; a changed command is refused with a way out.
      #expect(try StudyFolder(at: path, SampleStudy(), .laptop).missing() == 8)
      let fault = #expect(throws: PoiseError.self) {
        try StudyFolder(at: path, SampleStudy(networks: 4), .smallest)
      }
      #expect(fault?.suggestion.contains("--output with another folder") == true)
    }
  }

  @Test func failedPointsAndMissingColumns() throws {
    try Self.withFolder { path in
      let folder = try StudyFolder(at: path, SampleStudy(), .smallest)
      try Self.finish(folder, 0, [nil, 2, 3, 3])
      try Self.finish(folder, 1, [0, 0])
      // A point without a result that no statement needs: nothing agrees without it.
      let result = try folder.result()
      #expect(result.statements[0].verdict == .agrees && result.verdict == .inconclusive)
      #expect(result.parts[0].failed == 1)
      #expect(result.parts[0].failures[0].reason == "lengths diverge")
      // Paths that no point has are named with those that there are.
      let unknown = #expect(throws: PoiseError.self) {
        try StudyFolder(at: path, SampleStudy(path: "values"), .smallest).result()
      }
      #expect(unknown?.code == .unknownName && unknown?.allowed.contains("value") == true)
      // A number that does not exist there.
      let absent = #expect(throws: PoiseError.self) {
        try StudyFolder(at: path, SampleStudy(path: "absent"), .smallest).result()
      }
      #expect(absent?.code == .noAnswer)
    }
    try Self.withFolder { path in
      let folder = try StudyFolder(at: path, SampleStudy(), .smallest)
      try Self.finish(folder, 0, [1, 2, 3, nil])
      try Self.finish(folder, 1, [0, 0])
      let failed = #expect(throws: PoiseError.self) { try folder.result() }
      #expect(failed?.code == .noAnswer && failed?.value == "lengths diverge")
    }
    try Self.withFolder { path in
      let folder = try StudyFolder(at: path, SampleStudy(), .smallest)
      try Self.finish(folder, 0, [nil, nil, nil, nil])
      try Self.finish(folder, 1, [nil, nil])
      let none = #expect(throws: PoiseError.self) { try folder.result() }
      #expect(none?.value.contains("lengths diverge") == true)
    }
  }

  @Test func tables() throws {
    let part = SampleStudy().parts(.smallest)[0]
    let grid = try part.grid()
    var table = SweepTable(count: grid.count)
    for index in 0..<3 {
      let json = try SweepPoint(Value(value: Double(index)), seconds: 1, series: 9).json
      json.withUnsafeBufferPointer { table.take(index, $0) }
    }
    table.finish(copies: [])
    let study = StudyTable(part, grid, table)
    #expect(try study.values(of: "weight-variance") == ["1.5"])
    #expect(try study.numbers(of: "depth") == [2, 4])
    #expect(try study.points(["weight-variance": "1.500", "activation": "tanh"]) == [0, 1])
    #expect(try study.value("depth", at: 1) == 4 && study.option("activation", at: 2) == "erf")
    #expect(try study.series("row", at: 0) == [1, 2] && study.series("single", at: 1) == [7])
    #expect(try study.word("kind", at: 0) == "sample" && study.word("kind", at: 3) == nil)
    #expect(try study.optional("value", at: 3) == nil && study.done == [0, 1, 2])
    for body in [
      { _ = try study.values(of: "alpha") }, { _ = try study.numbers(of: "activation") },
      { _ = try study.point(["activation": "tanh"]) }, { _ = try study.series("value2", at: 0) },
      { _ = try study.word("value", at: 0) },
    ] as [() throws -> Void] { #expect(throws: PoiseError.self) { try body() } }
  }

  /// Elements of a list stand under their names too, if all have one and no two the same.
  @Test func namedLists() throws {
    func flat(_ names: String...) throws -> FlatResult {
      let rows = names.enumerated().map {
        Value.Row(quantity: $1, size: Double($0), list: [Double($0), 5])
      }
      return try FlatResult(Value(value: 1, rows: rows), longest: 9)
    }
    let named = try flat("length", "overlap")
    #expect(named.numbers.first { $0.name == "rows.overlap.size" }?.value == 1)
    #expect(named.series.first { $0.name == "rows.length.list" }?.value == [0, 5])
    #expect(named.series.first { $0.name == "rows.size" }?.value == [0, 1])
    for other in [try flat("length", "length"), try flat("length", "")] {
      #expect(!other.numbers.contains { $0.name.hasPrefix("rows.") })
      #expect(other.series.contains { $0.name == "rows.size" })
    }
  }

  // MARK: the studies

  @Test(arguments: StudyProfile.allCases) func allStudies(_ profile: StudyProfile) throws {
    #expect(Set(Studies.all.map(\.name)).count == Studies.all.count)
    for study in Studies.all {
      let parts = study.parts(profile)
      #expect(!parts.isEmpty && Set(parts.map(\.name)).count == parts.count)
      #expect(!study.citations.isEmpty && !study.assumptions.isEmpty)
      #expect(!study.title.hasSuffix(".") && !study.question.isEmpty)
      for part in parts { #expect(try part.grid().count > 0, "\(study.name) \(part.name)") }
      // Every source once, Poise last, whether the study names it or not.
      let papers = study.citations.filter { $0.key != "poise" }
      #expect(Citations.forVerb("reproduce \(study.name)") == papers + [Citations.poise])
    }
  }

  @Test func unknownStudy() throws {
    #expect(try Studies.named("channels").name == "channels")
    let fault = #expect(throws: PoiseError.self) { try Studies.named("chanels") }
    #expect(fault?.code == .unknownName && fault?.allowed.contains("channels") == true)
  }
}
