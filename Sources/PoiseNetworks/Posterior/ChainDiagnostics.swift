import RealModule

/// Mean of one observable over several chains, with what says whether it may be believed.
public struct ChainEstimate: Sendable, Equatable {
  /// Of the observable.
  public let name: String
  /// Over all chains.
  public let mean: Double
  /// √(variance/effective size).
  public let standardError: Double
  /// Standard deviation of one draw.
  public let deviation: Double
  /// Split R̂ (Gelman et al.): 1 for chains that have forgotten their starts.
  public let splitRHat: Double
  /// Independent draws that the chains are worth (Geyer's initial monotone sequence).
  public let effectiveSize: Double
  /// Sweeps per independent draw.
  public let autocorrelationTime: Double

  /// Bounds of `isConverged`.
  public static let largestRHat = 1.01
  /// Effective draws from which a mean counts as converged.
  public static let smallestEffectiveSize = 400.0

  /// R̂ < 1.01 and at least 400 effective draws. A mean without this is not to be reported alone.
  public var isConverged: Bool {
    splitRHat < Self.largestRHat && effectiveSize >= Self.smallestEffectiveSize
  }

  /// The same in words; nil for a converged mean.
  public var warning: String? {
    guard !isConverged else { return nil }
    return "\(name): not converged (R̂ = \(Self.rounded(splitRHat)), "
      + "\(Int(effectiveSize)) effective draws; wanted below 1.01 and at least 400)"
  }

  private static func rounded(_ x: Double) -> Double { (x * 1000).rounded() / 1000 }

  /// - Parameter chains: draws of each chain after its warm-up, all of one length of at least 4.
  public init(name: String, chains: [[Double]]) {
    self.name = name
    let half = (chains.map(\.count).min() ?? 0) / 2
    precondition(half >= 2, "a chain of at least 4 draws")
    let parts = chains.flatMap { chain in
      let last = Array(chain.suffix(2 * half))
      return [Array(last[..<half]), Array(last[half...])]
    }
    let (n, m) = (Double(half), Double(parts.count))
    let means = parts.map { $0.reduce(0, +) / n }
    let grand = means.reduce(0, +) / m
    let centred = zip(parts, means).map { part, mean in part.map { $0 - mean } }
    let within =
      centred.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } / (n - 1) } / m
    let between = means.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / (m - 1)
    let total = (n - 1) / n * within + between
    mean = grand
    deviation = total.squareRoot()
    guard total > 0 else {
      // A constant: known exactly.
      (standardError, splitRHat) = (0, 1)
      (effectiveSize, autocorrelationTime) = (n * m, 1)
      return
    }
    splitRHat = within > 0 ? (total / within).squareRoot() : .infinity
    func correlation(_ lag: Int) -> Double {
      let covariance =
        centred.reduce(0) { sum, part in
          var c = 0.0
          for index in 0..<(half - lag) { c += part[index] * part[index + lag] }
          return sum + c / n
        } / m
      return 1 - ((n - 1) / n * within - covariance) / total
    }
    // Pairs of lags have positive, falling sums for a reversible chain.
    var (sum, previous, lag) = (0.0, Double.infinity, 0)
    while lag + 1 < half {
      let pair = (lag == 0 ? 1 : correlation(lag)) + correlation(lag + 1)
      guard pair > 0 else { break }
      previous = min(previous, pair)
      sum += previous
      lag += 2
    }
    let time = max(2 * sum - 1, 1 / .log(n * m, base: 10))
    autocorrelationTime = time
    effectiveSize = n * m / time
    standardError = (total / effectiveSize).squareRoot()
  }
}

extension Double {
  fileprivate static func log(_ x: Double, base: Double) -> Double { .log(x) / .log(base) }
}
