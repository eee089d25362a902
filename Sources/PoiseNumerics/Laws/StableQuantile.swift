import RealModule

/// Inverts the distribution function of a standard law: a table of it in s = asinh((x − centre)/width)
/// brackets, Newton's method on the logarithm of the smaller probability finishes.
struct StableQuantile: Sendable {
  private let law: StandardStable
  let centre: Double
  private let width: Double
  private let table: [(s: Double, lower: Double, upper: Double)]

  private static let step = 0.25
  private static let reach = 30.0

  init(_ law: StandardStable) {
    self.law = law
    (centre, width) = law.middle
    let count = Int(2 * Self.reach / Self.step)
    let (centre, width) = (self.centre, self.width)
    table = (0...count).map { index in
      let s = -Self.reach + Self.step * Double(index)
      let y = width * Double.sinh(s)
      let v = law.values(centre + y, y: law.centresOnZeta ? y : nil)
      return (s, v.cumulative, v.survival)
    }
  }

  /// x − centre for the x with P(X ≤ x) = p (`upper` false) or P(X > x) = p, 0 < p ≤ 1/2; nil beyond
  /// 1e299 widths.
  func callAsFunction(_ p: Double, upper: Bool) -> Double? {
    let target = Double.log(p)
    func evaluate(_ s: Double) -> (excess: Double, slope: Double) {
      let y = width * Double.sinh(s)
      let v = law.values(centre + y, y: law.centresOnZeta ? y : nil)
      let probability = upper ? v.survival : v.cumulative
      guard probability > 0 else { return (-.infinity, 0) }
      let slope = v.density / probability * width * Double.cosh(s)
      return (.log(probability) - target, upper ? -slope : slope)
    }
    var (low, high) = bracket(p, upper)
    while low < -Self.reach, low > -690, (evaluate(low).excess < 0) == upper {
      (low, high) = (low - 40, low)
    }
    while high > Self.reach, high < 690, (evaluate(high).excess > 0) == upper {
      (low, high) = (high, high + 40)
    }
    var s = (low + high) / 2
    for _ in 0..<200 {
      let here = evaluate(s)
      if (here.excess > 0) == upper { low = s } else { high = s }
      let newton = s - here.excess / here.slope
      // Quadratic convergence: a step of 1e-9 leaves 1e-18.
      if abs(newton - s) <= 1e-9 * max(1e-6, abs(s)), newton.isFinite {
        s = newton
        break
      }
      s = newton > low && newton < high ? newton : (low + high) / 2
    }
    guard abs(s) < 690 else { return nil }
    return width * Double.sinh(s)
  }

  /// s on both sides of the target, from the table.
  private func bracket(_ p: Double, _ upper: Bool) -> (Double, Double) {
    var (low, high) = (0, table.count)
    while low < high {
      let middle = (low + high) / 2
      let before = upper ? table[middle].upper > p : table[middle].lower < p
      if before { low = middle + 1 } else { high = middle }
    }
    let left = low == 0 ? -Self.reach - 40 : table[low - 1].s
    let right = low == table.count ? Self.reach + 40 : table[low].s
    return (left, right)
  }
}

extension StableLaw {
  /// The x with P(X ≤ x) = p.
  ///
  /// - Throws: `outOfRange` unless 0 < p < 1; `noAnswer` where x exceeds the largest number.
  public func quantile(_ p: Double) throws(PoiseError) -> Double {
    try quantile([p])[0]
  }

  /// The quantiles of many probabilities, which share a table; the same bits for any `jobs`.
  public func quantile(_ ps: [Double], jobs: Int = 1) throws(PoiseError) -> [Double] {
    let inverse = StableQuantile(standard)
    return try solve(ps, jobs) { (p) throws(PoiseError) in
      try placed(
        p <= 0.5 ? inverse(p, upper: false) : inverse(1 - p, upper: true), inverse.centre, p)
    }
  }

  /// The x with P(X > x) = q, to full accuracy for tiny q, where 1 − q has no digits left.
  ///
  /// - Throws: as `quantile`.
  public func upperQuantile(_ q: Double) throws(PoiseError) -> Double {
    let inverse = StableQuantile(standard)
    return try solve([q], 1) { (q) throws(PoiseError) in
      try placed(
        q <= 0.5 ? inverse(q, upper: true) : inverse(1 - q, upper: false), inverse.centre, q)
    }[0]
  }

  /// In S1 the distance from ζ counts from the location itself.
  private func placed(
    _ offset: Double?, _ centre: Double, _ p: Double
  ) throws(PoiseError) -> Double {
    let fromZeta = parameterization == .s1 && standard.centresOnZeta
    let value =
      offset.map { fromZeta ? location + scale * $0 : locationS0 + scale * (centre + $0) }
      ?? .infinity
    guard value.isFinite else {
      throw PoiseError(
        .noAnswer, quantity: "stable quantile", value: "probability \(p) at alpha \(alpha)",
        allowed: "a quantile within ±1.8e308", suggestion: "a probability further from 0 and 1")
    }
    return value
  }

  private func solve(
    _ ps: [Double], _ jobs: Int, _ one: @Sendable (Double) throws(PoiseError) -> Double
  ) throws(PoiseError) -> [Double] {
    for p in ps where !(p > 0 && p < 1) {
      throw PoiseError(
        .outOfRange, quantity: "probability", value: "\(p)", allowed: "above 0 and below 1")
    }
    let chunk = 256
    let pieces = try parallelMap(count: (ps.count + chunk - 1) / chunk, jobs: jobs) {
      (piece: Int) throws(PoiseError) -> [Double] in
      var values: [Double] = []
      for p in ps[piece * chunk..<min(ps.count, (piece + 1) * chunk)] { values.append(try one(p)) }
      return values
    }
    return pieces.flatMap { $0 }
  }
}
