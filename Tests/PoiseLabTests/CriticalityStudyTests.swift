import PoiseNumerics
import Testing

@testable import PoiseLab

/// The judgement of made-up networks: a world in which every claim holds, and worlds with one flaw each.
@Suite struct CriticalityStudyTests {
  static let study = CriticalityStudy()

  /// What is not as the claims have it, with a word of each statement that must then differ.
  enum Flaw: String, CaseIterable, Sendable {
    case none, narrowAtOneRate, narrowTuned, slow, worse, deepHelps, even, extended, monotone, drift
    case noBand, broadGaussian

    var marks: [String] {
      switch self {
      case .none: []
      case .narrowAtOneRate: ["share of scales, one rate", "one rate, σ_w ≥ 2"]
      case .narrowTuned: ["share of scales, tuned"]
      case .slow: ["first epoch, one rate, best", "first epoch, best"]
      case .worse: ["best accuracy, depth 4"]
      case .deepHelps: ["best accuracy, depth 8"]
      case .even: ["CV of a circle"]
      case .extended: ["excess D_2"]
      case .monotone: ["rise and fall"]
      case .drift: ["change of fitted α, hidden", "change of fitted α, read-out"]
      case .noBand: ["multifractal end, α ≤ 1.6"]
      case .broadGaussian: ["multifractal end, α = 2"]
      }
    }
  }

  /// - Parameter noise: what seeds 1 and 2 differ by in accuracy, each way.
  static func judgement(_ flaw: Flaw, noise: Double = 0) throws -> StudyJudgement {
    let tables = try study.parts(.smallest).map { part in
      let grid = try part.grid()
      var table = SweepTable(count: grid.count)
      let blank = StudyTable(part, grid, table)
      for point in 0..<grid.count {
        let record = try entry(flaw, noise, blank, point)
        Array(record.json).withUnsafeBufferPointer { table.take(point, $0) }
      }
      table.finish(copies: [])
      return StudyTable(part, grid, table)
    }
    return try study.judge(StudyData(profile: .smallest, tables: tables))
  }

  private static func entry(
    _ flaw: Flaw, _ noise: Double, _ table: StudyTable, _ point: Int
  ) throws -> SweepPoint {
    switch table.part.name {
    case "phase": return try SweepPoint(phase(flaw, table, point), seconds: 1, series: 400)
    case "circle-map": return try SweepPoint(circles(flaw), seconds: 1, series: 400)
    case "circle-layers": return try SweepPoint(circle(), seconds: 1, series: 200)
    default: return try SweepPoint(training(flaw, noise, table, point), seconds: 1, series: 200)
    }
  }

  // MARK: records

  private static func phase(
    _ flaw: Flaw, _ table: StudyTable, _ point: Int
  ) throws -> StablePhaseResult {
    let alphas = [1.0, 1.5, 2]
    let scales = [0.25, 1, 2]
    func boundary(
      _ name: String, _ points: [StablePhaseResult.Point]
    ) -> StablePhaseResult.Boundary {
      .init(name: name, definition: "", sizeName: "width", size: 64, points: points)
    }
    let end = flaw == .broadGaussian ? 2.0 : 1.1
    return StablePhaseResult(
      activation: "tanh", biasScale: 0, width: 64, depth: 4, alphas: alphas, scales: scales,
      cells: alphas.flatMap { alpha in scales.map { .init(alpha: alpha, scale: $0) } },
      boundaries: [
        boundary("death", alphas.map { .init(alpha: $0, scale: $0 / 2, error: 0) }),
        boundary("raw-floor", alphas.map { .init(alpha: $0, scale: $0 / 3, error: 0) }),
        boundary("lyapunov", alphas.map { .init(alpha: $0, scale: $0 / 2, error: 0.01) }),
        boundary(
          "multifractal",
          [
            .init(
              alpha: 1.5, scale: flaw == .noBand ? 0.8 : nil, error: nil, scaleCase: "above",
              beyond: flaw == .noBand ? nil : 4),
            .init(alpha: 2, scale: end, error: 0.1),
          ]),
      ])
  }

  private static func circles(_ flaw: Flaw) -> ManifoldResult {
    var result = circle()
    result.alphas = [1.2, 2]
    result.scales = [0.5, 1.5]
    result.cells = result.alphas.flatMap { alpha in
      result.scales.map { scale in
        let value = alpha < 2 && flaw != .even ? 0.9 : 0.3
        return .init(
          alpha: alpha, scale: scale,
          variation: .init(
            value: value + (flaw == .even && alpha == 2 ? 0.1 : 0), standardError: 0.01),
          dimension: .init(value: 2, standardError: 0),
          outputDimension: .init(value: 2, standardError: 0))
      }
    }
    return result
  }

