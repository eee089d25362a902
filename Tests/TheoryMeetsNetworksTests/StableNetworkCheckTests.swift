import Foundation
import PoiseHeavyTails
import PoiseLab
import PoiseModel
import PoiseNumerics
import Testing

/// The check behind `poise tails --check`: lengths, exact growth and death in chains of drawn layers.
@Suite struct StableNetworkCheckTests {
  @Test(arguments: [(1.5, 2.0), (2.0, 2.0)])
  func agrees(_ cell: (alpha: Double, scale: Double)) throws {
    let theory = try HeavyTailMeanField(
      activation: .tanh, alpha: cell.alpha, scale: cell.scale)
    let check = try StableNetworkCheck(theory, width: 200, seed: 5).run(jobs: 2)
    #expect(check.verdict == .agrees, "\(check.rows)")
    #expect(Set(check.rows.map(\.quantity)) == ["length", "growth", "death"])
    // Errors small enough to notice a factor: a growth of 5 %, a length of 10 %.
    for row in check.rows where row.quantity != "death" {
      let error = try #require(row.standardError)
      #expect(error / (row.quantity == "length" ? row.theory : 1) < 0.05, "\(row)")
    }
  }

  /// One-sided and unbounded: only the growth, which is exact.
  @Test func unbounded() throws {
    let theory = try HeavyTailMeanField(activation: .relu, alpha: 1.6, scale: 1.3)
    let check = try StableNetworkCheck(theory, width: 200, seed: 6).run(jobs: 2)
    #expect(check.verdict == .agrees, "\(check.rows)")
    #expect(check.rows.allSatisfy { $0.quantity == "growth" } && check.rows.count == 3)
  }

  /// Near σ_c(N) lengths are below q*: said, and not judged.
  @Test func notJudged() throws {
    let theory = try HeavyTailMeanField(activation: .tanh, alpha: 1.5, scale: 0.7)
    let check = try StableNetworkCheck(theory, width: 200, seed: 7).run(jobs: 2)
    #expect(check.verdict == .agrees, "\(check.rows)")
    #expect(check.rows.allSatisfy { $0.quantity != "length" || $0.limit == nil })
    #expect(check.statement.contains("not judged"))
  }

  @Test func tooNarrow() throws {
    let theory = try HeavyTailMeanField(activation: .tanh, alpha: 1.5, scale: 1)
    #expect(throws: PoiseError.self) { try StableNetworkCheck(theory, width: 100) }
  }
}

/// The same at widths 250, 500 and 1000.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["POISE_VALIDATE"] == "1"))
struct StableNetworkCheckValidation {
  @Test(arguments: [(1.5, 1.0), (1.2, 1.0), (1.8, 1.5), (1.5, 2.0)])
  func tanh(_ cell: (alpha: Double, scale: Double)) throws {
    let theory = try HeavyTailMeanField(
      activation: .tanh, alpha: cell.alpha, scale: cell.scale)
    let check = try StableNetworkCheck(theory, width: 1000, seed: 13).run(jobs: 2)
    print("\(cell): \(check.statement)")
    for row in check.rows where row.quantity == "length" {
      print("  N = \(row.width): \(row.deviation) ± \((row.standardError ?? 0) / row.theory)")
    }
    #expect(check.verdict == .agrees, "\(check.rows)")
  }

  @Test(arguments: [Activation.relu, .linear])
  func growth(_ activation: Activation) throws {
    let theory = try HeavyTailMeanField(activation: activation, alpha: 1.5, scale: 1)
    let check = try StableNetworkCheck(theory, width: 1000, seed: 14).run(jobs: 2)
    print("\(activation.name): \(check.statement)")
    #expect(check.verdict == .agrees, "\(check.rows)")
  }
}
