import RealModule

/// Number of layers over which a deviation shrinks by e: ξ = −1/ln χ, where it exists.
public enum DepthScale: Sendable, Equatable {
  /// ξ layers.
  case finite(Double)
  /// χ = 1 to 1e-12: the deviation decays slower than any exponential, or not at all.
  case infinite
  /// χ > 1: the deviation grows, there is no depth to which it survives unchanged.
  case none

  /// ξ of a growth factor χ ≥ 0 per layer.
  public init(growth chi: Double) {
    if abs(chi - 1) <= 1e-12 {
      self = .infinite
    } else if chi > 1 {
      self = .none
    } else {
      self = .finite(chi <= 0 ? 0 : -1 / Double.log(chi))
    }
  }

  /// ξ where it is a number.
  public var value: Double? {
    if case .finite(let depth) = self { depth } else { nil }
  }
}
