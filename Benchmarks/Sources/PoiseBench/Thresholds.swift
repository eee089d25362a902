import Foundation

/// The contents of `thresholds.json`: what each benchmark is allowed.
struct Thresholds: Codable {
  /// What one benchmark is allowed.
  struct Limit: Codable {
    /// Time that was measured, in the unit of the benchmark.
    var time: Double
    /// Factor by which a run may exceed it.
    var margin: Double
    /// Largest error allowed.
    var error: Double?
  }

  /// The kind of machine on which the times were measured.
  var machine: String
  /// The BLAS kernel with which they were measured.
  var blasCore: String
  /// By name of the benchmark.
  var limits: [String: Limit]

  /// Beside the sources, wherever the program is started.
  static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../thresholds.json").standardizedFileURL

  init(contentsOf url: URL) throws {
    self = try JSONDecoder().decode(Thresholds.self, from: Data(contentsOf: url))
  }

  /// What is wrong with an outcome, nil if nothing or if there is no threshold.
  func violation(_ outcome: Outcome) -> String? {
    guard let limit = limits[outcome.name] else { return nil }
    if outcome.timing.best > limit.time * limit.margin {
      let factor = outcome.timing.best / limit.time
      return "\(outcome.name): \(Text.number(factor)) times its threshold, "
        + "allowed \(Text.number(limit.margin))"
    }
    if let allowed = limit.error, let error = outcome.error, !(error <= allowed) {
      return "\(outcome.name): error \(Text.number(error)), allowed \(Text.number(allowed))"
    }
    return nil
  }
}
