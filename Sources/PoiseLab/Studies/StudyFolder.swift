public import PoiseNumerics

/// The folder of a study: one sweep for each part of a profile.
///
///     sweeps/<profile>/<part>/    the sweep
public struct StudyFolder: Sendable {
  /// One part and its sweep.
  public struct Sweep: Sendable {
    /// Name and command of the part.
    public let part: StudyPart
    /// Where its points are kept: `sweeps/<profile>/<part>`.
    public let folder: SweepFolder
  }

  /// The folder that holds `sweeps`.
  public let path: String
  /// The study whose parts are swept.
  public let study: any Study
  /// How much work; sweeps of other profiles may lie in the same folder.
  public let profile: StudyProfile
  /// One for each part, in the order of the study.
  public let sweeps: [Sweep]

  /// A folder with the sweeps of a profile, made if needed.
  ///
  /// - Parameter isDryRun: writes nothing.
  /// - Throws: `outOfRange` when a folder holds a sweep that the study no longer has; `unwritable`.
  public init(
    at path: String, _ study: some Study, _ profile: StudyProfile, isDryRun: Bool = false
  ) throws(PoiseError) {
    self.path = path
    self.study = study
    self.profile = profile
    sweeps = try study.parts(profile).map { part throws(PoiseError) in
      do throws(PoiseError) {
        return Sweep(
          part: part,
          folder: try SweepFolder(
            at: "\(path)/sweeps/\(profile.rawValue)/\(part.name)", part.arguments,
            zipped: part.zipped, fixed: part.fixed, series: part.series,
            isDryRun: isDryRun))
      } catch {
        guard error.suggestion.hasPrefix("--into") else { throw error }
        throw PoiseError(
          error.code, quantity: error.quantity, value: error.value, allowed: error.allowed,
          suggestion: "--output with another folder, or remove \(error.quantity)")
      }
    }
  }

  /// Points that have not come to an end, over all parts.
  public func missing() throws(PoiseError) -> Int {
    var missing = 0
    for sweep in sweeps { missing += try sweep.folder.survey().count(.missing) }
    return missing
  }

  /// Judges what the sweeps gave.
  ///
  /// - Throws: `noAnswer` while points are missing; as ``Study/judge(_:)``.
  public func result() throws(PoiseError) -> StudyResult {
    let tables = try sweeps.map { sweep throws(PoiseError) in
      StudyTable(sweep.part, sweep.folder.grid, try sweep.folder.table().table)
    }
    let parts = tables.map(\.summary)
    if let part = parts.first(where: { $0.done + $0.failed + $0.timeLimit < $0.points }) {
      throw PoiseError(
        .noAnswer, quantity: "part \(part.name) of \(study.name)",
        value: "\(part.done + part.failed + part.timeLimit) of \(part.points) points finished",
        allowed: "all of them", suggestion: "poise reproduce \(study.name) again")
    }
    let judgement = try study.judge(StudyData(profile: profile, tables: tables))
    return StudyResult(study, profile: profile, parts: parts, judgement: judgement)
  }
}
