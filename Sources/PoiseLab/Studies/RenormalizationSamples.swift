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

  /// A sampled number with its standard error.
  static func sampled(
    _ name: String, _ table: StudyTable, at point: Int
  ) throws(PoiseError) -> (value: Double, error: Double) {
    let path = "points.sampled.measured.\(name)"
    return (
      try table.number("\(path).value", at: point), try table.number("\(path).error", at: point)
    )
  }

  /// Settings whose chains can be believed.
  private static func converged(_ table: StudyTable) throws(PoiseError) -> [Int] {
    var points: [Int] = []
    for point in table.done
    where try table.number("points.sampled.measured.isConverged", at: point) == 1 {
      points.append(point)
    }
    return points
  }

  /// Settings whose chains cannot be believed.
  static func unconverged(_ table: StudyTable) throws(PoiseError) -> Int {
    try table.done.count - converged(table).count
  }

  /// Errors in units of their standard errors, and the largest relative deviation of the test error.
  static func statements(_ table: StudyTable) throws(PoiseError) -> [StudyStatement] {
    let claim = "Samples are what averages over the exact mixture say, at any width."
    let source = "docs/theory/posterior.md, exact finite width"
    let points = try converged(table)
    let what = "\(table.part.name): largest |z|/bound of \(points.count * pairs.count) numbers"
    guard !points.isEmpty else {
      return [
        StudyStatement(
          what, claim: claim, source: source, untested: "no setting has converged", is: .atMost, 1,
          tolerance: 0)
      ]
    }
    var worst = 0.0
    var deviation = (value: 0.0, error: 0.0)
    for point in points {
      for pair in pairs {
        let exact = try table.number("points.\(pair.exact)", at: point)
        let (value, error) = try sampled(pair.name, table, at: point)
        worst = max(worst, abs(value - exact) / max(error, 1e-12 * abs(exact)) / pair.bound)
        let relative = abs(value / exact - 1)
        if pair.name == "testError", relative > deviation.value {
          deviation = (relative, error / exact)
        }
      }
    }
    return [
      StudyStatement(
        what, claim: claim, source: source, measured: worst, is: .atMost, 1, tolerance: 0),
      StudyStatement(
        "\(table.part.name): largest relative deviation of the test error", claim: claim,
        source: source, measured: deviation.value, error: deviation.error, is: .atMost, 0,
        tolerance: 0.05),
    ]
  }
}