  private static func circle() -> ManifoldResult {
    let one = MeasuredValue(value: 1, standardError: 0.1)
    let layers = (1...2).map {
      ManifoldResult.Layer(
        layer: $0, variation: one, logLength: one, logCurvature: one, logTurns: one, dimension: one,
        outputDimension: one)
    }
    return ManifoldResult(
      activation: "tanh", biasScale: 0, width: 64, depth: 2, points: 150, networks: 2, radius: nil,
      isCentred: true, order: 2, extended: 0.8,
      profiles: ["stable", "gaussian"].map {
        .init(
          name: $0, alpha: 1.6, scale: 1.5, layers: layers, vectors: [], localizedShare: one,
          projection: [], projectedShares: [])
      }, alphas: [], scales: [], cells: [])
  }

  private static func training(
    _ flaw: Flaw, _ noise: Double, _ table: StudyTable, _ point: Int
  ) throws -> TrainingResult {
    let isHeavy = try table.value("alpha", at: point) < 2
    let isEdge = try table.value("scale", at: point) == 1.5
    let isFixed = try table.value("rate", at: point) == 0.03
    let isDeep = table.part.name == "deep"
    let isNarrow = isFixed ? flaw == .narrowAtOneRate : flaw == .narrowTuned
    // Gaussian networks train at one scale, heavy-tailed ones at all.
    var accuracy = isEdge || (isHeavy && !isNarrow) ? 0.95 : 0.3
    if isHeavy, flaw == .worse, !isDeep { accuracy -= 0.1 }
    if isDeep, isHeavy != (flaw == .deepHelps) { accuracy = 0.5 }
    let isFirst = try table.value("seed", at: point) == 1
    if isHeavy, !isEdge { accuracy += isFirst ? noise : -noise }
    let isQuick = isHeavy != (flaw == .slow)
    // The larger rate is the better one wherever rates are to choose from.
    let validation = isFixed ? 0.5 * accuracy : 0.5 + 0.4 * accuracy
    let flat = [4.0, 3, 2, 1]
    return result(
      accuracy, validation: validation, first: accuracy < 0.8 ? nil : isQuick ? 1 : 2,
      dimension: flaw == .monotone || !isHeavy ? flat : [4, 6, 5, 4],
      fractality: (isHeavy && flaw != .extended ? 0.6 : flaw == .extended && !isHeavy ? 0.7 : 0.8),
      drift: flaw == .drift ? 0.2 : 0.01)
  }

  private static func result(
    _ accuracy: Double, validation: Double, first: Double?, dimension: [Double], fractality: Double,
    drift: Double
  ) -> TrainingResult {
    let course = TrainingResult.Course(
      network: 0, outcome: first == nil ? .below : .trained, divergedEpoch: nil, firstEpoch: first,
      trainingLoss: [1], trainingAccuracy: [accuracy], validationLoss: [1],
      validationAccuracy: [validation], testLoss: [1], testAccuracy: [accuracy],
      finalAccuracy: accuracy, chosenAccuracy: accuracy, bestValidation: validation,
      initialAccuracy: 0.1, initialLoss: 2)
    let observations = [0, 2].map { epoch in
      TrainingResult.Observation(
        network: 0, epoch: epoch, length: nil, dimension: dimension,
        fractality: [Double](repeating: fractality, count: 4))
    }
    let fits = (1...5).map { layer in
      TrainingResult.WeightFit(
        network: 0, layer: layer, before: .init(alpha: 1.6, alphaError: 0.02, scale: 1),
        after: .init(alpha: 1.6 + drift, alphaError: 0.02, scale: 1))
    }
    return TrainingResult(
      ensemble: "", activation: "tanh", depth: 4, width: 64,
      data: .init(
        name: "digits", rows: 1200, totalRows: 1797, features: 64, meanSquare: 1, preparation: ""),
      trainingRows: 1200, validationRows: 300, testRows: 297, classes: 10, loss: "cross-entropy",
      optimizer: "sgd", momentum: 0, rate: 0.03, rateRule: "", schedule: "constant", batch: 64,
      epochs: 2, threshold: 0.8, summary: .init(of: [course]), courses: [course],
      observations: observations,
      observedStart: .init(of: observations, epoch: 0),
      observedEnd: .init(of: observations, epoch: 2),
      noiseVariance: nil, weightFits: fits, files: [])
  }

