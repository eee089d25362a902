/// A map of phases over (σ_w², σ_b²), or a single point of it.
public struct PhaseResult: Codable, Sendable {
  /// Name of φ.
  public var activation: String
  /// gaussian, orthogonal or uniform: the phase is the same for all.
  public var weights: String
  /// Values of σ_w², columns of the map.
  public var weightVariances: [Double]
  /// Values of σ_b², rows of the map.
  public var biasVariances: [Double]
  /// One cell per (row, column), columns running fastest.
  public var cells: [Cell]
  /// The edge of chaos where it crosses the map.
  public var criticalLine: [CriticalPointSummary]
  /// What the critical set looks like, in words; says so where there is none.
  public var criticalStatement: String
  /// Known initialisations, as points.
  public var presets: [MarkedPoint]
  /// More about a single cell; absent for maps.
  public var detail: PointDetail?
  /// Check on finite networks, if asked for (a single cell).
  public var check: CheckResult?

  /// One cell. A number that does not exist is null beside its case.
  public struct Cell: Codable, Sendable, Equatable {
    /// σ_w².
    public var weightVariance: Double
    /// σ_b².
    public var biasVariance: Double
    /// q*; case: diverges, preserved.
    @Nullable public var length: Double?
    /// diverges, preserved; nil if q* exists.
    public var lengthCase: String?
    /// χ₁ at q*.
    public var chi1: Double
    /// χ_q at q*; case as for the length.
    @Nullable public var chiQ: Double?
    /// As `lengthCase`.
    public var chiQCase: String?
    /// ξ_q; case: infinite, none.
    @Nullable public var lengthDepth: Double?
    /// infinite, none, or as `lengthCase`; nil if ξ_q exists.
    public var lengthDepthCase: String?
    /// c*; case: not computed, diverges, preserved.
    @Nullable public var correlation: Double?
    /// not computed, or as `lengthCase`; nil if c* exists.
    public var correlationCase: String?
    /// ξ_c; case: infinite, none, not computed.
    @Nullable public var correlationDepth: Double?
    /// infinite, none, not computed, or as `lengthCase`; nil if ξ_c exists.
    public var correlationDepthCase: String?
    /// ordered, critical, chaotic, marginal, diverging.
    public var phase: String

    /// All fields as given.
    public init(
      weightVariance: Double, biasVariance: Double, length: Double?, lengthCase: String?,
      chi1: Double, chiQ: Double?, chiQCase: String?, lengthDepth: Double?,
      lengthDepthCase: String?, correlation: Double?, correlationCase: String?,
      correlationDepth: Double?, correlationDepthCase: String?, phase: String
    ) {
      self.weightVariance = weightVariance
      self.biasVariance = biasVariance
      self.length = length
      self.lengthCase = lengthCase
      self.chi1 = chi1
      self.chiQ = chiQ
      self.chiQCase = chiQCase
      self.lengthDepth = lengthDepth
      self.lengthDepthCase = lengthDepthCase
      self.correlation = correlation
      self.correlationCase = correlationCase
      self.correlationDepth = correlationDepth
      self.correlationDepthCase = correlationDepthCase
      self.phase = phase
    }
  }

  /// All fields as given.
  public init(
    activation: String, weights: String, weightVariances: [Double], biasVariances: [Double],
    cells: [Cell], criticalLine: [CriticalPointSummary], criticalStatement: String,
    presets: [MarkedPoint], detail: PointDetail? = nil, check: CheckResult? = nil
  ) {
    self.detail = detail
    self.activation = activation
    self.weights = weights
    self.weightVariances = weightVariances
    self.biasVariances = biasVariances
    self.cells = cells
    self.criticalLine = criticalLine
    self.criticalStatement = criticalStatement
    self.presets = presets
    self.check = check
  }
}

/// A point of the edge of chaos.
public struct CriticalPointSummary: Codable, Sendable, Equatable {
  /// σ_w².
  public var weightVariance: Double
  /// σ_b².
  public var biasVariance: Double
  /// q; null for a homogeneous φ.
  @Nullable public var length: Double?

  /// All fields as given.
  public init(weightVariance: Double, biasVariance: Double, length: Double?) {
    self.weightVariance = weightVariance
    self.biasVariance = biasVariance
    self.length = length
  }
}

/// A labelled point of the phase plane.
public struct MarkedPoint: Codable, Sendable, Equatable {
  /// Name of the preset, or `recommended`.
  public var name: String
  /// σ_w².
  public var weightVariance: Double
  /// σ_b².
  public var biasVariance: Double
  /// Whether this is what Poise recommends.
  public var isRecommended: Bool

  /// All fields as given.
  public init(
    name: String, weightVariance: Double, biasVariance: Double, isRecommended: Bool = false
  ) {
    self.name = name
    self.weightVariance = weightVariance
    self.biasVariance = biasVariance
    self.isRecommended = isRecommended
  }
}
