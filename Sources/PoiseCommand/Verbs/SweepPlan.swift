import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct SweepPlan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "How many points are there, how long will they take, what is done already?",
    discussion: """
      Times three points that are missing and keeps nothing of them.

        poise sweep plan --into phases -- phase --activation tanh --weight-variance 0.5:4#100
      """)

  @OptionGroup var swept: SweptOptions
  @OptionGroup var work: WorkOptions

  private struct Plan: Encodable {
    var points: Int
    var axes: [String: Int]
    var shape: [Int]
    var done: Int
    var failed: Int
    var missing: Int
    /// Seconds of the points that were timed.
    var timed: [Double]
    var jobs: Int
    /// Estimated seconds for what is missing; null where nothing is.
    var secondsLeft: Double?
    var damagedLines: Int
  }

  func run() throws {
    let folder = try swept.folder(isDryRun: true)
    let grid = folder.grid
    let survey = try folder.survey()
    let open = survey.open(retries: false)
    var work = work
    work.timeLimit = work.timeLimit ?? 60
    let picked = Array(Set([0, open.count / 2, open.count - 1])).sorted()
    let runner = try work.runner(folder)
    let times = open.isEmpty ? [] : try runner.timing(of: picked.map { open[$0] })
    let jobs = min(runner.jobs, max(1, open.count))
    let mean = times.reduce(0, +) / Double(max(1, times.count))
    let plan = Plan(
      points: grid.count,
      axes: Dictionary(grid.axes.map { ($0.name, $0.values.count) }) { first, _ in first },
      shape: grid.shape, done: survey.count(.done),
      failed: survey.count(.failed) + survey.count(.timeLimit), missing: open.count,
      timed: times, jobs: jobs,
      secondsLeft: open.isEmpty
        ? nil : mean * Double(open.count) / Double(min(jobs, availableJobs)),
      damagedLines: survey.damage.damaged)
    if work.json { return try SweepText.print(plan) }
    let axes = grid.axes.map { "\($0.name) \($0.values.count)" }.joined(separator: ", ")
    var text =
      "\(SweepText.count(grid.count, "point")): \(axes.isEmpty ? "no axis" : axes). "
      + SweepText.progress(survey) + "\n"
    if let left = plan.secondsLeft {
      let timed = times.map { SweepText.duration($0) }.joined(separator: ", ")
      text +=
        "About \(SweepText.duration(left)) for what is missing, \(jobs) at a time"
        + (jobs > availableJobs ? " on \(availableJobs) processors" : "")
        + " (timed: \(timed)).\n"
    }
    text += SweepText.damage(survey.damage)
    Terminal.print(text)
  }
}

/// Sentences about sweeps.
enum SweepText {
  static func print(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    Terminal.print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// `4.2 ms`, `12 s`, `3.5 min`, `7.1 h`, `2.3 days`.
  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<0.9995: String(format: "%.3g ms", 1000 * seconds)
    case ..<99.5: String(format: "%.2g s", seconds)
    case ..<5970: String(format: "%.2g min", seconds / 60)
    case ..<172_800: String(format: "%.2g h", seconds / 3600)
    default: String(format: "%.0f days", seconds / 86_400)
    }
  }

  /// What became of the points.
  static func progress(_ survey: SweepSurvey) -> String {
    var parts = ["\(survey.count(.done)) done"]
    if survey.count(.failed) > 0 { parts.append("\(survey.count(.failed)) failed") }
    if survey.count(.timeLimit) > 0 {
      parts.append("\(survey.count(.timeLimit)) over the time limit")
    }
    parts.append("\(survey.count(.missing)) missing")
    return parts.joined(separator: ", ") + "."
  }

  /// The reasons of points without a result, the most frequent first.
  static func failures(_ survey: SweepSurvey, _ grid: SweepGrid) -> String {
    var groups: [String: [Int]] = [:]
    for index in survey.reasons.keys.sorted() {
      groups[survey.reasons[index]!, default: []] += [index]
    }
    let order = groups.sorted { ($1.value.count, $0.value[0]) < ($0.value.count, $1.value[0]) }
    var text = ""
    for (reason, indices) in order.prefix(5) {
      text += TextLayout.wrapped(
        "\(count(indices.count, "point")): \(reason) (\(grid.place(of: indices[0])))", first: "  ")
      text += "\n"
    }
    if order.count > 5 { text += "  … \(order.count - 5) more reasons\n" }
    return text
  }

  static func damage(_ damage: JournalReader.Damage) -> String {
    guard damage.damaged > 0 else { return "" }
    return "\(count(damage.damaged, "line")) of the journals damaged; their points are computed "
      + "again: \(damage.lines.prefix(3).joined(separator: "; "))\n"
  }
}