  // MARK: tests

  @Test(arguments: Flaw.allCases) func judgesWhatIsThere(_ flaw: Flaw) throws {
    let judgement = try Self.judgement(flaw)
    let differing = judgement.statements.filter { $0.verdict == .differs }.map(\.quantity)
    let wrong = differing.filter { name in !flaw.marks.contains { name.contains($0) } }
    let missed = flaw.marks.filter { mark in !differing.contains { $0.contains(mark) } }
    #expect(wrong.isEmpty && missed.isEmpty, "\(differing)")
    if flaw == .none {
      let open = judgement.statements.filter { $0.verdict != .agrees }.map(\.quantity)
      #expect(open.isEmpty, "\(open)")
    }
    let broken = judgement.panels.filter { !$0.isWhole }.map(\.name)
    #expect(broken.isEmpty, "\(broken)")
    #expect(Set(judgement.panels.map(\.name)).count == judgement.panels.count)
  }

  /// Seeds that contradict one another decide nothing.
  @Test func contradictingSeeds() throws {
    let statements = try Self.judgement(.none, noise: 0.5).statements
    let one = try #require(statements.first { $0.quantity.contains("share of scales, one rate") })
    #expect(one.verdict == .inconclusive && (one.error ?? 0) > 0.1)
  }

  @Test func rateOfEveryCell() throws {
    let part = try #require(Self.study.parts(.smallest).first { $0.name == "training" })
    let grid = try part.grid()
    var table = SweepTable(count: grid.count)
    let blank = StudyTable(part, grid, table)
    // At α = 1.2 the small rate is the better one for validation, though not for the test.
    for point in 0..<grid.count {
      let small = try blank.value("rate", at: point) == 0.03
      let first = try blank.value("alpha", at: point) == 1.2
      let record = Self.result(
        small ? 0.6 : 0.7, validation: small == first ? 0.9 : 0.8, first: small ? 2 : nil,
        dimension: [], fractality: 0, drift: 0)
      Array(try SweepPoint(record, seconds: 1, series: 9).json).withUnsafeBufferPointer {
        table.take(point, $0)
      }
    }
    table.finish(copies: [])
    let scan = try TrainingScan(StudyTable(part, grid, table))
    #expect(scan.accuracy(.tuned, 0, 1, seed: 1) == 0.6)
    #expect(scan.accuracy(.tuned, 2, 1, seed: 1) == 0.7)
    #expect(scan.accuracy(.one(0.03), 2, 1, seed: 0) == 0.6)
    #expect(scan.first(.tuned, 2, 0, seed: 0) == scan.epochs + 1)
    #expect(scan.medianFirst(.tuned, 2, 0) == nil && scan.medianFirst(.tuned, 0, 0) == 2)
  }

  @Test func meansOfObservations() throws {
    let observations = [(0, 0, 2.0), (1, 0, 4.0), (0, 5, 7.0)].map { network, epoch, value in
      TrainingResult.Observation(
        network: network, epoch: epoch, length: [value, 1], dimension: nil)
    }
    let start = try #require(TrainingResult.LayerMeans(of: observations, epoch: 0))
    #expect(start.length == [3, 1] && start.dimension == nil && start.epoch == 0)
    #expect(TrainingResult.LayerMeans(of: observations, epoch: 5)?.length == [7, 1])
    #expect(TrainingResult.LayerMeans(of: observations, epoch: 3) == nil)
  }

  @Test(arguments: StudyProfile.allCases) func partsAreSweeps(_ profile: StudyProfile) throws {
    for study in [Self.study, CriticalityStudy(data: "train-images-idx3-ubyte")] {
      let parts = study.parts(profile)
      #expect(Set(parts.map(\.name)).count == parts.count)
      for part in parts {
        let count = try part.grid().count
        #expect(count >= 1 && count < 20_000)
        let takesData = part.arguments.contains("train-images-idx3-ubyte")
        #expect(takesData == (study.data != nil && part.arguments[0] == "train"))
      }
      let training = try #require(parts.first { $0.name == "training" }).grid()
      #expect(training.axes.contains { $0.name == "rate" })
    }
  }

  @Test func dataOfOnesOwn() throws {
    #expect(throws: PoiseError.self) { try ChannelsStudy().on("file.csv") }
    #expect(throws: PoiseError.self) { try Self.study.on("two words.csv") }
    #expect(try (Self.study.on("file.csv") as? CriticalityStudy)?.data == "file.csv")
  }
}
