import RealModule
import Testing

@testable import PoiseNumerics

@Suite struct PowerLawTailTests {
  /// Every threshold, every deviation: n² exponentials.
  static func exhaustive(_ y: [Double]) -> (count: Int, rate: Double, distance: Double) {
    var best = (count: 0, rate: 0.0, distance: Double.infinity)
    for m in PowerLawSearch.leastTail...y.count where m == y.count || y[m] < y[m - 1] {
      let sum = Double(m) * (y[0] - y[m - 1]) - (0..<m).reduce(0) { $0 + (y[0] - y[$1]) }
      guard sum > 0 else { continue }
      let rate = Double(m) / sum
      var distance = 0.0
      for j in 0..<m {
        let value = Double.exp(-rate * (y[j] - y[m - 1]))
        distance = max(
          distance, abs(Double(j) / Double(m) - value), abs(Double(j + 1) / Double(m) - value))
      }
      if distance <= best.distance { best = (m, rate, distance) }
    }
    return best
  }

  enum Kind: CaseIterable { case studentT, gaussian, logNormal, pareto, rounded, uniform }

  static func values(_ kind: Kind, _ count: Int, _ stream: inout RandomStream) -> [Double] {
    switch kind {
    case .studentT:
      StudentTLaw(degreesOfFreedom: 1.6).sample(count: count, from: &stream)
    case .gaussian: GaussianLaw().sample(count: count, from: &stream)
    case .logNormal: LogNormalLaw(logMean: 0, logDeviation: 1.5).sample(count: count, from: &stream)
    case .pareto: (0..<count).map { _ in Double.exp(-Double.log(stream.uniform()) / 1.3) }
    // Many ties and zeros.
    case .rounded:
      StudentTLaw(degreesOfFreedom: 1.2).sample(count: count, from: &stream).map { $0.rounded() }
    case .uniform: (0..<count).map { _ in stream.uniform() + 1e-9 }
    }
  }

  @Test(arguments: Kind.allCases)
  func searchIsExact(_ kind: Kind) throws {
    for item in 0..<12 {
      var stream = RandomStream(
        seed: 5, item: UInt64(item), purpose: RandomStream.Purpose(rawValue: 1))
      let count = [12, 60, 300, 900][item % 4]
      let sample = try RealSample(Self.values(kind, count, &stream))
      let logs = PowerLawTail.descendingLogs(sample)
      guard logs.count >= PowerLawSearch.leastTail else { continue }
      let expected = Self.exhaustive(logs)
      let found = try PowerLawTail(of: sample)
      #expect(found.distance == expected.distance, "\(kind) \(item)")
      #expect(found.count == expected.count, "\(kind) \(item)")
      #expect(abs(found.exponent - 1 - expected.rate) < 1e-12 * expected.rate)
    }
  }

  /// A pure power law: γ within its error, the distance as expected, p not small.
  @Test func pureTail() throws {
    var stream = RandomStream(seed: 3, item: 0, purpose: RandomStream.Purpose(rawValue: 2))
    let sample = try RealSample(Self.values(.pareto, 4000, &stream))
    let tail = try PowerLawTail(of: sample)
    #expect(abs(tail.exponent - 2.3) < 4 * tail.exponentError)
    #expect(tail.evaluated < tail.candidates / 4)
    let p = try #require(try tail.bootstrap(sample, replicates: 60, seed: 1, jobs: 2))
    #expect(p > 0.02)
    #expect(try tail.bootstrap(sample, replicates: 60, seed: 1, jobs: 1) == p)
    let comparison = try TailComparison(tail, sample)
    let exponential = comparison.alternatives[0]
    #expect(exponential.logLikelihoodRatio > 0 && exponential.pValue! < 0.01)
    #expect(comparison.alternatives.count == 3)
  }

