/// The layers of networks in the information plane.
public struct BottleneckResult: Codable, Sendable {
  /// A number between bounds; both equal where it is exact.
  public struct Range: Codable, Sendable, Equatable {
    /// Lower bound, nats.
    public var lower: Double
    /// Upper bound, nats; at least `lower`.
    public var upper: Double

    /// Both ends as given.
    public init(_ lower: Double, _ upper: Double) {
      self.lower = lower
      self.upper = upper
    }
  }

  /// One layer, averaged over networks.
  public struct Layer: Codable, Sendable, Equatable {
    /// From 1.
    public var layer: Int
    /// I(T; x), nats in all.
    public var informationX: Range
    /// I(T; Y), nats in all.
    public var informationY: Range
    /// Standard errors over networks of the middle of the two; null for one network.
    @Nullable public var errorX: Double?
    /// Of I(T; Y).
    @Nullable public var errorY: Double?
    /// The curve at the upper end of I(T; x); null for labels.
    @Nullable public var most: Double?
    /// Variance of a unit over inputs: classic mean field, corrected, measured and its error.
    public var classicVariance: Double
    /// The same by corrected mean field: over inputs at fixed weights, without the layer's own noise.
    public var correctedVariance: Double
    /// The same in the networks, averaged over units and networks.
    public var measuredVariance: Double
    /// Standard error of that over networks; null for one network.
    @Nullable public var varianceError: Double?

    /// All fields as given.
    public init(
      layer: Int, informationX: Range, informationY: Range, errorX: Double?, errorY: Double?,
      most: Double?, classicVariance: Double, correctedVariance: Double, measuredVariance: Double,
      varianceError: Double?
    ) {
      self.layer = layer
      self.informationX = informationX
      self.informationY = informationY
      self.errorX = errorX
      self.errorY = errorY
      self.most = most
      self.classicVariance = classicVariance
      self.correctedVariance = correctedVariance
      self.measuredVariance = measuredVariance
      self.varianceError = varianceError
    }

    /// I(T; Y) over the curve, where both are exact.
    public var efficiency: Double? {
      guard let most, most > 0, informationX.lower == informationX.upper else { return nil }
      return informationY.lower / most
    }
  }

  /// φ, law of the weights, σ_w² and σ_b².
  public var ensemble: EnsembleSummary
  /// Hidden layers L.
  public var depth: Int
  /// Units per layer N; of the input too for a Gaussian target.
  public var width: Int
  /// every-layer or output.
  public var noise: String
  /// s, variance of the noise on a unit; above 0.
  public var noiseVariance: Double
  /// Networks that were averaged over.
  public var networks: Int
  /// What Y is, in words.
  public var target: String
  /// gaussian or labels.
  public var kind: String
  /// I(x; Y), or H(Y) of labels, nats.
  public var mostInformationY: Double
  /// Bottleneck curve; empty for labels.
  public var curveX: [Double]
  /// Most I(T; Y) that any T with that I(T; x) can have, nats; one per entry of `curveX`.
  public var curveY: [Double]
  /// Layers 1 … L.
  public var layers: [Layer]
  /// Inputs, for labels.
  public var data: DataSummary?
  /// Theory against the networks, if asked for.
  public var check: CheckResult?

  /// All fields as given.
  public init(
    ensemble: EnsembleSummary, depth: Int, width: Int, noise: String, noiseVariance: Double,
    networks: Int, target: String, kind: String, mostInformationY: Double, curveX: [Double],
    curveY: [Double], layers: [Layer], data: DataSummary? = nil,
    check: CheckResult? = nil
  ) {
    self.check = check
    self.ensemble = ensemble
    self.depth = depth
    self.width = width
    self.noise = noise
    self.noiseVariance = noiseVariance
    self.networks = networks
    self.target = target
    self.kind = kind
    self.mostInformationY = mostInformationY
    self.curveX = curveX
    self.curveY = curveY
    self.layers = layers
    self.data = data
  }
}
