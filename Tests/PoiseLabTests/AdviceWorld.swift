import PoiseNumerics

@testable import PoiseLab

/// Made-up networks for the study of the advice.
struct AdviceWorld {
  /// What is not as the advice has it.
  enum Flaw: String, CaseIterable, Sendable {
    case none, chaoticWins, chaoticWinsOnce, xavierTrains, gaussianTrains, adviceFailsDeep, slow
    case heWins, heWinsOnce, wrongRate, advisedRateDiverges, allDiverge, xavierWinsWide
    case xavierKeepsUp, rivalMissing, depthMissing, noCourses

    /// A word of each statement that must notice.
    var marks: [String] {
      switch self {
      case .none: []
      case .chaoticWins: ["chaotic orthogonal, mean", "chaotic orthogonal, worst"]
      case .chaoticWinsOnce: ["chaotic orthogonal, worst"]
      case .xavierTrains: ["Xavier, normal, L = 100"]
      case .gaussianTrains: ["Gaussian, critical, L = 100"]
      case .adviceFailsDeep: ["Poise's advice, L = 100", "Poise's advice, L = 200"]
      case .slow: ["first epoch"]
      case .heWins, .heWinsOnce: ["advice − He", "ReLU, best start (He"]
      case .wrongRate: ["best rate, saturating", "best rate, rectifiers"]
      case .advisedRateDiverges: ["best rate, saturating", "best rate, rectifiers"]
      case .allDiverge: ["L = 200", "erf, advice", "Poise's advice, L = 100"]
      case .xavierWinsWide: ["advice − Xavier, L = 30, width 256"]
      case .xavierKeepsUp: ["advice − Xavier, L = 30, width 64"]
      case .rivalMissing:
        ["advice − He", "ReLU, best start", "Xavier, normal, L = 100"]
      case .depthMissing: ["best rate, saturating", "Poise's advice, L = 100", "first epoch"]
      case .noCourses: ["first epoch"]
      }
    }

    /// What those statements must say.
    var verdict: StudyStatement.Verdict {
      [.rivalMissing, .depthMissing, .noCourses].contains(self) ? .inconclusive : .differs
    }
  }

  /// Networks of one point.
  private struct Place {
    var activation: String
    var start: String
    var depth: Int
    var width: Int
    var rate: String
    var factor: Double

    init(_ table: StudyTable, _ point: Int) throws {
      let words = table.part.name.split(separator: "-").map(String.init)
      activation = words[0] == "deep" || words[0] == "rate" ? "tanh" : words[0]
      start = words.count > 1 ? words[1] : "advised"
      depth = Int(try table.value("depth", at: point))
      width = Int(try table.value("width", at: point))
      rate = try table.option("rate", at: point)
      factor = words[0] == "rate" ? try table.value("rate-factor", at: point) : 1
    }

    var isDeep: Bool { depth >= 100 }
  }

  private let flaw: Flaw

  init(_ flaw: Flaw) { self.flaw = flaw }

  /// Accuracy at the best rates, which are 0.03 and the advised one.
  private func accuracy(_ place: Place) -> Double {
    let isRelu30 = place.activation == "relu" && place.depth == 30
    switch place.start {
    case "advised":
      if flaw == .adviceFailsDeep, place.isDeep { return 0.5 }
      return isRelu30 ? 0.85 : 0.965
    case "chaotic":
      if flaw == .chaoticWinsOnce { return place.activation == "erf" ? 0.999 : 0.94 }
      return flaw == .chaoticWins && place.depth >= 30 ? 0.999 : 0.965
    case "orthogonal": return 0.96
    case "xavier":
      if flaw == .xavierTrains, place.isDeep { return 0.95 }
      if flaw == .xavierWinsWide, place.width == 256 { return 0.99 }
      if isRelu30 { return 0.7 }
      if place.isDeep { return 0.5 }
      guard place.activation == "tanh" else { return 0.9 }
      if flaw == .xavierKeepsUp, place.width == 64, place.depth == 30 { return 0.95 }
      return place.depth == 10 ? 0.96 : 0.9
    case "he":
      if flaw == .heWins { return 0.999 }
      // By 0.1, after which the mean over all six cases is still above 0.
      if flaw == .heWinsOnce { return isRelu30 ? 0.95 : 0.6 }
      return 0.8
    case "gaussian": return place.isDeep && flaw != .gaussianTrains ? 0.6 : 0.95
    case "linear": return 0.6
    case "pytorch": return place.depth == 10 ? 0.8 : 0.11
    default: return 0.8
    }
  }

