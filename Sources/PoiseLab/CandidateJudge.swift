import PoiseMeanField
import PoiseModel
import PoiseNumerics
import RealModule

extension Advisor {
  /// A candidate, its gradient by layer, and the ensemble with its lengths by layer.
  typealias Judged = (
    candidate: AdviceResult.Candidate, profile: AdviceResult.Profile, ensemble: NetworkEnsemble,
    lengths: [Double]
  )

  /// The recommendations and every preset, the chosen one first.
  func candidates() throws(PoiseError) -> [Judged] {
    var judged: [Judged] = []
    let ordered =
      recommendations.filter { $0 == chosen } + recommendations.filter { $0 != chosen }
    for one in ordered {
      let law = one.ensemble.weights.name
      judged.append(
        try judge(
          "poise_\(law)", "Poise, \(law)", one.ensemble, isRecommended: one == chosen,
          at: one.length))
    }
    for preset in InitializationPreset.catalogue {
      let ensemble = try preset.ensemble(
        activation: question.activation, fanIn: question.width)
      judged.append(try judge(preset.name, preset.title, ensemble, isRecommended: false))
    }
    // Nothing ties with a start that is itself at risk: what passes every threshold is good.
    if let best = judged.first(where: \.candidate.isRecommended), best.candidate.verdict != "good" {
      for index in judged.indices where judged[index].candidate.verdict == "ties" {
        judged[index].candidate.verdict = "good"
      }
    }
    return judged
  }

  /// Judges one ensemble at this depth and width, from the length that the data give it.
  private func judge(
    _ name: String, _ title: String, _ ensemble: NetworkEnsemble, isRecommended: Bool,
    at length: Double? = nil
  ) throws(PoiseError) -> Judged {
    var outcome = try MeanField(of: ensemble).outcome()
    // At a half-stable point a small input stops just short of the length that is recommended.
    if let length { outcome = try MeanField(of: ensemble).outcome(atFixedLength: length) }
    let lengths = try lengths(of: ensemble, outcome)
    let layers = try lengths.map { (length) throws(PoiseError) in
      try JacobianFluctuations(of: ensemble, atLength: length)
    }
    let logs = layers.map { Double.log(max($0.chi1, 1e-300)) }
    let factor = logs.reduce(0, +)
    let variance = JacobianFluctuations.logVariance(
      layers.map { (layer: $0, width: question.width) })
    let spread = JacobianFluctuations.spread(layers)
    let cell = PhaseResult.Cell(
      outcome, weightVariance: ensemble.weightVariance, biasVariance: ensemble.biasVariance)
    let (warn, tooDeep) = Recommendation.widthThresholds
    let candidate = AdviceResult.Candidate(
      name: name, title: title, ensemble: EnsembleSummary(ensemble), length: cell.length,
      lengthCase: cell.lengthCase, chi1: outcome.chi1, phase: outcome.phase.rawValue,
      correlationDepth: cell.correlationDepth, correlationDepthCase: cell.correlationDepthCase,
      logGradientFactor: factor, jacobianSpread: spread, logJacobianVariance: variance,
      widthVerdict: variance > tooDeep ? "too deep" : (variance > warn ? "warn" : "fine"),
      verdict: Self.verdict(
        outcome, logFactor: factor, variance: variance, spread: spread,
        isRecommended: isRecommended),
      isRecommended: isRecommended)
    // By layer: the gradient at layer l relative to the last one.
    var growth = [Double](repeating: 0, count: layers.count)
    for layer in stride(from: layers.count - 2, through: 0, by: -1) {
      growth[layer] = growth[layer + 1] + logs[layer]
    }
    return (
      candidate,
      AdviceResult.Profile(name: name, layers: Array(1...layers.count), values: growth), ensemble,
      lengths
    )
  }

  /// q at every layer: from the data's mean square, else from q*, else from mean square 1.
  private func lengths(
    of ensemble: NetworkEnsemble, _ outcome: MeanField.Outcome
  ) throws(PoiseError) -> [Double] {
    let map = try MeanField(of: ensemble).lengthMap
    let square = question.data.map { $0.summary.meanSquare * appliedScale * appliedScale }
    let fromInput = ensemble.weightVariance * (square ?? 1) + ensemble.biasVariance
    let first = square == nil ? outcome.point?.length ?? fromInput : fromInput
    // Beyond 1e8 the averages no longer change but for their scale.
    return map.iterate(from: first, layers: question.depth - 1).map {
      $0.isFinite ? min($0, 1e8) : 1e8
    }
  }

  /// One word. The thresholds are those that training on the digits supports: a squared gradient
  /// within a factor of 100 trains alike, beyond 10⁴ it does not; Var ln|Ju|² above 1 does not.
  static func verdict(
    _ outcome: MeanField.Outcome, logFactor: Double, variance: Double, spread: Double,
    isRecommended: Bool
  ) -> String {
    if case .diverging(.exponential, _, _) = outcome { return "diverges" }
    if case .diverging(.superexponential, _, _) = outcome { return "diverges" }
    if logFactor < -9 { return "vanishes" }
    if logFactor > 9 { return "explodes" }
    if variance > Recommendation.widthThresholds.tooDeep { return "too-deep" }
    if variance > Recommendation.widthThresholds.warn { return "risky" }
    if abs(logFactor) > 4.7 { return "slow" }
    if spread > 32 { return "uneven" }
    return isRecommended ? "good" : "ties"
  }
}
