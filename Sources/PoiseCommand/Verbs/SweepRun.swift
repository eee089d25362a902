import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct SweepRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Compute what is missing of a sweep, on all processors of this machine.",
    discussion: """
      Every finished point is kept at once. Ctrl-C stops; the same command, or --into alone, goes
      on. A point that fails is recorded with its error and does not stop the others. Exit status 2
      if any failed.

        poise sweep run --into tails -- tails --activation tanh --alpha 1:2#11 \\
          --scale 0.25:3#12 --seed 1:5:1
        poise sweep run --into tails
      """)

  @OptionGroup var swept: SweptOptions
  @OptionGroup var work: WorkOptions
  @Option(
    help: ArgumentHelp(
      "Task T of submission N, as a script of submit asks for it.", valueName: "N:T"))
  var share: String?

  func run() throws {
    let part = try share.map { text throws(PoiseError) in
      guard let part = SweepShare(text) else {
        throw PoiseError(
          .outOfRange, quantity: "--share", value: text, allowed: "N:T, as 1:0")
      }
      return part
    }
    let folder = try swept.folder()
    try SweepWork.run(folder, work, share: part, retries: false)
  }
}

struct SweepRetry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Compute failed points again, with those that are missing.",
    discussion: """
      On this machine, or on Slurm with the options of submit.

        poise sweep retry tails --time-limit 600
        poise sweep retry tails --engine slurm --tasks 8 --time 1:00:00
      """)

  @Argument(help: ArgumentHelp("Folder of the sweep.", valueName: "dir")) var folder: String
  @Option(help: "local or slurm.") var engine: Engine = .local
  @OptionGroup(title: "Slurm") var slurm: SlurmOptions
  @OptionGroup var work: WorkOptions

  func run() throws {
    let folder = try SweepFolder(at: folder)
    switch engine {
    case .local: try SweepWork.run(folder, work, share: nil, retries: true)
    case .slurm: try SweepSubmit.submit(folder, slurm, work, retries: true)
    }
  }
}

extension SweepWork {
  private struct Summary: Encodable {
    var points: Int
    var done: Int
    var failed: Int
    var timeLimit: Int
    var missing: Int
    var computed: Int
    var seconds: Double
    var interrupted: Bool
    var journal: String?
  }

  /// Computes what is missing, of the whole sweep or of a share.
  static func run(
    _ folder: SweepFolder, _ work: WorkOptions, share: SweepShare?, retries: Bool
  ) throws {
    let interruption = Interruption()
    let runner = try work.runner(folder)
    let lock = try SweepLock(folder, share: share, jobs: runner.jobs)
    let started = ContinuousClock.now
    let open: [Int]
    if let share {
      open = try folder.open(share)
    } else {
      let survey = try folder.survey()
      if survey.damage.damaged > 0 {
        Terminal.note("poise: " + SweepText.damage(survey.damage).dropLast())
      }
      open = survey.open(retries: retries)
    }
    let (outcome, journal) = try compute(
      folder, open, runner, share: share, stage: "points", quiet: work.quiet, interruption)
    withExtendedLifetime(lock) {}
    let seconds = (ContinuousClock.now - started) / .seconds(1)
    // A task of an array reads no journal but its own.
    try report(
      folder, work, outcome, seconds, journal, share == nil ? try folder.survey() : nil,
      open.count)
  }

  /// Computes some points into a journal of their own.
  ///
  /// - Returns: what was done, and the path of the journal, if there was anything to do.
  static func compute(
    _ folder: SweepFolder, _ open: [Int], _ runner: SweepRunner, share: SweepShare?,
    stage: String, quiet: Bool, _ interruption: Interruption
  ) throws -> (outcome: SweepRunner.Outcome, journal: String?) {
    guard !open.isEmpty else { return (SweepRunner.Outcome(), nil) }
    let writer = try folder.journal(share: share)
    let line = ProgressLine(quiet: quiet)
    defer { line.finish() }
    defer { writer.close() }
    let grid = folder.grid
    let outcome = try runner.run(
      open,
      keep: { index, entry throws(PoiseError) in
        try writer.append(grid.identity(at: index), entry)
      }, progress: { line.report(stage, $0, $1) }, isStopped: { interruption.isWanted })
    return (outcome, writer.path)
  }

  private static func report(
    _ folder: SweepFolder, _ work: WorkOptions, _ outcome: SweepRunner.Outcome,
    _ seconds: Double, _ journal: String?, _ survey: SweepSurvey?, _ wanted: Int
  ) throws {
    let failed = survey?.count(.failed) ?? outcome.failed
    let late = survey?.count(.timeLimit) ?? outcome.timeLimit
    if work.json {
      try SweepText.print(
        Summary(
          points: survey == nil ? wanted : folder.grid.count,
          done: survey?.count(.done) ?? outcome.done, failed: failed, timeLimit: late,
          missing: survey?.count(.missing) ?? wanted - outcome.finished,
          computed: outcome.finished, seconds: seconds, interrupted: outcome.isStopped,
          journal: journal))
    } else {
      let all = survey == nil ? wanted : folder.grid.count
      let rate = outcome.finished > 0 ? Double(outcome.finished) / seconds : 0
      var text =
        "\(survey?.count(.done) ?? outcome.done) of \(SweepText.count(all, "point")) done"
        + (outcome.finished > 0
          ? "; \(outcome.finished) computed now, in \(SweepText.duration(seconds)) "
            + "(\(NumberText.short(rate)) a second).\n" : "; there was nothing to do.\n")
      if let survey { text += SweepText.failures(survey, folder.grid) }
      if let survey {
        text +=
          survey.count(.missing) > 0
          ? "Next: poise sweep run --into \(folder.path)\n"
          : failed + late > 0
            ? "Next: poise sweep retry \(folder.path)\n"
            : "Next: poise sweep collect \(folder.path) --output DIR\n"
      }
      Terminal.print(text)
    }
    if outcome.isStopped {
      throw PoiseError(
        .cancelled, quantity: folder.path,
        value: "stopped after \(SweepText.count(outcome.finished, "point"))", allowed: "",
        suggestion: "the same command again; every finished point is kept")
    }
    if failed + late > 0 { throw ExitCode(2) }
  }
}
