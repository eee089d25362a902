public import PoiseNumerics

/// A claim of theory or of a paper put to the test: sweeps, and a judgement of what they gave.
///
/// A study computes nothing itself. Its numbers come from commands that anybody can give alone, so each
/// of them resumes, runs on all processors or on Slurm, and can be redone.
public protocol Study: Sendable {
  /// One word, as `poise reproduce` takes it.
  var name: String { get }
  /// What it is about, without a full stop.
  var title: String { get }
  /// What is asked.
  var question: String { get }
  /// What is taken for granted, in sentences.
  var assumptions: [String] { get }
  /// The papers behind it.
  var citations: [Citation] { get }

  /// The sweeps of a profile. Names are distinct.
  func parts(_ profile: StudyProfile) -> [StudyPart]

  /// The same study on data of one's own.
  ///
  /// - Parameter data: a file with labels, as `poise train --data` takes it.
  /// - Throws: `outOfRange` if the data of this study are part of what it asks.
  func on(_ data: String) throws(PoiseError) -> any Study

  /// Judges what the sweeps gave.
  ///
  /// - Throws: `unknownName` for a number that no point has; `noAnswer` for a point that has none.
  func judge(_ data: StudyData) throws(PoiseError) -> StudyJudgement
}

extension Study {
  /// The papers in short.
  public var sources: [String] { citations.map(\.short) }

  /// A study has its own data unless it says otherwise.
  public func on(_ data: String) throws(PoiseError) -> any Study {
    throw PoiseError(
      .outOfRange, quantity: "--data", value: data,
      allowed: "no data: those of the study \(name) are part of what it asks",
      suggestion: "poise reproduce \(name) without --data")
  }
}

/// How much work a study does.
public enum StudyProfile: String, Codable, Sendable, CaseIterable {
  /// Seconds: whether everything works; statements may remain inconclusive.
  case smallest
  /// Some ten minutes on two processors.
  case laptop
  /// The sizes of the papers.
  case cluster
}

/// What a study found.
public struct StudyJudgement: Sendable {
  /// Claims beside what was found, in the order of the study.
  public var statements: [StudyStatement]
  /// Pictures, the most telling first.
  public var panels: [StudyPanel]
  /// What a reader should know besides, in sentences.
  public var remarks: [String]

  /// A judgement; nothing is computed from it here.
  public init(
    statements: [StudyStatement] = [], panels: [StudyPanel] = [], remarks: [String] = []
  ) {
    self.statements = statements
    self.panels = panels
    self.remarks = remarks
  }
}

/// All studies.
public enum Studies {
  /// Each once, in the order in which they are listed.
  public static let all: [any Study] = [
    ChannelsStudy(), BoundsStudy(), CriticalityStudy(), RenormalizationStudy(), AdviceStudy(),
  ]

  /// The study of this name.
  /// - Throws: `unknownName` with the names that there are.
  public static func named(_ name: String) throws(PoiseError) -> any Study {
    if let study = all.first(where: { $0.name == name }) { return study }
    throw PoiseError(
      .unknownName, quantity: "study", value: name,
      allowed: (all.map(\.name) + ["all", "list"]).joined(separator: ", "),
      suggestion: "poise reproduce list")
  }

  /// The papers behind `reproduce NAME`; none for other verbs.
  static func citations(ofVerb verb: String) -> [Citation] {
    all.first { verb == "reproduce \($0.name)" }?.citations ?? []
  }
}
