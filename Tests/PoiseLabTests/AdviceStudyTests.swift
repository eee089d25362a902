import PoiseNumerics
import Testing

@testable import PoiseLab

/// The judgement of made-up networks: a world as the advice has it, and worlds with one flaw each.
@Suite struct AdviceStudyTests {
  typealias World = AdviceWorld

  @Test func aWorldAsAdvisedAgrees() throws {
    let judgement = try World(.none).judgement()
    #expect(judgement.statements.count == 24)
    for statement in judgement.statements {
      #expect(statement.verdict == .agrees, "\(statement.quantity): \(statement.by ?? .nan)")
    }
    #expect(Set(judgement.statements.map(\.quantity)).count == 24)
    #expect(judgement.panels.count == 4 && judgement.panels.allSatisfy { $0.isWhole })
    #expect(
      judgement.panels.compactMap(\.x.names) == [
        ["tanh", "erf", "hard tanh", "ReLU", "GELU", "SiLU"]
      ])
    // All best rates are 0.03 or the advised 0.05, of 0.003 to 0.3; at depth 200 there is none above.
    let ends = "0 are the lowest that was tried and 4 the highest."
    #expect(judgement.remarks.contains { $0.hasSuffix(ends) }, "\(judgement.remarks)")
  }

  @Test func theSmallestProfile() throws {
    let judgement = try World(.none).judgement(.smallest)
    #expect(judgement.statements.map(\.verdict) == [.agrees])
    // Two and two networks: two degrees of freedom.
    let reach = try #require(judgement.statements[0].reach)
    #expect(abs(reach / (19.206 * 0.0005 * 2.squareRoot()) - 1) < 1e-4)
    #expect(judgement.panels.count == 2 && judgement.panels.allSatisfy { $0.isWhole })
  }

  @Test(arguments: World.Flaw.allCases.filter { $0 != .none })
  func everyFlawIsSeen(flaw: World.Flaw) throws {
    let statements = try World(flaw).judgement().statements
    for mark in flaw.marks {
      let found = statements.filter { $0.quantity.contains(mark) }
      #expect(!found.isEmpty, "\(mark)")
      #expect(found.allSatisfy { $0.verdict == flaw.verdict }, "\(mark): \(found)")
    }
    // What the flaw does not touch stays.
    #expect(statements.count { $0.verdict == .agrees } > statements.count / 2)
  }

  /// One loss in six is seen, named, and not made up for by rivals that fail elsewhere.
  @Test func singleLossesAreNotHidden() throws {
    let statements = try World(.heWinsOnce).judgement().statements
    let he = try #require(statements.first { $0.quantity.hasPrefix("advice − He") })
    #expect(he.quantity == "advice − He, normal, worst of 6: ReLU, L = 30")
    #expect(abs(he.by! + 0.1) < 1e-12)
    #expect(statements.contains { $0.quantity == "ReLU, best start (He, normal), L = 30" })
    let chaotic = try #require(
      try World(.chaoticWinsOnce).judgement().statements.first {
        $0.quantity.contains("chaotic orthogonal, worst")
      })
    #expect(chaotic.quantity.hasSuffix("worst of 5: erf, L = 30"))
  }

  /// Networks that diverge count the same on both sides: as a guess among ten classes.
  @Test func divergence() throws {
    let statements = try World(.allDiverge).judgement().statements
    let he = try #require(statements.first { $0.quantity.hasPrefix("advice − He") })
    #expect(he.measured == 0 && he.verdict == .agrees)
    let deep = try #require(statements.first { $0.quantity == "Poise's advice, L = 100" })
    #expect(deep.measured == 0.1 && deep.verdict == .differs)
    let rate = try #require(
      try World(.advisedRateDiverges).judgement().statements.first {
        $0.quantity.contains("best rate, saturating")
      })
    #expect(abs(rate.measured! - (0.1 - 0.965)) < 1e-12)
  }

  @Test func firstEpochsNeedCourses() throws {
    let statements = try World(.noCourses).judgement().statements
    let first = try #require(statements.first { $0.quantity.hasPrefix("first epoch") })
    #expect(first.measuredCase == "no first epochs by network")
    func measured(_ flaw: World.Flaw) throws -> Double? {
      let all = try World(flaw).judgement().statements
      return all.first { $0.quantity.hasPrefix("first epoch") }?.measured
    }
    #expect(try measured(.none) == 3 - 5)
    // Networks that never got there in 15 epochs count with one more.
    #expect(try measured(.slow) == 16 - 5)
  }
}
