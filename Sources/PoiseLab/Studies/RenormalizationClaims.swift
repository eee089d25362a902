import PoiseNumerics
import PoisePosterior
import RealModule

/// What the paper says of width, depth, patterns and prior variance, by theory and by samples.
enum RenormalizationClaims {
  static let paper = "Li and Sompolinsky 2021"
  static let phases = "\(paper); docs/theory/posterior.md, phases"

  /// Linear networks at T = 0 with the options and labels of a point.
  static func theory(_ table: StudyTable, at point: Int) throws(PoiseError) -> EqualWidths {
    try EqualWidths(
      load: table.value("patterns", at: point) / table.value("width", at: point),
      variance: table.value("weight-variance", at: point),
      depth: Int(table.value("depth", at: point)),
      labelStrength: table.number("points.labelStrength", at: point))
  }

  /// r̂₀^{1/(L+1)}, the σ² at which width does not matter (T = 0); r̂₀ is σ² r₀, whatever σ².
  static func flatVariance(_ theory: EqualWidths) -> Double {
    .pow(theory.variance * theory.labelStrength, 1 / Double(theory.depth + 1))
  }

  /// The change of the sampled test error from the first to the last of some points whose chains have
  /// converged; nil where fewer than two have.
  static func change(
    _ table: StudyTable, _ points: [Int]
  ) throws(PoiseError) -> (first: Int, last: Int, change: Estimate)? {
    let all = try points.map { point throws(PoiseError) in
      try RenormalizationSamples.sampled("testError", table, at: point)
    }
    let known = zip(points, all).compactMap { point, found in found.map { (point, $0) } }
    guard known.count > 1, let first = known.first, let last = known.last else { return nil }
    return (first.0, last.0, last.1 - first.1)
  }

  static let unconverged = "fewer than two settings have converged"
}
