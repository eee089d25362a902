import RealModule

/// An estimate of mutual information from samples, with its standard error and with what speaks
/// against trusting it.
public struct InformationEstimate: Sendable, Equatable {
  /// Nats, of all dimensions together.
  public let nats: Double
  /// Standard error in nats, of the sampling alone: no error bar knows the bias of its estimator.
  public let standardError: Double
  /// Sentences; empty inside the regime where the estimator was found trustworthy.
  public let warnings: [String]

  /// - Parameters:
  ///   - nats: of all dimensions together.
  ///   - standardError: of the sampling alone, nats.
  ///   - warnings: sentences; none where the estimator is trustworthy.
  public init(nats: Double, standardError: Double, warnings: [String] = []) {
    self.nats = nats
    self.standardError = standardError
    self.warnings = warnings
  }

  /// The same in bits.
  public var bits: Double { nats / .log(2) }
}
