import RealModule

/// Distances between a sample and a law, with p-values by refitting simulated samples.
public struct GoodnessOfFit: Sendable, Equatable {
  /// sup |F_n − F| (Kolmogorov and Smirnov), in [0, 1].
  public var kolmogorovSmirnov: Double
  /// A² = n ∫ (F_n − F)²/(F (1 − F)) dF (Anderson and Darling); A²/n is a distance.
  public var andersonDarling: Double
  /// Share of simulated samples with a larger KS distance, (1 + k)/(1 + replicates); nil without.
  public var kolmogorovSmirnovP: Double?
  /// The same for A².
  public var andersonDarlingP: Double?
  /// Simulated samples behind the p-values; their standard error is √(p(1 − p)/replicates).
  public var replicates = 0

  /// The distances of a sorted sample from a law.
  public init<Law: ContinuousLaw>(of law: Law, _ sample: RealSample) throws(PoiseError) {
    let tails = try LogOddsTable.tails(of: law, sorted: sample.sorted)
    let count = Double(tails.lower.count)
    var (distance, sum) = (0.0, 0.0)
    for i in tails.lower.indices {
      let value = tails.lower[i]
      distance = max(distance, Double(i + 1) / count - value, value - Double(i) / count)
      // Σ (2i − 1) (ln F_i + ln(1 − F_{n+1−i})), the second term counted from the other end.
      let order = Double(2 * i + 1)
      let fromEnd = 2 * count - order
      let least = Double.leastNonzeroMagnitude
      sum +=
        order * .log(max(tails.lower[i], least)) + fromEnd * .log(max(tails.upper[i], least))
    }
    kolmogorovSmirnov = distance
    andersonDarling = -count - sum / count
  }

  /// Adds p-values: samples of the same size are drawn from the law, fitted again by `refit`, and
  /// their distances counted. The tabulated ones are for laws known beforehand and would be wrong.
  ///
  /// - Parameters:
  ///   - item: separates the random streams of several laws under one seed.
  ///   - progress: told after every sample.
  public mutating func bootstrap<Law: ContinuousLaw>(
    _ law: Law, count: Int, replicates: Int, seed: UInt64, item: Int = 0, jobs: Int = 1,
    progress: @Sendable () -> Void = {},
    refit: @Sendable (RealSample) throws(PoiseError) -> Law
  ) throws(PoiseError) {
    guard replicates > 0 else { return }
    let all = try parallelMap(count: replicates, jobs: jobs) {
      (index: Int) throws(PoiseError) -> GoodnessOfFit in
      var stream = RandomStream(
        seed: seed, item: UInt64(index), purpose: RandomStream.Purpose(kind: 0xE1, index: item))
      let sample = try RealSample(law.sample(count: count, from: &stream), invalid: .drop)
      let result = try GoodnessOfFit(of: refit(sample), sample)
      progress()
      return result
    }
    let larger = all.count { $0.kolmogorovSmirnov >= kolmogorovSmirnov }
    let worse = all.count { $0.andersonDarling >= andersonDarling }
    kolmogorovSmirnovP = Double(larger + 1) / Double(replicates + 1)
    andersonDarlingP = Double(worse + 1) / Double(replicates + 1)
    self.replicates = replicates
  }
}
