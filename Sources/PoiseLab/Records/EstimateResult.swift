/// An estimate of mutual information from samples in files.
public struct EstimateResult: Codable, Sendable {
  /// One number with its error.
  public struct Value: Codable, Sendable, Equatable {
    /// estimate, lower bound, upper bound, of the samples, of their law.
    public var name: String
    /// In all dimensions together; null where the samples do not determine it.
    @Nullable public var nats: Double?
    public var natsCase: String?
    @Nullable public var bits: Double?
    @Nullable public var standardError: Double?
    public var warnings: [String]

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
  public var y: String
  public var samples: Int
  public var dimensionsX: Int
  public var dimensionsY: Int
  /// k, for nearest neighbours.
  public var neighbours: Int?
  /// s, for the bounds.
  public var noiseVariance: Double?
  /// Relative jitter that was added to break ties.
  public var jitter: Double?
  public var values: [Value]
  /// What the number is of, in a sentence.
  public var meaning: String

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
