import Testing

@testable import PoiseLab

/// Claims on several numbers, sums of dependent ones, and largest numbers of a grid.
@Suite struct SeveralEstimatesTests {
  private static func statement(
    _ all: [Estimate], _ relation: StudyStatement.Relation, tolerance: Double = 0
  ) -> StudyStatement {
    StudyStatement(
      "q", claim: "c", source: "s", worstOf: all, is: relation, 1, tolerance: tolerance)
  }

  @Test func leastFavourable() {
    let all = [0.5, 1.2, 2].map { Estimate($0) }
    #expect(Self.statement(all, .equal).measured == 2)
    #expect(Self.statement(all, .atMost).measured == 2)
    #expect(Self.statement(all, .atLeast).measured == 0.5)
    #expect(Self.statement([], .equal).measuredCase == "nothing to compare")
    #expect(Self.statement([], .equal).verdict == .inconclusive)
    // A number that does not exist is not hidden by those that do.
    #expect(Self.statement(all + [Estimate(.nan)], .atMost).measured == nil)
  }

  /// The worst of many numbers may be off by chance alone.
  @Test func manyComparisons() {
    let one = Estimate(1.31, .standard(0.1, degreesOfFreedom: .infinity))
    #expect(Self.statement([one], .equal).verdict == .differs)
    let many = [one] + Array(repeating: Estimate(1), count: 99)
    #expect(Self.statement(many, .equal).verdict == .inconclusive)
  }

  @Test func dependentErrorsAddUp() {
    let one = Estimate(3, standardError: 0.1, samples: 5)
    let other = Estimate(1, standardError: 0.2, samples: 4)
    let difference = Estimate(dependent: [(1, one), (-1, other)])
    #expect(difference.value == 2 && difference.error == 0.1 + 0.2)
    #expect(difference.uncertainty == .standard(0.1 + 0.2, degreesOfFreedom: 3))
    #expect(Estimate.dependentMean([one, one]) == one)
    #expect(Estimate(dependent: [(2, Estimate(1))]) == Estimate(2))
    #expect(Estimate(dependent: [(1, one), (1, Estimate([1]))]).uncertainty == .unknown)
    #expect(Estimate.dependentMean([]).value.isNaN)
  }

  /// Where a parabola through uneven places is largest.
  @Test func topOfParabola() throws {
    let x = [0.0, 0.5, 2, 3, 7]
    let top = try #require(GridMaximum(x, x.map { 3 - ($0 - 1.75) * ($0 - 1.75) }))
    #expect(abs(top.place.value - 1.75) < 1e-12 && !top.isEnd)
    #expect(abs((top.place.error ?? 0) - 1.25 / 12.squareRoot()) < 1e-15)
    let (last, first) = (GridMaximum(x, x), GridMaximum(x, x.map { -$0 }))
    #expect(last?.place == Estimate(7) && last?.isEnd == true && last?.value == 7)
    #expect(first?.place == Estimate(0) && first?.isEnd == true)
    #expect(GridMaximum(x, [1, .nan, 3, 2, .nan])?.isEnd == false)
    #expect(GridMaximum([], []) == nil)
  }

  /// What lies within a step of the grid is not told apart, and an end is said to be one.
  @Test func judgesAsFinelyAsTheGrid() throws {
    func found(_ peak: Double) throws -> GridMaximum {
      let x = stride(from: 0.0, through: 4, by: 0.5).map { $0 }
      return try #require(GridMaximum(x, x.map { -($0 - peak) * ($0 - peak) }))
    }
    func verdict(_ one: GridMaximum, _ other: GridMaximum) -> StudyStatement.Verdict {
      StudyStatement(
        "q", claim: "c", source: "s", measured: one.place - other.place, is: .atMost, 0,
        tolerance: 0
      ).verdict
    }
    #expect(try verdict(found(1.5), found(1.9)) == .inconclusive)
    #expect(try verdict(found(1.5), found(2.5)) == .agrees)
    func statement(_ peak: Double, is expected: Double) throws -> StudyStatement {
      try found(peak).statement("q", claim: "c", source: "s", is: expected, tolerance: 0.6)
    }
    #expect(try statement(2, is: 2).verdict == .agrees)
    #expect(try statement(2, is: 2.5).verdict == .inconclusive)
    #expect(try statement(9, is: 2).verdict == .differs)
    #expect(try statement(9, is: 2).quantity == "q, at the end of the range")
    #expect(try statement(9, is: 3.5).measuredCase == "end of range")
  }
}
