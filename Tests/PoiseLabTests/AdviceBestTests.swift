import PoiseNumerics
import Testing

@testable import PoiseLab

/// Which rate counts.
@Suite struct AdviceBestTests {
  private static let line =
    "train --activation tanh --depth 10 --width 64 --epochs 15 --networks 6 --rate "

  /// A table of one depth: validation, accuracy and number of networks that diverged at each rate; nil
  /// for a point that failed.
  private static func table(
    _ rates: String, _ points: [(validation: Double, accuracy: Double, diverged: Int)?]
  ) throws -> StudyTable {
    let part = StudyPart("one", line + rates)
    let grid = try part.grid()
    var table = SweepTable(count: grid.count)
    let values = rates.split(separator: ",").map { Double($0) ?? 0.05 }
    for (index, point) in points.enumerated() {
      let entry =
        try point.map {
          try SweepPoint(
            TrainingResult(
              accuracy: $0.accuracy, validation: $0.validation, error: 0.002, rate: values[index],
              diverged: $0.diverged, firstEpochs: [3, 4, 5, 6, nil, nil]), seconds: 1, series: 200)
        } ?? SweepPoint(.failed, seconds: 1, reason: "no memory")
      Array(entry.json).withUnsafeBufferPointer { table.take(index, $0) }
    }
    table.finish(copies: [])
    return StudyTable(part, grid, table)
  }

  /// The validation chooses, not the test, and a rate at which a network diverged is not chosen.
  @Test func ratesAreChosenByValidation() throws {
    let table = try Self.table("0.01,0.1,0.3", [(0.95, 0.9, 0), (0.90, 0.99, 0), (0.99, 0.999, 1)])
    let best = try #require(try AdviceStudy.best(table, depth: "10").trained)
    #expect(best.rate == "0.01" && best.isLowest && !best.isHighest)
    #expect(best.accuracy == Estimate(0.9, .standard(0.002, degreesOfFreedom: 5)))
    #expect(best.firstEpoch == 5.5)
    // Two of six never got there in 15 epochs.
    let mean = try #require(best.meanFirstEpoch)
    #expect(abs(mean.value - (3 + 4 + 5 + 6 + 16 + 16) / 6.0) < 1e-12)
  }

  @Test func divergedEverywhere() throws {
    let table = try Self.table("0.01,0.1", [(0.95, 0.9, 6), (0.90, 0.99, 1)])
    let best = try AdviceStudy.best(table, depth: "10")
    guard case .divergedEverywhere(let chance) = best else {
      Issue.record("\(best)")
      return
    }
    #expect(chance == 0.1 && best.accuracy == Estimate(0.1) && best.validation == nil)
  }

  /// A rate without a result might have been the best; a depth that nobody trained has none.
  @Test func holesTellNothing() throws {
    let table = try Self.table("0.01,0.1", [(0.95, 0.9, 0), nil])
    let best = try AdviceStudy.best(table, depth: "10")
    #expect(best.gap == "one, L = 10: 1 of 2 rates without result" && best.accuracy == nil)
    #expect(try AdviceStudy.best(table, depth: "30").gap == "one has no depth 30")
    let empty = StudyTable(table.part, table.grid, SweepTable(count: 2))
    #expect(try AdviceStudy.best(empty, depth: "10").gap?.contains("2 of 2") == true)
  }

  @Test func lossOfTheAdvisedRate() throws {
    func loss(_ points: [(validation: Double, accuracy: Double, diverged: Int)?]) throws
      -> AdviceStudy.Difference
    {
      try AdviceStudy.rateLoss(Self.table("0.01,advised", points), depth: "10", at: "here")
    }
    #expect(try loss([(0.9, 0.8, 0), (0.95, 0.9, 0)]).value == Estimate(0))
    let behind = try #require(try loss([(0.95, 0.9, 0), (0.9, 0.8, 0)]).value)
    #expect(abs(behind.value + 0.1) < 1e-12 && abs(behind.error! - 0.002 * 2.squareRoot()) < 1e-12)
    // One network that diverged is a loss of all that can be learnt.
    #expect(abs(try loss([(0.95, 0.9, 0), (0.99, 0.95, 1)]).value!.value + 0.8) < 1e-12)
    #expect(try loss([(0.95, 0.9, 6), (0.99, 0.95, 1)]).gap == "no rate trains at here")
    #expect(try loss([(0.95, 0.9, 0), nil]).value == nil)
  }

  // MARK: the worst of several

  private func worst(_ values: [Double?]) -> StudyStatement {
    AdviceStudy.worst(
      "q", "c",
      values.enumerated().map { index, value in
        value.map { .init("\(index)", Estimate($0, .standard(0.01, degreesOfFreedom: 1e6))) }
          ?? .init("\(index)", gap: "nothing")
      }, tolerance: 0.02)
  }

  /// Reach of four at once with an error of 0.01: 0.034.
  @Test func worstOfSeveral() {
    #expect(worst([0.1, 0.05, 0.2, 0.3]).quantity == "q, worst of 4: 1")
    #expect(worst([0.1, 0.05, 0.2, 0.3]).verdict == .agrees)
    // Alone it would agree.
    #expect(worst([0.0125, 0.2, 0.3, 0.4]).verdict == .inconclusive)
    #expect(worst([0.0125]).verdict == .agrees)
    // A case without data leaves open what would agree, and nothing that differs.
    let open = worst([0.1, nil, 0.2, 0.3])
    #expect(open.verdict == .inconclusive && open.measuredCase == "nothing")
    let lost = worst([0.1, nil, -0.2, 0.9])
    #expect(lost.verdict == .differs && lost.quantity.hasSuffix(": 2") && lost.measured == -0.2)
  }
}