  /// On whole samples of a power law the gain of the truncated one has small p as often as it says.
  @Test func truncatedGainIsCalibrated() throws {
    var small = 0
    for item in 0..<60 {
      var stream = RandomStream(
        seed: 11, item: UInt64(item), purpose: RandomStream.Purpose(rawValue: 9))
      let sample = try RealSample(Self.values(.pareto, 1500, &stream))
      let logs = PowerLawTail.descendingLogs(sample)
      let rate = Double(logs.count) / logs.reduce(0) { $0 + ($1 - logs.last!) }
      let whole = PowerLawTail(
        exponent: 1 + rate, count: logs.count, total: logs.count, least: .exp(logs.last!))
      let truncated = try TailComparison(whole, sample).alternatives[2]
      #expect(truncated.logLikelihoodRatio <= 0)
      if truncated.pValue! < 0.1 { small += 1 }
    }
    // Binomial(60, 0.1): four standard deviations.
    #expect(small <= 15)
  }

  /// Exponential numbers: the power law is refused, the truncated one gains.
  @Test func exponentialNumbers() throws {
    var stream = RandomStream(seed: 4, item: 0, purpose: RandomStream.Purpose(rawValue: 3))
    let values = (0..<3000).map { _ in 1 - Double.log(stream.uniform()) }
    let sample = try RealSample(values)
    let logs = PowerLawTail.descendingLogs(sample)
    // The whole sample as the tail.
    let rate = Double(logs.count) / logs.reduce(0) { $0 + ($1 - logs.last!) }
    let whole = PowerLawTail(
      exponent: 1 + rate, count: logs.count, total: logs.count, least: .exp(logs.last!))
    let comparison = try TailComparison(whole, sample)
    let exponential = comparison.alternatives[0]
    #expect(exponential.z! < -5)
    #expect(abs(exponential.parameters["rate over threshold"]! - 1) < 0.08)
    let truncated = comparison.alternatives[2]
    #expect(truncated.pValue! < 1e-6)
    // The exponential is the truncated law of exponent 0.
    #expect(abs(truncated.parameters["exponent"]!) < 0.4)
    #expect(abs(truncated.parameters["rate"]! - 1) < 0.2)
    #expect(truncated.logLikelihoodRatio < exponential.logLikelihoodRatio + 1e-6)
  }

  /// Gaussian noise of this size shows steep tails: a heavy one is told from it.
  @Test func noise() throws {
    var stream = RandomStream(seed: 6, item: 0, purpose: RandomStream.Purpose(rawValue: 4))
    let heavy = try RealSample(
      StudentTLaw(degreesOfFreedom: 1.5).sample(count: 1500, from: &stream))
    let tail = try PowerLawTail(of: heavy)
    let noise = try #require(
      try tail.noise(of: GaussianLaw(fitting: heavy), count: 1500, replicates: 40, seed: 2, jobs: 2)
    )
    #expect(noise.heavierP < 0.05 && noise.low > tail.exponent)
    let gauss = try RealSample(GaussianLaw().sample(count: 1500, from: &stream))
    let other = try PowerLawTail(of: gauss)
    let same = try #require(
      try other.noise(
        of: GaussianLaw(fitting: gauss), count: 1500, replicates: 40, seed: 2, jobs: 2))
    #expect(same.heavierP > 0.02)
  }

  @Test func refusals() throws {
    #expect(throws: PoiseError.self) { try RealSample([1, 2, 3, 4]) }
    #expect(throws: PoiseError.self) { try RealSample([2, 2, 2, 2, 2, 2]) }
    #expect(throws: PoiseError.self) { try RealSample([1, 2, 3, 4, 5, .nan]) }
    #expect(throws: PoiseError.self) {
      try RealSample([1, 2, 3, 4, .infinity, .nan], invalid: .drop)
    }
    let kept = try RealSample([3, 1, -.infinity, 2, 4, 5, .nan], invalid: .drop)
    #expect(kept.sorted == [1, 2, 3, 4, 5] && kept.dropped == 2)
    #expect(throws: PoiseError.self) { try PowerLawTail(of: RealSample([1, 2, 3, 4, 5, 6])) }
    #expect(throws: PoiseError.self) {
      try PowerLawTail(of: RealSample((0..<20).map { $0 % 2 == 0 ? 1.0 : -1.0 }))
    }
  }

  @Test func radixSort() {
    var stream = RandomStream(seed: 7, item: 0, purpose: RandomStream.Purpose(rawValue: 5))
    var values = (0..<5000).map { _ in stream.normal() * Double.exp(20 * stream.normal()) }
    values += [
      0, -0.0, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
      -.leastNonzeroMagnitude,
    ]
    #expect(RadixSort.ascending(values) == values.sorted())
  }
}
