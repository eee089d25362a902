public import PoiseNumerics
import RealModule

/// The exact answer at any finite widths, one output: the posterior is a mixture over s = Π q_l of
/// Gaussian processes with kernel s K,
///
///     p(s|Y) ∝ p_prior(s) Π_i (sκ_i + T)^(−1/2) exp(−½ ŷ_i²/(sκ_i + T)),
///
/// integrated by the trapezoid rule in ln s. Exact for linear networks; for others the kernel
/// itself is an approximation. Derivation: `docs/theory/posterior.md`, section 3.
public struct ExactMixture: Sendable {
  /// The action whose Boltzmann weight this integrates.
  public let problem: RenormalizationAction
  /// s at the nodes that carry weight, ascending.
  public let scales: [Double]
  /// p(s|Y) at these nodes times the step in ln s; they sum to 1.
  public let weights: [Double]
  /// ln p(Y), with all factors 2π; nil at T = 0 when the rank is below P: the density of labels off
  /// the span is 0 or infinite.
  public let logEvidence: Double?
  /// ⟨s⟩; nil where the integral diverges, which happens for no labels only.
  public let meanScale: Double
  /// ⟨1/s⟩; nil where it diverges: T > 0 with a layer of at most 2 units.
  public let meanInverseScale: Double?
  /// ⟨ln s⟩.
  public let meanLogScale: Double
  /// ⟨q_l⟩ = σ_{l+1}² (1 − ⟨D − E⟩/N_l), an exact identity.
  public let meanOrderParameters: [Double]
  /// Estimated error of ln p(Y), ⟨ln s⟩ and, relatively, ⟨s⟩: the change when the step is refined.
  public let quadratureError: Double

  /// - Parameter saddle: the stationary point of least action; it places the grid.
  /// - Throws: `notConverged` if the grid would be too large or the error exceeds 1e-8.
  public init(
    _ problem: RenormalizationAction, around saddle: Renormalization
  ) throws(PoiseError) {
    let coarse = try Integration(problem, saddle, refinement: 1)
    let fine = try Integration(problem, saddle, refinement: 0.7)
    self.problem = problem
    quadratureError = max(
      abs(fine.logIntegral - coarse.logIntegral), abs(fine.meanLog - coarse.meanLog),
      abs(fine.mean / coarse.mean - 1))
    guard quadratureError < 1e-8 * max(1, abs(fine.logIntegral)) else {
      throw PoiseError(
        .notConverged, quantity: "exact mixture over s", value: "error \(quadratureError)",
        allowed: "below 1e-8", suggestion: "the saddle point")
    }
    scales = fine.scales
    weights = fine.weights
    meanScale = fine.mean
    meanLogScale = fine.meanLog
    meanInverseScale = fine.meanInverse
    let count = Double(problem.modeCount + problem.outsideCount)
    logEvidence =
      problem.temperature == 0 && problem.outsideCount > 0
      ? nil : fine.logIntegral - count / 2 * .log(2 * .pi)
    let priors = problem.priors
    meanOrderParameters = zip(priors.widths, priors.upperVariances).map {
      $1 * (1 - fine.meanBalance / Double($0))
    }
  }

  /// ⟨g(s)⟩.
  public func average(_ g: (Double) -> Double) -> Double {
    zip(scales, weights).reduce(0) { $0 + $1.1 * g($1.0) }
  }
}

/// One pass of the trapezoid rule.
private struct Integration {
  var scales: [Double] = []
  var weights: [Double] = []
  var logIntegral = 0.0
  var mean = 0.0
  var meanLog = 0.0
  var meanInverse: Double?
  var meanBalance = 0.0

  init(
    _ problem: RenormalizationAction, _ saddle: Renormalization, refinement: Double
  ) throws(PoiseError) {
    let priors = problem.priors
    let least = Double(priors.narrowest) / 2
    // At the saddle q_l is the mean of its tilted law. Shapes below ½ would only lengthen tails.
    let tilt = max(-saddle.balance / 2, min(0, 0.5 - least))
    let widest = Double(priors.widths.max()!) / 2 + tilt
    // The likelihood adds its own curvature; D + E bounds it.
    let (d, e) = problem.dimensions(logScale: saddle.logScale)
    let step = refinement * min(0.2, 0.45 / (widest + (d + e) / 2).squareRoot())
    let hasInverse =
      priors.narrowest > 2 || (problem.temperature == 0 && problem.strength > 0)
    let prior = try ScalePrior(priors, tilt: tilt, step: step) { t in
      -tilt * t - problem.likelihoodAction(logScale: t)
    }
    var logs: [Double] = []
    logs.reserveCapacity(prior.masses.count)
    for (index, mass) in prior.masses.enumerated() {
      let t = Double(prior.first + index) * step
      logs.append(
        mass > 0 && abs(t) < 600
          ? .log(mass) - tilt * t - problem.likelihoodAction(logScale: t) : -.infinity)
    }
    let peak = logs.max() ?? -.infinity
    guard peak > -.infinity else {
      throw PoiseError(
        .notConverged, quantity: "exact mixture over s", value: "no weight on the grid",
        allowed: "ln s within ±600")
    }
    var (total, inverse) = (0.0, 0.0)
    for (index, log) in logs.enumerated() where log > peak - 120 {
      let t = Double(prior.first + index) * step
      let weight = Double.exp(log - peak)
      let s = Double.exp(t)
      scales.append(s)
      weights.append(weight)
      total += weight
      mean += weight * s
      inverse += weight / s
      meanLog += weight * t
      let (d, e) = problem.dimensions(logScale: t)
      meanBalance += weight * (d - e)
    }
    for index in weights.indices { weights[index] /= total }
    mean /= total
    meanLog /= total
    meanBalance /= total
    meanInverse = hasInverse ? inverse / total : nil
    logIntegral = prior.logWeight + peak + .log(total)
  }
}
