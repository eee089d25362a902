import RealModule

extension StableLaw: ContinuousLaw {
  public static let name = "stable"
  public var parameterCount: Int { 4 }
  public var width: Double { scale }

  /// The location in S0, near the bulk for every α.
  public var centre: Double { locationS0 }

  /// ln f; tabulated for more than `StableFit.exactCount` numbers, where it is interpolated to 1e-8.
  public func logDensities(_ xs: [Double], jobs: Int = 1) -> [Double] {
    guard xs.count > StableFit.exactCount, let low = xs.min(), let high = xs.max(), low < high,
      let table = try? StableTable(
        alpha: alpha, beta: beta, from: (low - centre) / scale, to: (high - centre) / scale,
        jobs: jobs)
    else { return logPDF(xs, jobs: jobs) }
    return table.logDensities(xs, scale: scale, location: centre, jobs: jobs)
  }

  public func tails(_ x: Double) -> (lower: Double, upper: Double) { (cdf(x), survival(x)) }
}
