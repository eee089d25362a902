import PoiseMeanField
public import PoiseModel
public import PoiseNetworks
public import PoiseNumerics

/// The rate that Poise advises for networks of an ensemble on given data.
public struct TrainingRate: Sendable, Equatable {
  /// η of the start.
  public let rate: Double
  /// The rule, in words.
  public let rule: String

  /// 2/λ_max of the tangent kernel times (1 − momentum) for SGD; 0.01/L for Adam.
  ///
  /// - Parameter factor: on the rate of the rule.
  /// - Throws: `noAnswer` where the tangent kernel overflows or vanishes.
  public init(
    advisedFor ensemble: NetworkEnsemble, on data: TrainingData, depth: Int, width: Int,
    loss: Loss, optimizer: Optimizer, factor: Double = 1, seed: UInt64, jobs: Int
  ) throws(PoiseError) {
    let prefix = factor == 1 ? "" : "\(factor) × "
    guard case .sgd(let momentum) = optimizer else {
      rate = factor * LearningRateFormula.adam(depth: depth)
      rule = prefix + "0.01/L, for Adam"
      return
    }
    let shape = try Architecture(
      inputs: data.features, depth: depth, width: width, outputs: data.classes)
    _ = try TrainingRun.networksAtOnce(shape, batch: TangentEigenvalues.rows)
    guard
      let eigenvalues = try TangentEigenvalues(
        of: ensemble, architecture: shape, inputs: data.inputs,
        seed: seed, jobs: jobs)
    else {
      throw PoiseError(
        .noAnswer, quantity: "advised rate", value: "the tangent kernel overflows or vanishes",
        allowed: "a start whose signals and gradients exist", suggestion: "--rate with a number")
    }
    let usesSquared = loss == .squared || ensemble.activation.isSaturatingOdd
    rate = factor * (1 - momentum) * eigenvalues.rate(usesSquared: usesSquared)
    rule =
      prefix + "2/λ_max of the tangent kernel, "
      + (usesSquared ? "squared-loss" : "cross-entropy") + " weighting"
      + (momentum == 0 ? "" : ", × (1 − momentum)")
  }
}
