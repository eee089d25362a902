/// One claim with the number that it expects, the one that was found, and whether they go together.
///
/// The claim allows a set of values: expected ± tolerance, or all values up to, or from, there. The true
/// value is taken to lie within ``Estimate/reach(comparisons:)`` of the measured one: three standard
/// errors, more where few samples tell the error. If all of that interval is allowed the statement
/// `agrees`, if none of it is `differs`; else the error is too large to tell, which is `inconclusive`.
public struct StudyStatement: Codable, Sendable, Equatable {
  /// What became of a statement, or of a study.
  public enum Verdict: String, Codable, Sendable, CaseIterable {
    case agrees, differs, inconclusive
  }

  /// How the measured number is to stand to the expected one.
  public enum Relation: String, Codable, Sendable {
    /// Within the tolerance on both sides.
    case equal
    /// Not above it by more than the tolerance.
    case atMost
    /// Not below it by more than the tolerance.
    case atLeast
  }

  /// What is compared, in a few words with its unit.
  public var quantity: String
  /// The claim in a sentence.
  public var claim: String
  /// Paper with equation, or page of the documentation.
  public var source: String
  /// How the measured number is to stand to the expected one.
  public var relation: Relation
  /// The number of the claim, in the unit of the quantity; finite.
  public var expected: Double
  /// How far off the true value may be; at least 0. Set before the outcome is known.
  public var tolerance: Double
  /// Null where there is none, with the reason.
  @Nullable public var measured: Double?
  /// Why there is no measured number; null where there is one.
  public var measuredCase: String?
  /// Standard error of the measured number, 0 for an exact one; null where it is not known.
  @Nullable public var error: Double?
  /// Half of the interval around the measured number in which the truth is taken to lie.
  @Nullable public var reach: Double?
  /// Whether claim and measured number go together.
  public var verdict: Verdict
  /// Measured less expected; null without a measurement.
  @Nullable public var by: Double?

  /// - Parameters:
  ///   - measured: what was found; not-a-number counts as nothing.
  ///   - comparisons: of how many numbers this is the least favourable.
  public init(
    _ quantity: String, claim: String, source: String, measured: Estimate, comparisons: Int = 1,
    is relation: Relation, _ expected: Double, tolerance: Double
  ) {
    precondition(expected.isFinite && tolerance >= 0, "a statement expects a number")
    self.quantity = quantity
    self.claim = claim
    self.source = source
    self.relation = relation
    self.expected = expected
    self.tolerance = tolerance
    let error = measured.error
    let isKnown = measured.value.isFinite && (error.map { $0.isFinite && $0 >= 0 } ?? true)
    self.measured = isKnown ? measured.value : nil
    self.error = isKnown ? error : nil
    measuredCase = isKnown ? nil : "no finite number"
    by = isKnown ? measured.value - expected : nil
    let reach = isKnown ? measured.reach(comparisons: comparisons) : nil
    self.reach = reach
    verdict =
      reach.map { Self.verdict(measured.value - expected, $0, relation, tolerance) }
      ?? .inconclusive
  }

  /// A claim that could not be put to the test.
  public init(
    _ quantity: String, claim: String, source: String, untested reason: String,
    is relation: Relation, _ expected: Double, tolerance: Double
  ) {
    self.init(
      quantity, claim: claim, source: source, measured: Estimate(.nan), is: relation, expected,
      tolerance: tolerance)
    measuredCase = reason
  }

  /// - Parameters:
  ///   - by: measured less expected.
  ///   - reach: half of the interval in which the truth lies.
  private static func verdict(
    _ by: Double, _ reach: Double, _ relation: Relation, _ tolerance: Double
  ) -> Verdict {
    let low = relation == .atMost ? -Double.infinity : -tolerance
    let high = relation == .atLeast ? Double.infinity : tolerance
    if by - reach >= low, by + reach <= high { return .agrees }
    return by + reach < low || by - reach > high ? .differs : .inconclusive
  }

  /// The verdict on all: differs if any does, else inconclusive if any is, else agrees. Nothing said is
  /// inconclusive.
  public static func verdict(_ statements: [StudyStatement]) -> Verdict {
    if statements.contains(where: { $0.verdict == .differs }) { return .differs }
    return statements.isEmpty || statements.contains { $0.verdict == .inconclusive }
      ? .inconclusive : .agrees
  }
}
