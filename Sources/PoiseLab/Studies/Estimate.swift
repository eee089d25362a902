import PoiseNumerics
import RealModule

/// A number with what is known of its error.
public struct Estimate: Sendable, Equatable {
  /// What is known of an error.
  public enum Uncertainty: Sendable, Equatable {
    /// There is none: a number of theory.
    case exact
    /// A standard error, itself known with so many degrees of freedom, which are above 0 and may be
    /// infinite.
    case standard(Double, degreesOfFreedom: Double)
    /// There is one, but nobody knows how large: a single sample.
    case unknown
  }

  /// The number; not-a-number counts as none.
  public var value: Double
  /// What is known of its error.
  public var uncertainty: Uncertainty

  /// A number that is exact unless said otherwise.
  public init(_ value: Double, _ uncertainty: Uncertainty = .exact) {
    self.value = value
    self.uncertainty = uncertainty
  }

  /// A mean of so many samples with its standard error; unknown of fewer than two.
  public init(_ value: Double, standardError: Double, samples: Int) {
    self.init(
      value,
      samples < 2 ? .unknown : .standard(standardError, degreesOfFreedom: Double(samples - 1)))
  }

  /// The mean of what is known among independent samples.
  public init(_ samples: [Double]) {
    let moments = RunningMoments(samples.filter(\.isFinite))
    self.init(
      moments.count > 0 ? moments.mean : .nan, standardError: moments.standardError ?? 0,
      samples: moments.count)
  }

  /// Σ aᵢ xᵢ of independent estimates. Degrees of freedom after Welch and Satterthwaite:
  /// (Σ vᵢ)²/Σ(vᵢ²/νᵢ), vᵢ = aᵢ²eᵢ².
  public init(sum terms: [(factor: Double, estimate: Estimate)]) {
    value = terms.reduce(0) { $0 + $1.factor * $1.estimate.value }
    var (variance, spread, isExact) = (0.0, 0.0, true)
    var fewest = Double.infinity
    for (factor, term) in terms {
      switch term.uncertainty {
      case .exact: continue
      case .unknown:
        uncertainty = .unknown
        return
      case .standard(let error, let degrees):
        let one = factor * factor * error * error
        variance += one
        spread += one * one / degrees
        fewest = min(fewest, degrees)
        isExact = false
      }
    }
    uncertainty =
      isExact
      ? .exact
      : .standard(
        variance.squareRoot(),
        degreesOfFreedom: spread > 0 ? max(fewest, variance * variance / spread) : fewest)
  }

  /// The mean of independent estimates.
  public static func mean(_ estimates: [Estimate]) -> Estimate {
    Estimate(sum: estimates.map { (1 / Double(estimates.count), $0) })
  }

  /// The difference of independent estimates.
  public static func - (left: Estimate, right: Estimate) -> Estimate {
    Estimate(sum: [(1, left), (-1, right)])
  }

  /// The standard error; 0 for an exact number, nil where it is unknown.
  public var error: Double? {
    switch uncertainty {
    case .exact: 0
    case .standard(let error, _): error
    case .unknown: nil
    }
  }

  /// Chance that the truth lies outside of `reach`: that of three standard errors of a normal law.
  public static let falseAlarmRate = 0.0027

  /// Half of the interval in which the truth is taken to lie: as many standard errors as Student's t
  /// asks for, in each of `comparisons` at once; nil where the error is unknown.
  public func reach(comparisons: Int = 1) -> Double? {
    guard case .standard(let error, let degrees) = uncertainty else { return error }
    // Student's t with so many degrees of freedom is normal to four digits.
    let quantile = try? StudentT.twoSidedQuantile(
      Self.falseAlarmRate / Double(comparisons), degreesOfFreedom: min(degrees, 1e5))
    return quantile.map { $0 * error }
  }
}
