public import PoiseNumerics
import RealModule

/// The correlation dimension of a set of points (Grassberger and Procaccia 1983): the slope of ln C(r) in ln r,
/// C(r) the share of pairs closer than r. A geometric D₂, not to be confused with that of a vector.
public struct CorrelationDimension: Sendable, Equatable {
  /// The slope over the range.
  public let value: Double
  /// Standard error of a straight line through the points of the curve: how straight it is.
  public let error: Double
  /// The range of r.
  public let range: ClosedRange<Double>
  /// Pairs closer than the upper end.
  public let pairs: Int

  /// - Parameters:
  ///   - points: point × unit; at least 10.
  ///   - shares: C at the ends of the range, such as 0.01 and 0.1.
  /// - Throws: `outOfRange` for too few points, a range that is none, or more than 20000 points; `noAnswer` if
  ///   distances do not grow over the range.
  public init(
    of points: Matrix<Double>, shares: ClosedRange<Double> = 0.01...0.1
  ) throws(PoiseError) {
    guard (10...20_000).contains(points.rows) else {
      throw PoiseError(
        .outOfRange, quantity: "points", value: "\(points.rows)", allowed: "10 to 20000")
    }
    guard shares.lowerBound > 0, shares.upperBound <= 1, shares.lowerBound < shares.upperBound
    else {
      throw PoiseError(
        .outOfRange, quantity: "shares", value: "\(shares)", allowed: "a range inside 0 to 1",
        suggestion: "0.01 to 0.1")
    }
    var distances: [Double] = []
    distances.reserveCapacity(points.rows * (points.rows - 1) / 2)
    for a in 0..<points.rows {
      for b in 0..<a {
        var square = 0.0
        for unit in 0..<points.columns {
          let d =
            points.elements[a * points.columns + unit]
            - points.elements[b * points.columns + unit]
          square += d * d
        }
        distances.append(square.squareRoot())
      }
    }
    distances.sort()
    let count = Double(distances.count)
    let (low, high) = (
      distances[Int(shares.lowerBound * (count - 1))],
      distances[Int(shares.upperBound * (count - 1))]
    )
    guard low > 0, high > low * 1.0001, high.isFinite else {
      throw PoiseError(
        .noAnswer, quantity: "correlation dimension", value: "distances \(low) to \(high)",
        allowed: "points that differ", suggestion: "other shares, or more points")
    }
    // Twenty radii, evenly in ln r.
    var covariance = RunningCovariance()
    var places: [(Double, Double)] = []
    for index in 0..<20 {
      let logRadius =
        Double.log(low) + Double(index) / 19 * (Double.log(high) - Double.log(low))
      let below = Self.count(distances, below: .exp(logRadius) * (1 + 1e-12))
      let point = (logRadius, Double.log(Double(max(1, below)) / count))
      places.append(point)
      covariance.add(point.0, point.1)
    }
    let spread = covariance.first.variance ?? 0
    value = (covariance.covariance ?? 0) / spread
    let (x, y, slope) = (covariance.first.mean, covariance.second.mean, value)
    let residual = places.reduce(0.0) {
      let d = $1.1 - y - slope * ($1.0 - x)
      return $0 + d * d
    }
    error = (residual / 18 / (19 * spread)).squareRoot()
    range = low...high
    pairs = Self.count(distances, below: high)
  }

  private static func count(_ sorted: [Double], below value: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
