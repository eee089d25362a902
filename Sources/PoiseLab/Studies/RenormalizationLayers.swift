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
    let last = measured.count - 1
    let reason = "the chains have not converged"
    let samples =
      try RenormalizationSamples.isConverged(table, at: 0)
      ? measured.indices.map {
        Estimate(measured[$0], .standard(errors[$0], degreesOfFreedom: .infinity))
      } : []
    return [
      StudyStatement(
        "largest relative deviation of yᵀK_l y over the layers",
        claim:
          "Layer kernels are the prior's, rescaled, and the outer product of the labels, up to "
          + "L/N.",
        source: source, worstOf: samples.indices.map { relative(samples[$0], to: theory[$0]) },
        otherwise: reason, is: .equal, 0, tolerance: correction),
      StudyStatement(
        "yᵀK_L y of the last layer after learning, in units of before",
        claim: "The last layer turns towards the labels, by as much as theory says.",
        source: source, worstOf: samples.suffix(1).map { Estimate(sum: [(1 / prior[last], $0)]) },
        otherwise: reason, is: .equal, theory[last] / prior[last],
        tolerance: correction * theory[last] / prior[last]),
    ]
  }

  /// How far a number is off, as a share of the right one.
  private static func relative(_ estimate: Estimate, to theory: Double) -> Estimate {
    Estimate(sum: [(1 / theory, estimate), (-1, Estimate(1))])
  }

  /// The effective action for relu, one and two layers, and how much nearer it is than infinite width.
  static func relu(_ table: StudyTable) throws(PoiseError) -> [StudyStatement] {
    var all: [StudyStatement] = []
    for depth in try table.values(of: "depth") {
      let points = try table.points(["depth": depth])
      let source =
        "Li and Sompolinsky 2021; Pacelli et al. 2023; docs/theory/posterior.md, measured"
      let tolerance = PosteriorCheck.actionAccuracy(
        depth: Int(try table.value("depth", at: points[0])))
      for (name, path, words) in [
        ("testError", "points.testError", "test error"),
        ("readoutParameter", "points.readoutParameter", "q_L"),
      ] {
        all.append(
          StudyStatement(
            "relu, L = \(depth): largest relative deviation of the \(words)",
            claim: "One factor for each layer describes relu networks to "
              + "\((tolerance * 100).significant(3)) %, the accuracy that it showed in other networks.",
            source: source, worstOf: try gaps(table, points, name, path),
            otherwise: "no setting has converged", is: .equal, 0,
            tolerance: tolerance))
      }
      all.append(try nearer(table, points, depth, source))
    }
    return all
  }

  /// Relative deviations of the settings that have converged.
  private static func gaps(
    _ table: StudyTable, _ points: [Int], _ name: String, _ path: String
  ) throws(PoiseError) -> [Estimate] {
    var all: [Estimate] = []
    for point in points {
      guard let found = try RenormalizationSamples.sampled(name, table, at: point) else { continue }
      all.append(relative(found, to: try table.number(path, at: point)))
    }
    return all
  }

  /// Distance from the samples less half of that of the infinitely wide network, at the narrowest layer.
  ///
  /// Not their ratio, which has no error worth the name where samples lie near the second theory.
  private static func nearer(
    _ table: StudyTable, _ points: [Int], _ depth: String, _ source: String
  ) throws(PoiseError) -> StudyStatement {
    let point = points[0]
    let quantity =
      "relu, L = \(depth), N = \(try table.option("width", at: point)): distance of the test error from "
      + "the samples less half of that of infinite width, in units of that between both"
    let claim =
      "Renormalisation is at least twice as near to the samples as the infinitely wide network."
    let (theory, process) = (
      try table.number("points.testError", at: point),
      try table.number("points.processError", at: point)
    )
    let apart = abs(theory - process)
    let found = try RenormalizationSamples.sampled("testError", table, at: point)
    let excess = found.map { sample in
      // (|x − t| − |x − p|/2)/|t − p| changes with x by 3/2 at most.
      Estimate(
        (abs(sample.value - theory) - abs(sample.value - process) / 2) / apart,
        .standard(1.5 * (sample.error ?? 0) / apart, degreesOfFreedom: .infinity))
    }
    return StudyStatement(
      quantity, claim: claim, source: source, worstOf: [excess].compactMap(\.self),
      otherwise: "the chains have not converged", is: .atMost, 0, tolerance: 0)
  }
}
