/// How unequal the singular values of the Jacobian are, over weight variance and depth.
public struct IsometryMap: Codable, Sendable, Equatable {
  /// σ_w² of the columns, as asked for.
  public var weightVariances: [Double]
  /// Depths of the rows, as asked for.
  public var depths: [Int]
  /// q* by column; null where lengths diverge.
  public var lengths: [Double?]
  /// ln χ₁ by column: the mean squared singular value is χ₁^depth; null where lengths diverge.
  public var logChi1: [Double?]
  /// v at depth 1 by column, to which every layer adds the same; null where lengths diverge.
  public var spreadPerLayer: [Double?]
  /// σ_w² at the edge of chaos for this bias variance, within the columns.
  public var criticalWeightVariances: [Double]

  /// All fields as given.
  public init(
    weightVariances: [Double], depths: [Int], lengths: [Double?], logChi1: [Double?],
    spreadPerLayer: [Double?], criticalWeightVariances: [Double]
  ) {
    self.weightVariances = weightVariances
    self.depths = depths
    self.lengths = lengths
    self.logChi1 = logChi1
    self.spreadPerLayer = spreadPerLayer
    self.criticalWeightVariances = criticalWeightVariances
  }

  /// v = Var s²/(E s²)² of a row and a column.
  public func relativeVariance(row: Int, column: Int) -> Double? {
    spreadPerLayer[column].map { Double(depths[row]) * $0 }
  }

  /// ln E s² of a row and a column.
  public func logMean(row: Int, column: Int) -> Double? {
    logChi1[column].map { Double(depths[row]) * $0 }
  }
}

/// The critical point whose orthogonal network of a depth has a given v.
public struct IsometricPoint: Codable, Sendable, Equatable {
  /// Hidden layers L.
  public var depth: Int
  /// v = Var s²/(E s²)² that is kept.
  public var relativeVariance: Double
  /// σ_w², σ_b² and q*; null where no critical point has this v.
  @Nullable public var weightVariance: Double?
  /// σ_b²; null with `weightVariance`.
  @Nullable public var biasVariance: Double?
  /// q*; null with `weightVariance`.
  @Nullable public var length: Double?
  /// Why there is none: no such point.
  public var weightVarianceCase: String?

  /// All fields as given.
  public init(
    depth: Int, relativeVariance: Double, weightVariance: Double?, biasVariance: Double?,
    length: Double?, weightVarianceCase: String?
  ) {
    self.depth = depth
    self.relativeVariance = relativeVariance
    self.weightVariance = weightVariance
    self.biasVariance = biasVariance
    self.length = length
    self.weightVarianceCase = weightVarianceCase
  }
}
