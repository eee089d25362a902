import Foundation
import PoiseNumerics
import Testing

/// Coverage of the stated errors over 200 samples each: `make validate` sets POISE_VALIDATE.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["POISE_VALIDATE"] == "1", "set POISE_VALIDATE=1"),
  .serialized)
struct StableFitCoverageValidation {
  static let cases: [(Double, Double, Int)] = [
    (0.7, 0, 300), (0.7, 0.6, 2000), (1, 0.3, 1000), (1.3, -0.5, 300), (1.5, 0, 1000),
    (1.5, 0.5, 5000), (1.8, 0, 1000), (1.8, 0.5, 5000), (1.95, 0, 5000),
  ]

  @Test(arguments: cases)
  func coverage(_ one: (Double, Double, Int)) throws {
    let result = try Coverage(
      alpha: one.0, beta: one.1, count: one.2, samples: 200, jobs: availableJobs)
    print(
      "coverage", one, result.inside, result.counted, result.meanDeviation, result.spread,
      result.bias)
    // β is hardly told near α = 2: only α, c and μ₀ are judged there.
    for k in one.0 > 1.9 ? [0, 2, 3] : [0, 1, 2, 3] {
      #expect(result.counted[k] >= 180)
      let share = Double(result.inside[k]) / Double(result.counted[k])
      // Binomial(200, 0.954): deviation 0.015.
      #expect(share > 0.90, "\(one): parameter \(k): \(share)")
      #expect(abs(result.meanDeviation[k]) < 0.5, "\(one): \(result.meanDeviation)")
    }
  }
}
