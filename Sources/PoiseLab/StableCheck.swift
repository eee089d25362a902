public import PoiseNumerics
import RealModule

/// Values of a law against numbers drawn from it: two ways to the same law that share no formula.
///
/// - `cdf`: the share of numbers up to x.
/// - `quantile`: the share of numbers up to the quantile; shown as the quantile of the numbers.
/// - `pdf`: the share within 5 % of scale + |x − location| of x, against the integral of the density
///   there; shown as the mean density.
///
/// Each share is binomial with a known probability, so its p-value is exact and so is the chance of a
/// false alarm.
public struct StableCheck: Sendable {
  /// Numbers to draw from each law.
  public var draws: Int
  /// Seed of the numbers.
  public var seed: UInt64
  /// Threads; the numbers do not depend on them.
  public var jobs: Int
  private static let chunk = 1 << 16
  private static let mostNumbers = 400_000_000

  /// - Throws: `outOfRange` for fewer than 1000 or more than 1e7 numbers.
  public init(draws: Int = 1_000_000, seed: UInt64 = 1, jobs: Int = 1) throws(PoiseError) {
    guard (1000...10_000_000).contains(draws) else {
      throw PoiseError(
        .outOfRange, quantity: "--draws", value: "\(draws)", allowed: "1000 to 10000000")
    }
    (self.draws, self.seed, self.jobs) = (draws, seed, jobs)
  }

  /// A probability, the share of the numbers that had it, and how both are shown.
  private struct Share {
    var curve: Int
    var argument: Double
    var probability: Double
    var count: Int
    var theory: Double
    var measured: Double
    var standardError: Double
  }

  /// Draws and compares.
  /// - Throws: `outOfRange` for more laws than can be drawn from in minutes.
  func run(
    _ operation: StableResult.Operation, _ laws: [StableLaw], _ curves: [StableResult.Curve],
    _ progress: @escaping StableSurvey.Progress
  ) throws(PoiseError) -> StableResult.Check {
    guard laws.count <= Self.mostNumbers / draws else {
      throw PoiseError(
        .outOfRange, quantity: "--check", value: "\(laws.count) laws with \(draws) numbers each",
        allowed: "at most \(Self.mostNumbers) numbers in all", suggestion: "fewer --draws")
    }
    let chunks = (draws + Self.chunk - 1) / Self.chunk
    let counter = StableSurvey.Counter(progress, "numbers drawn", laws.count * chunks)
    var shares: [Share] = []
    for (index, law) in laws.enumerated() {
      let numbers = sorted(law, index, chunks, counter.step)
      for (argument, value) in zip(curves[index].arguments, curves[index].values) {
        guard let value else { continue }
        shares.append(share(operation, law, index, argument, value, numbers))
      }
    }
    return judged(shares)
  }

  private func sorted(
    _ law: StableLaw, _ index: Int, _ chunks: Int, _ done: @escaping @Sendable () -> Void
  ) -> [Double] {
    let parts = parallelMap(count: chunks, jobs: jobs) { (item: Int) throws(Never) -> [Double] in
      var stream = RandomStream(
        seed: seed, item: UInt64(item), purpose: RandomStream.Purpose(kind: 0xE5, index: index))
      let numbers = law.sample(
        count: min(Self.chunk, draws - item * Self.chunk), from: &stream)
      done()
      return numbers
    }
    return parts.flatMap { $0 }.sorted()
  }

  private func share(
    _ operation: StableResult.Operation, _ law: StableLaw, _ curve: Int, _ argument: Double,
    _ value: Double, _ numbers: [Double]
  ) -> Share {
    let total = Double(numbers.count)
    func error(_ p: Double) -> Double { (p * (1 - p) / total).squareRoot() }
    switch operation {
    case .pdf:
      let half = 0.05 * (law.scale + abs(argument - law.locationS0))
      let (left, right) = (argument - half, argument + half)
      let mass = Self.mass(law, left, right)
      let count = Self.rank(numbers, right) - Self.rank(numbers, left)
      let width = right - left
      return Share(
        curve: curve, argument: argument, probability: mass, count: count, theory: mass / width,
        measured: Double(count) / total / width, standardError: error(mass) / width)
    case .cdf:
      let count = Self.rank(numbers, argument)
      return Share(
        curve: curve, argument: argument, probability: value, count: count, theory: value,
        measured: Double(count) / total, standardError: error(value))
    default:
      let count = Self.rank(numbers, value)
      let place = min(numbers.count - 1, Int(argument * total))
      return Share(
        curve: curve, argument: argument, probability: argument, count: count, theory: value,
        measured: numbers[place], standardError: error(argument) / law.pdf(value))
    }
  }

