/// A study, judged.
public struct StudyResult: Codable, Sendable {
  /// One sweep of it.
  public struct Part: Codable, Sendable, Equatable {
    public var name: String
    /// The command that redoes it.
    public var command: String
    public var points: Int
    public var done: Int
    /// Points that ended with an error, and over their time.
    public var failed: Int
    public var timeLimit: Int
    /// Seconds that its points took together.
    public var seconds: Double
    /// The first ten points without a result.
    public var failures: [SweepResult.Failure]
  }

  public var name: String
  public var title: String
  public var question: String
  public var profile: StudyProfile
  public var parts: [Part]
  public var statements: [StudyStatement]
  public var panels: [StudyPanel]
  public var remarks: [String]
  /// Differs if a statement does; else inconclusive if one is, or a point has no result; else agrees.
  public var verdict: StudyStatement.Verdict

  public init(
    _ study: some Study, profile: StudyProfile, parts: [Part], judgement: StudyJudgement
  ) {
    name = study.name
    title = study.title
    question = study.question
    self.profile = profile
    self.parts = parts
    statements = judgement.statements
    panels = judgement.panels
    remarks = judgement.remarks
    let verdict = StudyStatement.verdict(judgement.statements)
    let isWhole = parts.allSatisfy { $0.done == $0.points }
    self.verdict = verdict == .agrees && !isWhole ? .inconclusive : verdict
  }

  /// How many statements came out so.
  public func count(_ verdict: StudyStatement.Verdict) -> Int {
    statements.count { $0.verdict == verdict }
  }
}

extension StudyResult: RecordedResult {
  public var shape: [(name: String, isWhole: Bool)] {
    panels.map { ("picture \($0.name)", $0.isWhole) }
  }
}
