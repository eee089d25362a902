import ArgumentParser
import Poise

/// The ensemble, spelled the same in every verb.
struct EnsembleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "φ: \(Activation.catalogue.map(\.name).joined(separator: ", ")), leaky_relu_<slope>.",
      valueName: "name"))
  var activation: String

  @Option(help: "Law of the weights: gaussian, orthogonal, uniform or stable. Default: gaussian.")
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
      \(InitializationPreset.catalogue.map(\.name).joined(separator: ", ")); for train \
      also advised, which is its default.
      """, valueName: "preset"))
  var preset: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stability index of stable weights and biases, 0 to 2; 2 is Gaussian.", valueName: "range"))
  var alpha: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "σ_w of stable weights: entries have scale σ_w (2n)^(-1/alpha). With alpha 2, the root of "
        + "--weight-variance.", valueName: "range"))
  var scale: String?

  @Option(help: "n of stable weights: in (fan-in) or geometric (mean of fan-in and fan-out).")
  var fan: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "σ_b of stable biases, scale σ_b 2^(-1/alpha). Default: 0.", valueName: "range"))
  var biasScale: String?

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
    if isStable { return try stableEnsembles(function) }
    guard let weightVariance else {
      throw PoiseError(
        .outOfRange, quantity: "weight variance", value: "not given",
        allowed: "--weight-variance, --alpha and --scale, or --init with a preset",
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

  /// Stable laws with alpha below 2 have no variance; their scales take its place.
  func validate() throws {
    guard isStable, weightVariance != nil || biasVariance != nil else { return }
    throw ValidationError(
      """
      --\(weightVariance == nil ? "bias" : "weight")-variance together with stable weights: they have no \
      variance; allowed: --scale and --bias-scale; try: --alpha 1.5 --scale 1
      """)
  }

  /// Whether any option of the stable law is given.
  var isStable: Bool {
    weights == "stable" || alpha != nil || scale != nil || fan != nil || biasScale != nil
  }

  /// Every stable ensemble: alpha slowest, the weights' scale fastest.
  private func stableEnsembles(_ function: Activation) throws(PoiseError) -> [NetworkEnsemble] {
    guard weights == nil || weights == "stable" else {
      throw PoiseError(
        .outOfRange, quantity: "--weights \(weights ?? "")",
        value: "together with --alpha, --scale, --fan or --bias-scale",
        allowed: "--weights stable, or variances")
    }
    guard let alpha, let scale else {
      throw PoiseError(
        .outOfRange, quantity: "stable weights",
        value: alpha == nil ? "no --alpha" : "no --scale", allowed: "--alpha and --scale",
        suggestion: "--alpha 1.5 --scale 1")
    }
    guard let fan = WeightLaw.Fan(rawValue: fan ?? "in") else {
      throw PoiseError(
        .unknownName, quantity: "--fan", value: fan ?? "", allowed: "in or geometric")
    }
    var ensembles: [NetworkEnsemble] = []
    for index in try Axis(alpha, quantity: "--alpha").values {
      for bias in try Axis(biasScale ?? "0", quantity: "--bias-scale").values {
        for width in try Axis(scale, quantity: "--scale").values {
          ensembles.append(
            try NetworkEnsemble(
              activation: function, weights: .stable(alpha: index, scale: width, fan: fan),
              biases: bias == 0 ? .none : .stable(alpha: index, scale: bias)))
        }
      }
    }
    return ensembles
  }

  func refuseVariances(beside preset: String) throws(PoiseError) {
    guard weightVariance == nil, biasVariance == nil, weights == nil, !isStable else {
      throw PoiseError(
        .outOfRange, quantity: "--init \(preset)", value: "together with weights or variances",
        allowed: "either a preset or the law and its variances")
    }
  }
}