  /// How many of ascending numbers are at most x.
  private static func rank(_ numbers: [Double], _ x: Double) -> Int {
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] <= x { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The integral of the density, halved until halves change it by less than 1e-9.
  private static func mass(_ law: StableLaw, _ left: Double, _ right: Double) -> Double {
    func rule(_ a: Double, _ b: Double) -> Double {
      GaussLegendre.sixteen.integrate(from: a, to: b) { law.pdf($0) }
    }
    func refined(_ a: Double, _ b: Double, _ whole: Double, _ depth: Int) -> Double {
      let middle = a + (b - a) / 2
      let (first, second) = (rule(a, middle), rule(middle, b))
      let sum = first + second
      guard depth < 40, abs(sum - whole) > 1e-9 * sum + 1e-16 else { return sum }
      return refined(a, middle, first, depth + 1) + refined(middle, b, second, depth + 1)
    }
    return min(1, refined(left, right, rule(left, right), 0))
  }

  private func judged(_ shares: [Share]) -> StableResult.Check {
    let comparisons = shares.map { share in
      let (n, p) = (Double(draws), share.probability)
      let error = max((p * (1 - p) / n).squareRoot(), 1 / n)
      return StableResult.Check.Comparison(
        curve: share.curve, argument: share.argument, theory: share.theory,
        measured: share.measured, standardError: share.standardError,
        z: (Double(share.count) / n - p) / error,
        pValue: BinomialTail.twoSided(share.count, of: draws, probability: p))
    }
    let level = NetworkCheck.falseAlarmRate / Double(max(1, comparisons.count))
    let least = comparisons.map(\.pValue).min() ?? 1
    let worst = comparisons.map { abs($0.z) }.max() ?? 0
    // About where the two-sided tail of a Gaussian is `level`.
    let allowed = (2 * Double.log(1 / level) - Double.log(4 * .pi)).squareRoot()
    let visible = shares.map { share -> Double in
      let rare = min(share.probability, 1 - share.probability)
      return rare > 0 ? allowed / (rare * Double(draws)).squareRoot() : 1e300
    }.sorted()
    let resolution = visible.isEmpty ? 1e300 : visible[visible.count / 2]
    let verdict: CheckResult.Verdict =
      least < level ? .differs : ((visible.first ?? 1e300) > 0.25 ? .inconclusive : .agrees)
    let numbers =
      "largest |z| \(worst.significant(2)) of \(comparisons.count) "
      + "comparison\(comparisons.count == 1 ? "" : "s"), least p \(least.significant(2))"
    let statement =
      switch verdict {
      case .agrees:
        "Law and \(draws) numbers agree: \(numbers). An error of "
          + "\((100 * resolution).significant(2)) % in the probability would show at a typical "
          + "argument."
      case .differs:
        "Law and \(draws) numbers differ: \(numbers), less than \(level.significant(2)), which "
          + "chance gives once in a million runs."
      case .inconclusive:
        "\(draws) numbers cannot tell: \(numbers), but too few numbers fall there. Try more "
          + "--draws or arguments nearer to the middle."
      }
    return StableResult.Check(
      draws: draws, seed: seed, comparisons: comparisons, leastP: least, level: level,
      resolution: resolution, verdict: verdict, statement: statement)
  }
}

/// Exact tails of the binomial law, by terms summed outwards from the count.
enum BinomialTail {
  /// 2 min(P(K ≤ k), P(K ≥ k)), at most 1; relative error about 1e-16 n.
  static func twoSided(_ k: Int, of n: Int, probability p: Double) -> Double {
    guard p > 0, p < 1 else { return k == (p > 0 ? n : 0) ? 1 : 0 }
    let odds = p / (1 - p)
    let (count, total) = (Double(k), Double(n))
    let middle = Double.exp(
      Double.logGamma(total + 1) - .logGamma(count + 1) - .logGamma(total - count + 1)
        + count * .log(p) + (total - count) * .log(onePlus: -p))
    var (above, below) = (middle, middle)
    var term = middle
    // Terms fall from the count outwards on the side away from the mean; on the other side the
    // tail is above one half, whatever is left out.
    for j in stride(from: count, to: total, by: 1) {
      term *= (total - j) / (j + 1) * odds
      above += term
      if term < 1e-17 * above || above > 0.6 { break }
    }
    term = middle
    for j in stride(from: count, to: 0, by: -1) {
      term *= j / ((total - j + 1) * odds)
      below += term
      if term < 1e-17 * below || below > 0.6 { break }
    }
    return min(1, 2 * min(above, below))
  }
}
