public import PoiseNumerics

/// A mean over networks with its standard error.
public struct MeasuredValue: Codable, Sendable, Equatable {
  /// The mean.
  public var value: Double
  /// Null for a single number, which tells nothing of its error.
  @Nullable public var standardError: Double?

  /// All fields as given.
  public init(value: Double, standardError: Double?) {
    self.value = value
    self.standardError = standardError
  }

  /// The mean of what was seen.
  public init(_ moments: RunningMoments) {
    self.init(value: moments.mean, standardError: moments.standardError)
  }
}
