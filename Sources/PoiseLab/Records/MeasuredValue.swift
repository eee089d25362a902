public import PoiseNumerics

/// A mean over networks with its standard error.
public struct MeasuredValue: Codable, Sendable, Equatable {
  public var value: Double
  public var standardError: Double

  public init(value: Double, standardError: Double) {
    self.value = value
    self.standardError = standardError
  }

  /// The mean of what was seen; of a single number the error is 0.
  public init(_ moments: RunningMoments) {
    self.init(value: moments.mean, standardError: moments.standardError ?? 0)
  }
}
