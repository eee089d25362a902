/// An estimate of mutual information from samples in files.
public struct EstimateResult: Codable, Sendable {
  /// One number with its error.
  public struct Value: Codable, Sendable, Equatable {
    /// estimate, lower bound, upper bound, of the samples, of their law.
    public var name: String
    /// In all dimensions together; null where the samples do not determine it.
    @Nullable public var nats: Double?
    /// undetermined; nil where `nats` exists.
    public var natsCase: String?
    /// The same in bits; null with `nats`.
    @Nullable public var bits: Double?
    /// Of `nats`, in nats, of the sampling alone, without the bias of the estimator; null with `nats`.
    @Nullable public var standardError: Double?
    /// Why not to trust it, one sentence each; empty where the method was found trustworthy.
    public var warnings: [String]

    /// All fields as given.
    public init(
      name: String, nats: Double?, natsCase: String? = nil, bits: Double?, standardError: Double?,
      warnings: [String]
    ) {
      self.name = name
      self.nats = nats
      self.natsCase = natsCase
      self.bits = bits
      self.standardError = standardError
      self.warnings = warnings
    }
  }

  /// ksg1, ksg2, pairwise or logdet.
  public var method: String
  /// The files.
  public var x: String
  /// The file of Y: its row i belongs to row i of X.
  public var y: String
  /// Pairs (x, y).
  public var samples: Int
  /// Columns of X.
  public var dimensionsX: Int
  /// Columns of Y.
  public var dimensionsY: Int
  /// k, for nearest neighbours.
  public var neighbours: Int?
  /// s, for the bounds.
  public var noiseVariance: Double?
  /// Relative jitter that was added to break ties.
  public var jitter: Double?
  /// One estimate for ksg1, ksg2 and logdet without noise; two bounds for pairwise and logdet with noise.
  public var values: [Value]
  /// What the number is of, in a sentence.
  public var meaning: String

  /// All fields as given.
  public init(
    method: String, x: String, y: String, samples: Int, dimensionsX: Int, dimensionsY: Int,
    neighbours: Int? = nil, noiseVariance: Double? = nil, jitter: Double? = nil, values: [Value],
    meaning: String
  ) {
    self.method = method
    self.x = x
    self.y = y
    self.samples = samples
    self.dimensionsX = dimensionsX
    self.dimensionsY = dimensionsY
    self.neighbours = neighbours
    self.noiseVariance = noiseVariance
    self.jitter = jitter
    self.values = values
    self.meaning = meaning
  }
}
