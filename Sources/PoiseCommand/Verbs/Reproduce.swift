public import ArgumentParser
import Foundation
public import Poise
import PoiseReports

struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Do the claims of the papers hold? Runs a study and judges each of its statements.",
    discussion: """
      A study is a set of sweeps and a judgement of what they gave. Finished points are kept: Ctrl-C
      stops, the same command goes on. Each statement agrees, differs or is inconclusive. Exit status 1
      if any differs, else 2 if a point failed or took too long.

        poise reproduce list
        poise reproduce channels --profile smallest
        poise reproduce all --output studies

      On Slurm the command submits what is missing; once that is done, the same command judges.

        poise reproduce channels --profile cluster --engine slurm --tasks 64 --time 2:00:00
      """)

  @Argument(help: ArgumentHelp("A study, all, or list.", valueName: "study")) var study: String
  @Option(help: "How much work: smallest (seconds), laptop (minutes) or cluster.")
  var profile: StudyProfile = .laptop
  @Option(help: ArgumentHelp("Folder with a folder for each study.", valueName: "dir"))
  var output = "poise-output/studies"
  @Option(
    help: ArgumentHelp(
      "Labelled data in place of the digits, for studies that train (criticality), such as "
        + "train-images-idx3-ubyte of MNIST.", valueName: "path"))
  var data: String?
  @Option(help: "Where points are worked on: local or slurm.") var engine: Engine = .local
  @Option(parsing: .unconditional, help: "Points at a time. Default: all processors.")
  var jobs: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seconds that a point may take.", valueName: "seconds"))
  var timeLimit: Double?
  @Option(help: "Format of the figure files: svg, png or pdf.") var figure: FigureFormat = .svg
  @Flag(help: "Print the records as JSON.") var json = false
  @Flag(help: "No progress on standard error.") var quiet = false
  @OptionGroup(title: "Slurm") var slurm: SlurmJobOptions

  private struct Line: Encodable {
    var name: String
    var title: String
    var question: String
    var sources: [String]
    /// Points of the profile.
    var points: Int
    var missing: Int
  }

  func run() throws {
    guard !output.isEmpty else {
      throw PoiseError(
        .outOfRange, quantity: "--output", value: "empty", allowed: "the name of a folder")
    }
    if study == "list" { return try list() }
    let studies = try chosen()
    let interruption = Interruption()
    var records: [(record: Record, files: [String])] = []
    for one in studies {
      let started = Date()
      let folder = try StudyFolder(at: "\(output)/\(one.name)", one, profile)
      guard try work(folder, interruption) else { continue }
      let delivery = try delivery(folder.path)
      let record = Record(
        verb: "reproduce \(one.name)",
        command: "poise reproduce \(one.name) --profile \(profile.rawValue)"
          + (data.map { " --data \($0)" } ?? ""), seed: 1,
        assumptions: one.assumptions, sources: one.sources,
        timing: Timing(started: started, ended: Date()), result: .study(try folder.result()))
      let files = try delivery.write(record) { [try readme(record, $0)] }
      if !json {
        Terminal.print(
          (records.isEmpty ? "" : "\n")
            + RecordText.render(record, style: Terminal.style, files: files))
      }
      records.append((record, files))
    }
    if json, !records.isEmpty {
      try delivery(output).print(records.map(\.record)) { _ in "" }
    }
    let results = records.compactMap { entry in
      if case .study(let result) = entry.record.result { result } else { nil }
    }
    if results.contains(where: { $0.verdict == .differs }) { throw ExitCode(1) }
    if results.contains(where: { $0.parts.contains { $0.failed + $0.timeLimit > 0 } }) {
      throw ExitCode(2)
    }
  }

  /// The studies that were asked for, on data that can be read.
  private func chosen() throws -> [any Study] {
    let studies = study == "all" ? Studies.all : [try Studies.named(study)]
    guard let data else { return studies }
    let changed = try studies.map { try $0.on(data) }
    // Every point would stumble over them; better before the first.
    _ = try TrainingData(data, preparation: .standardize, seed: 1)
    return changed
  }

  private func delivery(_ folder: String) throws -> Delivery {
    var common = try CommonOptions.parse(json ? ["--json"] : [])
    common.output = folder
    common.figure = figure
    return Delivery(common: common)
  }

  private func readme(_ record: Record, _ folder: URL) throws -> String {
    let target = folder.appendingPathComponent("README.md")
    let text = StudyReadme.text(record, format: figure) ?? ""
    do {
      try Data(text.utf8).write(to: target, options: .atomic)
    } catch {
      throw PoiseError(
        .unwritable, quantity: target.relativePath, value: "cannot be written",
        allowed: "a folder that you may write to", suggestion: "--output with another folder")
    }
    return target.relativePath
  }

  // MARK: work

  /// Sees to the points that are missing.
  ///
  /// - Returns: whether all have come to an end.
  private func work(_ folder: StudyFolder, _ interruption: Interruption) throws -> Bool {
    switch engine {
    case .local:
      for (index, sweep) in folder.sweeps.enumerated() {
        let stage =
          "\(folder.study.name) \(index + 1)/\(folder.sweeps.count) \(sweep.part.name)"
        try compute(folder, sweep, stage, interruption)
      }
      return true
    case .slurm:
      for sweep in folder.sweeps { try submit(folder, sweep) }
      let missing = try folder.missing()
      guard missing > 0 else { return true }
      Terminal.note(
        "\(folder.study.name): \(SweepText.count(missing, "point")) to come. The same command "
          + "submits what is lost, and judges once all are there.")
      return false
    }
  }

  private func compute(
    _ folder: StudyFolder, _ sweep: StudyFolder.Sweep, _ stage: String,
    _ interruption: Interruption
  ) throws {
    let survey = try sweep.folder.survey()
    if survey.damage.damaged > 0 {
      Terminal.note("poise: " + SweepText.damage(survey.damage).dropLast())
    }
    let open = survey.open(retries: false)
    guard !open.isEmpty else { return }
    let runner = try workOptions.runner(sweep.folder)
    let lock = try SweepLock(sweep.folder, share: nil, jobs: runner.jobs)
    let (outcome, _) = try SweepWork.compute(
      sweep.folder, open, runner, share: nil, stage: stage, quiet: quiet, interruption)
    withExtendedLifetime(lock) {}
    if outcome.failed + outcome.timeLimit > 0 {
      Terminal.note(
        "\(stage): \(SweepText.count(outcome.failed + outcome.timeLimit, "point")) without a "
          + "result; poise sweep retry \(sweep.folder.path)")
    }
    guard outcome.isStopped else { return }
    throw PoiseError(
      .cancelled, quantity: folder.path,
      value: "stopped in \(stage) after \(SweepText.count(outcome.finished, "point"))", allowed: "",
      suggestion: "the same command again; every finished point is kept")
  }

  private func submit(_ folder: StudyFolder, _ sweep: StudyFolder.Sweep) throws {
    guard try sweep.folder.survey().count(.missing) > 0 else { return }
    let receipt = try SweepSubmitter(
      folder: sweep.folder, job: slurm.job(), program: WorkOptions.program(),
      timeLimit: workOptions.limit()
    ).submit(retries: false)
    guard !quiet else { return }
    let name = "\(folder.study.name) \(sweep.part.name)"
    Terminal.note(
      receipt.submission > 0
        ? "\(name): job \(receipt.jobs.joined(separator: ", ")), "
          + "\(SweepText.count(receipt.points, "point")) on \(SweepText.count(receipt.tasks, "task"))"
        : "\(name): \(SweepText.count(receipt.inWork, "point")) in work")
  }

  private var workOptions: WorkOptions {
    var work = WorkOptions()
    work.jobs = jobs
    work.timeLimit = timeLimit
    work.quiet = quiet
    work.json = json
    return work
  }

  // MARK: list

  private func list() throws {
    let lines = try Studies.all.map { one in
      let parts = one.parts(profile)
      var line = Line(
        name: one.name, title: one.title, question: one.question, sources: one.sources,
        points: try parts.reduce(0) { try $0 + $1.grid().count }, missing: 0)
      line.missing = line.points
      let path = "\(output)/\(one.name)"
      if FileManager.default.fileExists(atPath: path) {
        do throws(PoiseError) {
          line.missing = try StudyFolder(at: path, one, profile, isDryRun: true).missing()
        } catch {
          Terminal.note("poise: \(one.name): \(error.message)")
        }
      }
      return line
    }
    if json { return try SweepText.print(lines) }
    let table = TextTable([
      .init("study", lines.map(\.name), .left), .init("about", lines.map(\.title), .left),
      .init("points", lines.map { "\($0.points)" }),
      .init("missing", lines.map { "\($0.missing)" }),
    ])
    Terminal.print(
      table.render(style: Terminal.style, indent: 0)
        + "\n\nNext: poise reproduce \(lines.first?.name ?? "all") --profile smallest")
  }
}

extension StudyProfile: ExpressibleByArgument {}
