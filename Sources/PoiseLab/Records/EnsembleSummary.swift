import PoiseModel
import PoiseNumerics

/// An ensemble as a record keeps it.
public struct EnsembleSummary: Codable, Sendable, Equatable {
  /// Name of φ.
  public var activation: String
  /// gaussian, orthogonal or uniform.
  public var weights: String
  /// σ_w².
  public var weightVariance: Double
  /// σ_b².
  public var biasVariance: Double

  /// All fields as given.
  public init(
    activation: String, weights: String, weightVariance: Double, biasVariance: Double
  ) {
    self.activation = activation
    self.weights = weights
    self.weightVariance = weightVariance
    self.biasVariance = biasVariance
  }
}

/// Data as a record keeps them.
public struct DataSummary: Codable, Sendable, Equatable {
  /// Name or path.
  public var name: String
  /// Rows that were used.
  public var rows: Int
  /// Rows that the whole set has.
  public var totalRows: Int
  /// Features per row, N₀.
  public var features: Int
  /// Mean over the used rows of |x|²/N₀.
  public var meanSquare: Double
  /// How the raw values were prepared, in words.
  public var preparation: String

  /// All fields as given.
  public init(
    name: String, rows: Int, totalRows: Int, features: Int, meanSquare: Double,
    preparation: String
  ) {
    self.name = name
    self.rows = rows
    self.totalRows = totalRows
    self.features = features
    self.meanSquare = meanSquare
    self.preparation = preparation
  }
}
