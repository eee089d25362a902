import PoiseNumerics
import RealModule
import Testing

@testable import PoiseLab

@Suite struct StableCheckTests {
  private func check(
    _ operation: StableResult.Operation, _ law: StableLaw, at arguments: [Double],
    against other: StableLaw? = nil, draws: Int = 50_000
  ) throws -> StableResult.Check {
    let curves = try StableSurvey.curves(operation, [other ?? law], at: arguments, jobs: 2).curves
    return try StableCheck(draws: draws, seed: 4, jobs: 2).run(
      operation, [law], curves, { _, _, _ in })
  }

  /// The right law agrees with its numbers at every argument.
  @Test(arguments: [(0.6, 0.5), (1.0, -0.7), (1.5, 0.0), (2.0, 0.0)])
  func lawsAgree(alpha: Double, beta: Double) throws {
    let law = try StableLaw(alpha: alpha, beta: beta, scale: 0.5, location: 3)
    for operation in [StableResult.Operation.pdf, .cdf] {
      let found = try check(operation, law, at: [2, 2.9, 3, 3.4, 5])
      #expect(found.verdict == .agrees && found.comparisons.count == 5, "\(found.statement)")
      #expect(found.leastP > found.level)
    }
    let found = try check(.quantile, law, at: [0, 0.01, 0.3, 0.5, 0.9, 1])
    // 0 and 1 have no quantile to compare.
    #expect(found.verdict == .agrees && found.comparisons.count == 4, "\(found.statement)")
  }

  /// An index off by 0.06, a skewness off by 0.05: noticed.
  @Test func plantedErrorsShow() throws {
    let law = try StableLaw(alpha: 1.5, beta: 0.2)
    for wrong in [
      try StableLaw(alpha: 1.56, beta: 0.2), try StableLaw(alpha: 1.5, beta: 0.25),
      try StableLaw(alpha: 1.5, beta: 0.2, scale: 1.02),
      try StableLaw(alpha: 1.5, beta: 0.2, location: 0.02),
    ] {
      let found = try check(
        .cdf, law, at: [-3, -1, -0.5, 0.5, 1, 3, 10], against: wrong, draws: 1_000_000)
      #expect(found.verdict == .differs, "\(found.statement)")
    }
  }

  /// Where no number falls nothing is told.
  @Test func farTailIsInconclusive() throws {
    let law = try StableLaw(alpha: 1.9)
    #expect(try check(.cdf, law, at: [1e6]).verdict == .inconclusive)
  }

  @Test func jobsDoNotShow() throws {
    let law = try StableLaw(alpha: 1.2, beta: 0.5)
    let curves = try StableSurvey.curves(.pdf, [law], at: [0, 1], jobs: 1).curves
    let results = try [1, 2].map {
      try StableCheck(draws: 200_000, jobs: $0).run(.pdf, [law], curves, { _, _, _ in })
    }
    #expect(results[0] == results[1])
  }

  /// Against sums of all terms.
  @Test func binomialTails() {
    let (n, p) = (12, 0.3)
    func term(_ k: Int) -> Double {
      let c = (0..<k).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
      return c * .pow(p, k) * .pow(1 - p, n - k)
    }
    for k in 0...n {
      let below = (0...k).reduce(0) { $0 + term($1) }
      let above = (k...n).reduce(0) { $0 + term($1) }
      let given = BinomialTail.twoSided(k, of: n, probability: p)
      #expect(abs(given / min(1, 2 * min(below, above)) - 1) < 1e-12)
    }
    #expect(BinomialTail.twoSided(0, of: 5, probability: 0) == 1)
    #expect(BinomialTail.twoSided(1, of: 5, probability: 0) == 0)
    #expect(BinomialTail.twoSided(500_000, of: 1_000_000, probability: 0.5) == 1)
  }
}
