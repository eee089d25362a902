import ArgumentParser
import Poise

/// The ensemble, spelled the same in every verb.
struct EnsembleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "φ: \(Activation.catalogue.map(\.name).joined(separator: ", ")), leaky_relu_<slope>.",
      valueName: "name"))
  var activation: String

  @Option(help: "Law of the weights: gaussian, orthogonal or uniform. Default: gaussian.")
  var weights: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "σ_w²: entries have variance σ_w²/fan-in. A number, list or range.", valueName: "range"))
  var weightVariance: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("σ_b²: variance of the biases. A number, list or range.", valueName: "range")
  )
  var biasVariance: String?

  @Option(
    name: .customLong("init"),
    help: ArgumentHelp(
      """
      A preset in place of weights and variances: \
      \(InitializationPreset.catalogue.map(\.name).joined(separator: ", ")).
      """, valueName: "preset"))
  var preset: String?

  /// φ.
  func function() throws(PoiseError) -> Activation { try Activation.named(activation) }

  /// Every ensemble that the options name, weight variance running fastest.
  ///
  /// - Parameter fanIn: units that a hidden layer receives; PyTorch's default biases depend on it.
  func ensembles(fanIn: Int) throws(PoiseError) -> [NetworkEnsemble] {
    let function = try function()
    if let preset {
      try refuseVariances(beside: preset)
      return [try InitializationPreset.named(preset).ensemble(activation: function, fanIn: fanIn)]
    }
    guard let weightVariance else {
      throw PoiseError(
        .outOfRange, quantity: "weight variance", value: "not given",
        allowed: "--weight-variance, or --init with a preset",
        suggestion: "--weight-variance 1.5 --bias-variance 0.05")
    }
    let law = try WeightLaw.named(weights ?? "gaussian", variance: 1)
    var ensembles: [NetworkEnsemble] = []
    for bias in try Axis(biasVariance ?? "0", quantity: "--bias-variance").values {
      for weight in try Axis(weightVariance, quantity: "--weight-variance").values {
        ensembles.append(
          try NetworkEnsemble(
            activation: function, weights: law.with(variance: weight),
            biases: .gaussian(variance: bias)))
      }
    }
    return ensembles
  }

  func refuseVariances(beside preset: String) throws(PoiseError) {
    guard weightVariance == nil, biasVariance == nil, weights == nil else {
      throw PoiseError(
        .outOfRange, quantity: "--init \(preset)", value: "together with weights or variances",
        allowed: "either a preset or the law and its variances")
    }
  }
}
