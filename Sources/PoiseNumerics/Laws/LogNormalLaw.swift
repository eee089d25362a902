import RealModule

/// |x| log-normal, the sign a fair coin: f(x) = φ((ln|x| − μ)/σ)/(2 σ |x|). The two-parameter
/// log-normal of the absolute values, put on the whole line so that its likelihood can be compared.
public struct LogNormalLaw: ContinuousLaw, Equatable {
  public static let name = "log-normal |x|"
  /// Mean of ln|x|.
  public let logMean: Double
  /// Standard deviation of ln|x|, above 0.
  public let logDeviation: Double

  public init(logMean: Double, logDeviation: Double) {
    precondition(logDeviation > 0 && logDeviation.isFinite && logMean.isFinite)
    self.logMean = logMean
    self.logDeviation = logDeviation
  }

  /// The law of largest likelihood; nil where a number is zero (its likelihood is 0 there) or all
  /// absolute values agree.
  public init?(fitting sample: RealSample) {
    guard !sample.sorted.contains(0) else { return nil }
    let logs = RunningMoments(VectorMath.log(sample.sorted.map { abs($0) }))
    let count = Double(logs.count)
    guard let variance = logs.variance, variance > 0 else { return nil }
    logMean = logs.mean
    logDeviation = (variance * (count - 1) / count).squareRoot()
  }

  public var parameterCount: Int { 2 }
  public var centre: Double { 0 }
  public var width: Double { Double.exp(logMean) }

  public func logDensities(_ xs: [Double], jobs: Int = 1) -> [Double] {
    let constant = -0.5 * Double.log(2 * .pi) - Double.log(2 * logDeviation)
    return VectorMath.log(xs.map { abs($0) }).map { y in
      guard y > -.infinity else { return -.infinity }
      let z = (y - logMean) / logDeviation
      return constant - y - z * z / 2
    }
  }

  public func tails(_ x: Double) -> (lower: Double, upper: Double) {
    guard x != 0 else { return (0.5, 0.5) }
    let z = (Double.log(abs(x)) - logMean) / logDeviation
    let beyond = StandardNormal.cumulative(-z) / 2
    return x > 0 ? (1 - beyond, beyond) : (beyond, 1 - beyond)
  }

  public func sample(count: Int, from stream: inout RandomStream) -> [Double] {
    var logs = [Double](repeating: 0, count: count)
    logs.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
    var signs = [Double](repeating: 0, count: count)
    signs.withUnsafeMutableBufferPointer { stream.fillUniform($0) }
    let sizes = VectorMath.exp(logs.map { logMean + logDeviation * $0 })
    return zip(sizes, signs).map { $1 < 0.5 ? -$0 : $0 }
  }
}
