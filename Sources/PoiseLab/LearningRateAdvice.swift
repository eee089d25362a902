import PoiseMeanField
import PoiseModel
import PoiseNumerics
import RealModule

extension Advisor {
  private var isSaturatingOdd: Bool { question.activation.isSaturatingOdd }

  /// A starting rate: 2/λ_max of the empirical tangent kernel with data, a formula without.
  func learningRate() throws(PoiseError) -> AdviceResult.LearningRate? {
    guard let chosen, let ensemble else { return nil }
    let length = chosen.length ?? ensemble.weightVariance * (question.data?.summary.meanSquare ?? 1)
    let square = question.activation.moments(length: length).valueSquared
    let formula =
      isSaturatingOdd
      ? LearningRateFormula.sgd(
        valueSquared: square, depth: question.depth, width: question.width) : nil
    let eigenvalues = try tangentEigenvalues(ensemble)
    let adam = LearningRateFormula.adam(depth: question.depth)
    let caveats = rateCaveats(hasData: eigenvalues != nil)
    if let eigenvalues {
      let usesSquared = isSaturatingOdd || eigenvalues.crossEntropy <= 0
      let rate = eigenvalues.rate(usesSquared: usesSquared)
      return AdviceResult.LearningRate(
        sgdLow: rate / 2, sgdHigh: rate, adam: adam,
        rule: usesSquared
          ? "2/λ_max of the tangent kernel, squared-loss weighting (odd saturating activation)"
          : "2/λ_max of the tangent kernel, cross-entropy weighting",
        squaredLossEigenvalue: eigenvalues.squared,
        crossEntropyEigenvalue: eigenvalues.crossEntropy, formulaRate: formula, caveats: caveats)
    }
    guard let formula else { return nil }
    return AdviceResult.LearningRate(
      sgdLow: formula / LearningRateFormula.uncertainty,
      sgdHigh: formula * LearningRateFormula.uncertainty, adam: adam,
      rule: "5/((L + 1)(N E φ² + 1)), without data", squaredLossEigenvalue: nil,
      crossEntropyEigenvalue: nil, formulaRate: formula, caveats: caveats)
  }

  /// λ_max for both losses; nil without data, or where the kernel overflows.
  private func tangentEigenvalues(
    _ ensemble: NetworkEnsemble
  ) throws(PoiseError) -> TangentEigenvalues? {
    guard let data = question.data else { return nil }
    let rows = Array(0..<min(TangentEigenvalues.rows, data.inputs.rows))
    var inputs = data.inputs.selecting(rows: rows)
    for index in inputs.elements.indices { inputs.elements[index] *= appliedScale }
    let outputs = question.outputs > 0 ? question.outputs : max(data.classes ?? 1, 1)
    return try TangentEigenvalues(
      of: ensemble, architecture: try architecture(outputs: outputs), inputs: inputs,
      seed: question.seed, jobs: question.jobs)
  }

  private func rateCaveats(hasData: Bool) -> [String] {
    var caveats = [
      "a start, not an optimum: halve it if the loss jumps; multiply by (1 − momentum)",
      "measured on one small data set at widths 64 and 128; chaotic starts void it",
    ]
    if !hasData {
      caveats.append(
        "without data the formula is good to a factor of "
          + "\(LearningRateFormula.uncertainty) for orthogonal weights; independent entries need less"
      )
    } else if !isSaturatingOdd {
      caveats.append(
        "for unbounded activations rates 2 to 10 times larger often train too")
    }
    return caveats
  }
}
