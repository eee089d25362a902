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

  /// Loads data by name, path or specification (see `Dataset.load`).
  ///
  /// - Parameters:
  ///   - rows: most rows to keep, a seeded sample without replacement; nil for all in their order.
  /// - Throws: `unreadable`, `unknownName` from loading; `outOfRange` for rows below 1.
  public init(
    _ specification: String, preparation: Preparation = .standardize, rows: Int?, seed: UInt64
  ) throws(PoiseError) {
    if let rows, rows < 1 {
      throw PoiseError(.outOfRange, quantity: "rows", value: "\(rows)", allowed: "at least 1")
    }
    let raw = try Dataset.load(specification, seed: seed)
    let ready = try Self.prepare(raw, preparation)
    let sample =
      try rows.map { most throws(PoiseError) in
        try ready.sample(rows: min(most, ready.count), seed: seed)
      } ?? ready
    inputs = sample.inputs
    labels = sample.labels
    classes = raw.classes
    summary = DataSummary(
      name: specification, rows: sample.count, totalRows: raw.count, features: raw.dimension,
      meanSquare: sample.meanSquare, preparation: Self.words(preparation))
  }

  private static func prepare(
    _ raw: Dataset, _ preparation: Preparation
  ) throws(PoiseError) -> Dataset {
    switch preparation {
    case .raw: return raw
    case .scale: return try raw.scaledToUnitMeanSquare().dataset
    case .standardize:
      guard raw.count > 1 else { return try raw.scaledToUnitMeanSquare().dataset }
      let deviations = try Standardization(of: raw, deviationFloor: 1e-300).deviations
      let squares = deviations.reduce(0) { $0 + $1 * $1 } / Double(deviations.count)
      guard squares.isFinite else {
        throw PoiseError(
          .outOfRange, quantity: "spread of the features", value: "overflow",
          allowed: "values whose squares stay below 1e308",
          suggestion: "values of order 1")
      }
      let floor = max(0.05 * squares.squareRoot(), 1e-300)
      return try raw.standardized(deviationFloor: floor).scaledToUnitMeanSquare().dataset
    }
  }

  private static func words(_ preparation: Preparation) -> String {
    switch preparation {
    case .raw: "as they are"
    case .scale: "one factor, |x|²/N₀ = 1 on average"
    case .standardize: "each feature standardised, then |x|²/N₀ = 1 on average"
    }
  }
}
