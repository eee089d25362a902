import PoiseNumerics
import PoisePosterior
import RealModule

extension PosteriorCheck {
  /// What a sampled quantity is compared with.
  struct Reference {
    var value: Double
    var saddle: Double
    /// exact, saddle point, effective action.
    var level: String
    var allowance: Double
  }

  /// The theory of one observable by its name; nil where there is none.
  func reference(_ name: String, _ theory: PosteriorTheory) throws(PoiseError) -> Reference? {
    switch theory.solution {
    case .one(let posterior, let mixture):
      try reference(name, theory, posterior, mixture)
    case .several(let posterior): reference(name, theory, posterior)
    }
  }

  /// Corrections to the saddle point are O(L/N): its values may be off by that much.
  private func saddleAllowance(_ theory: PosteriorTheory) -> Double {
    let priors = theory.setting.priors
    let m = Double(theory.modes.outputCount)
    return m * m * Double(priors.depth) / Double(priors.narrowest)
  }

  private func reference(
    _ name: String, _ theory: PosteriorTheory, _ posterior: DeepPosterior,
    _ mixture: ExactMixture?
  ) throws(PoiseError) -> Reference? {
    let saddle = posterior.renormalization
    let share = saddleAllowance(theory)
    let depth = posterior.priors.depth
    func against(_ exact: Double?, _ value: Double) -> Reference {
      let level =
        theory.setting.isLinear ? (exact == nil ? "saddle point" : "exact") : "effective action"
      return Reference(
        value: exact ?? value, saddle: value, level: level,
        allowance: exact == nil ? share * abs(value) : 0)
    }
    switch name {
    case "s": return against(mixture?.meanScale, saddle.scale)
    case "test error": return against(theory.exactTestError, theory.testError)
    case "training error":
      return against(mixture.map { posterior.trainingError(mixture: $0) }, posterior.trainingError)
    default: break
    }
    if name.hasPrefix("q_"), let layer = Int(name.dropFirst(2)) {
      return against(
        mixture?.meanOrderParameters[layer - 1], saddle.orderParameters[layer - 1])
    }
    guard theory.setting.isLinear else { return nil }
    if name.hasPrefix("A_"), let layer = Int(name.dropFirst(2)) {
      let kernels = try LayerKernels(posterior, inputs: theory.task.inputs)
      return against(nil, kernels.alignment(with: theory.task.targets.elements)[layer])
    }
    if name.hasPrefix("|W_") || name == "|a|²" {
      let layer = name == "|a|²" ? depth : Int(name.dropFirst(3).prefix { $0.isNumber })! - 1
      let norms = WeightNorms(posterior, inputDimension: theory.task.inputs.columns).squares
      return exactNorm(layer, theory, posterior, mixture).map { against($0, norms[layer]) }
        ?? against(nil, norms[layer])
    }
    return nil
  }

  /// ⟨|W_l|²⟩ with ⟨q⟩ of the mixture in place of the saddle's; of layer 1 by ⟨ρ − D + E⟩.
  private func exactNorm(
    _ layer: Int, _ theory: PosteriorTheory, _ posterior: DeepPosterior, _ mixture: ExactMixture?
  ) -> Double? {
    guard let mixture else { return nil }
    let priors = posterior.priors
    let widths = priors.widths.map { Double($0) }
    let q = mixture.meanOrderParameters
    if layer == priors.depth { return widths[layer - 1] * q[layer - 1] }
    if layer > 0 {
      return widths[layer - 1] * ((widths[layer] - 1) * priors.variances[layer] + q[layer - 1])
    }
    let n = Double(theory.task.inputs.columns)
    // N_1 (1 − ⟨q_1⟩/σ_2²) = ⟨D − E⟩.
    let balance = widths[0] * (1 - q[0] / priors.variances[1])
    return priors.inputVariance * ((widths[0] - 1) * n + n - balance)
  }

  private func reference(
    _ name: String, _ theory: PosteriorTheory, _ posterior: MatrixPosterior
  ) -> Reference? {
    let share = saddleAllowance(theory)
    func saddle(_ value: Double, _ scale: Double) -> Reference {
      Reference(
        value: value, saddle: value,
        level: theory.setting.isLinear ? "saddle point" : "effective action",
        allowance: share * abs(scale))
    }
    switch name {
    case "test error": return saddle(theory.testError, theory.testError)
    case "training error": return saddle(posterior.trainingError, posterior.trainingError)
    default: break
    }
    let digits = name.dropFirst(2).compactMap { $0.wholeNumberValue }
    guard name.hasPrefix("U_"), digits.count == 2, theory.setting.isLinear else { return nil }
    let u = posterior.scale
    return saddle(u[digits[0] - 1, digits[1] - 1], posterior.scales.last!)
  }

  /// Relative accuracy of the effective action, calibrated on the networks of docs/theory/posterior.md,
  /// measured: it is no consequence of the theory.
  static func actionAccuracy(depth: Int) -> Double { depth == 1 ? 0.05 : 0.1 }

  /// The verdict and its words.
  func judge(
    _ theory: PosteriorTheory, _ comparisons: [PosteriorResult.Comparison], _ sampler: String
  ) -> PosteriorResult.Sampled {
    let bad = comparisons.filter { !$0.isConverged }
    let worst = comparisons.max { abs($0.z) < abs($1.z) }
    let verdict: CheckResult.Verdict
    var statement: String
    if !theory.setting.isLinear {
      let gaps = comparisons.map { abs($0.measured / $0.theory - 1) }
      let gap = gaps.max() ?? 0
      let allowed = Self.actionAccuracy(depth: theory.setting.priors.depth)
      // What three standard errors of the samples do not explain.
      let beyond = comparisons.map {
        (abs($0.measured - $0.theory) - 3 * $0.standardError) / abs($0.theory)
      }
      verdict =
        !bad.isEmpty ? .inconclusive : ((beyond.max() ?? 0) < allowed ? .agrees : .differs)
      statement =
        "The effective action is off by up to \(Self.percent(gap)) here; "
        + "\(Self.percent(allowed)) is within its known accuracy."
    } else {
      let z = abs(worst?.z ?? 0)
      verdict = z > Self.threshold ? .differs : (bad.isEmpty ? .agrees : .inconclusive)
      statement =
        "Theory and samples \(verdict == .differs ? "differ" : "agree"): largest |z| "
        + "\((z * 100).rounded() / 100) of \(comparisons.count), allowed \(Self.threshold)."
      if sampler == "direct" {
        statement += " The direct sampler draws s from the theory: s itself is not tested."
      }
    }
    if !bad.isEmpty {
      statement += " Not converged: \(bad.map(\.quantity).joined(separator: ", "))."
    }
    return PosteriorResult.Sampled(
      sampler: sampler, isIndependent: sampler != "direct", chains: chains,
      warmup: sampler == "direct" ? 0 : warmup, draws: draws, comparisons: comparisons,
      verdict: verdict, statement: statement,
      warnings: bad.map {
        "\($0.quantity): R̂ = \(($0.splitRHat * 1000).rounded() / 1000), "
          + "\(Int($0.effectiveSize)) effective draws; not converged"
      })
  }

  private static func percent(_ share: Double) -> String {
    "\((share * 1000).rounded() / 10) %"
  }
}
