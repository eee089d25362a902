import RealModule

/// A stable law fitted to a sample.
///
/// Largest likelihood in (α, β, ln c, μ₀), S0, with the scores of the law: number by number for small
/// samples, from a `StableTable` (error of ln f below 1e-8) for others. Near α = 2 the search runs in
/// ln(2 − α), in which the likelihood has no singularity. α = 2 is a boundary: where no α below
/// 2 − 1e-5 is more likely, the fit *is* the Gaussian and says so. Derivation and coverage:
/// docs/theory/stable-fits.md.
public struct StableFit: Sendable {
  /// Which parameters are free.
  public enum Model: String, Sendable, CaseIterable {
    /// α, β, scale and location.
    case full
    /// α and scale; β = 0 and location 0.
    case symmetric
  }

  /// How they are found.
  public enum Method: String, Sendable, CaseIterable {
    /// Largest likelihood.
    case likelihood
    /// Quantiles (McCulloch 1986): a start, good to about 0.02 in α.
    case mcculloch
    /// Empirical characteristic function (Koutrouvelis 1980).
    case koutrouvelis
  }

  /// The fitted law, S0.
  public let law: StableLaw
  public let model: Model
  public let method: Method
  /// Sample size.
  public let count: Int
  /// lnL of the fitted law, in nats.
  public let logLikelihood: Double
  /// Covariance of (α, β, ln c, μ₀) by the observed information, row by row; nil for other methods and
  /// where it is not positive. Rows of parameters that are fixed, or at an end of their range, are zero.
  public let covariance: [Double]?
  /// The same without the assumption that the law is true (H⁻¹ Σssᵀ H⁻¹).
  public let robustCovariance: [Double]?
  /// Whether α ended at 2: the Gaussian. β then has no meaning, α no standard error.
  public let isGaussian: Bool
  /// Whether |β| ended at 1, where it has no standard error.
  public let isBetaExtreme: Bool
  /// Steps of the search.
  public let iterations: Int
  /// Error of the tabulated ln f; 0 where every density was computed.
  public let tableError: Double

  /// Largest sample whose densities are computed one by one.
  public static let exactCount = 250
  /// Smallest α of a fit.
  public static let leastAlpha = 0.1
  /// Largest α of the search; above it only 2 itself.
  public static let largestAlpha = 2 - 1e-5
  /// Samples larger than this are searched first on so many quantiles of theirs.
  static let thinnedCount = 8000

  /// Free parameters, k of AIC and BIC.
  public var parameterCount: Int { model == .full ? 4 : 2 }
  /// The likelihood with its criteria.
  public var score: LikelihoodScore {
    LikelihoodScore(logLikelihood: logLikelihood, parameterCount: parameterCount, count: count)
  }

  /// Standard errors of α, β, c, μ₀; nil where a parameter is fixed or at an end of its range.
  public func standardErrors(robust: Bool = false) -> [Double?] {
    guard let matrix = robust ? robustCovariance : covariance else { return [nil, nil, nil, nil] }
    return (0..<4).map { k in
      let variance = matrix[5 * k]
      guard variance > 0, variance.isFinite else { return nil }
      return variance.squareRoot() * (k == 2 ? law.scale : 1)
    }
  }

  /// Fits a sample.
  ///
  /// - Parameters:
  ///   - start: where to begin; nil for McCulloch's quantiles.
  ///   - withErrors: whether the information is computed.
  /// - Throws: `notConverged`; `noAnswer` for a symmetric fit of a sample that is mostly zero.
  public init(
    _ sample: RealSample, model: Model = .full, method: Method = .likelihood,
    start: StableLaw? = nil, withErrors: Bool = true, jobs: Int = 1
  ) throws(PoiseError) {
    var first = start
    if first == nil || method != .likelihood {
      first = try Self.firstFit(sample, model, characteristic: method == .koutrouvelis)
    }
    let begin = first!
    guard method == .likelihood else {
      self.init(
        law: begin, model: model, method: method, count: sample.count,
        logLikelihood: begin.logLikelihood(sample.sorted, jobs: jobs), covariance: nil,
        robustCovariance: nil, isGaussian: begin.alpha == 2, isBetaExtreme: abs(begin.beta) == 1,
        iterations: 0, tableError: 0)
      return
    }
    var search = StableLikelihood(
      sample.sorted, model: model, scale: begin.scale, location: begin.location, jobs: jobs)
    var parameters = search.parameters(of: begin)
    var outcome: LikelihoodMaximizer.Outcome
    if sample.count > 4 * Self.thinnedCount {
      // Quantiles of a large sample, evenly spaced, have nearly its maximum.
      let step = Double(sample.count) / Double(Self.thinnedCount)
      let few = (0..<Self.thinnedCount).map { sample.sorted[Int((Double($0) + 0.5) * step)] }
      var thinned = StableLikelihood(
        few, model: model, scale: begin.scale, location: begin.location, jobs: jobs)
      let rough = try thinned.maximize(from: parameters, tolerance: 1e-4)
      parameters = rough.parameters
    }
    do {
      outcome = try search.maximize(from: parameters)
    } catch {
      // A start outside the support, such as |β| = 1 with α < 1.
      let other = try Self.firstFit(sample, model, characteristic: true)
      let inside = try StableLaw(
        alpha: other.alpha, beta: 0.9 * other.beta, scale: other.scale, location: other.location)
      outcome = try search.maximize(from: search.parameters(of: inside))
    }
    guard outcome.converged else {
      throw PoiseError(
        .notConverged, quantity: "fit of a stable law",
        value: "\(outcome.iterations) steps without a maximum",
        allowed: "a maximum of the likelihood",
        suggestion: "--method koutrouvelis")
    }
    try self.init(
      finishing: outcome, search: &search, sample: sample, model: model, withErrors: withErrors)
  }

