import PoiseNumerics

/// What the prior variance of the weights does.
extension RenormalizationClaims {
  /// At T = 0 the variance of a prediction grows with σ², so that the smallest prior is the best.
  static func variance(_ table: StudyTable) throws(PoiseError) -> [StudyStatement] {
    let variances = try table.values(of: "weight-variance")
    func curve(_ path: String, _ temperature: String) throws(PoiseError) -> [Double] {
      try variances.map { variance throws(PoiseError) in
        try table.number(
          path, at: table.point(["weight-variance": variance, "temperature": temperature]))
      }
    }
    let spread = try curve("points.exactVariance", "0")
    let steps = zip(spread, spread.dropFirst()).map { $1 / $0 - 1 }
    let (noisy, clean) = (
      try curve("points.exactBias", "0.5"), try curve("points.exactBias", "0")
    )
    return [
      StudyStatement(
        "smallest relative step of the variance over σ², T = 0",
        claim: "Without noise the spread of networks grows with the prior variance.",
        source: "docs/theory/posterior.md, phases", worstOf: steps.map { Estimate($0) },
        is: .atLeast, 0, tolerance: 0),
      StudyStatement(
        "bias at the smallest σ², T = 0.5, over that at T = 0",
        claim: "With noise a small prior learns too little; without, the bias knows nothing of it.",
        source: "docs/theory/posterior.md, phases", measured: Estimate(noisy[0] / clean[0]),
        is: .atLeast, 1,
        tolerance: 0),
      StudyStatement(
        "largest relative difference of the bias over σ², T = 0",
        claim: "Without noise the bias depends on no property of the network.",
        source: "docs/theory/posterior.md, predictions",
        measured: Estimate((clean.max() ?? .nan) / (clean.min() ?? .nan) - 1), is: .atMost, 0,
        tolerance: 1e-9),
    ]
  }
}
