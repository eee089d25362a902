import RealModule

/// Dual averaging of a leapfrog step to a wanted acceptance (Nesterov 2009; Hoffman and Gelman 2014).
public struct StepAdaptation: Codable, Sendable, Equatable {
  /// The step of the next trajectory.
  public private(set) var step: Double
  /// The averaged step, for sampling.
  public private(set) var averaged: Double
  private var error = 0.0
  private var count = 0.0
  private let anchor: Double

  /// The wanted mean acceptance.
  public static let target = 0.8

  init(step: Double) {
    self.step = step
    averaged = step
    anchor = .log(10 * step)
  }

  /// Learns from the acceptance of one trajectory.
  mutating func learn(acceptance: Double) {
    count += 1
    let weight = 1 / (count + 10)
    error = (1 - weight) * error + weight * (Self.target - acceptance)
    let log = anchor - count.squareRoot() / 0.05 * error
    step = .exp(min(max(log, -30), 5))
    let eta = Double.exp(-0.75 * .log(count))
    averaged = .exp(eta * .log(step) + (1 - eta) * .log(averaged))
  }
}
