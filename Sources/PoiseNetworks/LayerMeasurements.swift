public import PoiseNumerics

/// What to measure on the way through a network, beside length and overlap.
public struct MeasurementOptions: Sendable {
  /// Pairs of rows whose overlap h_a·h_b/N is wanted in every layer.
  public var pairs: [(first: Int, second: Int)]
  /// Whether the full matrix of overlaps is wanted in every layer (rows² numbers per layer).
  public var fullGram: Bool
  /// Number of leading rows through which a gradient is sent back; 0 for none.
  public var gradientRows: Int
  /// Number of leading rows at which a Jacobian-vector product is taken; 0 for none.
  public var directionRows: Int
  /// Leading layers left out of the Jacobian: 0 for all of D^L W^L … D¹ W¹; 1 to start at the
  /// first hidden layer, which leaves out the only factor that is not square at equal widths.
  public var skippedLayers: Int
  /// Seed and number of the streams of random cotangents and directions. A `NetworkSample` uses
  /// its own instead.
  public var seed: UInt64
  /// Number of these streams: another number, other directions.
  public var index: UInt64

  /// Length and overlap alone, unless more is asked for.
  public init(
    pairs: [(first: Int, second: Int)] = [], fullGram: Bool = false, gradientRows: Int = 0,
    directionRows: Int = 0, skippedLayers: Int = 0, seed: UInt64 = 0, index: UInt64 = 0
  ) {
    self.pairs = pairs
    self.fullGram = fullGram
    self.gradientRows = gradientRows
    self.directionRows = directionRows
    self.skippedLayers = skippedLayers
    self.seed = seed
    self.index = index
  }
}

/// What one network did to one batch, layer by layer; nothing here is averaged over networks.
///
/// Entry l − 1 belongs to layer l = 1 … depth. If a preactivation overflowed, `divergedAtLayer`
/// says where, the forward arrays end before that layer, and there is no backward part: the
/// arrays never hold NaN. A gradient or tangent that vanished exactly has logarithm −∞.
public struct LayerMeasurements: Sendable, Equatable {
  /// Mean over rows of |hˡ|²/N_l (layer).
  public internal(set) var length: [Double] = []
  /// Mean over all pairs of distinct rows of h_aˡ·h_bˡ/N_l (layer); empty for a single row.
  public internal(set) var overlap: [Double] = []
  /// |h_aˡ|²/N_l of each row (layer × row).
  public internal(set) var rowLengths: [[Double]] = []
  /// h_aˡ·h_bˡ/N_l of the pairs asked for (layer × pair).
  public internal(set) var pairOverlaps: [[Double]] = []
  /// All h_aˡ·h_bˡ/N_l (row × row) of each layer, if asked for.
  public internal(set) var grams: [Matrix<Double>] = []
  /// ln |gˡ|² of each row (layer × row), gˡ = derivative with respect to hˡ.
  public internal(set) var rowLogGradients: [[Double]] = []
  /// Mean over rows of ln |gˡ|² (layer).
  public internal(set) var logGradient: [Double] = []
  /// ln |Dˡ Wˡ … D W u|² of each row, |u| = 1 (layer × row). The first entry belongs to the first
  /// layer that is not skipped.
  public internal(set) var rowLogTangents: [[Double]] = []
  /// The first layer (counted from 1) in which |h|² of some row is not finite in the precision of
  /// the network, or nil.
  public internal(set) var divergedAtLayer: Int?
}
