/// What heavy-tailed weights change: length, growth and thresholds at each (α, σ_w).
public struct TailsResult: Codable, Sendable {
  /// One ensemble.
  public struct Point: Codable, Sendable, Equatable {
    /// α of weights and biases.
    public var alpha: Double
    /// σ_w.
    public var scale: Double
    /// ln q*; case: dies (q* = 0), no infinite-width limit.
    @Nullable public var logLength: Double?
    /// dies, or no infinite-width limit; nil if q* > 0.
    public var logLengthCase: String?
    /// Layers in which an error of ln q falls to 1/e.
    @Nullable public var settlingDepth: Double?
    /// M_α = E |φ′|^α at q*.
    @Nullable public var slopeMoment: Double?
    /// σ_c(N), below which small signals die at the stated width, and its error; null where φ(0) ≠ 0.
    @Nullable public var criticalScale: Double?
    /// Standard error of σ_c(N); null with it.
    @Nullable public var criticalScaleError: Double?
    /// ln σ_w + m_N: growth of a small signal per layer at the stated width (of a large one where φ is
    /// unbounded).
    @Nullable public var growthRate: Double?
    /// λ of the pool, with its standard error.
    @Nullable public var lyapunov: Double?
    /// Standard error of λ; null with it.
    @Nullable public var lyapunovError: Double?
    /// E ln s² of a layer's Jacobian; case: diverges (gain 0).
    @Nullable public var meanLogSquare: Double?
    /// diverges; nil otherwise.
    public var meanLogSquareCase: String?
    /// Median over networks of the given width of (1/N) tr JᵀJ of a layer.
    @Nullable public var medianMeanSquare: Double?
    /// ln q of the first layers at infinite width, from q = 1.
    public var logLengths: [Double]

    /// Place of the ensemble as given; all else nil or empty.
    public init(alpha: Double, scale: Double) {
      self.alpha = alpha
      self.scale = scale
      logLengths = []
      logLength = nil
      settlingDepth = nil
      slopeMoment = nil
      criticalScale = nil
      criticalScaleError = nil
      growthRate = nil
      lyapunov = nil
      lyapunovError = nil
      meanLogSquare = nil
      medianMeanSquare = nil
    }
  }

  /// Name of φ.
  public var activation: String
  /// σ_b.
  public var biasScale: Double
  /// N of the thresholds.
  public var width: Int
  /// P of the Lyapunov exponents; null where none were computed.
  public var pool: Int?
  /// In the order of the options, scale running fastest.
  public var points: [Point]
  /// Check on finite networks, if asked for (a single point).
  public var check: TailsCheck?

  /// These fields as given; no check.
  public init(activation: String, biasScale: Double, width: Int, pool: Int?, points: [Point]) {
    self.activation = activation
    self.biasScale = biasScale
    self.width = width
    self.pool = pool
    self.points = points
  }
}

extension TailsResult: RecordedResult {
  /// Whole if there are points, none with more than 100,000 layers.
  public var shape: [(name: String, isWhole: Bool)] {
    [("tails", !points.isEmpty && points.allSatisfy { $0.logLengths.count <= 100_000 })]
  }
}
