import RealModule

/// The tail of a sample that is closest to a power law, among all tails (Clauset, Shalizi and Newman
/// 2009), exactly.
///
/// With y₀ ≥ y₁ ≥ … the logarithms of the absolute values, the tail of m numbers has
/// a = γ − 1 = m/Σ(yⱼ − y_{m−1}) and the distance
///
///     D(m) = max_j max(|j/m − Pⱼ|, |(j + 1)/m − Pⱼ|),   Pⱼ = e^(−a (yⱼ − y_{m−1})).
///
/// All D(m) would cost n². Two bounds leave O(n) cheap tests and few full distances:
///
/// *Within one tail.* j/m and Pⱼ both grow with j, so that over a block j₀ ≤ j ≤ j₁ no deviation
/// exceeds max((j₁ + 1)/m − P_{j₀}, P_{j₁} − j₀/m). Blocks that cannot beat the largest deviation
/// found are dropped, others halved.
///
/// *Between tails.* From a known D(m) ≥ d follows for a longer tail m′, with ρ = m/m′ and
/// σ = e^(−a′ (y_{m−1} − y_{m′−1})):
///
///     D(m′) ≥ ρ (d − |ln a′/a|/e) − |ρ − σ|,
///
/// because over the m largest numbers the deviation of the longer tail is
/// ρ (deviation) + ρ (e^(−at) − e^(−a′t)) + (ρ − σ) e^(−a′t), and |∂e^(−at)/∂ln a| ≤ 1/e. Tails whose
/// bound lies above the smallest D found so far cannot win. (docs/theory/stable-fits.md)
struct PowerLawSearch {
  /// The best tail: how many numbers, γ − 1, D.
  private(set) var count = 0
  private(set) var exponent = 0.0
  private(set) var distance = Double.infinity
  /// Tails that were possible, and those whose distance was computed.
  private(set) var candidates = 0
  private(set) var evaluated = 0

  /// Fewest numbers in a tail.
  static let leastTail = 10

  /// - Parameter y: ln|x| in descending order, finite.
  init(descending y: UnsafeBufferPointer<Double>) {
    let total = y.count
    guard total >= Self.leastTail else { return }
    var sums = [Double](repeating: 0, count: total + 1)
    // Sums of distances from the largest: no cancellation however far the values are from 1.
    let top = y[0]
    for j in 0..<total { sums[j + 1] = sums[j] + (top - y[j]) }
    sums.withUnsafeBufferPointer { search(y, sums: $0, top: top) }
  }

  private mutating func search(
    _ y: UnsafeBufferPointer<Double>, sums: UnsafeBufferPointer<Double>, top: Double
  ) {
    let total = y.count
    // A tail holds all numbers equal to its smallest, and not only those.
    func rate(_ m: Int) -> Double? {
      guard m == total || y[m] < y[m - 1] else { return nil }
      let sum = Double(m) * (top - y[m - 1]) - sums[m]
      guard sum > 0 else { return nil }
      let rate = Double(m) / sum
      return rate.isFinite ? rate : nil
    }
    // A first idea of the smallest distance, from tails a tenth apart.
    var m = Double(Self.leastTail)
    while Int(m) <= total {
      if let rate = rate(Int(m)) { consider(y, Int(m), rate) }
      m *= 1.1
    }
    var (known, knownRate, knownDistance) = (0, 1.0, 0.0)
    for m in Self.leastTail...total {
      guard let rate = rate(m) else { continue }
      candidates += 1
      if known > 0 {
        let rho = Double(known) / Double(m)
        // The bound without its logarithm and exponential already fails for most: test those first.
        let ratio = rate / knownRate
        let change = abs(ratio - 1) / min(ratio, 1)  // ≥ |ln ratio|
        let sigma = Double.exp(-rate * (y[known - 1] - y[m - 1]))
        let bound = rho * (knownDistance - change * 0.36787944117144233) - abs(rho - sigma)
        if bound > distance * (1 + 1e-12) { continue }
      }
      knownDistance = consider(y, m, rate)
      (known, knownRate) = (m, rate)
    }
  }

  /// Computes D(m), or a lower bound where it is far from the best, and keeps the best.
  @discardableResult
  private mutating func consider(
    _ y: UnsafeBufferPointer<Double>, _ m: Int, _ rate: Double
  ) -> Double {
    evaluated += 1
    let value = Self.distance(y, m, rate, enough: 2 * distance)
    if value < distance || (value == distance && m > count) {
      (count, exponent, distance) = (m, rate, value)
    }
    return value
  }

  /// D(m), or any lower bound above `enough`.
  static func distance(
    _ y: UnsafeBufferPointer<Double>, _ m: Int, _ rate: Double, enough: Double = .infinity
  ) -> Double {
    let low = y[m - 1]
    let count = Double(m)
    var best = 0.0
    func survival(_ j: Int) -> Double { Double.exp(-rate * (y[j] - low)) }
    func note(_ j: Int, _ value: Double) {
      best = max(best, abs(Double(j) / count - value), abs(Double(j + 1) / count - value))
    }
    // Ends of the first blocks.
    let blocks = min(m, 48)
    var ends: [(index: Int, value: Double)] = []
    ends.reserveCapacity(blocks + 1)
    for k in 0...blocks {
      let j = k * (m - 1) / blocks
      if let last = ends.last, last.index == j { continue }
      let value = survival(j)
      note(j, value)
      ends.append((j, value))
    }
    if best > enough { return best }
    var stack: [(left: Int, right: Int, leftValue: Double, rightValue: Double)] = []
    for k in 1..<max(1, ends.count) {
      stack.append((ends[k - 1].index, ends[k].index, ends[k - 1].value, ends[k].value))
    }
    while let block = stack.popLast() {
      guard block.right - block.left > 1 else { continue }
      let bound = max(
        Double(block.right + 1) / count - block.leftValue,
        block.rightValue - Double(block.left) / count)
      guard bound > best else { continue }
      let middle = (block.left + block.right) / 2
      let value = survival(middle)
      note(middle, value)
      stack.append((block.left, middle, block.leftValue, value))
      stack.append((middle, block.right, value, block.rightValue))
    }
    return best
  }
}