  /// Whether a point has no result.
  private func isMissing(_ place: Place) -> Bool {
    switch flaw {
    case .rivalMissing:
      place.start == "he" && place.depth == 30 && place.rate == "0.01"
        || place.start == "xavier" && place.depth == 100
    case .depthMissing: place.start == "advised" && place.depth == 100
    default: false
    }
  }

  private func entry(_ place: Place, _ table: StudyTable) throws -> TrainingResult {
    var value = accuracy(place)
    // Other rates are worse; a rate of 0.3 shines until it diverges.
    let isGood = place.rate == "0.03" || (place.rate == "advised" && flaw != .wrongRate)
    if !isGood || place.factor != 1 { value -= 0.06 }
    let diverges =
      flaw == .allDiverge || place.rate == "0.3"
      || (flaw == .advisedRateDiverges && place.rate == "advised" && place.factor == 1)
    let networks = Int(try table.value("networks", at: 0))
    var firsts: [Double?] = Array(repeating: place.start == "advised" ? 3 : 5, count: networks)
    if flaw == .slow, place.start == "advised" { firsts = firsts.map { _ in nil } }
    return TrainingResult(
      accuracy: value, validation: diverges ? 1 : value - 0.01, error: 0.0005,
      rate: Double(place.rate) ?? 0.05, diverged: diverges ? 1 : 0,
      firstEpochs: flaw == .noCourses ? [] : firsts)
  }

  /// What the study says of these networks.
  func judgement(_ profile: StudyProfile = .laptop) throws -> StudyJudgement {
    let study = AdviceStudy()
    let tables = try study.parts(profile).map { part in
      let grid = try part.grid()
      var table = SweepTable(count: grid.count)
      let blank = StudyTable(part, grid, table)
      for point in 0..<grid.count {
        let place = try Place(blank, point)
        let record =
          isMissing(place)
          ? SweepPoint(.failed, seconds: 1, reason: "no memory")
          : try SweepPoint(entry(place, blank), seconds: 1, series: 200)
        Array(record.json).withUnsafeBufferPointer { table.take(point, $0) }
      }
      table.finish(copies: [])
      return StudyTable(part, grid, table)
    }
    return try study.judge(StudyData(profile: profile, tables: tables))
  }
}

extension TrainingResult {
  /// A record with the numbers that the study reads.
  ///
  /// - Parameter firstEpochs: of each network; none for a record without courses.
  init(
    accuracy: Double, validation: Double, error: Double, rate: Double, diverged: Int,
    firstEpochs: [Double?]
  ) {
    let measured = MeasuredValue(value: accuracy, standardError: error)
    let known = firstEpochs.compactMap(\.self).sorted()
    let half = firstEpochs.count / 2
    let median = known.count > half && half > 0 ? (known[half - 1] + known[half]) / 2 : nil
    self.init(
      ensemble: "made up", activation: "tanh", depth: 1, width: 2,
      data: DataSummary(
        name: "none", rows: 1, totalRows: 1, features: 1, meanSquare: 1, preparation: ""),
      trainingRows: 1, validationRows: 1, testRows: 1, classes: 10, loss: "cross-entropy",
      optimizer: "sgd", momentum: 0, rate: rate, rateRule: "", schedule: "constant", batch: 1,
      epochs: 15, threshold: 0.9,
      summary: Summary(
        accuracy: measured, chosenAccuracy: measured, validation: validation, trainingLoss: 1,
        reached: known.count, diverged: diverged, firstEpoch: median),
      courses: firstEpochs.enumerated().map { Course(network: $0, firstEpoch: $1) },
      observations: [], noiseVariance: nil, weightFits: [], files: [])
  }
}

extension TrainingResult.Course {
  fileprivate init(network: Int, firstEpoch: Double?) {
    self.init(
      network: network, outcome: firstEpoch == nil ? .below : .trained, divergedEpoch: nil,
      firstEpoch: firstEpoch, trainingLoss: [], trainingAccuracy: [], validationLoss: [],
      validationAccuracy: [], testLoss: [], testAccuracy: [], finalAccuracy: 0.9,
      chosenAccuracy: 0.9, bestValidation: 0.9, initialAccuracy: 0.1, initialLoss: 1)
  }
}
