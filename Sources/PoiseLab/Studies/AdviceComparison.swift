import PoiseNumerics

extension AdviceStudy {
  private static let source = "docs/theory/recommendation.md"

  /// How much more accurate the first of a pair is than the second, and where.
  struct Difference {
    /// As `ReLU, L = 30`.
    var place: String
    /// Nil without data.
    var value: Estimate?
    /// Why there is none.
    var gap: String

    init(_ place: String, _ value: Estimate) { (self.place, self.value, gap) = (place, value, "") }

    init(_ place: String, gap: String) { (self.place, value, self.gap) = (place, nil, gap) }

    init(_ place: String, _ first: Best, _ second: Best) {
      self.place = place
      if let one = first.accuracy, let other = second.accuracy { value = one - other }
      gap = first.gap ?? second.gap ?? ""
    }
  }

  /// A statement about a number, or about none for a reason.
  static func statement(
    _ quantity: String, _ claim: String, _ measured: Estimate?, gap: @autoclosure () -> String,
    comparisons: Int = 1, is relation: StudyStatement.Relation, _ expected: Double,
    tolerance: Double = 0
  ) -> StudyStatement {
    guard let measured else {
      return StudyStatement(
        quantity, claim: claim, source: source, untested: gap(), is: relation, expected,
        tolerance: tolerance)
    }
    return StudyStatement(
      quantity, claim: claim, source: source, measured: measured, comparisons: comparisons,
      is: relation, expected, tolerance: tolerance)
  }

  /// A statement about an accuracy.
  static func level(
    _ quantity: String, _ claim: String, _ best: Best, is relation: StudyStatement.Relation,
    _ expected: Double
  ) -> StudyStatement {
    statement(
      quantity, claim, best.accuracy, gap: best.gap ?? "", is: relation, expected)
  }

  /// A statement about a difference of two accuracies.
  static func difference(
    _ quantity: String, _ claim: String, _ pair: Difference, is relation: StudyStatement.Relation,
    _ expected: Double, tolerance: Double = 0
  ) -> StudyStatement {
    statement(
      quantity, claim, pair.value, gap: pair.gap, is: relation, expected, tolerance: tolerance)
  }

  /// A statement that on average over several cases the first of a pair loses nothing.
  static func mean(
    _ quantity: String, _ claim: String, _ pairs: [Difference], tolerance: Double
  ) -> StudyStatement {
    let known = pairs.compactMap(\.value)
    return statement(
      quantity, claim, known.count == pairs.count ? Estimate.mean(known) : nil,
      gap: pairs.first { $0.value == nil }?.gap ?? "", is: .atLeast, 0, tolerance: tolerance)
  }

  /// A statement that in none of several cases the first of a pair loses: that of the least favourable
  /// one. It differs if any case does, and agrees if all do; among equals the one with the lowest end of
  /// its interval counts.
  ///
  /// - Parameter pairs: at least one.
  static func worst(
    _ quantity: String, _ claim: String, _ pairs: [Difference], tolerance: Double
  ) -> StudyStatement {
    precondition(!pairs.isEmpty, "the worst of several cases")
    let statements = pairs.map { pair in
      statement(
        "\(quantity), worst of \(pairs.count): \(pair.place)", claim, pair.value, gap: pair.gap,
        comparisons: pairs.count, is: .atLeast, 0, tolerance: tolerance)
    }
    let order: [StudyStatement.Verdict] = [.differs, .inconclusive, .agrees]
    let worst = order.lazy.compactMap { verdict in
      statements.filter { $0.verdict == verdict }.min { lowEnd($0) < lowEnd($1) }
    }.first
    return worst ?? statements[0]
  }

  private static func lowEnd(_ statement: StudyStatement) -> Double {
    guard let by = statement.by, let reach = statement.reach else { return -.infinity }
    return by - reach
  }
}
