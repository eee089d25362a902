import RealModule

/// The power-law tail of |x|: f ∝ |x|^−γ above `least`, the threshold of smallest
/// Kolmogorov-Smirnov distance among all numbers of the sample (Clauset, Shalizi and Newman 2009).
public struct PowerLawTail: Sendable, Equatable {
  /// γ of the density, above 1.
  public let exponent: Double
  /// (γ − 1)/√m, for a threshold known beforehand: the choice of the threshold adds to it.
  public let exponentError: Double
  /// x_min: smallest |x| of the tail.
  public let least: Double
  /// Numbers in the tail, m.
  public let count: Int
  /// Numbers that are not zero.
  public let total: Int
  /// Kolmogorov-Smirnov distance of the tail from its power law.
  public let distance: Double
  /// Thresholds that were possible (each with at least ten numbers above), and those whose distance
  /// had to be computed; the others are proved worse.
  public let candidates: Int
  public let evaluated: Int

  /// Searches all thresholds.
  /// - Throws: `outOfRange` for fewer than ten numbers that are not zero; `noAnswer` where no
  ///   threshold has different numbers above it.
  public init(of sample: RealSample) throws(PoiseError) {
    let logs = Self.descendingLogs(sample)
    guard logs.count >= PowerLawSearch.leastTail else {
      throw PoiseError(
        .outOfRange, quantity: "tail", value: "\(logs.count) numbers that are not zero",
        allowed: "at least \(PowerLawSearch.leastTail)")
    }
    try self.init(descendingLogs: logs)
  }

  init(descendingLogs logs: [Double]) throws(PoiseError) {
    let search = logs.withUnsafeBufferPointer { PowerLawSearch(descending: $0) }
    guard search.count > 0 else {
      throw PoiseError(
        .noAnswer, quantity: "tail", value: "no threshold with different numbers above it",
        allowed: "a sample with more than one absolute value")
    }
    exponent = 1 + search.exponent
    exponentError = search.exponent / Double(search.count).squareRoot()
    least = .exp(logs[search.count - 1])
    count = search.count
    total = logs.count
    distance = search.distance
    candidates = search.candidates
    evaluated = search.evaluated
  }

  /// A tail by its numbers, for tests of what follows from one.
  init(exponent: Double, count: Int, total: Int, least: Double) {
    self.exponent = exponent
    exponentError = (exponent - 1) / Double(count).squareRoot()
    self.least = least
    self.count = count
    self.total = total
    (distance, candidates, evaluated) = (0, 1, 1)
  }

  /// ln|x| of the numbers that are not zero, largest first.
  static func descendingLogs(_ sample: RealSample) -> [Double] {
    var sizes = sample.descendingSizes
    while let last = sizes.last, last == 0 { sizes.removeLast() }
    return VectorMath.log(sizes)
  }

  /// Share of simulated samples whose distance is as large: (1 + k)/(1 + replicates).
  ///
  /// Each is drawn from the fitted power law above the threshold and from the sample itself below,
  /// in the shares of the sample, and searched again over all thresholds. Order statistics are drawn
  /// in order (Rényi), so that nothing needs to be sorted.
  public func bootstrap(
    _ sample: RealSample, replicates: Int, seed: UInt64, jobs: Int = 1,
    progress: @Sendable () -> Void = {}
  ) throws(PoiseError) -> Double? {
    guard replicates > 0 else { return nil }
    let logs = Self.descendingLogs(sample)
    let distances = try parallelMap(count: replicates, jobs: jobs) {
      (index: Int) throws(PoiseError) -> Double in
      var stream = RandomStream(
        seed: seed, item: UInt64(index), purpose: RandomStream.Purpose(kind: 0xE2, index: 0))
      let result = try PowerLawTail(descendingLogs: resampled(logs, &stream)).distance
      progress()
      return result
    }
    return Double(distances.count { $0 >= distance } + 1) / Double(replicates + 1)
  }

  /// A sample of the semi-parametric model, ln|x| in descending order.
  func resampled(_ logs: [Double], _ stream: inout RandomStream) -> [Double] {
    var uniforms = [Double](repeating: 0, count: total)
    uniforms.withUnsafeMutableBufferPointer { stream.fillUniform($0) }
    let share = Double(count) / Double(total)
    let above = uniforms.count { $0 < share }
    let body = total - count
    var result: [Double] = []
    result.reserveCapacity(total)
    let threshold = Double.log(least)
    for log in VectorMath.log(Self.orderedUniforms(above, &stream)) {
      result.append(threshold - log / (exponent - 1))
    }
    for u in Self.orderedUniforms(total - above, &stream) {
      result.append(logs[count + min(body - 1, Int(u * Double(body)))])
    }
    return result
  }

  /// Ascending uniform order statistics: partial sums of exponentials over their total.
  private static func orderedUniforms(_ count: Int, _ stream: inout RandomStream) -> [Double] {
    var uniforms = [Double](repeating: 0, count: count + 1)
    uniforms.withUnsafeMutableBufferPointer { stream.fillUniform($0) }
    let logs = VectorMath.log(uniforms)
    var sum = 0.0
    for i in 0...count {
      sum -= logs[i]
      uniforms[i] = sum
    }
    for i in 0..<count { uniforms[i] /= sum }
    uniforms.removeLast()
    return uniforms
  }

  /// What samples of a law without a power-law tail, or with a known one, would show.
  public struct Noise: Sendable, Equatable {
    /// γ of each simulated sample, ascending.
    public let exponents: [Double]
    /// Share of them with a γ as small, (1 + k)/(1 + replicates): small where the tail is heavier
    /// than this law makes it.
    public let heavierP: Double
    /// Median and the quantiles at 5 and 95 per cent.
    public var median: Double { exponents[exponents.count / 2] }
    public var low: Double { exponents[exponents.count / 20] }
    public var high: Double { exponents[exponents.count - 1 - exponents.count / 20] }
  }

  /// Searches the tails of samples of the same size drawn from `law`.
  public func noise<Law: ContinuousLaw>(
    of law: Law, count: Int, replicates: Int, seed: UInt64, item: Int = 0, jobs: Int = 1,
    progress: @Sendable () -> Void = {}
  ) throws(PoiseError) -> Noise? {
    guard replicates > 0 else { return nil }
    let exponents = try parallelMap(count: replicates, jobs: jobs) {
      (index: Int) throws(PoiseError) -> Double in
      var stream = RandomStream(
        seed: seed, item: UInt64(index), purpose: RandomStream.Purpose(kind: 0xE3, index: item))
      let sample = try RealSample(law.sample(count: count, from: &stream), invalid: .drop)
      let result = try PowerLawTail(of: sample).exponent
      progress()
      return result
    }.sorted()
    return Noise(
      exponents: exponents,
      heavierP: Double(exponents.count { $0 <= exponent } + 1) / Double(replicates + 1))
  }
}
