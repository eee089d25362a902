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

  /// What is left out of a world, or too uncertain in it, with a word of the statements that then decide
  /// nothing.
  enum Doubt: String, CaseIterable, Sendable {
    case uncertainEnd, unknownEndError, noDeath, untrained, scatteredLayers, uncertainCircles

    var marks: [String] {
      switch self {
      case .uncertainEnd: ["multifractal end, α = 2"]
      case .unknownEndError: ["multifractal end, α = 2"]
      case .noDeath: ["multifractal end, α ≤ 1.6", "multifractal end, α = 2"]
      case .untrained: ["rise and fall"]
      case .scatteredLayers: ["rise and fall"]
      case .uncertainCircles: ["CV of a circle"]
      }
    }
  }

  /// A made-up world. Seeds 1 and 2 differ in every quantity by `scatter` each way, and in accuracy by
  /// `noise` besides.
  struct World {
    var flaw = Flaw.none
    var doubt: Doubt?
    var noise = 0.0
    var scatter = 5e-5
  }

  static func judgement(_ flaw: Flaw, noise: Double = 0) throws -> StudyJudgement {
    try judgement(World(flaw: flaw, noise: noise))
  }

  static func judgement(_ world: World) throws -> StudyJudgement {
    let tables = try study.parts(.smallest).map { part in
      let grid = try part.grid()
      var table = SweepTable(count: grid.count)
      let blank = StudyTable(part, grid, table)
      for point in 0..<grid.count {
        let record = try entry(world, blank, point)
        Array(record.json).withUnsafeBufferPointer { table.take(point, $0) }
      }
      table.finish(copies: [])
      return StudyTable(part, grid, table)
    }
    return try study.judge(StudyData(profile: .smallest, tables: tables))
  }

  private static func entry(
    _ world: World, _ table: StudyTable, _ point: Int
  ) throws -> SweepPoint {
    switch table.part.name {
    case "phase": return try SweepPoint(phase(world), seconds: 1, series: 400)
    case "circle-map": return try SweepPoint(circles(world), seconds: 1, series: 400)
    case "circle-layers": return try SweepPoint(circle(), seconds: 1, series: 200)
    default: return try SweepPoint(training(world, table, point), seconds: 1, series: 200)
    }
  }

  // MARK: records

  private static func phase(_ world: World) throws -> StablePhaseResult {
    let alphas = [1.0, 1.5, 2]
    let scales = [0.25, 1, 2]
    func boundary(
      _ name: String, _ points: [StablePhaseResult.Point]
    ) -> StablePhaseResult.Boundary {
      .init(name: name, definition: "", sizeName: "width", size: 64, points: points)
    }
    let end = world.flaw == .broadGaussian ? 2.0 : 1.1
    let error: Double? =
      switch world.doubt {
      case .uncertainEnd: 0.3
      case .unknownEndError: nil
      default: 0.005
      }
    return StablePhaseResult(
      activation: "tanh", biasScale: 0, width: 64, depth: 4, alphas: alphas, scales: scales,
      cells: alphas.flatMap { alpha in scales.map { .init(alpha: alpha, scale: $0) } },
      boundaries: [
        boundary(
          "death",
          alphas.map {
            .init(alpha: $0, scale: world.doubt == .noDeath ? nil : $0 / 2, error: 1e-13)
          }),
        boundary("raw-floor", alphas.map { .init(alpha: $0, scale: $0 / 3, error: 0) }),
        boundary("lyapunov", alphas.map { .init(alpha: $0, scale: $0 / 2, error: 0.01) }),
        boundary(
          "multifractal",
          [
            .init(
              alpha: 1.5, scale: world.flaw == .noBand ? 0.8 : nil,
              error: world.flaw == .noBand ? 0.01 : nil, scaleCase: "above",
              beyond: world.flaw == .noBand ? nil : 4),
            .init(alpha: 2, scale: end, error: error),
          ]),
      ])
  }

  private static func circles(_ world: World) -> ManifoldResult {
    let flaw = world.flaw
    var result = circle()
    result.networks = 16
    result.alphas = [1.2, 2]
    result.scales = [0.5, 1.5]
    result.cells = result.alphas.flatMap { alpha in
      result.scales.map { scale in
        let value = alpha < 2 && flaw != .even ? 0.9 : 0.3
        return .init(
          alpha: alpha, scale: scale,
          variation: .init(
            value: value + (flaw == .even && alpha == 2 ? 0.1 : 0),
            standardError: world.doubt == .uncertainCircles ? 0.1 : 0.01),
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
    _ world: World, _ table: StudyTable, _ point: Int
  ) throws -> TrainingResult {
    let flaw = world.flaw
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
    if isHeavy, !isEdge { accuracy += isFirst ? world.noise : -world.noise }
    // Heavy tails scatter more, so that no contrast cancels.
    let shift = (isFirst ? 1 : -1) * (isHeavy ? 2 : 1) * world.scatter
    accuracy += shift
    let isTrained = world.doubt != .untrained || table.part.name != "layers"
    let bend = world.doubt == .scatteredLayers ? (isFirst ? 1.0 : -1) : 0
    let isQuick = isHeavy != (flaw == .slow)
    // The larger rate is the better one wherever rates are to choose from.
    let validation = isFixed ? 0.5 * accuracy : 0.5 + 0.4 * accuracy
    let flat = [4.0, 3, 2, 1]
    return result(
      accuracy, validation: validation,
      first: accuracy < 0.8 || !isTrained ? nil : (isQuick ? 1 : 2) + shift,
      dimension: flaw == .monotone || !isHeavy ? flat : [4, 6 + bend + shift, 5 + bend, 4],
      fractality: (isHeavy && flaw != .extended ? 0.6 : flaw == .extended && !isHeavy ? 0.7 : 0.8)
        + shift,
      drift: (flaw == .drift ? 0.2 : 0.01) + shift)
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

  /// What is not known well enough is not decided, and nothing else changes.
  @Test(arguments: Doubt.allCases) func doesNotGuess(_ doubt: Doubt) throws {
    let statements = try Self.judgement(World(doubt: doubt)).statements
    let open = statements.filter { $0.verdict == .inconclusive }.map(\.quantity)
    let wrong = open.filter { name in !doubt.marks.contains { name.contains($0) } }
    let missed = doubt.marks.filter { mark in !open.contains { $0.contains(mark) } }
    #expect(wrong.isEmpty && missed.isEmpty, "\(open)")
    #expect(!statements.contains { $0.verdict == .differs })
    let untested = statements.filter { $0.measured == nil }
    #expect(untested.isEmpty != [.noDeath, .untrained].contains(doubt))
  }

  /// An end neither found nor beyond what was searched is a band of no width.
  @Test func emptyBand() throws {
    var table = try phaseTable {
      $0.boundaries[3].points[1] = .init(alpha: 2, scale: nil, error: nil)
    }
    #expect(table.bands(width: 64).last?.extent == Estimate(0))
    table = try phaseTable {
      $0.boundaries[3].points[1] = .init(alpha: 2, scale: nil, error: nil, beyond: 4)
    }
    let open = try #require(table.bands(width: 64).last)
    #expect(open.isOpen && open.extent?.value == 3)
    // σ_c at α = 2 alone is missing: the neighbour's does not stand for it.
    table = try phaseTable {
      $0.boundaries[0].points[2] = .init(alpha: 2, scale: nil, error: nil)
    }
    #expect(table.bands(width: 64).last?.extent == nil)
  }

  private func phaseTable(_ change: (inout StablePhaseResult) -> Void) throws -> CriticalityPlane {
    let part = try #require(Self.study.parts(.smallest).first { $0.name == "phase" })
    let grid = try part.grid()
    var table = SweepTable(count: grid.count)
    var record = try Self.phase(World())
    change(&record)
    let entry = try SweepPoint(record, seconds: 1, series: 400)
    for point in 0..<grid.count {
      Array(entry.json).withUnsafeBufferPointer { table.take(point, $0) }
    }
    table.finish(copies: [])
    return try CriticalityPlane(StudyTable(part, grid, table))
  }

  /// The scale and rate of a seed are chosen by the other seeds: luck of one's own does not count.
  @Test func leavesOneSeedOut() throws {
    let part = try #require(Self.study.parts(.smallest).first { $0.name == "training" })
    let grid = try part.grid()
    var table = SweepTable(count: grid.count)
    let blank = StudyTable(part, grid, table)
    for point in 0..<grid.count {
      // Seed 1 is lucky at σ_w = 0.5, seed 2 at 3, both are fair at 1.5.
      let scale = try blank.value("scale", at: point)
      let lucky = try blank.value("seed", at: point) == 1 ? 0.5 : 3
      let small = try blank.value("rate", at: point) == 0.03
      let first: Double? = scale == lucky ? (small ? 1 : 1.5) : scale == 1.5 ? 1.9 : nil
      let record = Self.result(
        0.9, validation: 0.9, first: first, dimension: [], fractality: 0, drift: 0)
      Array(try SweepPoint(record, seconds: 1, series: 9).json).withUnsafeBufferPointer {
        table.take(point, $0)
      }
    }
    table.finish(copies: [])
    let scan = try TrainingScan(StudyTable(part, grid, table))
    for seed in 0..<2 {
      #expect(scan.fastest(.tuned, 0, seed: seed) == scan.epochs + 1)
      #expect(try scan.fastest(scan.everywhere(0.1), 0, seed: seed) == scan.epochs + 1)
    }
    #expect(throws: PoiseError.self) { try scan.everywhere(0.5) }
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
    #expect(try scan.accuracy(scan.everywhere(0.03), 2, 1, seed: 0) == 0.6)
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
