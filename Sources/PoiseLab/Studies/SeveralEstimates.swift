/// Claims on several numbers at once, and sums of numbers that are not independent.
extension StudyStatement {
  /// A claim that is to hold for each of several numbers, judged on the least favourable of them: the
  /// farthest from the expected one, the largest or the smallest. One that is not finite is less
  /// favourable than any other; without numbers the claim is untested for a reason.
  init(
    _ quantity: String, claim: String, source: String, worstOf all: [Estimate],
    otherwise reason: String = "nothing to compare", is relation: Relation, _ expected: Double,
    tolerance: Double
  ) {
    func excess(_ estimate: Estimate) -> Double {
      guard estimate.value.isFinite else { return .infinity }
      let by = estimate.value - expected
      return switch relation {
      case .equal: abs(by)
      case .atMost: by
      case .atLeast: -by
      }
    }
    guard let worst = all.max(by: { excess($0) < excess($1) }) else {
      self.init(
        quantity, claim: claim, source: source, untested: reason, is: relation, expected,
        tolerance: tolerance)
      return
    }
    self.init(
      quantity, claim: claim, source: source, measured: worst, comparisons: all.count,
      is: relation, expected, tolerance: tolerance)
  }
}

extension Estimate {
  /// Σ aᵢ xᵢ of estimates that may depend on one another in any way, as those of one set of networks do:
  /// errors add up, which the true one does not exceed. Degrees of freedom are the fewest of all.
  init(dependent terms: [(factor: Double, estimate: Estimate)]) {
    self.init(terms.reduce(0) { $0 + $1.factor * $1.estimate.value })
    var (total, fewest, isExact) = (0.0, Double.infinity, true)
    for (factor, term) in terms {
      switch term.uncertainty {
      case .exact: continue
      case .unknown:
        uncertainty = .unknown
        return
      case .standard(let error, let degrees):
        total += abs(factor) * error
        fewest = min(fewest, degrees)
        isExact = false
      }
    }
    if !isExact { uncertainty = .standard(total, degreesOfFreedom: fewest) }
  }

  /// The mean of estimates that may depend on one another in any way.
  static func dependentMean(_ estimates: [Estimate]) -> Estimate {
    estimates.isEmpty
      ? Estimate(.nan)
      : Estimate(dependent: estimates.map { (1 / Double(estimates.count), $0) })
  }
}
