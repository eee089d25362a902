/// Mean and variance of a stream of numbers, in one pass without cancellation (Welford 1962).
public struct RunningMoments: Sendable, Equatable {
  /// Numbers seen.
  public private(set) var count = 0
  /// Their mean; 0 before the first.
  public private(set) var mean = 0.0
  private var squares = 0.0

  public init() {}

  /// The moments of a whole collection.
  public init(_ values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  /// Takes one more number in.
  public mutating func add(_ value: Double) {
    count += 1
    let distance = value - mean
    mean += distance / Double(count)
    squares += distance * (value - mean)
  }

  /// Merges another stream, as if its numbers had followed (Chan et al. 1979).
  public mutating func merge(_ other: RunningMoments) {
    guard other.count > 0 else { return }
    let total = Double(count + other.count)
    let distance = other.mean - mean
    squares += other.squares + distance * distance * Double(count) * Double(other.count) / total
    mean += distance * Double(other.count) / total
    count += other.count
  }

  /// Unbiased variance of one number; nil for fewer than two.
  public var variance: Double? { count > 1 ? max(0, squares) / Double(count - 1) : nil }
  /// Standard error of the mean; nil for fewer than two.
  public var standardError: Double? { variance.map { ($0 / Double(count)).squareRoot() } }
}

/// Means, variances and covariance of a stream of pairs, in one pass.
public struct RunningCovariance: Sendable, Equatable {
  /// Moments of the first number of each pair.
  public private(set) var first = RunningMoments()
  /// Moments of the second.
  public private(set) var second = RunningMoments()
  private var products = 0.0

  public init() {}

  /// Takes one more pair in.
  public mutating func add(_ x: Double, _ y: Double) {
    let distance = x - first.mean
    first.add(x)
    second.add(y)
    products += distance * (y - second.mean)
  }

  /// Unbiased covariance; nil for fewer than two pairs.
  public var covariance: Double? { first.count > 1 ? products / Double(first.count - 1) : nil }
  /// Correlation; nil where a variance is missing or zero.
  public var correlation: Double? {
    guard let covariance, let a = first.variance, let b = second.variance, a > 0, b > 0 else {
      return nil
    }
    return covariance / (a * b).squareRoot()
  }
}
