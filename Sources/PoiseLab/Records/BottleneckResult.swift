/// The layers of networks in the information plane.
public struct BottleneckResult: Codable, Sendable {
  /// A number between bounds; both equal where it is exact.
  public struct Range: Codable, Sendable, Equatable {
    public var lower: Double
    public var upper: Double

    public init(_ lower: Double, _ upper: Double) {
      self.lower = lower
      self.upper = upper
    }
  }

  /// One layer, averaged over networks.
  public struct Layer: Codable, Sendable, Equatable {
    public var layer: Int
    /// I(T; x), nats in all.
    public var informationX: Range
    /// I(T; Y), nats in all.
    public var informationY: Range
    /// Standard errors over networks of the middle of the two; null for one network.
    @Nullable public var errorX: Double?
    @Nullable public var errorY: Double?
    /// The curve at the upper end of I(T; x); null for labels.
    @Nullable public var most: Double?
    /// Variance of a unit over inputs: classic mean field, corrected, measured and its error.
    public var classicVariance: Double
    public var correctedVariance: Double
    public var measuredVariance: Double
    @Nullable public var varianceError: Double?

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

  public var ensemble: EnsembleSummary
  public var depth: Int
  public var width: Int
  /// every-layer or output.
  public var noise: String
  public var noiseVariance: Double
  public var networks: Int
  /// What Y is, in words.
  public var target: String
  /// gaussian or labels.
  public var kind: String
  /// I(x; Y), or H(Y) of labels, nats.
  public var mostInformationY: Double
  /// Bottleneck curve; empty for labels.
  public var curveX: [Double]
  public var curveY: [Double]
  public var layers: [Layer]
  /// Inputs, for labels.
  public var data: DataSummary?
  /// Theory against the networks, if asked for.
  public var check: CheckResult?

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
