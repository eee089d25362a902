import PoiseMeanField
import PoiseModel
import PoiseNetworks
import PoiseNumerics
import RealModule

extension Advisor {
  /// Rows of the data that enter the tangent kernel.
  private static let kernelRows = 128
  /// Networks over which its largest eigenvalue is averaged.
  private static let kernelNetworks = 2

  /// Whether φ saturates at both ends and is odd: then the squared-loss eigenvalue also limits
  /// the rate for cross entropy, as training showed; otherwise the cross-entropy one does.
  private var isSaturatingOdd: Bool {
    let function = question.activation.function
    let (minus, plus) = function.slopesAtInfinity
    return minus == 0 && plus == 0
      && [0.3, 1.7, 6].allSatisfy { abs(function.value($0) + function.value(-$0)) < 1e-12 }
  }

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
      let rate = 2 / (usesSquared ? eigenvalues.squared : eigenvalues.crossEntropy)
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

  /// Geometric means over networks of λ_max for both losses; nil without data, or where the
  /// kernel overflows.
  private func tangentEigenvalues(
    _ ensemble: NetworkEnsemble
  ) throws(PoiseError) -> (squared: Double, crossEntropy: Double)? {
    guard let data = question.data else { return nil }
    let rows = Array(0..<min(Self.kernelRows, data.inputs.rows))
    var inputs = data.inputs.selecting(rows: rows)
    for index in inputs.elements.indices { inputs.elements[index] *= appliedScale }
    let batch = inputs
    let outputs = question.outputs > 0 ? question.outputs : max(data.classes ?? 1, 1)
    let shape = try architecture(outputs: outputs)
    let seed = question.seed
    // The peak of one kernel may be hundreds of megabytes: as many at once as fit 400.
    let needed = EmpiricalNTK.memory(shape, samples: rows.count)
    let jobs = max(1, min(question.jobs, (400 << 20) / max(needed, 1)))
    let values = try parallelMap(count: Self.kernelNetworks, jobs: jobs) {
      (index: Int) throws(PoiseError) -> (Double, Double)? in
      // Networks apart from those of the check.
      let network = FiniteNetwork<Double>(
        sampling: ensemble, architecture: shape, seed: seed, index: UInt64(index) | (1 << 40))
      guard let kernel = try? EmpiricalNTK(of: network, inputs: batch) else { return nil }
      return (
        kernel.largestEigenvalue(.squared).value,
        kernel.largestEigenvalue(.crossEntropy, tolerance: 1e-4).value
      )
    }
    let found = values.compactMap { $0 }
    guard found.count == values.count, found.allSatisfy({ $0.0 > 0 }) else { return nil }
    let count = Double(found.count)
    let squared = Double.exp(found.reduce(0) { $0 + .log($1.0) } / count)
    let crossed = found.map(\.1)
    let entropy =
      crossed.allSatisfy { $0 > 0 } ? Double.exp(crossed.reduce(0) { $0 + .log($1) } / count) : 0
    return (squared, entropy)
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
