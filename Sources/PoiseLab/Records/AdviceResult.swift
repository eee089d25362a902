/// The answer to "how shall I initialise this network for these data?"
public struct AdviceResult: Codable, Sendable {
  /// One initialisation, judged for this depth and width.
  public struct Candidate: Codable, Sendable, Equatable {
    /// Name on the command line: `poise orthogonal`, `he_normal`, …
    public var name: String
    /// The same in words.
    public var title: String
    /// φ, law of the weights, σ_w² and σ_b².
    public var ensemble: EnsembleSummary
    /// q*; case: diverges, preserved.
    @Nullable public var length: Double?
    /// Why there is no q*: diverges, preserved; nil if there is one.
    public var lengthCase: String?
    /// χ₁, mean squared singular value of a layer's Jacobian at q*; for large lengths where there is no q*.
    public var chi1: Double
    /// ordered, critical, chaotic, marginal, diverging.
    public var phase: String
    /// ξ_c; case: infinite, none, diverges.
    @Nullable public var correlationDepth: Double?
    /// infinite, none, or as `lengthCase`; nil if ξ_c exists.
    public var correlationDepthCase: String?
    /// ln of the factor by which a squared gradient grows from the last layer to the first.
    public var logGradientFactor: Double
    /// v: variance of the squared singular values of the Jacobian over their squared mean.
    public var jacobianSpread: Double
    /// Var ln|Ju|² over networks of this width.
    public var logJacobianVariance: Double
    /// What a linear reader finds of the input in the last layer: nats per neuron, noise 0.01 at the
    /// output (convention B); nil where lengths diverge or depth is above 128.
    public var linearInformation: Double?
    /// fine, warn, or too deep: the variance below 0.5, below 1, above.
    public var widthVerdict: String
    /// One word: good, ties, slow, vanishes, explodes, uneven, diverges, risky, too-deep.
    public var verdict: String
    /// Whether this is what Poise recommends.
    public var isRecommended: Bool

    /// All fields as given; `linearInformation` nil.
    public init(
      name: String, title: String, ensemble: EnsembleSummary, length: Double?,
      lengthCase: String?, chi1: Double, phase: String, correlationDepth: Double?,
      correlationDepthCase: String?, logGradientFactor: Double, jacobianSpread: Double,
      logJacobianVariance: Double, widthVerdict: String, verdict: String, isRecommended: Bool
    ) {
      self.name = name
      self.title = title
      self.ensemble = ensemble
      self.length = length
      self.lengthCase = lengthCase
      self.chi1 = chi1
      self.phase = phase
      self.correlationDepth = correlationDepth
      self.correlationDepthCase = correlationDepthCase
      self.logGradientFactor = logGradientFactor
      self.jacobianSpread = jacobianSpread
      self.logJacobianVariance = logJacobianVariance
      self.widthVerdict = widthVerdict
      self.verdict = verdict
      self.isRecommended = isRecommended
    }
  }

  /// A starting learning rate, as a range.
  public struct LearningRate: Codable, Sendable, Equatable {
    /// SGD without momentum: lower and upper end; multiply by (1 − momentum).
    public var sgdLow: Double
    /// Upper end of the same range.
    public var sgdHigh: Double
    /// Adam.
    public var adam: Double
    /// Which rule: 2/λ_max of the empirical tangent kernel on the data, or the formula without.
    public var rule: String
    /// λ_max for squared loss, if data were given.
    @Nullable public var squaredLossEigenvalue: Double?
    /// λ_max for cross entropy, if data were given.
    @Nullable public var crossEntropyEigenvalue: Double?
    /// What the formula without data gives; null where none is known for this φ.
    @Nullable public var formulaRate: Double?
    /// When not to trust the rate, one sentence each.
    public var caveats: [String]

    /// All fields as given.
    public init(
      sgdLow: Double, sgdHigh: Double, adam: Double, rule: String,
      squaredLossEigenvalue: Double?, crossEntropyEigenvalue: Double?, formulaRate: Double?,
      caveats: [String]
    ) {
      self.sgdLow = sgdLow
      self.sgdHigh = sgdHigh
      self.adam = adam
      self.rule = rule
      self.squaredLossEigenvalue = squaredLossEigenvalue
      self.crossEntropyEigenvalue = crossEntropyEigenvalue
      self.formulaRate = formulaRate
      self.caveats = caveats
    }
  }

  /// Name of φ.
  public var activation: String
  /// Hidden layers L.
  public var depth: Int
  /// Units per hidden layer N.
  public var width: Int
  /// Outputs of a linear read-out; 0 for none.
  public var outputs: Int
  /// Inputs that were given; nil without.
  public var data: DataSummary?
  /// The first line: the answer in words and numbers.
  public var headline: String
  /// Why, one sentence each.
  public var reasons: [String]
  /// When not to trust it.
  public var caveats: [String]
  /// The recommendation (if the activation admits one) and every preset, recommendation first.
  public var candidates: [Candidate]
  /// Factor for the inputs that would start the signal at q*; null where no q* exists.
  @Nullable public var inputScale: Double?
  /// Why there is none, in words; nil if there is one.
  public var inputScaleCase: String?
  /// A start; nil without a recommendation, and where neither data nor a formula give one.
  public var learningRate: LearningRate?
  /// Phase plane round the candidates, for the picture.
  public var plane: PhaseResult
  /// Theory against finite networks.
  public var check: CheckResult?
  /// Infinite-width layer profiles of every candidate: ln gradient factor by layer.
  public var gradientProfiles: [Profile]
  /// The law of the singular values of the Jacobian of every candidate at this depth; nil beyond
  /// depth 1000, and in older records.
  public var spectra: [Spectrum]?

  /// A named law of singular values.
  public struct Spectrum: Codable, Sendable, Equatable {
    /// Name of the candidate.
    public var name: String
    /// Law of equal layers of the same mean and relative variance: exact where lengths do not vary.
    public var curve: SpectrumResult.Curve

    /// All fields as given.
    public init(name: String, curve: SpectrumResult.Curve) {
      self.name = name
      self.curve = curve
    }
  }

  /// A named curve over the layers.
  public struct Profile: Codable, Sendable, Equatable {
    /// Name of the candidate.
    public var name: String
    /// Layer numbers, from 1.
    public var layers: [Int]
    /// One value per layer: ln of the mean squared gradient there over that at the last layer.
    public var values: [Double]

    /// All fields as given.
    public init(name: String, layers: [Int], values: [Double]) {
      self.name = name
      self.layers = layers
      self.values = values
    }
  }

  /// The recommended candidate, if there is one.
  public var recommended: Candidate? { candidates.first { $0.isRecommended } }

  /// All fields as given.
  public init(
    activation: String, depth: Int, width: Int, outputs: Int, data: DataSummary?,
    headline: String, reasons: [String], caveats: [String], candidates: [Candidate],
    inputScale: Double?, inputScaleCase: String?, learningRate: LearningRate?,
    plane: PhaseResult, check: CheckResult?, gradientProfiles: [Profile],
    spectra: [Spectrum]? = nil
  ) {
    self.activation = activation
    self.depth = depth
    self.width = width
    self.outputs = outputs
    self.data = data
    self.headline = headline
    self.reasons = reasons
    self.caveats = caveats
    self.candidates = candidates
    self.inputScale = inputScale
    self.inputScaleCase = inputScaleCase
    self.learningRate = learningRate
    self.plane = plane
    self.check = check
    self.gradientProfiles = gradientProfiles
    self.spectra = spectra
  }
}
