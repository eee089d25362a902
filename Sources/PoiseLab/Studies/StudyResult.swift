/// A study, judged.
public struct StudyResult: Codable, Sendable {
  /// One sweep of it.
  public struct Part: Codable, Sendable, Equatable {
    /// As the study names it: the name of its folder.
    public var name: String
    /// The command that redoes it.
    public var command: String
    /// Points of the grid, with and without a result.
    public var points: Int
    /// Points with a result.
    public var done: Int
    /// Points that ended with an error, and over their time.
    public var failed: Int
    /// Points that ran over their time.
    public var timeLimit: Int
    /// Seconds that its points took together.
    public var seconds: Double
    /// The first ten points without a result.
    public var failures: [SweepResult.Failure]
  }

  /// One word, as `poise reproduce` takes it.
  public var name: String
  /// What the study is about.
  public var title: String
  /// What was asked.
  public var question: String
  /// How much work was done.
  public var profile: StudyProfile
  /// The sweeps, in the order of the study.
  public var parts: [Part]
  /// Claims beside what was found.
  public var statements: [StudyStatement]
  /// Pictures, the most telling first.
  public var panels: [StudyPanel]
  /// What a reader should know besides, in sentences.
  public var remarks: [String]
  /// Differs if a statement does; else inconclusive if one is, or a point has no result; else agrees.
  public var verdict: StudyStatement.Verdict

  /// The verdict follows from the statements and from whether all points have a result.
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
