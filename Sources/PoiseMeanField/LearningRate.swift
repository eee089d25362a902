import PoiseModel

/// Starting learning rates from the tangent kernel, without building a network.
public enum LearningRateFormula {
  /// Rate for SGD without momentum, from the mean diagonal (L + 1)(N E φ² + 1) of the tangent
  /// kernel in the standard parametrisation: 2/λ with λ = s times that, s = 0.4 the mean overlap
  /// of typical samples. Within a factor of about 1.8 for orthogonal critical networks of a
  /// saturating odd φ; independent entries need a rate 1.5 to 10 times smaller, the more so the
  /// larger depth/width.
  ///
  /// - Parameters:
  ///   - valueSquared: E φ² at the length of the network.
  ///   - depth: hidden layers L.
  ///   - width: units per layer N.
  public static func sgd(valueSquared: Double, depth: Int, width: Int) -> Double {
    5 / (Double(depth + 1) * (Double(width) * valueSquared + 1))
  }

  /// How far the formula may be off, as a factor to either side.
  public static let uncertainty = 1.8

  /// Rate for Adam: 0.01/L, a fit to depths 10, 30 and 100.
  public static func adam(depth: Int) -> Double { 0.01 / Double(depth) }
}
