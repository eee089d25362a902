import PoiseData
public import PoiseNumerics
import RealModule

/// Inputs ready for a network: loaded, brought to a common scale, and sampled by a seed.
public struct PreparedData: Sendable {
  /// How raw values are brought to a common scale.
  public enum Preparation: String, CaseIterable, Sendable {
    /// Each feature to mean 0 and deviation 1 (deviations are floored at 5 % of their root mean
    /// square, so that nearly constant features do not explode), then |x|²/N₀ = 1 on average.
    case standardize
    /// One factor, so that |x|²/N₀ = 1 on average.
    case scale
    /// As they are.
    case raw
  }

  /// Rows × features.
  public let inputs: Matrix<Double>
  /// The labels of the rows, if there are any.
  public let labels: [Int]?
  /// Number of classes, if there are labels.
  public let classes: Int?
  /// For the record.
  public let summary: DataSummary
  /// What was done to every raw value, for other data that belong to the same network.
  private let rule: Rule

  /// (x − mean)/deviation per feature, times one factor.
  struct Rule: Sendable {
    var statistics: Standardization?
    var factor: Double?

    /// Data brought to scale.
    func apply(to raw: Dataset) throws(PoiseError) -> Dataset {
      var ready = raw
      if let statistics { ready = try ready.standardized(by: statistics) }
      if let factor { ready = try ready.scaled(by: factor) }
      return ready
    }
  }

  /// Loads data by name, path or specification (see `Dataset.load`).
  ///
  /// - Parameters:
  ///   - rows: most rows to keep, a seeded sample without replacement; nil for all in their order.
  /// - Throws: `unreadable`, `unknownName` from loading; `outOfRange` for rows below 1.
  public init(
    _ specification: String, preparation: Preparation = .standardize, rows: Int?, seed: UInt64
  ) throws(PoiseError) {
    let raw = try Dataset.load(specification, seed: seed)
    let rule = try Self.rule(of: raw, preparation)
    try self.init(
      raw, specification, rule: rule, rows: rows, seed: seed, words: Self.words(preparation))
  }

  /// Other data for the same network, such as a test set: brought to scale by the means, deviations
  /// and factor of the first, never by their own, so that equal raw rows stay equal.
  ///
  /// - Throws: as the first; `shapeMismatch` for another number of features.
  public init(
    _ specification: String, preparedAs first: PreparedData, rows: Int?, seed: UInt64
  ) throws(PoiseError) {
    let raw = try Dataset.load(specification, seed: seed)
    guard raw.dimension == first.inputs.columns else {
      throw PoiseError(
        .shapeMismatch, quantity: "features of \(specification)", value: "\(raw.dimension)",
        allowed: "\(first.inputs.columns), as in \(first.summary.name)")
    }
    let isRaw = first.rule.statistics == nil && first.rule.factor == nil
    try self.init(
      raw, specification, rule: first.rule, rows: rows, seed: seed,
      words: isRaw ? Self.words(.raw) : "by the statistics of \(first.summary.name)")
  }

  private init(
    _ raw: Dataset, _ specification: String, rule: Rule, rows: Int?, seed: UInt64, words: String
  ) throws(PoiseError) {
    if let rows, rows < 1 {
      throw PoiseError(.outOfRange, quantity: "rows", value: "\(rows)", allowed: "at least 1")
    }
    let ready = try rule.apply(to: raw)
    let sample =
      try rows.map { most throws(PoiseError) in
        try ready.sample(rows: min(most, ready.count), seed: seed)
      } ?? ready
    inputs = sample.inputs
    labels = sample.labels
    classes = raw.classes
    self.rule = rule
    summary = DataSummary(
      name: specification, rows: sample.count, totalRows: raw.count, features: raw.dimension,
      meanSquare: sample.meanSquare, preparation: words)
  }

  static func rule(
    of raw: Dataset, _ preparation: Preparation
  ) throws(PoiseError) -> Rule {
    switch preparation {
    case .raw: return Rule()
    case .scale: return Rule(factor: try raw.scaledToUnitMeanSquare().factor)
    case .standardize:
      guard raw.count > 1 else { return Rule(factor: try raw.scaledToUnitMeanSquare().factor) }
      let deviations = try Standardization(of: raw, deviationFloor: 1e-300).deviations
      let squares = deviations.reduce(0) { $0 + $1 * $1 } / Double(deviations.count)
      guard squares.isFinite else {
        throw PoiseError(
          .outOfRange, quantity: "spread of the features", value: "overflow",
          allowed: "values whose squares stay below 1e308",
          suggestion: "values of order 1")
      }
      let floor = max(0.05 * squares.squareRoot(), 1e-300)
      let statistics = try Standardization(of: raw, deviationFloor: floor)
      let factor = try raw.standardized(by: statistics).scaledToUnitMeanSquare().factor
      return Rule(statistics: statistics, factor: factor)
    }
  }

  static func words(_ preparation: Preparation) -> String {
    switch preparation {
    case .raw: "as they are"
    case .scale: "one factor, |x|²/N₀ = 1 on average"
    case .standardize: "each feature standardised, then |x|²/N₀ = 1 on average"
    }
  }
}
