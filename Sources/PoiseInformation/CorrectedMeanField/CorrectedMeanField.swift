import PoiseMeanField
public import PoiseModel
public import PoiseNumerics

/// Mean field over an ensemble of inputs at *fixed* weights, where classic mean field speaks of one
/// input and random weights (Weng et al. 2022).
///
/// Over inputs, unit i of a layer has a frozen mean m_i, N(0, r) over units, and the variance c = q − r
/// around it, not q. With T(q, r) = E φ(u)φ(u′) for u, u′ of variance q and covariance r:
///
///     q¹ = σ_w²|x|²/N₀ + σ_b²   qˡ⁺¹ = σ_w² T(qˡ, qˡ) + σ_b²
///     r¹ = σ_w² x·x′/N₀ + σ_b²  rˡ⁺¹ = σ_w² T(qˡ, rˡ) + σ_b²
///
/// A type beside `MeanField`, not a flag: the two answer different questions.
public struct CorrectedMeanField: Sendable, Equatable {
  /// One layer.
  public struct Layer: Sendable, Equatable {
    /// q: mean square over units and inputs. The classic theory takes it for the variance.
    public let length: Double
    /// r: variance over units of the frozen means, and overlap of two inputs.
    public let overlap: Double
    /// c = q − r: variance over inputs of one unit at fixed weights.
    public let withinUnitVariance: Double
    /// 3 Var(q_x)/q² over inputs: excess kurtosis of all preactivations of a layer together, from
    /// the spread of the norms; 0 where norms are equal.
    public let excessKurtosis: Double

    /// What classic mean field says of the same variance.
    public var classicVariance: Double { length }
    /// Classic over corrected: how far the classic theory is off; infinite where c = 0.
    public var classicFactor: Double { length / withinUnitVariance }
  }

  /// By layer, from the first affine map on.
  public let layers: [Layer]

  private init(layers: [Layer]) { self.layers = layers }

  /// For any law of inputs whose norms and overlaps concentrate: two numbers describe it.
  ///
  /// - Parameters:
  ///   - meanSquare: |x|²/N₀.
  ///   - overlap: x·x′/N₀ of two independent inputs.
  ///   - noiseVariance: s of fresh noise at every layer, which q and c contain and r does not.
  ///   - depth: hidden layers, at least 1.
  /// - Throws: `outOfRange` for a mean square below 0, an overlap beyond it, s below 0, or no layers;
  ///   `noAnswer` where lengths overflow.
  public init(
    _ ensemble: NetworkEnsemble, meanSquare: Double, overlap: Double, noiseVariance: Double = 0,
    depth: Int
  ) throws(PoiseError) {
    _ = try meanSquare.checked("mean square of the inputs", in: 0...1e100)
    _ = try overlap.checked("overlap of two inputs", in: -meanSquare...meanSquare)
    let noise = try noiseVariance.checked("noise variance", in: 0...1e100)
    try Self.checkDepth(depth)
    let theory = try MeanField(of: ensemble)
    var length = ensemble.weightVariance * meanSquare + ensemble.biasVariance + noise
    // The gap 1 − r/q is carried, never r: it keeps its digits where all inputs become alike.
    var variance = ensemble.weightVariance * (meanSquare - overlap) + noise
    var layers: [Layer] = []
    for layer in 1...depth {
      guard length < 1e150 else {
        throw PoiseError(
          .noAnswer, quantity: "length at layer \(layer)", value: "beyond 1e150",
          allowed: "an ensemble whose lengths stay below",
          suggestion: "a smaller weight variance or depth")
      }
      layers.append(
        Layer(
          length: length, overlap: length - variance, withinUnitVariance: variance,
          excessKurtosis: 0))
      guard layer < depth else { break }
      guard length > 0 else {
        (length, variance) = (theory.lengthMap(0), 0)
        continue
      }
      let map = theory.correlationMap(atLength: length)
      variance = map.nextLength * map.nextGap(min(variance / length, 2)) + noise
      length = map.nextLength + noise
    }
    self.init(layers: layers)
  }

  /// For given inputs, each with its own norm and each pair with its own overlap: clusters, and norms
  /// that do not concentrate. The variance is that over these inputs, unbiased.
  ///
  /// - Throws: `outOfRange` for fewer than two inputs, inputs that are not finite, or no layers;
  ///   `noAnswer` where lengths overflow.
  public init(
    _ ensemble: NetworkEnsemble, inputs: Matrix<Double>, depth: Int, jobs: Int = 1
  ) throws(PoiseError) {
    guard inputs.rows > 1 else {
      throw PoiseError(
        .outOfRange, quantity: "inputs", value: "\(inputs.rows)",
        allowed: "at least two: the theory is about how units vary over inputs")
    }
    try Self.checkDepth(depth)
    let theory = try InputPropagation(ensemble, inputs: inputs, depth: depth, jobs: jobs)
    self.init(
      layers: (0..<depth).map { layer in
        let (q, r) = (theory.meanLength[layer], theory.meanOverlap[layer])
        let lengths = RunningMoments(theory.lengths[layer])
        let spread = q > 0 ? 3 * (lengths.variance ?? 0) / (q * q) : 0
        return Layer(
          length: q, overlap: r, withinUnitVariance: max(0, q - r), excessKurtosis: spread)
      })
  }

  private static func checkDepth(_ depth: Int) throws(PoiseError) {
    guard (1...100_000).contains(depth) else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "1 to 100000 hidden layers")
    }
  }

  /// What this theory takes for granted.
  public static let assumptions = [
    "layers are infinitely wide; one network fluctuates by order 1/√width around it",
    "weights are fixed and known, and inputs vary",
    "norms and overlaps of the inputs concentrate, unless inputs are given one by one",
  ]
  /// Where it comes from.
  public static let sources = [
    "Weng et al. 2022, arXiv:2212.01744", "docs/theory/corrected-mean-field.md",
  ]
}

/// The two numbers by which a law of inputs enters, measured.
public struct InputMoments: Sendable, Equatable {
  /// Mean of |x|²/N₀.
  public let meanSquare: Double
  /// Mean of x·x′/N₀ over pairs of different inputs.
  public let overlap: Double
  /// Standard deviation of |x|²/N₀ over inputs, relative to its mean: small where norms concentrate.
  public let normSpread: Double

  /// - Throws: `outOfRange` for fewer than two inputs or inputs that are not finite.
  public init(_ inputs: Matrix<Double>) throws(PoiseError) {
    guard inputs.rows > 1, inputs.columns > 0, inputs.elements.allSatisfy(\.isFinite) else {
      throw PoiseError(
        .outOfRange, quantity: "inputs", value: "\(inputs.rows) × \(inputs.columns)",
        allowed: "at least two rows and one feature, all finite")
    }
    let (rows, features) = (Double(inputs.rows), Double(inputs.columns))
    let squares = RunningMoments(inputs.rowSquares.map { $0 / features })
    let centred = inputs.withoutColumnMeans.rowSquares.reduce(0, +) / (features * (rows - 1))
    // q − r is the unbiased variance around the mean input, summed over features.
    meanSquare = squares.mean
    overlap = squares.mean - centred
    normSpread =
      squares.mean > 0 ? (squares.variance ?? 0).squareRoot() / squares.mean : 0
  }
}
