import PoiseNumerics

/// How much of the input each layer still carries.
public struct InformationResult: Codable, Sendable {
  /// One layer of one ensemble. Information in nats per neuron.
  public struct Point: Codable, Sendable, Equatable {
    /// σ_w².
    public var weightVariance: Double
    /// From 1.
    public var layer: Int
    /// q, c and v: variance over everything, over inputs at fixed weights, over noise at fixed input.
    public var length: Double
    /// c: variance over inputs at fixed weights.
    public var overInputs: Double
    /// v: variance over noise at fixed input.
    public var overNoise: Double
    /// Best lower bound, not below zero, and the method; bounds as they come, null where there is
    /// none.
    public var lower: Double
    /// entropyPower, entropyPowerStructured, linearEstimator, or zero where none is above zero.
    public var lowerMethod: String
    /// Lower bound by the entropy power inequality, conditional entropy bounded by its trace; null if none.
    @Nullable public var entropyPower: Double?
    /// The same, conditional entropy bounded by the nested log-determinant; null if none.
    @Nullable public var entropyPowerStructured: Double?
    /// What a linear estimator finds: the linearly decodable information.
    @Nullable public var linear: Double?
    /// The replica formula; null where its equations did not settle or were not asked for, with the
    /// reason.
    @Nullable public var exact: Double?
    /// not asked for, or replica equations did not settle; nil where `exact` exists.
    public var exactCase: String?
    /// The other solution of the replica equations, where there are two.
    public var exactOther: Double?
    /// Best upper bound and the method.
    public var upper: Double
    /// Name of the method behind `upper`.
    public var upperMethod: String
    /// ½ ln(1 + q/s): classic mean field taken over inputs.
    public var classic: Double

    /// All fields as given.
    public init(
      weightVariance: Double, layer: Int, length: Double, overInputs: Double, overNoise: Double,
      lower: Double, lowerMethod: String, entropyPower: Double?, entropyPowerStructured: Double?,
      linear: Double?, exact: Double?, exactCase: String?, exactOther: Double?, upper: Double,
      upperMethod: String, classic: Double
    ) {
      self.weightVariance = weightVariance
      self.layer = layer
      self.length = length
      self.overInputs = overInputs
      self.overNoise = overNoise
      self.lower = lower
      self.lowerMethod = lowerMethod
      self.entropyPower = entropyPower
      self.entropyPowerStructured = entropyPowerStructured
      self.linear = linear
      self.exact = exact
      self.exactCase = exactCase
      self.exactOther = exactOther
      self.upper = upper
      self.upperMethod = upperMethod
      self.classic = classic
    }
  }

  /// Given inputs: nothing is assumed of their law.
  public struct DataLayer: Codable, Sendable, Equatable {
    /// From 1.
    public var layer: Int
    /// q and c of corrected mean field; classic theory takes q for c.
    public var length: Double
    /// c: variance of a unit over these inputs at fixed weights, the layer's noise included.
    public var withinUnitVariance: Double
    /// Bounds of the information about which input it was, nats in all, and the upper one's name. No
    /// lower one below noisy layers, with the reason.
    @Nullable public var lower: Double?
    /// Why there is no lower bound; nil if there is one.
    public var lowerCase: String?
    /// Upper bound of that information, nats in all; below noisy layers the least so far.
    public var upper: Double
    /// Name of the bound behind `upper`.
    public var upperMethod: String
    /// c over these inputs in networks that were built, averaged over them, and its standard error;
    /// nothing unless it was asked for.
    public var measuredVariance: Double?
    /// Standard error over networks of `measuredVariance`; nil with it.
    public var varianceError: Double?

    /// All fields as given; nothing measured.
    public init(
      layer: Int, length: Double, withinUnitVariance: Double, lower: Double?,
      lowerCase: String? = nil, upper: Double, upperMethod: String
    ) {
      self.layer = layer
      self.length = length
      self.withinUnitVariance = withinUnitVariance
      self.lower = lower
      self.lowerCase = lowerCase
      self.upper = upper
      self.upperMethod = upperMethod
    }
  }

  /// What was asked about data.
  public struct DataPart: Codable, Sendable, Equatable {
    /// The inputs.
    public var data: DataSummary
    /// Units of the last layer.
    public var width: Int
    /// Layers 1 … L.
    public var layers: [DataLayer]

    /// All fields as given.
    public init(data: DataSummary, width: Int, layers: [DataLayer]) {
      self.data = data
      self.width = width
      self.layers = layers
    }
  }

  /// The ensemble; its weight variance is that of the first point.
  public var ensemble: EnsembleSummary
  /// every-layer or output.
  public var noise: String
  /// s.
  public var noiseVariance: Double
  /// A, B or C.
  public var convention: String
  /// The law of a component of the input, and its mean square.
  public var inputLaw: String
  /// σ_x², mean square of a component of the input.
  public var inputSquare: Double
  /// n₀ … n_L where widths differ; information is then per unit of its own layer.
  public var widths: [Int]?
  /// By weight variance, then by layer.
  public var points: [Point]
  /// σ_w² at the edge of chaos of the lengths that this noise gives; null where there is none.
  @Nullable public var edge: Double?
  /// no edge of chaos; nil if there is one.
  public var edgeCase: String?
  /// The bias variance for which that edge was taken: noise at every layer counts as such.
  public var edgeBiasVariance: Double
  /// Given inputs, if there are any.
  public var data: DataPart?
  /// Check on finite networks, if asked for.
  public var check: CheckResult?

  /// All fields as given.
  public init(
    ensemble: EnsembleSummary, noise: String, noiseVariance: Double, convention: String,
    inputLaw: String, inputSquare: Double, points: [Point], edge: Double?, edgeCase: String?,
    edgeBiasVariance: Double, widths: [Int]? = nil, data: DataPart? = nil,
    check: CheckResult? = nil
  ) {
    self.widths = widths
    self.ensemble = ensemble
    self.noise = noise
    self.noiseVariance = noiseVariance
    self.convention = convention
    self.inputLaw = inputLaw
    self.inputSquare = inputSquare
    self.points = points
    self.edge = edge
    self.edgeCase = edgeCase
    self.edgeBiasVariance = edgeBiasVariance
    self.data = data
    self.check = check
  }

  /// Layers that occur, ascending.
  public var layers: [Int] { Set(points.map(\.layer)).sorted() }
  /// Weight variances that occur, ascending.
  public var weightVariances: [Double] { Set(points.map(\.weightVariance)).sorted() }
}

extension InformationResult: RecordedResult {
  /// `check`; nil unless it was asked for.
  public var networkCheck: CheckResult? { check }

  /// Whole if there are points.
  public var shape: [(name: String, isWhole: Bool)] {
    [("information by layer", !points.isEmpty)]
  }
}
