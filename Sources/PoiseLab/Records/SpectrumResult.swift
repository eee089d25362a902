/// The law of the singular values of the end-to-end Jacobian.
public struct SpectrumResult: Codable, Sendable {
  /// The law at one depth.
  public struct Curve: Codable, Sendable, Equatable {
    /// Hidden layers L: factors D W of the Jacobian.
    public var depth: Int
    /// q of the layers: the same for all if `lengths` has one entry.
    public var lengths: [Double]
    /// N₀ … N_L if they differ: the law is then that of J Jᵀ (N_L × N_L).
    public var widths: [Int]?
    /// ln of the mean of λ = s².
    public var logMean: Double
    /// v = Var λ/(E λ)².
    public var relativeVariance: Double
    /// Share of singular values that are exactly 0.
    public var zeroMass: Double
    /// Values that a finite share takes, beside 0: ln s and share.
    public var atoms: [Atom]
    /// Ends of the continuous part in ln s; case: reaches zero, unbounded, no continuous part.
    @Nullable public var lowerEdge: Double?
    /// reaches zero, or no continuous part; nil if there is one.
    public var lowerEdgeCase: String?
    /// Upper end, in ln s.
    @Nullable public var upperEdge: Double?
    /// unbounded, or no continuous part.
    public var upperEdgeCase: String?
    /// E ln s over the singular values that are not 0.
    public var volumeRate: Double
    /// ln s below which a share of all singular values lies; null for the share of the zeros.
    public var quantiles: [Quantile]
    /// Grid in ln s, ascending.
    public var logSingularValues: [Double]
    /// Density of the continuous part per unit of ln s.
    public var density: [Double]
    /// Share of singular values above each grid point.
    public var survival: [Double]

    /// All fields as given.
    public init(
      depth: Int, lengths: [Double], widths: [Int]? = nil, logMean: Double,
      relativeVariance: Double, zeroMass: Double,
      atoms: [Atom], lowerEdge: Double?, lowerEdgeCase: String?, upperEdge: Double?,
      upperEdgeCase: String?, volumeRate: Double, quantiles: [Quantile],
      logSingularValues: [Double], density: [Double], survival: [Double]
    ) {
      self.depth = depth
      self.lengths = lengths
      self.widths = widths
      self.logMean = logMean
      self.relativeVariance = relativeVariance
      self.zeroMass = zeroMass
      self.atoms = atoms
      self.lowerEdge = lowerEdge
      self.lowerEdgeCase = lowerEdgeCase
      self.upperEdge = upperEdge
      self.upperEdgeCase = upperEdgeCase
      self.volumeRate = volumeRate
      self.quantiles = quantiles
      self.logSingularValues = logSingularValues
      self.density = density
      self.survival = survival
    }
  }

  /// A value of ln s and the share of the singular values there.
  public struct Atom: Codable, Sendable, Equatable {
    /// ln s.
    public var logSingularValue: Double
    /// Share of all singular values, in (0, 1].
    public var mass: Double

    /// All fields as given.
    public init(logSingularValue: Double, mass: Double) {
      self.logSingularValue = logSingularValue
      self.mass = mass
    }
  }

  /// ln s below which a share of the singular values lies.
  public struct Quantile: Codable, Sendable, Equatable {
    /// Share of all singular values, zeros included, in (0, 1).
    public var share: Double
    /// ln s below which it lies; null within the zeros.
    @Nullable public var logSingularValue: Double?
    /// "zero" where the share lies within the singular values that are exactly 0.
    public var logSingularValueCase: String?

    /// As given; nil counts as a share within the zeros.
    public init(share: Double, logSingularValue: Double?) {
      self.share = share
      self.logSingularValue = logSingularValue
      logSingularValueCase = logSingularValue == nil ? "zero" : nil
    }
  }

  /// Singular values of finite networks beside the law.
  public struct Check: Codable, Sendable, Equatable {
    /// Networks of each of both widths.
    public var networks: Int
    /// N_L of the larger networks: singular values per network, zeros included.
    public var width: Int
    /// Seed of the networks.
    public var seed: UInt64
    /// Edges of the bins in ln s; one more than bins.
    public var edges: [Double]
    /// Share that theory puts into each bin.
    public var theory: [Double]
    /// Mean share over networks.
    public var measured: [Double]
    /// Standard errors of `measured`; 0 where a bin's count is the same in all networks.
    public var standardError: [Double]
    /// Share of exact zeros: theory (the largest layer's at this width) and measured.
    public var zeroTheory: Double
    /// Mean share of exact zeros over networks.
    public var zeroMeasured: Double
    /// Relative variance of λ: theory, measured mean, standard error.
    public var variance: [Double]
    /// Σ over bins of |measured − theory|, and the same at half the width: a difference that is of
    /// order 1/width halves.
    public var totalDeviation: Double
    /// Σ over bins of |measured − theory| at half the width.
    public var halfWidthDeviation: Double
    /// Largest |measured − theory| in standard errors.
    public var worstZ: Double
    /// differs only where `worstZ` is 4.5 or more and the deviation, above noise, does not fall with width.
    public var verdict: CheckResult.Verdict
    /// The verdict in a sentence.
    public var statement: String

    /// All fields as given.
    public init(
      networks: Int, width: Int, seed: UInt64, edges: [Double], theory: [Double],
      measured: [Double], standardError: [Double], zeroTheory: Double, zeroMeasured: Double,
      variance: [Double], totalDeviation: Double, halfWidthDeviation: Double, worstZ: Double,
      verdict: CheckResult.Verdict, statement: String
    ) {
      self.networks = networks
      self.width = width
      self.seed = seed
      self.edges = edges
      self.theory = theory
      self.measured = measured
      self.standardError = standardError
      self.zeroTheory = zeroTheory
      self.zeroMeasured = zeroMeasured
      self.variance = variance
      self.totalDeviation = totalDeviation
      self.halfWidthDeviation = halfWidthDeviation
      self.worstZ = worstZ
      self.verdict = verdict
      self.statement = statement
    }
  }

  /// The ensemble; of a map the one with its smallest weight variance.
  public var ensemble: EnsembleSummary
  /// One law per depth; none beside a map.
  public var curves: [Curve]
  /// v over weight variance and depth, where both are ranges.
  public var map: IsometryMap?
  /// At every depth the critical variances with a given v.
  public var isometric: [IsometricPoint]?
  /// Check on finite networks, if asked for (a single depth).
  public var check: Check?

  /// All fields as given.
  public init(
    ensemble: EnsembleSummary, curves: [Curve], map: IsometryMap? = nil,
    isometric: [IsometricPoint]? = nil, check: Check? = nil
  ) {
    self.ensemble = ensemble
    self.curves = curves
    self.map = map
    self.isometric = isometric
    self.check = check
  }
}
