import PoiseNumerics
import PoisePosterior

/// What depth does.
extension RenormalizationClaims {
  static func depth(_ data: StudyData) throws(PoiseError) -> [StudyStatement] {
    let lines = try data.part("depth-lines")
    var all: [StudyStatement] = []
    for (path, name) in [("points.testError", "saddle point"), ("points.exactTestError", "exact")] {
      let (wrong, count) = try trends(lines, path)
      all.append(
        StudyStatement(
          "settings of \(count) whose error changes with depth otherwise, \(name)",
          claim: "At T = 0 the error grows with depth where (1 − α)σ² > 1 − α r̂₀, else it falls.",
          source: phases, measured: Estimate(Double(wrong)), is: .atMost, 0, tolerance: 0))
    }
    let table = try data.part("depth")
    let depths = try table.values(of: "depth")
    for variance in try table.values(of: "weight-variance") {
      let points = try depths.map { depth throws(PoiseError) in
        try table.point(["weight-variance": variance, "depth": depth])
      }
      all.append(try sampledChange(table, points, variance))
    }
    return all
  }

  /// The change of the sampled error over the depths whose chains have converged.
  private static func sampledChange(
    _ table: StudyTable, _ points: [Int], _ variance: String
  ) throws(PoiseError) -> StudyStatement {
    let grows = try theory(table, at: points[0]).withDepth == .grows
    let claim = "The error \(grows ? "grows" : "falls") with depth."
    let relation: StudyStatement.Relation = grows ? .atLeast : .atMost
    guard let found = try change(table, points) else {
      return StudyStatement(
        "change of the sampled error with depth, σ² = \(variance)", claim: claim, source: phases,
        untested: unconverged, is: relation, 0, tolerance: 0)
    }
    let ends = try [found.first, found.last].map { point throws(PoiseError) in
      try table.option("depth", at: point)
    }
    return StudyStatement(
      "change of the sampled error from L = \(ends[0]) to \(ends[1]), σ² = \(variance)",
      claim: claim, source: phases, measured: found.change, is: relation, 0, tolerance: 0)
  }

  /// Settings of width and variance in which the error does not change with depth as it should.
  private static func trends(
    _ table: StudyTable, _ path: String
  ) throws(PoiseError) -> (wrong: Int, count: Int) {
    let depths = try table.values(of: "depth")
    var (wrong, count) = (0, 0)
    for width in try table.values(of: "width") {
      for variance in try table.values(of: "weight-variance") {
        let points = try depths.map { depth throws(PoiseError) in
          try table.point([
            "depth": depth, "width": width, "weight-variance": variance, "temperature": "0",
          ])
        }
        let errors = try points.map { point throws(PoiseError) in
          try table.number(path, at: point)
        }
        let grows = try theory(table, at: points[0]).withDepth == .grows
        count += 1
        if (errors[errors.count - 1] > errors[0]) != grows { wrong += 1 }
      }
    }
    return (wrong, count)
  }
}
