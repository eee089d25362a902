/// Real numbers fit for statistics: finite, at least five, not all alike; sorted once.
public struct RealSample: Sendable {
  /// The numbers in ascending order.
  public let sorted: [Double]
  /// Numbers that were not finite and were left out.
  public let dropped: Int

  /// Fewest numbers.
  public static let leastCount = 5

  /// What happens to NaN and infinities.
  public enum Invalid: Sendable { case refuse, drop }

  /// Checks and sorts.
  /// - Throws: `outOfRange` for numbers that are not finite (unless dropped), fewer than five, or
  ///   all equal.
  public init(_ values: [Double], invalid: Invalid = .refuse) throws(PoiseError) {
    let finite = values.reduce(0) { $0 + ($1.isFinite ? 1 : 0) }
    let bad = values.count - finite
    guard bad == 0 || invalid == .drop else {
      throw PoiseError(
        .outOfRange, quantity: "sample", value: "\(bad) of \(values.count) numbers NaN or infinite",
        allowed: "finite numbers", suggestion: "--drop-invalid to leave them out")
    }
    guard finite >= Self.leastCount else {
      throw PoiseError(
        .outOfRange, quantity: "sample", value: "\(finite) numbers",
        allowed: "at least \(Self.leastCount) finite numbers")
    }
    let sorted = RadixSort.ascending(bad == 0 ? values : values.filter(\.isFinite))
    guard sorted[0] < sorted[sorted.count - 1] else {
      throw PoiseError(
        .outOfRange, quantity: "sample", value: "\(finite) times \(sorted[0])",
        allowed: "numbers that differ: a constant sample has no scale")
    }
    self.sorted = sorted
    dropped = bad
  }

  /// Sample size.
  public var count: Int { sorted.count }

  /// The quantile of probability p in (0, 1): linear between the order statistics at (k − ½)/n.
  public func quantile(_ p: Double) -> Double {
    let place = min(max(p * Double(count) - 0.5, 0), Double(count - 1))
    let below = Int(place)
    let share = place - Double(below)
    guard share > 0 else { return sorted[below] }
    return sorted[below] * (1 - share) + sorted[below + 1] * share
  }

  /// |x|, largest first: the two ends of the sorted sample merged.
  public var descendingSizes: [Double] {
    var sizes: [Double] = []
    sizes.reserveCapacity(count)
    var (left, right) = (0, count - 1)
    while left <= right {
      if -sorted[left] > sorted[right] {
        sizes.append(-sorted[left])
        left += 1
      } else {
        sizes.append(abs(sorted[right]))
        right -= 1
      }
    }
    return sizes
  }

  /// Half the distance between the quartiles, or the whole spread where half the sample is one value.
  public var halfQuartileRange: Double {
    let range = quantile(0.75) / 2 - quantile(0.25) / 2
    return range > 0 ? range : sorted[count - 1] / 2 - sorted[0] / 2
  }
}

/// Sorting of large arrays of finite numbers in a fixed number of passes.
enum RadixSort {
  /// Ascending order: eleven bits at a time on the ordered bit patterns, least significant first.
  static func ascending(_ values: [Double]) -> [Double] {
    guard values.count > 2048 else { return values.sorted() }
    var keys = values.map { value -> UInt64 in
      let bits = (value + 0).bitPattern  // −0 becomes 0
      return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }
    var other = [UInt64](repeating: 0, count: keys.count)
    for pass in 0..<6 {
      let shift = UInt64(11 * pass)
      var starts = [Int](repeating: 0, count: 2048)
      for key in keys { starts[Int(key >> shift & 2047)] += 1 }
      // A digit that all share moves nothing.
      if starts.contains(keys.count) { continue }
      var total = 0
      for digit in starts.indices { (starts[digit], total) = (total, total + starts[digit]) }
      keys.withUnsafeBufferPointer { source in
        other.withUnsafeMutableBufferPointer { target in
          starts.withUnsafeMutableBufferPointer { starts in
            for key in source {
              let digit = Int(key >> shift & 2047)
              target[starts[digit]] = key
              starts[digit] += 1
            }
          }
        }
      }
      swap(&keys, &other)
    }
    return keys.map { key in
      Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
    }
  }
}
