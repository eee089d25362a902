public import PoiseNumerics

/// A named initialisation of common libraries, with the variances it really has.
///
/// Hidden layers are square, so that Xavier's 2/(fan-in + fan-out) is 1/fan-in. Only PyTorch's
/// default draws biases; `torch.nn.init` and the papers start all others at 0.
public struct InitializationPreset: Sendable {
  /// The name on the command line.
  public let name: String
  /// A title for people.
  public let title: String
  /// What it draws, in formulas.
  public let summary: String
  /// The paper or the documentation it comes from.
  public let source: String

  /// Law of the weights at variance 1.
  private let law: WeightLaw
  private let gain: Gain
  /// σ_b² fan-in.
  private let scaledBiasVariance: Double

  private enum Gain: Sendable {
    case fixed(square: Double)
    case ofActivation
  }

  /// The ensemble for layers of `fanIn` inputs.
  ///
  /// - Throws: `outOfRange` when `fanIn` is below 1, or the activation's gain is not finite.
  public func ensemble(
    activation: Activation, fanIn: Int
  ) throws(PoiseError) -> NetworkEnsemble {
    guard fanIn >= 1 else {
      throw PoiseError(
        .outOfRange, quantity: "fan-in", value: "\(fanIn)", allowed: "at least 1")
    }
    let variance =
      switch gain {
      case .fixed(let square): square
      case .ofActivation: Self.recommendedGainSquared(of: activation)
      }
    return try NetworkEnsemble(
      activation: activation, weights: law.with(variance: variance),
      biases: .gaussian(variance: scaledBiasVariance / Double(fanIn)))
  }

  /// The square of PyTorch's `calculate_gain`: linear and sigmoid 1, tanh (5/3)², relu 2, leaky relu
  /// 2/(1 + a²), selu (3/4)²; 1 for activations it does not name.
  public static func recommendedGainSquared(of activation: Activation) -> Double {
    switch activation.function {
    case is Tanh: 25.0 / 9
    case is ReLU: 2
    case let leaky as LeakyReLU: 2 / (1 + leaky.slope * leaky.slope)
    case is SELU: 9.0 / 16
    default: 1
    }
  }

  /// The preset of a name.
  ///
  /// - Throws: `unknownName` with all names and the nearest one.
  public static func named(_ name: String) throws(PoiseError) -> InitializationPreset {
    if let found = catalogue.first(where: { $0.name == name }) { return found }
    throw unknownName(name, quantity: "init", among: catalogue.map(\.name))
  }

  /// Every preset.
  public static let catalogue: [InitializationPreset] = [
    InitializationPreset(
      name: "pytorch_default", title: "PyTorch's default for nn.Linear",
      summary: """
        weights and biases uniform on ±1/√fan_in: σ_w² = 1/3, σ_b² = 1/(3 fan_in); \
        the biases are taken as Gaussian of that variance
        """,
      source: "PyTorch documentation of torch.nn.Linear", law: .uniform(variance: 1),
      gain: .fixed(square: 1.0 / 3), scaledBiasVariance: 1.0 / 3),
    InitializationPreset(
      name: "xavier_uniform", title: "Xavier (Glorot), uniform, gain 1",
      summary: "weights uniform on ±√(6/(fan_in + fan_out)): σ_w² = 1 in square layers, no biases",
      source: glorot, law: .uniform(variance: 1), gain: .fixed(square: 1)),
    InitializationPreset(
      name: "xavier_normal", title: "Xavier (Glorot), normal, gain 1",
      summary: "weights of variance 2/(fan_in + fan_out): σ_w² = 1 in square layers, no biases",
      source: glorot, law: .gaussian(variance: 1), gain: .fixed(square: 1)),
    InitializationPreset(
      name: "xavier_uniform_gain", title: "Xavier (Glorot), uniform, gain of the activation",
      summary: "as xavier_uniform times calculate_gain: σ_w² = gain², no biases",
      source: glorot + "; " + calculateGain, law: .uniform(variance: 1), gain: .ofActivation),
    InitializationPreset(
      name: "xavier_normal_gain", title: "Xavier (Glorot), normal, gain of the activation",
      summary: "as xavier_normal times calculate_gain: σ_w² = gain², no biases",
      source: glorot + "; " + calculateGain, law: .gaussian(variance: 1), gain: .ofActivation),
    InitializationPreset(
      name: "he_uniform", title: "He (Kaiming), uniform, fan-in, gain √2",
      summary: "weights uniform on ±√(6/fan_in): σ_w² = 2, no biases",
      source: he, law: .uniform(variance: 1), gain: .fixed(square: 2)),
    InitializationPreset(
      name: "he_normal", title: "He (Kaiming), normal, fan-in, gain √2",
      summary: "weights of variance 2/fan_in: σ_w² = 2, no biases",
      source: he, law: .gaussian(variance: 1), gain: .fixed(square: 2)),
    InitializationPreset(
      name: "kaiming_gain", title: "He (Kaiming), normal, fan-in, gain of the activation",
      summary: "weights of variance gain²/fan_in by calculate_gain: σ_w² = gain², no biases",
      source: he + "; " + calculateGain, law: .gaussian(variance: 1), gain: .ofActivation),
    InitializationPreset(
      name: "lecun_normal", title: "LeCun, normal",
      summary: "weights of variance 1/fan_in: σ_w² = 1, no biases",
      source: "LeCun et al. 1998 (Efficient BackProp); Klambauer et al. 2017 (arXiv 1706.02515)",
      law: .gaussian(variance: 1), gain: .fixed(square: 1)),
    InitializationPreset(
      name: "orthogonal", title: "Orthogonal, gain 1",
      summary: "weights Haar orthogonal: σ_w² = 1, no biases",
      source: saxe, law: .orthogonal(variance: 1), gain: .fixed(square: 1)),
    InitializationPreset(
      name: "orthogonal_gain", title: "Orthogonal, gain of the activation",
      summary: "weights calculate_gain times Haar orthogonal: σ_w² = gain², no biases",
      source: saxe + "; " + calculateGain, law: .orthogonal(variance: 1), gain: .ofActivation),
  ]

  private static let glorot = "Glorot and Bengio 2010 (AISTATS)"
  private static let he = "He et al. 2015 (arXiv 1502.01852)"
  private static let saxe = "Saxe et al. 2013 (arXiv 1312.6120)"
  private static let calculateGain = "PyTorch documentation of torch.nn.init.calculate_gain"

  private init(
    name: String, title: String, summary: String, source: String, law: WeightLaw, gain: Gain,
    scaledBiasVariance: Double = 0
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.source = source
    self.law = law
    self.gain = gain
    self.scaledBiasVariance = scaledBiasVariance
  }
}
