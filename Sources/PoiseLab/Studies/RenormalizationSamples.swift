import PoiseNumerics

/// Samples of the posterior of linear networks against averages over the exact mixture.
enum RenormalizationSamples {
  /// A sampled quantity, its exact value, and a bound of |z|.
  private struct Pair {
    var name: String
    var exact: String
    var bound: Double
  }

  /// Bounds of |z|: chance below 1e-5 each, for a normal error and for one from twenty blocks of a chain.
  private static let pairs = [
    Pair(name: "testError", exact: "exactTestError", bound: 4.5),
    Pair(name: "scale", exact: "exactScale", bound: 4.5),
    Pair(name: "trainingError", exact: "trainingError", bound: 4.5),
    Pair(name: "bias", exact: "exactBias", bound: 6),
    Pair(name: "variance", exact: "exactVariance", bound: 6),
  ]

  /// Bias and variance have their errors from so many blocks of the chains.
  private static let blocks = 20

  /// A sampled number; nil unless the chains of the setting have converged. Those have hundreds of
  /// effective draws, so that errors from single draws are as good as known.
  static func sampled(
    _ name: String, _ table: StudyTable, at point: Int
  ) throws(PoiseError) -> Estimate? {
    guard try isConverged(table, at: point) else { return nil }
    let path = "points.sampled.measured.\(name)"
    let error = try table.number("\(path).error", at: point)
    let degrees = ["bias", "variance"].contains(name) ? Double(blocks - 1) : .infinity
    return Estimate(
      try table.number("\(path).value", at: point), .standard(error, degreesOfFreedom: degrees))
  }

  static func isConverged(_ table: StudyTable, at point: Int) throws(PoiseError) -> Bool {
    try table.number("points.sampled.measured.isConverged", at: point) == 1
  }

  /// Settings whose chains can be believed.
  private static func converged(_ table: StudyTable) throws(PoiseError) -> [Int] {
    var points: [Int] = []
    for point in table.done where try isConverged(table, at: point) { points.append(point) }
    return points
  }

  /// Settings whose chains cannot be believed.
  static func unconverged(_ table: StudyTable) throws(PoiseError) -> Int {
    try table.done.count - converged(table).count
  }

  /// Errors in units of their standard errors, and the largest relative deviation of the test error.
  static func statements(_ table: StudyTable) throws(PoiseError) -> [StudyStatement] {
    let source = "docs/theory/posterior.md, exact finite width"
    let points = try converged(table)
    let settings = "\(points.count) of \(table.count) settings"
    let what = "\(table.part.name): largest |z|/bound of \(points.count * pairs.count) numbers"
    let claim = "Samples are what averages over the exact mixture say"
    guard !points.isEmpty else {
      return [
        StudyStatement(
          what, claim: claim + ".", source: source, untested: "no setting has converged",
          is: .atMost, 1, tolerance: 0)
      ]
    }
    let believed = "\(claim): \(settings), \(try widths(table, points))."
    var ratios: [Estimate] = []
    var deviations: [Estimate] = []
    for point in points {
      for pair in pairs {
        let exact = try table.number("points.\(pair.exact)", at: point)
        guard let found = try sampled(pair.name, table, at: point), let error = found.error else {
          continue
        }
        ratios.append(
          Estimate(abs(found.value - exact) / max(error, 1e-12 * abs(exact)) / pair.bound))
        if pair.name == "testError" {
          deviations.append(Estimate(sum: [(1 / exact, found), (-1, Estimate(1))]))
        }
      }
    }
    return [
      StudyStatement(
        what, claim: believed, source: source, worstOf: ratios, is: .atMost, 1, tolerance: 0),
      StudyStatement(
        "\(table.part.name): largest relative deviation of the test error", claim: believed,
        source: source, worstOf: deviations, is: .equal, 0, tolerance: 0.05),
    ]
  }

  /// The widths of some settings in words.
  private static func widths(
    _ table: StudyTable, _ points: [Int]
  ) throws(PoiseError) -> String {
    let all = Set(
      try points.map { point throws(PoiseError) in try table.value("width", at: point) }
    )
    .sorted()
    let words = all.map { $0.significant(6) }.joined(separator: ", ")
    return "\(all.count == 1 ? "width" : "widths") \(words)"
  }
}
