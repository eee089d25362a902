import RealModule

/// N(mean, deviation²).
public struct GaussianLaw: ContinuousLaw, Equatable {
  public static let name = "Gaussian"
  /// Mean.
  public let mean: Double
  /// Standard deviation, above 0.
  public let deviation: Double

  public init(mean: Double = 0, deviation: Double = 1) {
    precondition(deviation > 0 && deviation.isFinite && mean.isFinite)
    self.mean = mean
    self.deviation = deviation
  }

  /// The law of largest likelihood: sample mean and root mean squared deviation (by n, not n − 1).
  public init(fitting sample: RealSample) {
    var moments = RunningMoments()
    for x in sample.sorted { moments.add(x) }
    mean = moments.mean
    let count = Double(moments.count)
    deviation = ((moments.variance ?? 0) * (count - 1) / count).squareRoot()
  }

  public var parameterCount: Int { 2 }
  public var centre: Double { mean }
  public var width: Double { deviation }

  public func logDensities(_ xs: [Double], jobs: Int = 1) -> [Double] {
    let constant = -0.5 * Double.log(2 * .pi) - Double.log(deviation)
    return xs.map { x in
      let z = (x - mean) / deviation
      return constant - z * z / 2
    }
  }

  public func tails(_ x: Double) -> (lower: Double, upper: Double) {
    let z = (x - mean) / deviation
    return (StandardNormal.cumulative(z), StandardNormal.cumulative(-z))
  }

  public func sample(count: Int, from stream: inout RandomStream) -> [Double] {
    var values = [Double](repeating: 0, count: count)
    values.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    for i in values.indices { values[i] = mean + deviation * values[i] }
    return values
  }
}
