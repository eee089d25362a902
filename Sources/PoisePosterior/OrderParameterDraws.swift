public import PoiseNumerics
import RealModule

/// Independent draws of q from its exact posterior, one output: no Markov chain.
///
/// Proposal: q_l ~ Gamma(N_l/2 + θ, rate N_l/2σ_{l+1}²) with the tilt θ = −B/2 of the saddle, so that
/// each mean is the saddle's q_l. What is left of the posterior, g(s) = s^(−θ) × likelihood, depends on
/// s alone and is bounded: draws are kept with probability g(s)/max g. At T = 0 the maximum is at
/// the saddle itself.
public struct OrderParameterDraws: Sendable {
  private let problem: RenormalizationAction
  private let tilt: Double
  private let logBound: Double

  /// - Throws: `notConverged` if the bound of g cannot be found.
  public init(_ problem: RenormalizationAction, around saddle: Renormalization) throws(PoiseError) {
    self.problem = problem
    let least = Double(problem.priors.narrowest) / 2
    tilt = max(-saddle.balance / 2, min(0, 0.5 - least))
    // The maximum over ln s: the grid of all roots brackets it, a golden section finds it.
    var best = saddle.logScale
    let reach = 40.0
    let theta = tilt
    func value(_ t: Double) -> Double { -theta * t - problem.likelihoodAction(logScale: t) }
    for index in 0...1600 {
      let t = saddle.logScale + reach * (Double(index) / 800 - 1)
      if value(t) > value(best) { best = t }
    }
    var (low, high) = (best - 0.06, best + 0.06)
    for _ in 0..<60 {
      let (a, b) = (low + 0.382 * (high - low), low + 0.618 * (high - low))
      if value(a) > value(b) { high = b } else { low = a }
    }
    logBound = max(value((low + high) / 2), value(best)) + 1e-9
    guard logBound.isFinite, value(saddle.logScale - reach) <= logBound,
      value(saddle.logScale + reach) <= logBound
    else {
      throw PoiseError(
        .notConverged, quantity: "draws of the order parameters", value: "no bound",
        allowed: "a likelihood that falls off in s")
    }
  }

  /// q (draw × layer).
  ///
  /// - Throws: `notConverged` if fewer than one proposal in 10⁵ is kept.
  public func draw(
    count: Int, from stream: inout RandomStream
  ) throws(PoiseError) -> Matrix<Double> {
    let priors = problem.priors
    var result = Matrix<Double>(rows: count, columns: priors.depth)
    for row in 0..<count {
      var tries = 0
      while true {
        var t = 0.0
        for (layer, width) in priors.widths.enumerated() {
          let half = Double(width) / 2
          let q = Self.gamma(half + tilt, &stream) * priors.upperVariances[layer] / half
          result[row, layer] = q
          t += .log(q)
        }
        let log = -tilt * t - problem.likelihoodAction(logScale: t) - logBound
        if stream.uniform() < .exp(log) { break }
        tries += 1
        guard tries < 100_000 else {
          throw PoiseError(
            .notConverged, quantity: "draws of the order parameters",
            value: "fewer than one proposal in 100000 is kept",
            allowed: "a posterior near its saddle point", suggestion: "Gibbs sampling")
        }
      }
    }
    return result
  }

  /// Gamma(shape, 1) by Marsaglia and Tsang (2000); shapes below 1 by u^(1/shape).
  static func gamma(_ shape: Double, _ stream: inout RandomStream) -> Double {
    if shape < 1 {
      let u = stream.uniform()
      return gamma(shape + 1, &stream) * .exp(.log(u) / shape)
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = stream.normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if .log(stream.uniform()) < x * x / 2 + d * (1 - v + .log(v)) { return d * v }
    }
  }
}
