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
  /// Independent symmetric alpha-stable entries, E e^(itW) = exp(−|σ_w t|^α/(2n)): scale
  /// σ_w (2n)^(−1/α), n by `fan`. At α = 2 and fan-in this is `gaussian` of variance σ_w²; for α < 2
  /// entries have no variance, and `scale` is the σ_w of heavy-tailed theory.
  case stable(alpha: Double, scale: Double, fan: Fan = .in)

  /// Which n divides the scale of stable entries, n_in of a layer's inputs to n_out units.
  public enum Fan: String, Sendable, CaseIterable {
    /// n_in, the scaling of the theory.
    case `in`
    /// √(n_in n_out) (Qu, Wardak and Gong 2022); the same for square layers.
    case geometric
  }

  /// σ_w²; ∞ where entries have no variance σ_w²/fan-in: stable entries of α < 2, or scaled by
  /// the geometric mean.
  public var variance: Double {
    switch self {
    case .gaussian(let variance), .orthogonal(let variance), .uniform(let variance): variance
    case .stable(let alpha, let scale, let fan):
      alpha == 2 && fan == .in ? scale * scale : .infinity
    }
  }

  /// The name on the command line.
  public var name: String {
    switch self {
    case .gaussian: "gaussian"
    case .orthogonal: "orthogonal"
    case .uniform: "uniform"
    case .stable(2, _, .in): "gaussian"
    case .stable: "stable"
    }
  }

  /// The same law at another variance; of the stable laws that is the Gaussian one.
  public func with(variance: Double) -> WeightLaw {
    switch self {
    case .gaussian: .gaussian(variance: variance)
    case .orthogonal: .orthogonal(variance: variance)
    case .uniform: .uniform(variance: variance)
    case .stable: .gaussian(variance: variance)
    }
  }

  /// The law of a given name, of those that have a variance.
  public static func named(_ name: String, variance: Double) throws(PoiseError) -> WeightLaw {
    switch name {
    case "gaussian": .gaussian(variance: variance)
    case "orthogonal": .orthogonal(variance: variance)
    case "uniform": .uniform(variance: variance)
    default:
      throw PoiseError(
        .unknownName, quantity: "weights", value: name,
        allowed: "gaussian, orthogonal, uniform",
        suggestion: name == "stable" ? "an alpha and a scale in place of a variance" : "")
    }
  }
}

/// The law of the biases: independent, the same at every width.
public enum BiasLaw: Sendable, Equatable {
  /// N(0, σ_b²).
  case gaussian(variance: Double)
  /// E e^(itb) = exp(−|σ_b t|^α/2): scale σ_b 2^(−1/α); N(0, σ_b²) at α = 2.
  case stable(alpha: Double, scale: Double)

  /// No biases at all.
  public static let none = BiasLaw.gaussian(variance: 0)

  /// σ_b²; ∞ for stable biases of α < 2 that are not 0.
  public var variance: Double {
    switch self {
    case .gaussian(let variance): variance
    case .stable(let alpha, let scale): alpha == 2 || scale == 0 ? scale * scale : .infinity
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

  /// - Throws: `outOfRange` when a variance or scale is negative, NaN or infinite, σ_w is 0, or a
  ///   stability index is not in (0, 2].
  public init(
    activation: Activation, weights: WeightLaw, biases: BiasLaw = .none
  ) throws(PoiseError) {
    if case .stable(let alpha, let scale, _) = weights {
      try Self.check(alpha, scale, "weight")
      guard scale > 0 else {
        throw PoiseError(
          .outOfRange, quantity: "weight scale", value: "0", allowed: "finite and above 0",
          suggestion: "σ_w of order 1; entries have scale σ_w (2 fan-in)^(-1/alpha)")
      }
    } else {
      guard weights.variance.isFinite, weights.variance > 0 else {
        throw PoiseError(
          .outOfRange, quantity: "weight variance", value: "\(weights.variance)",
          allowed: "finite and above 0",
          suggestion: "σ_w² of order 1; entries have variance σ_w²/fan-in")
      }
    }
    if case .stable(let alpha, let scale) = biases {
      try Self.check(alpha, scale, "bias")
    } else {
      guard biases.variance.isFinite, biases.variance >= 0 else {
        throw PoiseError(
          .outOfRange, quantity: "bias variance", value: "\(biases.variance)",
          allowed: "finite, at least 0")
      }
    }
    self.activation = activation
    self.weights = weights
    self.biases = biases
  }

  /// σ_w²; ∞ where weights have none, see `WeightLaw.variance`.
  public var weightVariance: Double { weights.variance }
  /// σ_b²; ∞ where biases have none.
  public var biasVariance: Double { biases.variance }

  /// Refuses ensembles without second moments, for theories that are made of them.
  ///
  /// - Throws: `noAnswer` for stable weights or biases with α < 2, or scaled by the geometric mean.
  public func requireSecondMoments() throws(PoiseError) {
    guard !weightVariance.isFinite || !biasVariance.isFinite else { return }
    if case .stable(2, _, .geometric) = weights, biasVariance.isFinite {
      throw PoiseError(
        .noAnswer, quantity: "mean-field theory", value: "weights scaled by the geometric mean",
        allowed: "weights scaled by fan-in", suggestion: "--fan in")
    }
    throw PoiseError(
      .noAnswer, quantity: "mean-field theory",
      value: "stable weights or biases of alpha below 2: second moments diverge",
      allowed: "alpha = 2, or weights and biases with a variance", suggestion: "poise tails")
  }

  private static func check(
    _ alpha: Double, _ scale: Double, _ what: String
  ) throws(PoiseError) {
    guard alpha > 0, alpha <= 2 else {
      throw PoiseError(
        .outOfRange, quantity: "alpha of the \(what) law", value: "\(alpha)",
        allowed: "above 0, at most 2", suggestion: "2 for Gaussian entries")
    }
    guard scale.isFinite, scale >= 0 else {
      throw PoiseError(
        .outOfRange, quantity: "\(what) scale", value: "\(scale)", allowed: "finite, at least 0")
    }
  }
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
