import PoiseNumerics

/// Kernels of the layers, and networks that are not linear.
enum RenormalizationLayers {
  /// A_l of sampled networks against the mean kernels of theory, and what the last layer has gained.
  static func kernels(_ table: StudyTable) throws(PoiseError) -> [StudyStatement] {
    let theory = Array(try table.series("kernels.alignment", at: 0).dropFirst())
    let prior = Array(try table.series("kernels.priorAlignment", at: 0).dropFirst())
    let measured = try table.series("kernels.measuredAlignment", at: 0)
    let errors = try table.series("kernels.measuredStandardError", at: 0)
    let correction = try table.value("depth", at: 0) / table.value("width", at: 0)
    let source = "Li and Sompolinsky 2021; docs/theory/posterior.md, mean kernels"
    let relative = measured.indices.map { abs(measured[$0] / theory[$0] - 1) }
    let worst = relative.indices.max { relative[$0] < relative[$1] }!
    let last = measured.count - 1
    return [
      StudyStatement(
        "largest relative deviation of yᵀK_l y over the layers",
        claim:
          "Layer kernels are the prior's, rescaled, and the outer product of the labels, up to "
          + "L/N.",
        source: source, measured: relative[worst], error: errors[worst] / theory[worst],
        is: .atMost, 0, tolerance: correction),
      StudyStatement(
        "yᵀK_L y of the last layer after learning, in units of before",
        claim: "The last layer turns towards the labels, by as much as theory says.",
        source: source,
        measured: measured[last] / prior[last], error: errors[last] / prior[last], is: .equal,
        theory[last] / prior[last], tolerance: correction * theory[last] / prior[last]),
    ]
  }

  /// The effective action for relu, one and two layers, and how much nearer it is than infinite width.
  static func relu(_ table: StudyTable) throws(PoiseError) -> [StudyStatement] {
    var all: [StudyStatement] = []
    for depth in try table.values(of: "depth") {
      let points = try table.points(["depth": depth])
      let source = "Li and Sompolinsky 2021; Pacelli et al. 2023"
      // Known from networks of these sizes: docs/theory/posterior.md.
      let tolerance = depth == "1" ? 0.05 : 0.1
      for (name, path, words) in [
        ("testError", "points.testError", "test error"),
        ("readoutParameter", "points.readoutParameter", "q_L"),
      ] {
        let worst = try gap(table, points, name, path)
        all.append(
          StudyStatement(
            "relu, L = \(depth): largest relative deviation of the \(words)",
            claim: "One factor for each layer describes relu networks to \(tolerance * 100) %.",
            source: source, measured: worst.value, error: worst.error, is: .atMost, 0,
            tolerance: tolerance))
      }
      all.append(try nearer(table, points, depth, source))
    }
    return all
  }

  private static func gap(
    _ table: StudyTable, _ points: [Int], _ name: String, _ path: String
  ) throws(PoiseError) -> (value: Double, error: Double) {
    var worst = (value: 0.0, error: 0.0)
    for point in points {
      let theory = try table.number(path, at: point)
      let sampled = try RenormalizationSamples.sampled(name, table, at: point)
      let relative = abs(sampled.value / theory - 1)
      if relative >= worst.value { worst = (relative, sampled.error / theory) }
    }
    return worst
  }

  /// Distance from the samples, in units of that of the infinitely wide network, at the narrowest layer.
  private static func nearer(
    _ table: StudyTable, _ points: [Int], _ depth: String, _ source: String
  ) throws(PoiseError) -> StudyStatement {
    let point = points[0]
    let sampled = try RenormalizationSamples.sampled("testError", table, at: point)
    let (theory, process) = (
      try table.number("points.testError", at: point),
      try table.number("points.processError", at: point)
    )
    let far = abs(sampled.value - process)
    return StudyStatement(
      "relu, L = \(depth), N = \(try table.option("width", at: point)): distance of the test error from "
        + "the samples, in units of that of infinite width",
      claim: "Renormalisation is far nearer than the infinitely wide network.", source: source,
      measured: abs(sampled.value - theory) / far, error: sampled.error / far, is: .atMost, 0.5,
      tolerance: 0)
  }
}
