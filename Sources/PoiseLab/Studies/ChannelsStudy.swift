public import PoiseNumerics

/// What random networks carry as channels: corrected mean field, isometry, the bottleneck plane.
public struct ChannelsStudy: Study {
  public init() {}

  public var name: String { "channels" }
  public var title: String { "Random networks as channels" }
  public var question: String {
    "Does corrected mean field give the variance of a unit over inputs, where classic theory does not?"
  }
  public var assumptions: [String] { ["wide layers"] }
  public var citations: [Citation] { [Citations.weng] }

  public func parts(_ profile: StudyProfile) -> [StudyPart] {
    let networks = profile == .smallest ? 3 : profile == .laptop ? 20 : 100
    let line =
      "information --activation tanh --weight-variance 0.8,1.5,3 --bias-variance 0.1 --depth 4 "
      + "--noise output --noise-variance 0.01 --width 64 --check --networks \(networks)"
    return [StudyPart("variance", line)]
  }

  public func judge(_ data: StudyData) throws(PoiseError) -> StudyJudgement {
    let table = try data.part("variance")
    var judgement = StudyJudgement()
    for point in 0..<table.count {
      let z = try table.number("check.worstZ", at: point)
      judgement.statements.append(
        StudyStatement(
          "largest |z|, σ_w² = \(try table.option("weight-variance", at: point))",
          claim: "Second moments of finite networks are those of theory.",
          source: "docs/theory/information.md, section 1", measured: z, is: .atMost,
          try table.number("check.threshold", at: point), tolerance: 0))
    }
    return judgement
  }
}
