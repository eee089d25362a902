import Foundation
public import PoiseNumerics

/// The part of a submission that one task of an array computes.
public struct SweepShare: Sendable, Equatable {
  /// Number of the submission.
  public let submission: Int
  /// Number of the task, from 0.
  public let task: Int

  /// The share of a task of a submission; numbers are not checked here.
  public init(submission: Int, task: Int) {
    self.submission = submission
    self.task = task
  }

  /// Parses `3:17`.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let submission = parts[0], let task = parts[1], submission >= 1,
      task >= 0
    else { return nil }
    self.init(submission: submission, task: task)
  }
}

/// What was given to a scheduler at one time: `submissions/<n>.json`.
///
/// It names the points, so that every task knows its share without asking what the others do.
struct SweepSubmission: Codable, Equatable {
  static let schema = "poise.submission/1"

  /// An array of the scheduler.
  struct Job: Codable, Equatable {
    /// As the scheduler calls it.
    var id: String
    /// Tasks `first ..< first + count` of the submission.
    var first: Int
    var count: Int
  }

  var schema = Self.schema
  var number: Int
  var engine: String
  /// The command, by which a changed grid is noticed.
  var arguments: [String]
  var tasks: Int
  /// Workers of a task.
  var processors: Int
  /// Indices of the grid, as `0-99,105`.
  var points: String
  var jobs: [Job]

  /// Indices as text.
  static func text(of indices: [Int]) -> String {
    var parts: [String] = []
    var start = 0
    while start < indices.count {
      var end = start
      while end + 1 < indices.count, indices[end + 1] == indices[end] + 1 { end += 1 }
      parts.append(end > start ? "\(indices[start])-\(indices[end])" : "\(indices[start])")
      start = end + 1
    }
    return parts.joined(separator: ",")
  }

  /// The indices of the points, ascending, all below `count`.
  func indices(below count: Int, path: String) throws(PoiseError) -> [Int] {
    var indices: [Int] = []
    var next = 0
    for part in points.split(separator: ",") {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(ends.count), let low = ends[0], let high = ends[ends.count - 1],
        low >= next, high >= low, high < count
      else {
        throw PoiseError(
          .unreadable, quantity: path, value: "points '\(part.prefix(40))'",
          allowed: "ascending indices below \(count)",
          suggestion: "poise sweep submit again, after the grid was changed")
      }
      indices += low...high
      next = high + 1
    }
    return indices
  }

  /// The points of one task: of each run of as many points as there are tasks it gets one, at a
  /// place that changes from run to run, so that no task gets the same column of a grid over and
  /// over.
  static func share(_ task: Int, of tasks: Int, _ indices: [Int]) -> [Int] {
    stride(from: 0, to: indices.count, by: tasks).compactMap { start in
      let turn = Int(Self.stirred(UInt64(start / tasks)) % UInt64(tasks))
      let place = start + (task + turn) % tasks
      return place < indices.count ? indices[place] : nil
    }
  }

  /// The last rounds of a 64-bit hash (SplitMix64).
  private static func stirred(_ value: UInt64) -> UInt64 {
    var word = value &+ 0x9E37_79B9_7F4A_7C15
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

extension SweepFolder {
  /// Everything that was submitted, in order.
  func submissionList() throws(PoiseError) -> [SweepSubmission] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: submissions)) ?? []
    let numbers = names.compactMap { $0.hasSuffix(".json") ? Int($0.dropLast(5)) : nil }.sorted()
    return try numbers.map { number throws(PoiseError) in try submission(number) }
  }

  func submission(_ number: Int) throws(PoiseError) -> SweepSubmission {
    let path = "\(submissions)/\(number).json"
    guard let data = FileManager.default.contents(atPath: path),
      let submission = try? JSONDecoder().decode(SweepSubmission.self, from: data),
      submission.schema == SweepSubmission.schema, submission.tasks >= 1
    else {
      throw PoiseError(
        .unreadable, quantity: path, value: "no submission",
        allowed: "JSON of schema \(SweepSubmission.schema)",
        suggestion: "poise sweep submit --into \(self.path)")
    }
    return submission
  }

  /// The points that a task computes, apart from those that it finished in an earlier attempt.
  public func open(_ share: SweepShare) throws(PoiseError) -> [Int] {
    let submission = try submission(share.submission)
    guard submission.arguments == grid.arguments, share.task < submission.tasks else {
      throw PoiseError(
        .outOfRange, quantity: "submission \(share.submission)",
        value: share.task < submission.tasks
          ? "made for \(submission.arguments.joined(separator: " "))" : "task \(share.task)",
        allowed: "the grid of the folder, tasks 0 to \(submission.tasks - 1)",
        suggestion: "poise sweep submit again")
    }
    let indices = try submission.indices(
      below: grid.count, path: "\(submissions)/\(share.submission).json")
    let own = SweepSubmission.share(share.task, of: submission.tasks, indices)
    let finished = try finished(share, among: own)
    return own.filter { !finished.contains($0) }
  }
}
