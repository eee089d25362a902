import PoiseNumerics

/// A number with its standard error; none where there is a single sample.
struct Estimate: Equatable {
  var value: Double
  var error: Double?

  init(value: Double, error: Double?) {
    self.value = value
    self.error = error
  }

  /// The mean of what is known among independent samples.
  init(_ samples: [Double]) {
    let moments = RunningMoments(samples.filter(\.isFinite))
    value = moments.count > 0 ? moments.mean : .nan
    error = moments.standardError
  }

  /// The difference of independent estimates.
  static func - (left: Estimate, right: Estimate) -> Estimate {
    Estimate(
      value: left.value - right.value,
      error: left.error.flatMap { a in right.error.map { (a * a + $0 * $0).squareRoot() } })
  }
}
