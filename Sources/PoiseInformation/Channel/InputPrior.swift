public import PoiseNumerics
import RealModule

/// The law of one component of an input whose components are independent and alike: a mixture of
/// normal laws, of which points are the limit.
public struct InputPrior: Sendable, Equatable {
  /// One part of the mixture.
  public struct Part: Sendable, Equatable {
    /// Probability; all sum to 1.
    public let weight: Double
    /// Where the part is centred; the place of a point.
    public let mean: Double
    /// 0 for a point.
    public let variance: Double

    /// - Parameters:
    ///   - weight: above 0; weights are scaled to sum 1 by the mixture.
    ///   - mean: of the part.
    ///   - variance: 0 for a point.
    public init(weight: Double, mean: Double, variance: Double = 0) {
      self.weight = weight
      self.mean = mean
      self.variance = variance
    }
  }

  /// The parts.
  public let parts: [Part]

  /// A mixture; weights are scaled to sum 1.
  /// - Throws: `outOfRange` for no parts or more than 1000, for weights that are not positive,
  ///   negative variances, values beyond 1e6, or a law without spread.
  public init(_ parts: [Part]) throws(PoiseError) {
    guard (1...1000).contains(parts.count) else {
      throw PoiseError(
        .outOfRange, quantity: "parts of the input law", value: "\(parts.count)",
        allowed: "1 to 1000")
    }
    for part in parts {
      _ = try part.weight.checked("weight of a part of the input law", in: 1e-12...1e12)
      _ = try part.mean.checked("mean of a part of the input law", in: -1e6...1e6)
      _ = try part.variance.checked("variance of a part of the input law", in: 0...1e12)
    }
    let total = parts.reduce(0) { $0 + $1.weight }
    self.parts = parts.map { Part(weight: $0.weight / total, mean: $0.mean, variance: $0.variance) }
    guard variance > 0 else {
      throw PoiseError(
        .outOfRange, quantity: "variance of the input law", value: "\(variance)",
        allowed: "above 0: a constant carries no information")
    }
  }

  private init(unchecked parts: [Part]) { self.parts = parts }

  /// N(0, σ_x²).
  public static func gaussian(variance: Double = 1) throws(PoiseError) -> InputPrior {
    try InputPrior([Part(weight: 1, mean: 0, variance: variance)])
  }

  /// ±a, equally likely.
  public static func binary(_ size: Double = 1) throws(PoiseError) -> InputPrior {
    try discrete(values: [-size, size], probabilities: [0.5, 0.5])
  }

  /// Points with their probabilities.
  public static func discrete(
    values: [Double], probabilities: [Double]
  ) throws(PoiseError) -> InputPrior {
    guard values.count == probabilities.count else {
      throw PoiseError(
        .shapeMismatch, quantity: "probabilities of the input law", value: "\(probabilities.count)",
        allowed: "\(values.count): one for each value")
    }
    return try InputPrior(zip(values, probabilities).map { Part(weight: $1, mean: $0) })
  }

  /// E x.
  public var mean: Double { parts.reduce(0) { $0 + $1.weight * $1.mean } }
  /// E x².
  public var secondMoment: Double {
    parts.reduce(0) { $0 + $1.weight * ($1.mean * $1.mean + $1.variance) }
  }
  /// Var x.
  public var variance: Double {
    let mean = mean
    return parts.reduce(0) {
      $0 + $1.weight * (($1.mean - mean) * ($1.mean - mean) + $1.variance)
    }
  }
  /// Whether the law is normal with mean zero, as some bounds ask.
  public var isCentredGaussian: Bool { parts.count == 1 && parts[0].mean == 0 }
}
