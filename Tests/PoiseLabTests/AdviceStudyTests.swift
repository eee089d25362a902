import PoiseNumerics
import Testing

@testable import PoiseLab

/// The judgement of made-up networks: a world as the advice has it, and worlds with one flaw each.
@Suite struct AdviceStudyTests {
  private static let study = AdviceStudy()

  /// What is not as the advice has it, with a word of each statement that must then differ.
  enum Flaw: String, CaseIterable, Sendable {
    case none, chaoticWins, xavierTrains, adviceFailsDeep, slow, heWins, wrongRate, xavierWinsWide

    var marks: [String] {
      switch self {
      case .none: []
      case .chaoticWins: ["slightly chaotic orthogonal, mean"]
      case .xavierTrains: ["Xavier, normal, L = 100"]
      case .adviceFailsDeep: ["Poise's advice, L = 100", "Poise's advice, L = 200"]
      case .slow: ["first epoch"]
      case .heWins: ["advice − He"]
      case .wrongRate: ["advised rate − best rate"]
      case .xavierWinsWide: ["advice − Xavier, L = 30, width 256"]
      }
    }
  }

  /// Accuracy of a start at a depth at its best rate, which is 0.03 and the advised one.
  private static func accuracy(
    _ flaw: Flaw, _ activation: String, _ start: String, _ depth: Int, _ width: Int
  ) -> Double {
    let isDeep = depth >= 100
    switch start {
    case "advised":
      if flaw == .adviceFailsDeep, isDeep { return 0.5 }
      return activation == "relu" && depth == 30 ? 0.85 : 0.965
    case "chaotic": return flaw == .chaoticWins && depth == 30 ? 0.999 : 0.965
    case "orthogonal": return 0.96
    case "xavier":
      if flaw == .xavierTrains, isDeep { return 0.95 }
      if flaw == .xavierWinsWide, width == 256 { return 0.99 }
      return isDeep ? 0.5 : activation == "tanh" && depth == 10 ? 0.96 : 0.9
    case "he": return flaw == .heWins ? 0.999 : 0.85
    case "gaussian", "linear": return isDeep ? 0.6 : 0.95
    case "pytorch": return depth == 10 ? 0.8 : 0.11
    default: return 0.8
    }
  }

  private static func entry(
    _ flaw: Flaw, _ table: StudyTable, _ point: Int
  ) throws -> TrainingResult {
    let words = table.part.name.split(separator: "-").map(String.init)
    let activation = words[0] == "deep" ? "tanh" : words[0]
    let start = words[0] == "rate" ? "advised" : words[1]
    let depth = Int(try table.value("depth", at: point))
    let width = Int(try table.value("width", at: point))
    let rate = try table.option("rate", at: point)
    let factor = table.part.name == "rate" ? try table.value("rate-factor", at: point) : 1
    var value = accuracy(flaw, activation, start, depth, width)
    // Other rates are worse; a rate of 0.3 shines until it diverges.
    let isGood = rate == "0.03" || (rate == "advised" && flaw != .wrongRate)
    if !isGood || factor != 1 { value -= 0.06 }
    let diverges = rate == "0.3"
    return TrainingResult(
      accuracy: value, validation: diverges ? 1 : value - 0.01, error: 0.001,
      diverged: diverges ? 1 : 0,
      firstEpoch: flaw == .slow && start == "advised" ? 12 : 3)
  }

  private static func judgement(
    _ flaw: Flaw, _ profile: StudyProfile = .laptop
  ) throws -> StudyJudgement {
    let tables = try study.parts(profile).map { part in
      let grid = try part.grid()
      var table = SweepTable(count: grid.count)
      let blank = StudyTable(part, grid, table)
      for point in 0..<grid.count {
        let record = try SweepPoint(entry(flaw, blank, point), seconds: 1, series: 200)
        Array(record.json).withUnsafeBufferPointer { table.take(point, $0) }
      }
      table.finish(copies: [])
      return StudyTable(part, grid, table)
    }
    return try study.judge(StudyData(profile: profile, tables: tables))
  }

  @Test func aWorldAsAdvisedAgrees() throws {
    let judgement = try Self.judgement(.none)
    #expect(judgement.statements.count > 15)
    for statement in judgement.statements {
      #expect(statement.verdict == .agrees, "\(statement.quantity): \(statement.by ?? .nan)")
    }
    #expect(judgement.panels.count == 4 && judgement.panels.allSatisfy { $0.isWhole })
    #expect(try Self.judgement(.none, .smallest).statements.map(\.verdict) == [.agrees])
  }

  @Test(arguments: Flaw.allCases.filter { $0 != .none })
  func everyFlawIsSeen(flaw: Flaw) throws {
    let statements = try Self.judgement(flaw).statements
    for mark in flaw.marks {
      let found = statements.filter { $0.quantity.contains(mark) }
      #expect(!found.isEmpty, "\(mark)")
      #expect(found.allSatisfy { $0.verdict == .differs }, "\(mark)")
    }
    // What the flaw does not touch stays.
    #expect(statements.count { $0.verdict == .agrees } > statements.count / 2)
  }

  /// The validation chooses, not the test, and a rate at which a network diverged is not chosen.
  @Test func ratesAreChosenByValidation() throws {
    let part = StudyPart("one", "train --activation tanh --depth 10 --width 64 --rate 0.01,0.1,0.3")
    let grid = try part.grid()
    var table = SweepTable(count: grid.count)
    let points = [(0.95, 0.9, 0.0), (0.90, 0.99, 0.0), (0.99, 0.999, 1.0)]
    for (index, (validation, accuracy, diverged)) in points.enumerated() {
      let result = TrainingResult(
        accuracy: accuracy, validation: validation, error: 0.002, diverged: Int(diverged),
        firstEpoch: nil)
      Array(try SweepPoint(result, seconds: 1, series: 200).json).withUnsafeBufferPointer {
        table.take(index, $0)
      }
    }
    table.finish(copies: [])
    let best = try #require(try AdviceStudy.best(StudyTable(part, grid, table), depth: "10"))
    #expect(best.rate == "0.01" && best.accuracy == 0.9 && best.error == 0.002)
    #expect(best.firstEpoch == nil && best.advised == nil)
    #expect(try AdviceStudy.best(StudyTable(part, grid, SweepTable(count: 3)), depth: "10") == nil)
  }
}

extension TrainingResult {
  /// A record of two networks with the numbers that the study reads.
  fileprivate init(
    accuracy: Double, validation: Double, error: Double, diverged: Int, firstEpoch: Double?
  ) {
    let measured = MeasuredValue(value: accuracy, standardError: error)
    self.init(
      ensemble: "made up", activation: "tanh", depth: 1, width: 2,
      data: DataSummary(
        name: "none", rows: 1, totalRows: 1, features: 1, meanSquare: 1, preparation: ""),
      trainingRows: 1, validationRows: 1, testRows: 1, classes: 2, loss: "cross-entropy",
      optimizer: "sgd", momentum: 0, rate: 1, rateRule: "", schedule: "constant", batch: 1,
      epochs: 1, threshold: 0.9,
      summary: Summary(
        accuracy: measured, chosenAccuracy: measured, validation: validation, trainingLoss: 1,
        reached: 2, diverged: diverged, firstEpoch: firstEpoch), courses: [], observations: [],
      noiseVariance: nil, weightFits: [], files: [])
  }
}
