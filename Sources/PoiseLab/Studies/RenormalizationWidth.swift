import PoiseNumerics
import PoisePosterior
import RealModule

/// What width does.
extension RenormalizationClaims {
  static func width(_ data: StudyData) throws(PoiseError) -> [StudyStatement] {
    let lines = try data.part("width-lines")
    var all: [StudyStatement] = []
    for variance in try lines.values(of: "weight-variance") {
      all.append(try correction(lines, variance))
    }
    let table = try data.part("width")
    let widths = try table.values(of: "width")
    for variance in try table.values(of: "weight-variance") {
      let points = try widths.map { width throws(PoiseError) in
        try table.point(["weight-variance": variance, "width": width])
      }
      all.append(try sampledChange(table, points, variance))
    }
    return all + (try flat(data.part("flat")))
  }

  /// The change of the sampled error over the widths whose chains have converged.
  private static func sampledChange(
    _ table: StudyTable, _ points: [Int], _ variance: String
  ) throws(PoiseError) -> StudyStatement {
    let theory = try theory(table, at: points[0])
    let grows = theory.withWidth == .grows
    let isFlat = abs(theory.variance / flatVariance(theory) - 1) < 0.1
    let claim =
      isFlat
      ? "Near σ^{2(L+1)} = r̂₀ width does not matter."
      : "The error \(grows ? "grows" : "falls") with width, as σ^{2(L+1)} is "
        + "\(grows ? "above" : "below") r̂₀."
    let relation: StudyStatement.Relation = isFlat ? .equal : grows ? .atLeast : .atMost
    let tolerance = isFlat ? 0.12 : 0
    guard let found = try change(table, points) else {
      return StudyStatement(
        "change of the sampled error with width, share of it, σ² = \(variance)", claim: claim,
        source: phases, untested: unconverged, is: relation, 0, tolerance: tolerance)
    }
    let ends = try [found.first, found.last].map { point throws(PoiseError) in
      try table.option("width", at: point)
    }
    let mean = try table.number("points.exactTestError", at: found.first)
    return StudyStatement(
      "change of the sampled error from N = \(ends[0]) to \(ends[1]), share of it, "
        + "σ² = \(variance)",
      claim: claim, source: phases, measured: Estimate(sum: [(1 / mean, found.change)]),
      is: relation, 0, tolerance: tolerance)
  }

  /// How far the saddle point's s is from the exact one, in units of L/N.
  private static func correction(
    _ table: StudyTable, _ variance: String
  ) throws(PoiseError) -> StudyStatement {
    var all: [Estimate] = []
    for width in try table.values(of: "width") {
      let point = try table.point([
        "weight-variance": variance, "width": width, "temperature": "0",
      ])
      let (saddle, exact) = (
        try table.number("points.scales", at: point),
        try table.number("points.exactScale", at: point)
      )
      let order = try table.value("depth", at: point) / table.value("width", at: point)
      all.append(Estimate(abs(saddle / exact - 1) / order))
    }
    return StudyStatement(
      "largest N/L |s/⟨s⟩ − 1| of the saddle point, T = 0, σ² = \(variance)",
      claim: "The saddle point is off by no more than L/N.",
      source: "docs/theory/posterior.md, limit and regimes", worstOf: all, is: .atMost, 1,
      tolerance: 0)
  }

  /// Where curves of two widths cross, against r̂₀^{1/(L+1)}.
  private static func flat(_ table: StudyTable) throws(PoiseError) -> [StudyStatement] {
    let widths = try table.values(of: "width")
    let variances = try table.values(of: "weight-variance")
    var all: [StudyStatement] = []
    for depth in try table.values(of: "depth") {
      func crossing(_ path: String) throws(PoiseError) -> Double? {
        let gaps = try variances.map { variance throws(PoiseError) -> Double in
          let errors = try widths.map { width throws(PoiseError) in
            try table.number(
              path, at: table.point(["depth": depth, "weight-variance": variance, "width": width]))
          }
          return errors[1] - errors[0]
        }
        return Self.zero(try table.numbers(of: "weight-variance"), gaps)
      }
      let point = try table.points(["depth": depth])[0]
      let expected = flatVariance(try theory(table, at: point))
      // The exact mixture leaves the saddle point by the order of L/N.
      let order = try table.value("depth", at: point) / table.numbers(of: "width")[0]
      for (path, name, tolerance) in [
        ("points.testError", "saddle point", 0.01), ("points.exactTestError", "exact", order),
      ] {
        all.append(
          StudyStatement(
            "σ² at which width does not matter, L = \(depth), \(name)",
            claim: "The error is the same at all widths where σ^{2(L+1)} = r̂₀.",
            source: phases, measured: Estimate(try crossing(path) ?? .nan), is: .equal, expected,
            tolerance: tolerance * expected))
      }
    }
    return all
  }

  /// Where a broken line passes through zero; nil if it does not.
  static func zero(_ x: [Double], _ y: [Double]) -> Double? {
    for index in 1..<max(1, x.count) where y[index - 1] * y[index] <= 0 && y[index] != y[index - 1]
    {
      let share = y[index - 1] / (y[index - 1] - y[index])
      return x[index - 1] + share * (x[index] - x[index - 1])
    }
    return nil
  }
}
