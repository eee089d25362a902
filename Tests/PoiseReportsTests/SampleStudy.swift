import Foundation
import PoiseNumerics

@testable import PoiseLab
@testable import PoiseReports

extension Samples {
  private struct SampleStudy: Study {
    var name: String { "sample" }
    var title: String { "A sample of studies" }
    var question: String { "Do words & pictures hold | for <every> study?" }
    var assumptions: [String] { ["wide layers"] }
    var citations: [Citation] { [Citations.poole] }
    func parts(_ profile: StudyProfile) -> [StudyPart] {
      [StudyPart("first", "phase --activation tanh --depth 2,4")]
    }
    func judge(_ data: StudyData) throws(PoiseError) -> StudyJudgement { StudyJudgement() }
  }

  /// A study with every verdict, a map, curves, gaps and a failed point.
  static func study(statements: Int = 4) -> Record {
    let x = (0..<9).map { pow(2, Double($0)) }
    let all = [
      StudyStatement(
        "variance, tanh", claim: "It is one | or so.", source: "here",
        measured: Estimate(1.01, .standard(0.002, degreesOfFreedom: 20)), is: .equal, 1,
        tolerance: 0.05),
      StudyStatement(
        "a name too long for a column of a table that has to stay within a hundred", claim: "No.",
        source: "there", measured: Estimate(3), is: .atMost, 1, tolerance: 0.5),
      StudyStatement(
        "rate", claim: "Perhaps.", source: "there",
        measured: Estimate(0.9, .standard(0.2, degreesOfFreedom: 20)), is: .atLeast, 1,
        tolerance: 0),
      StudyStatement(
        "top", claim: "Unknown.", source: "there", untested: "no bound above 0", is: .equal, 1,
        tolerance: 0),
    ]
    let panels = [
      StudyPanel(
        "curves", caption: "Curves & points.", x: .init("layers", isLogarithmic: true),
        y: .init("weight variance σ_w²"),
        curves: [
          .init("theory", .line, color: 0, x: x, y: x.map { $0 < 100 ? 1 / $0 : nil }),
          .init(
            "networks", .points, color: 0, x: x, y: x.map { 1.1 / $0 }, error: x.map { 0.1 / $0 }),
          .init("", .dashed, color: 1, x: x, y: x.map { _ in .nan }),
        ]),
      StudyPanel(
        "map", caption: "A map.", x: .init("weight variance σ_w²"),
        y: .init("noise variance s", isLogarithmic: true),
        map: .init(
          "nats", x: [1, 2, 3, 4], y: [0.01, 0.1, 1],
          values: (0..<12).map { $0 == 5 ? nil : Double($0) }),
        curves: [
          .init("edge of chaos", .line, color: 6, x: [0.5, 1.5, 3], y: [0.01, 0.1, 1]),
          .init("", .points, color: 6, x: [2], y: [0.1]),
        ]),
      StudyPanel(
        "signs", caption: "A map of signs.", x: .init("x"), y: .init("y"),
        map: .init("z", x: [1, 2], y: [1, 2], values: [-1, 0, 2, nil], isDiverging: true)),
    ]
    let part = StudyResult.Part(
      name: "first", command: "poise sweep run --into first -- phase --depth 2,4",
      points: 2, done: 1, failed: 1, timeLimit: 0, seconds: 1.5,
      failures: [.init(index: 1, place: "depth 4", status: "failed", reason: "lengths diverge")])
    let result = StudyResult(
      SampleStudy(), profile: .smallest, parts: [part],
      judgement: StudyJudgement(
        statements: Array(all.prefix(statements)), panels: panels, remarks: ["A remark."]))
    return record(.study(result), verb: "reproduce sample")
  }
}
