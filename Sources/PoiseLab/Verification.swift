import Foundation
public import PoiseNumerics

/// Checks this installation against tables of independent values (`poise verify`).
///
/// One registry maps the name of a quantity to the function that computes it; the names and their
/// parameters are listed in `docs/verification.md`.
public enum Verification {
  /// The layout of a table.
  public static let schema = "poise.reference/1"

  /// A table of reference values.
  public struct Table: Sendable {
    /// Name of the theory, or the path it was read from.
    public let name: String
    /// The entries in order.
    public let entries: [Entry]
  }

  /// One reference value.
  public struct Entry: Sendable {
    /// Name in the table; `entry n` for one without.
    public let id: String
    /// Name of what is computed, as in `registry`.
    public let quantity: String
    /// What it is computed for.
    public let parameters: Parameters
    /// nil: the quantity does not exist there.
    public let expected: [String: Expected]
    /// How far the computed values may be from the expected ones.
    public let tolerance: Tolerance
  }

  /// What a table expects under one name.
  public enum Expected: Sendable, Equatable {
    case number(Double)
    case array([Double])
    /// The quantity does not exist.
    case missing
  }

  /// How close is close enough.
  public enum Tolerance: Sendable, Equatable {
    /// Relative to the magnitude, or to the largest of an array.
    case relative(Double)
    case absolute(Double)
    /// Within `sigmas` of the combined standard errors of table and computation.
    case standardError(Double, sigmas: Double)
  }

  /// The outcome for one entry.
  public struct EntryResult: Sendable {
    /// Name in the table.
    public let id: String
    /// Name of what was computed.
    public let quantity: String
    /// Whether every expected value was met.
    public let passed: Bool
    /// The values of the table.
    public let expected: [String: Expected]
    /// nil if it could not be computed.
    public let computed: [String: Expected]?
    /// Largest deviation over tolerance; at most 1 for a pass; nil if it could not be computed.
    public let error: Double?
    /// Why it failed; nil for a pass.
    public let reason: String?
  }

  /// The outcome for a table.
  public struct Report: Sendable {
    /// Name of the table.
    public let table: String
    /// One outcome for each entry that was tried, in the order of the table.
    public let entries: [EntryResult]
    /// Entries that passed.
    public var passed: Int { entries.count { $0.passed } }
    /// Entries that did not, or could not be computed.
    public var failed: Int { entries.count - passed }
  }

  /// What computes a quantity: the values by name, or a `PoiseError`.
  public typealias Compute = @Sendable (Parameters) throws(PoiseError) -> [String: Expected]

  /// Every quantity this version can compute.
  public static let registry: [String: Compute] =
    MeanFieldQuantities.registry
    .merging(JacobianQuantities.registry) { first, _ in first }
    .merging(KernelQuantities.registry) { first, _ in first }
    .merging(InformationQuantities.registry) { first, _ in first }
    .merging(EstimatorQuantities.registry) { first, _ in first }
    .merging(StableQuantities.registry) { first, _ in first }
    .merging(HeavyTailQuantities.registry) { first, _ in first }
    .merging(PosteriorQuantities.registry) { first, _ in first }

  /// The tables shipped with Poise.
  public static let shipped = [
    "gaussian", "heavytail", "heavytail-layers", "information", "posterior",
  ]

  /// Runs a table.
  ///
  /// - Parameters:
  ///   - skipsUnknown: leave out quantities that this version does not know (shipped tables only;
  ///     an unknown quantity of a user's table is a failure).
  public static func run(_ table: Table, skipsUnknown: Bool = false, jobs: Int = 1) -> Report {
    let entries = table.entries.filter { !skipsUnknown || registry[$0.quantity] != nil }
    let results = parallelMap(count: entries.count, jobs: jobs) {
      (index: Int) throws(Never) -> EntryResult in check(entries[index])
    }
    return Report(table: table.name, entries: results)
  }

  /// Computes one entry and compares.
  static func check(_ entry: Entry) -> EntryResult {
    func failure(_ reason: String, _ computed: [String: Expected]? = nil) -> EntryResult {
      EntryResult(
        id: entry.id, quantity: entry.quantity, passed: false, expected: entry.expected,
        computed: computed, error: nil, reason: reason)
    }
    guard let compute = registry[entry.quantity] else {
      return failure("unknown quantity \(entry.quantity)")
    }
    let computed: [String: Expected]
    do throws(PoiseError) {
      computed = try compute(entry.parameters)
    } catch {
      return failure(error.message)
    }
    var worst = 0.0
    for (name, expected) in entry.expected {
      guard let value = computed[name] else {
        return failure("no value named \(name)", computed)
      }
      var ownError = 0.0
      if case .number(let given)? = computed["\(name)StandardError"] { ownError = given }
      guard let deviation = deviation(expected, value, entry.tolerance, ownError) else {
        return failure(
          "\(name): expected \(describe(expected)), computed \(describe(value))", computed)
      }
      worst = max(worst, deviation)
    }
    let passed = worst <= 1
    return EntryResult(
      id: entry.id, quantity: entry.quantity, passed: passed, expected: entry.expected,
      computed: computed, error: worst,
      reason: passed
        ? nil
        : (worst < .greatestFiniteMagnitude
          ? "deviates by \(worst.significant(3)) tolerances"
          : "deviates where nothing may: tolerance 0, or a value that is not finite"))
  }

  /// Deviation over tolerance; nil where the two are not of one kind.
  private static func deviation(
    _ expected: Expected, _ computed: Expected, _ tolerance: Tolerance, _ ownError: Double
  ) -> Double? {
    switch (expected, computed) {
    case (.missing, .missing): return 0
    case (.number(let a), .number(let b)):
      return deviation([a], [b], tolerance, ownError)
    case (.array(let a), .array(let b)) where a.count == b.count:
      return deviation(a, b, tolerance, ownError)
    default: return nil
    }
  }

  private static func deviation(
    _ a: [Double], _ b: [Double], _ tolerance: Tolerance, _ ownError: Double
  ) -> Double {
    let largest = a.map { abs($0) }.max() ?? 0
    let difference = zip(a, b).map { abs($0 - $1) }.max() ?? 0
    guard difference.isFinite else { return .greatestFiniteMagnitude }
    let allowed =
      switch tolerance {
      // An exact zero has no relative error: 1e-10 absolutely.
      case .relative(let bound): largest == 0 ? 1e-10 : bound * largest
      case .absolute(let bound): bound
      case .standardError(let error, let sigmas):
        sigmas * (error * error + ownError * ownError).squareRoot()
      }
    if difference == 0 { return 0 }
    return allowed > 0 ? difference / allowed : .greatestFiniteMagnitude
  }

  private static func describe(_ value: Expected) -> String {
    switch value {
    case .number(let number): "\(number)"
    case .array(let numbers): "\(numbers.count) numbers"
    case .missing: "null (does not exist)"
    }
  }
}
