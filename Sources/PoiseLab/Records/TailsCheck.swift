/// Heavy-tailed mean field against networks with stable weights that are really drawn, at three widths.
public struct TailsCheck: Codable, Sendable, Equatable {
  /// One comparison.
  public struct Row: Codable, Sendable, Equatable {
    /// length: q_N against q*. growth: ln of the norm per layer against ln σ_w + m_N. death: log₁₀ q after
    /// all layers at 0.85 σ_c(N), against at most −12.
    public var quantity: String
    /// Units per layer N.
    public var width: Int
    /// σ_w of the networks.
    public var scale: Double
    /// Layers that were averaged, or gone through.
    public var layers: Int
    /// q*, ln σ_w + m_N, or −12.
    public var theory: Double
    /// Mean over layers and chains; for death the largest log₁₀ q of all chains.
    public var measured: Double
    /// Standard error of that mean; null for death.
    @Nullable public var standardError: Double?
    /// q_N/q* − 1, or the difference; how far the measurement is off.
    public var deviation: Double
    /// The largest deviation that passes; null where it is not judged by itself.
    @Nullable public var limit: Double?
    /// Whether `deviation` is within `limit`, and q at N no further off than at N/4; true if not judged.
    public var passes: Bool

    /// All fields as given.
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

  /// N/4, N/2, N.
  public var widths: [Int]
  /// Seed of weights and biases.
  public var seed: UInt64
  /// Lengths, growths, then deaths, each by width.
  public var rows: [Row]
  /// agrees where every row passes, else differs.
  public var verdict: CheckResult.Verdict
  /// The verdict in a sentence.
  public var statement: String

  /// All fields as given.
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
