/// Theory against finite networks: what was compared, by how much it differs, and a verdict.
public struct CheckResult: Codable, Sendable, Equatable {
  /// agrees, differs, or inconclusive where the networks are too few or too narrow to tell.
  public enum Verdict: String, Codable, Sendable { case agrees, differs, inconclusive }

  /// One quantity followed through the layers.
  public struct Series: Codable, Sendable, Equatable {
    /// length, overlap, gradient.
    public var quantity: String
    /// The same in words with its symbol, for a table or an axis.
    public var title: String
    /// Layer numbers, from 1.
    public var layers: [Int]
    /// Infinite-width theory.
    public var theory: [Double]
    /// Theory with its correction of order 1/width: what the measurement is compared with.
    public var corrected: [Double]
    /// What the correction itself may be off by.
    public var allowance: [Double]
    /// Mean over networks.
    public var measured: [Double]
    /// Standard error of that mean.
    public var standardError: [Double]
    /// (measured − corrected)/√(standard error² + allowance²).
    public var z: [Double]

    /// All fields as given.
    public init(
      quantity: String, title: String, layers: [Int], theory: [Double], corrected: [Double],
      allowance: [Double], measured: [Double], standardError: [Double], z: [Double]
    ) {
      self.quantity = quantity
      self.title = title
      self.layers = layers
      self.theory = theory
      self.corrected = corrected
      self.allowance = allowance
      self.measured = measured
      self.standardError = standardError
      self.z = z
    }
  }

  /// Networks that were built.
  public var networks: Int
  /// Units per layer.
  public var width: Int
  /// Rows of data that were sent through each network.
  public var rows: Int
  /// Seed of the networks.
  public var seed: UInt64
  /// Layer profiles: length, overlap, gradient.
  public var series: [Series]
  /// Largest |z| of all comparisons.
  public var worstZ: Double
  /// The |z| above which the verdict is `differs`.
  public var threshold: Double
  /// Chance that a right theory is called wrong.
  public var falseAlarmRate: Double
  /// Number of comparisons behind that chance.
  public var comparisons: Int
  /// The smallest relative error of theory that this check would notice at a typical layer.
  public var resolution: Double
  /// The verdict.
  public var verdict: Verdict
  /// The verdict in a sentence.
  public var statement: String

  /// All fields as given.
  public init(
    networks: Int, width: Int, rows: Int, seed: UInt64, series: [Series], worstZ: Double,
    threshold: Double, falseAlarmRate: Double, comparisons: Int, resolution: Double,
    verdict: Verdict, statement: String
  ) {
    self.networks = networks
    self.width = width
    self.rows = rows
    self.seed = seed
    self.series = series
    self.worstZ = worstZ
    self.threshold = threshold
    self.falseAlarmRate = falseAlarmRate
    self.comparisons = comparisons
    self.resolution = resolution
    self.verdict = verdict
    self.statement = statement
  }
}
