public import PoiseNumerics

/// The law of the weights of one layer, normalised so that every preactivation has the variance
/// σ_w² · (mean square of the layer's input) whatever the law and the shape.
public enum WeightLaw: Sendable, Equatable {
  /// Independent entries N(0, σ_w²/fan-in).
  case gaussian(variance: Double)
  /// σ_w times a Haar orthogonal matrix; a rectangular layer (n_out × n_in) has orthonormal
  /// columns or rows times √(max(1, n_out/n_in)) σ_w, the same second moment as `gaussian`.
  case orthogonal(variance: Double)
  /// Independent entries uniform on ±√(3σ_w²/fan-in).
  case uniform(variance: Double)

  /// σ_w².
  public var variance: Double {
    switch self {
    case .gaussian(let variance), .orthogonal(let variance), .uniform(let variance): variance
    }
  }

  /// The name on the command line.
  public var name: String {
    switch self {
    case .gaussian: "gaussian"
    case .orthogonal: "orthogonal"
    case .uniform: "uniform"
    }
  }

  /// The same law at another variance.
  public func with(variance: Double) -> WeightLaw {
    switch self {
    case .gaussian: .gaussian(variance: variance)
    case .orthogonal: .orthogonal(variance: variance)
    case .uniform: .uniform(variance: variance)
    }
  }

  /// The law of a given name.
  public static func named(_ name: String, variance: Double) throws(PoiseError) -> WeightLaw {
    switch name {
    case "gaussian": .gaussian(variance: variance)
    case "orthogonal": .orthogonal(variance: variance)
    case "uniform": .uniform(variance: variance)
    default:
      throw PoiseError(
        .unknownName, quantity: "weights", value: name,
        allowed: "gaussian, orthogonal, uniform")
    }
  }
}

/// The law of the biases: independent N(0, σ_b²), the same at every width.
public enum BiasLaw: Sendable, Equatable {
  case gaussian(variance: Double)

  /// No biases at all.
  public static let none = BiasLaw.gaussian(variance: 0)

  /// σ_b².
  public var variance: Double {
    switch self {
    case .gaussian(let variance): variance
    }
  }
}

/// A law for random networks, not one network: the activation and the laws of weights and biases.
///
///     h¹ = W¹x + b¹,   hˡ = Wˡ φ(hˡ⁻¹) + bˡ
public struct NetworkEnsemble: Sendable, Equatable {
  /// φ.
  public var activation: Activation
  /// Law of the weights.
  public var weights: WeightLaw
  /// Law of the biases.
  public var biases: BiasLaw

  /// - Throws: `outOfRange` when a variance is negative, NaN or infinite, or σ_w² is 0.
  public init(
    activation: Activation, weights: WeightLaw, biases: BiasLaw = .none
  ) throws(PoiseError) {
    guard weights.variance.isFinite, weights.variance > 0 else {
      throw PoiseError(
        .outOfRange, quantity: "weight variance", value: "\(weights.variance)",
        allowed: "finite and above 0",
        suggestion: "σ_w² of order 1; entries have variance σ_w²/fan-in")
    }
    guard biases.variance.isFinite, biases.variance >= 0 else {
      throw PoiseError(
        .outOfRange, quantity: "bias variance", value: "\(biases.variance)",
        allowed: "finite, at least 0")
    }
    self.activation = activation
    self.weights = weights
    self.biases = biases
  }

  /// σ_w².
  public var weightVariance: Double { weights.variance }
  /// σ_b².
  public var biasVariance: Double { biases.variance }
}

/// The shape of a fully connected network. Depth counts hidden layers; the read-out is extra.
public struct Architecture: Sendable, Equatable {
  /// Dimension of the input.
  public let inputs: Int
  /// Units of each hidden layer; `widths.count` is the depth.
  public let widths: [Int]
  /// Units of a linear read-out, or 0 for none.
  public let outputs: Int

  /// - Throws: `outOfRange` for depth 0, an empty input, a width below 2 or negative outputs.
  public init(inputs: Int, widths: [Int], outputs: Int = 0) throws(PoiseError) {
    guard inputs >= 1 else {
      throw PoiseError(
        .outOfRange, quantity: "inputs", value: "\(inputs)", allowed: "at least 1")
    }
    guard !widths.isEmpty else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "0", allowed: "at least 1 hidden layer")
    }
    if let width = widths.first(where: { $0 < 2 }) {
      throw PoiseError(
        .outOfRange, quantity: "width", value: "\(width)", allowed: "at least 2",
        suggestion: "mean-field theory needs wide layers; 64 and more")
    }
    guard outputs >= 0 else {
      throw PoiseError(
        .outOfRange, quantity: "outputs", value: "\(outputs)", allowed: "at least 0")
    }
    self.inputs = inputs
    self.widths = widths
    self.outputs = outputs
  }

  /// All hidden layers of one width.
  public init(inputs: Int, depth: Int, width: Int, outputs: Int = 0) throws(PoiseError) {
    guard depth >= 1 else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "at least 1 hidden layer")
    }
    try self.init(
      inputs: inputs, widths: [Int](repeating: width, count: depth), outputs: outputs)
  }

  /// Number of hidden layers, equal to the number of factors D W of the Jacobian.
  public var depth: Int { widths.count }
}
