import PoiseLab

extension EnsembleSummary {
  /// `tanh, orthogonal weights, σ_w² = 1.1025, σ_b² = 1.68e-4`.
  var words: String {
    "\(activation), \(weights) weights, σ_w² = \(NumberText.short(weightVariance)), σ_b² = "
      + NumberText.short(biasVariance)
  }
}
