/// Where in (α, σ_w) a signal lives through a network of given depth and width.
public struct StableAdviceResult: Codable, Sendable {
  /// The window in σ_w at one α.
  public struct Window: Codable, Sendable, Equatable {
    public var alpha: Double
    /// σ_c(N): below, a small signal dies with depth. Exact.
    public var lower: Double
    /// λ L = 2 in the pool: above, small differences between inputs grow by more than e² over the depth; case:
    /// beyond (the largest scale tried).
    @Nullable public var upper: Double?
    public var upperCase: String?
    /// From the standard error of λ.
    @Nullable public var upperError: Double?
    /// Geometric middle of the window; null where it is closed.
    @Nullable public var suggested: Double?
    /// ln q* there, at infinite width; case: dies (q* = 0).
    @Nullable public var logLength: Double?
    public var logLengthCase: String?
    /// Layers in which an error of ln q falls to 1/e there.
    @Nullable public var settlingDepth: Double?
    /// open, narrow (upper/lower below 1.2), closed.
    public var verdict: String

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
    public var alpha: Double
    public var scale: Double
    public var networks: Int
    public var rows: Int
    /// Networks in which q of the last layer is above 1e-4 q*.
    public var alive: Int
    /// Mean of q in the last layer, and its standard error over networks.
    public var length: Double
    public var lengthError: Double
    /// q*, at infinite width.
    public var theory: Double
    public var verdict: CheckResult.Verdict
    public var statement: String

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

  public var activation: String
  public var depth: Int
  public var width: Int
  /// P of λ.
  public var pool: Int
  public var data: DataSummary?
  /// The answer in a sentence.
  public var headline: String
  public var reasons: [String]
  /// What theory promises.
  public var promises: [String]
  /// What it cannot promise.
  public var caveats: [String]
  public var windows: [Window]
  /// The plane round the windows, for the picture.
  public var plane: StablePhaseResult
  public var measurement: Measurement?

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
  public var shape: [(name: String, isWhole: Bool)] {
    plane.shape + [("windows", !windows.isEmpty)]
  }
}
