/// Where in (α, σ_w) a signal lives through a network of given depth and width.
public struct StableAdviceResult: Codable, Sendable {
  /// The window in σ_w at one α.
  public struct Window: Codable, Sendable, Equatable {
    /// α of the weights.
    public var alpha: Double
    /// σ_c(N): below, a small signal dies with depth. Exact.
    public var lower: Double
    /// λ L = 2 in the pool: above, small differences between inputs grow by more than e² over the depth; case:
    /// beyond (the largest scale tried).
    @Nullable public var upper: Double?
    /// beyond 8; nil if there is an upper end.
    public var upperCase: String?
    /// From the standard error of λ.
    @Nullable public var upperError: Double?
    /// Geometric middle of the window; null where it is closed.
    @Nullable public var suggested: Double?
    /// ln q* there, at infinite width; case: dies (q* = 0).
    @Nullable public var logLength: Double?
    /// dies; nil if q* > 0 there, or nothing is suggested.
    public var logLengthCase: String?
    /// Layers in which an error of ln q falls to 1/e there.
    @Nullable public var settlingDepth: Double?
    /// open, narrow (upper/lower below 1.2), closed.
    public var verdict: String

    /// These fields as given; all others nil.
    public init(alpha: Double, lower: Double, verdict: String) {
      self.alpha = alpha
      self.lower = lower
      self.verdict = verdict
      upper = nil
      upperError = nil
      suggested = nil
      logLength = nil
      settlingDepth = nil
    }
  }

  /// Networks with stable weights fed with data.
  public struct Measurement: Codable, Sendable, Equatable {
    /// α of the weights: that of the widest window.
    public var alpha: Double
    /// σ_w: the suggested one of that window.
    public var scale: Double
    /// Networks that were fed.
    public var networks: Int
    /// Rows of data that were sent through each.
    public var rows: Int
    /// Networks in which q of the last layer is above 1e-4 q*.
    public var alive: Int
    /// Mean of q in the last layer, and its standard error over networks.
    public var length: Double
    /// Standard error of `length` over networks.
    public var lengthError: Double
    /// q*, at infinite width.
    public var theory: Double
    /// agrees where at least nine networks in ten are alive, else differs.
    public var verdict: CheckResult.Verdict
    /// What was seen, in a sentence.
    public var statement: String

    /// All fields as given.
    public init(
      alpha: Double, scale: Double, networks: Int, rows: Int, alive: Int, length: Double,
      lengthError: Double, theory: Double, verdict: CheckResult.Verdict, statement: String
    ) {
      self.alpha = alpha
      self.scale = scale
      self.networks = networks
      self.rows = rows
      self.alive = alive
      self.length = length
      self.lengthError = lengthError
      self.theory = theory
      self.verdict = verdict
      self.statement = statement
    }
  }

  /// Name of φ.
  public var activation: String
  /// Hidden layers L.
  public var depth: Int
  /// Units per layer N.
  public var width: Int
  /// P of λ.
  public var pool: Int
  /// Inputs that were given; nil without.
  public var data: DataSummary?
  /// The answer in a sentence.
  public var headline: String
  /// Why, one sentence each.
  public var reasons: [String]
  /// What theory promises.
  public var promises: [String]
  /// What it cannot promise.
  public var caveats: [String]
  /// One per α asked for.
  public var windows: [Window]
  /// The plane round the windows, for the picture.
  public var plane: StablePhaseResult
  /// Networks at the suggested point fed with the data; nil without data, networks, or an open window.
  public var measurement: Measurement?

  /// All fields as given.
  public init(
    activation: String, depth: Int, width: Int, pool: Int, data: DataSummary?, headline: String,
    reasons: [String], promises: [String], caveats: [String], windows: [Window],
    plane: StablePhaseResult, measurement: Measurement?
  ) {
    self.activation = activation
    self.depth = depth
    self.width = width
    self.pool = pool
    self.data = data
    self.headline = headline
    self.reasons = reasons
    self.promises = promises
    self.caveats = caveats
    self.windows = windows
    self.plane = plane
    self.measurement = measurement
  }
}

extension StableAdviceResult: RecordedResult {
  /// Whole if there is a window and the plane has all its cells.
  public var shape: [(name: String, isWhole: Bool)] {
    plane.shape + [("windows", !windows.isEmpty)]
  }
}
