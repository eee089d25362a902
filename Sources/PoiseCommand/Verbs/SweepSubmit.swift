import ArgumentParser
import Foundation
import Poise
import PoiseReports

/// Where points are worked on.
enum Engine: String, CaseIterable, ExpressibleByArgument { case local, slurm }

/// What a job asks of Slurm.
struct SlurmJobOptions: ParsableArguments {
  @Option(help: "Wall time of a task, as 30:00 or 1-12:00:00.") var time: String?
  @Option(help: "Memory of a task, as 2G.") var memory: String?
  @Option(help: "Partition.") var partition: String?
  @Option(help: "Account.") var account: String?
  @Option(parsing: .unconditional, help: "Tasks among which the points are shared. Default: 8.")
  var tasks: Int?
  @Option(
    parsing: .unconditional,
    help: "Most tasks of one array; more become several arrays. Default: MaxArraySize.")
  var tasksPerJob: Int?
  @Option(parsing: .unconditional, help: "Processors of a task, each with a worker. Default: 1.")
  var processors: Int?
  @Option(
    help: ArgumentHelp(
      "A line for the script before Poise is called; may be repeated.", valueName: "line"))
  var setup: [String] = []

  func job() -> SlurmJob {
    var job = SlurmJob()
    job.time = time
    job.memory = memory
    job.partition = partition
    job.account = account
    job.tasks = tasks
    job.tasksPerJob = tasksPerJob
    job.processors = processors
    job.setup = setup.isEmpty ? nil : setup
    return job
  }
}

/// The same, with a file of defaults.
struct SlurmOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "JSON with any of time, memory, partition, account, tasks, tasksPerJob, processors, setup.",
      valueName: "file"))
  var profile: String?
  @OptionGroup(title: "Slurm") var options: SlurmJobOptions

  /// Options win over the profile.
  func job() throws(PoiseError) -> SlurmJob {
    guard let profile else { return options.job() }
    return try SlurmJob.read(profile).overridden(by: options.job())
  }
}

struct SweepSubmit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Give what is missing of a sweep to Slurm.",
    discussion: """
      Writes the script of an array job into the folder, submits it, prints the number of the job.
      What is done, or in the hands of tasks that wait or run, is not submitted again.

        poise sweep submit --into tails --engine slurm --tasks 32 --time 1:00:00 --memory 2G \\
          --setup 'module load openblas' -- tails --activation tanh --alpha 1:2#11 --scale 0.25:3#12
      """)

  @OptionGroup var swept: SweptOptions
  @Option(help: "The scheduler: slurm.") var engine: Engine = .slurm
  @OptionGroup(title: "Slurm") var slurm: SlurmOptions
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seconds that a point may take.", valueName: "seconds"))
  var timeLimit: Double?
  @Flag(help: "Print the outcome as JSON.") var json = false

  func run() throws {
    guard engine == .slurm else {
      throw PoiseError(
        .outOfRange, quantity: "--engine", value: engine.rawValue, allowed: "slurm",
        suggestion: "poise sweep run for this machine")
    }
    var work = WorkOptions()
    work.timeLimit = timeLimit
    work.jobs = nil
    work.quiet = false
    work.json = json
    try Self.submit(try swept.folder(), slurm, work, retries: false)
  }

  static func submit(
    _ folder: SweepFolder, _ slurm: SlurmOptions, _ work: WorkOptions, retries: Bool
  ) throws {
    let receipt = try SweepSubmitter(
      folder: folder, job: slurm.job(), program: WorkOptions.program(), timeLimit: work.limit()
    ).submit(retries: retries)
    if work.json { return try SweepText.print(receipt) }
    guard receipt.submission > 0 else {
      return Terminal.print(
        receipt.inWork > 0
          ? "Nothing to submit: \(SweepText.count(receipt.inWork, "point")) in work.\n"
          : "Nothing to submit: every point has come to an end.\n"
            + "Next: poise sweep collect \(folder.path) --output DIR\n")
    }
    Terminal.print(
      """
      Job \(receipt.jobs.joined(separator: ", ")): \(SweepText.count(receipt.points, "point")) on \
      \(SweepText.count(receipt.tasks, "task")).
      Scripts: \(receipt.scripts.joined(separator: ", "))
      Next: poise sweep status \(folder.path)

      """)
  }
}
