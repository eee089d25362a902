import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct SweepStatus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "How far is a sweep: done, running, failed and why, time left?",
    discussion: """
      Reads the journals, and asks squeue and scontrol (sacct where accounting is enabled) about
      tasks that were submitted.

        poise sweep status tails
      """)

  @Argument(help: ArgumentHelp("Folder of the sweep.", valueName: "dir")) var folder: String
  @Flag(help: "Print as JSON.") var json = false

  private struct Task: Encodable {
    var job: String
    var index: Int
    var state: String
    var timeLeft: String
    var reason: String
  }

  private struct Failure: Encodable {
    var place: String
    var status: String
    var reason: String
  }

  private struct Status: Encodable {
    var points: Int
    var done: Int
    var failed: Int
    var timeLimit: Int
    var missing: Int
    /// Workers at work on this machine and in tasks of Slurm.
    var localWorkers: Int
    var slurmWorkers: Int
    var tasks: [Task]
    /// How tasks ended, by state.
    var endedTasks: [String: Int]
    /// Estimated; null while nothing runs.
    var secondsLeft: Double?
    var failures: [Failure]
    var damagedLines: [String]
  }

  func run() throws {
    let sweep = try SweepFolder(at: folder)
    let survey = try sweep.survey()
    var slurm = SlurmTasks()
    var silence: PoiseError?
    do throws(PoiseError) { slurm = try sweep.slurmTasks() } catch { silence = error }
    let local = SweepLock.workers(sweep)
    let ended = survey.count(.done) + survey.count(.failed) + survey.count(.timeLimit)
    let workers = local + slurm.workers
    let left: Double? =
      workers > 0 && ended > 0
      ? survey.seconds / Double(ended) * Double(survey.count(.missing)) / Double(workers) : nil
    guard !json else {
      return try SweepText.print(
        Status(
          points: sweep.grid.count, done: survey.count(.done), failed: survey.count(.failed),
          timeLimit: survey.count(.timeLimit), missing: survey.count(.missing),
          localWorkers: local, slurmWorkers: slurm.workers,
          tasks: slurm.live.map {
            Task(
              job: $0.job, index: $0.index, state: $0.state, timeLeft: $0.timeLeft,
              reason: $0.reason)
          }, endedTasks: slurm.ended, secondsLeft: left,
          failures: survey.reasons.keys.sorted().prefix(1000).map {
            Failure(
              place: sweep.grid.place(of: $0), status: survey.status[$0].rawValue,
              reason: survey.reasons[$0] ?? "")
          }, damagedLines: survey.damage.lines))
    }
    var text = "\(SweepText.count(sweep.grid.count, "point")): \(SweepText.progress(survey))\n"
    text += SweepText.failures(survey, sweep.grid)
    if local > 0 { text += "At work on this machine: \(SweepText.count(local, "worker")).\n" }
    var states: [String: Int] = [:]
    for task in slurm.live { states[task.state, default: 0] += 1 }
    for (state, count) in slurm.ended { states[state, default: 0] += count }
    if !states.isEmpty {
      let parts = states.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.lowercased())" }
      text += "Slurm tasks: \(parts.joined(separator: ", ")).\n"
    }
    let waiting = Set(slurm.live.filter { $0.state == "PENDING" }.map { $0.reason }).sorted()
    if !waiting.isEmpty { text += "Waiting for: \(waiting.joined(separator: ", ")).\n" }
    if let silence { text += "Slurm does not answer: \(silence.value).\n" }
    if let left { text += "About \(SweepText.duration(left)) left.\n" }
    text += SweepText.damage(survey.damage)
    text += next(survey, isAtWork: workers > 0 || !slurm.live.isEmpty)
    Terminal.print(text)
  }

  private func next(_ survey: SweepSurvey, isAtWork: Bool) -> String {
    if isAtWork { return "" }
    if survey.count(.missing) > 0 { return "Next: poise sweep run --into \(folder), or submit\n" }
    if survey.count(.done) < survey.status.count { return "Next: poise sweep retry \(folder)\n" }
    return "Next: poise sweep collect \(folder) --output DIR\n"
  }
}