  private init(
    finishing outcome: LikelihoodMaximizer.Outcome, search: inout StableLikelihood,
    sample: RealSample, model: Model, withErrors: Bool
  ) throws(PoiseError) {
    let gauss = try Self.gaussian(sample, model)
    if gauss.logLikelihood >= outcome.point.value - 1e-9 {
      // Information of the Gaussian: c = σ/√2.
      var covariance = [Double](repeating: 0, count: 16)
      covariance[10] = 0.5 / Double(sample.count)
      if model == .full {
        covariance[15] = 2 * gauss.law.scale * gauss.law.scale / Double(sample.count)
      }
      self.init(
        law: gauss.law, model: model, method: .likelihood, count: sample.count,
        logLikelihood: gauss.logLikelihood, covariance: covariance, robustCovariance: nil,
        isGaussian: true, isBetaExtreme: false, iterations: outcome.iterations, tableError: 0)
      return
    }
    let law = try search.law(outcome.parameters)
    let matrices = withErrors ? try search.covariances(law, outcome.parameters) : (nil, nil)
    self.init(
      law: law, model: model, method: .likelihood, count: sample.count,
      logLikelihood: outcome.point.value, covariance: matrices.0, robustCovariance: matrices.1,
      isGaussian: false, isBetaExtreme: abs(law.beta) == 1, iterations: outcome.iterations,
      tableError: search.tableError)
  }

  private init(
    law: StableLaw, model: Model, method: Method, count: Int, logLikelihood: Double,
    covariance: [Double]?, robustCovariance: [Double]?, isGaussian: Bool, isBetaExtreme: Bool,
    iterations: Int, tableError: Double
  ) {
    self.law = law
    self.model = model
    self.method = method
    self.count = count
    self.logLikelihood = logLikelihood
    self.covariance = covariance
    self.robustCovariance = robustCovariance
    self.isGaussian = isGaussian
    self.isBetaExtreme = isBetaExtreme
    self.iterations = iterations
    self.tableError = tableError
  }

  private static func firstFit(
    _ sample: RealSample, _ model: Model, characteristic: Bool
  ) throws(PoiseError) -> StableLaw {
    let quantiles: StableQuantileFit
    switch model {
    case .full: quantiles = StableQuantileFit(full: sample)
    case .symmetric:
      guard let sizes = try? RealSample(sample.sorted.map { abs($0) }), sizes.quantile(0.75) > 0
      else {
        throw PoiseError(
          .noAnswer, quantity: "symmetric stable fit", value: "absolute values without a spread",
          allowed: "a sample whose absolute values differ and are mostly not zero")
      }
      quantiles = StableQuantileFit(symmetric: sizes)
    }
    guard characteristic else {
      return try StableLaw(
        alpha: quantiles.alpha, beta: quantiles.beta, scale: quantiles.scale,
        location: quantiles.location)
    }
    let waves = StableCharacteristicFit(sample, start: quantiles, symmetric: model == .symmetric)
    return try StableLaw(
      alpha: waves.alpha, beta: waves.beta, scale: waves.scale, location: waves.location)
  }

  /// The Gaussian of largest likelihood as a stable law of α = 2: N(μ, 2c²).
  static func gaussian(
    _ sample: RealSample, _ model: Model
  ) throws(PoiseError) -> (law: StableLaw, logLikelihood: Double) {
    let normal: GaussianLaw
    switch model {
    case .full: normal = GaussianLaw(fitting: sample)
    case .symmetric:
      let square = sample.sorted.reduce(0) { $0 + $1 * $1 } / Double(sample.count)
      normal = GaussianLaw(mean: 0, deviation: square.squareRoot())
    }
    let law = try StableLaw(
      alpha: 2, beta: 0, scale: normal.deviation * 0.5.squareRoot(), location: normal.mean)
    return (law, normal.logLikelihood(sample.sorted))
  }

  /// Twice the gain of lnL over the Gaussian, at least 0.
  ///
  /// Its law under the Gaussian is not χ²: α = 2 is an end of the range, β is unidentified there, and
  /// the score in α has no variance. `gaussianP` calibrates it by simulation.
  public func gaussianRatio(_ sample: RealSample) throws(PoiseError) -> Double {
    isGaussian ? 0 : max(0, 2 * (logLikelihood - (try Self.gaussian(sample, model).logLikelihood)))
  }

  /// Share of Gaussian samples of the same size whose ratio is as large: (1 + k)/(1 + replicates).
  public func gaussianP(
    _ sample: RealSample, replicates: Int, seed: UInt64, jobs: Int = 1,
    progress: @Sendable () -> Void = {}
  ) throws(PoiseError) -> Double? {
    guard replicates > 0 else { return nil }
    let ratio = try gaussianRatio(sample)
    let (count, model) = (count, model)
    let larger = try parallelMap(count: replicates, jobs: jobs) {
      (index: Int) throws(PoiseError) -> Bool in
      var stream = RandomStream(
        seed: seed, item: UInt64(index), purpose: RandomStream.Purpose(kind: 0xE4, index: 0))
      let normal = try RealSample(GaussianLaw().sample(count: count, from: &stream))
      let fit = try StableFit(normal, model: model, withErrors: false)
      let isLarger = try fit.gaussianRatio(normal) >= ratio
      progress()
      return isLarger
    }
    return Double(larger.count { $0 } + 1) / Double(replicates + 1)
  }
}
