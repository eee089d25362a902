/// Heavy-tailed mean field against networks with stable weights that are really drawn, at three widths.
public struct TailsCheck: Codable, Sendable, Equatable {
  /// One comparison.
  public struct Row: Codable, Sendable, Equatable {
    /// length: q_N against q*. growth: ln of the norm per layer against ln σ_w + m_N. death: log₁₀ q after
    /// all layers at 0.85 σ_c(N), against at most −12.
    public var quantity: String
    public var width: Int
    /// σ_w of the networks.
    public var scale: Double
    /// Layers that were averaged, or gone through.
    public var layers: Int
    public var theory: Double
    public var measured: Double
    @Nullable public var standardError: Double?
    /// q_N/q* − 1, or the difference; how far the measurement is off.
    public var deviation: Double
    /// The largest deviation that passes; null where it is not judged by itself.
    @Nullable public var limit: Double?
    public var passes: Bool

    public init(
      quantity: String, width: Int, scale: Double, layers: Int, theory: Double, measured: Double,
      standardError: Double?, deviation: Double, limit: Double?, passes: Bool
    ) {
      self.quantity = quantity
      self.width = width
      self.scale = scale
      self.layers = layers
      self.theory = theory
      self.measured = measured
      self.standardError = standardError
      self.deviation = deviation
      self.limit = limit
      self.passes = passes
    }
  }

  public var widths: [Int]
  public var seed: UInt64
  public var rows: [Row]
  public var verdict: CheckResult.Verdict
  /// The verdict in a sentence.
  public var statement: String

  public init(
    widths: [Int], seed: UInt64, rows: [Row], verdict: CheckResult.Verdict, statement: String
  ) {
    self.widths = widths
    self.seed = seed
    self.rows = rows
    self.verdict = verdict
    self.statement = statement
  }
}
