import RealModule

/// A function on an interval by its values at Chebyshev points of the first kind, evaluated from
/// its Chebyshev coefficients (Clenshaw): near-best polynomial interpolation.
public struct ChebyshevPanel: Sendable {
  /// Left end.
  public let lower: Double
  /// Right end.
  public let upper: Double
  /// Coefficients of T₀, T₁, …
  public let coefficients: [Double]

  /// The points at which `init(lower:upper:values:)` wants the function.
  public static func points(lower: Double, upper: Double, count: Int) -> [Double] {
    (0..<count).map { index in
      let x = Double.cos(.pi * (Double(index) + 0.5) / Double(count))
      return (lower + upper) / 2 + (upper - lower) / 2 * x
    }
  }

  /// The interpolant through `values` at `points(lower:upper:count:)`.
  public init(lower: Double, upper: Double, values: [Double]) {
    self.lower = lower
    self.upper = upper
    let count = values.count
    coefficients = (0..<count).map { degree in
      var sum = 0.0
      for index in 0..<count {
        sum += values[index] * .cos(.pi * Double(degree) * (Double(index) + 0.5) / Double(count))
      }
      return (degree == 0 ? 1 : 2) * sum / Double(count)
    }
  }

  /// The interpolant at x in [lower, upper].
  @inlinable
  public func callAsFunction(_ x: Double) -> Double {
    let t = (2 * x - lower - upper) / (upper - lower)
    return coefficients.withUnsafeBufferPointer { c in
      var (b1, b2) = (0.0, 0.0)
      var index = c.count - 1
      while index > 0 {
        (b1, b2) = (2 * t * b1 - b2 + c[index], b1)
        index -= 1
      }
      return t * b1 - b2 + c[0]
    }
  }

  /// The interpolant and its derivative at x.
  @inlinable
  public func valueAndSlope(_ x: Double) -> (value: Double, slope: Double) {
    let t = (2 * x - lower - upper) / (upper - lower)
    return coefficients.withUnsafeBufferPointer { c in
      var (b1, b2, d1, d2) = (0.0, 0.0, 0.0, 0.0)
      var index = c.count - 1
      while index > 0 {
        (d1, d2) = (2 * b1 + 2 * t * d1 - d2, d1)
        (b1, b2) = (2 * t * b1 - b2 + c[index], b1)
        index -= 1
      }
      return (t * b1 - b2 + c[0], (b1 + t * d1 - d2) * 2 / (upper - lower))
    }
  }

  /// Size of the last coefficients relative to the largest: how well the panel is resolved.
  public var tail: Double {
    let largest = coefficients.map { abs($0) }.max() ?? 0
    guard largest > 0 else { return 0 }
    return coefficients.suffix(3).map { abs($0) }.max()! / largest
  }
}
