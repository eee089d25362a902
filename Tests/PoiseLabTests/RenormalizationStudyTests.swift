import Foundation
import PoiseNumerics
import Testing

@testable import PoiseLab

/// The judgement of the study on made-up worlds: one in which theory holds, and some in which it does not.
@Suite struct RenormalizationStudyTests {
  /// Everything that a world says of one point.
  private struct Point {
    var numbers: [String: Double] = [:]
    var series: [String: [Double]] = [:]
  }

  /// A change of a world: part, options of the point, and what is said there.
  private typealias Change = @Sendable (String, [String: String], inout Point) -> Void

  /// Saddle point of equal widths at T = 0 by bisection: 1 − u/σ² = α(1 − r₀/u^L).
  private static func saddle(_ variance: Double, _ load: Double, _ depth: Double) -> Double {
    let strength = 1.5 / variance
    var (low, high) = (1e-6, 1e3)
    for _ in 0..<200 {
      let u = (low * high).squareRoot()
      let excess = 1 - u / variance - load * (1 - strength / pow(u, depth))
      if excess > 0 { low = u } else { high = u }
    }
    return pow(low, depth)
  }

  /// A world in which the paper is right: the exact mixture a little off the saddle point, samples on it.
  private static func world(_ part: String, _ options: [String: String]) -> Point {
    func number(_ name: String) -> Double { Double(options[name] ?? "") ?? 0 }
    let (variance, depth, width) = (
      number("weight-variance"), number("depth"), number("width")
    )
    let (patterns, temperature) = (number("patterns"), number("temperature"))
    let share = patterns / 20
    let scale = saddle(variance, patterns / width, depth)
    let bias =
      share == 1 ? 100 : share < 1 ? 1 - share + 0.25 * share / (1 - share) : 0.25 / (share - 1)
    let spread = max(0.01, 1 - share) * variance * scale
    let exact = 1 + 0.1 / width
    let error = bias + spread * exact + temperature / variance / 2
    var point = Point()
    point.numbers = [
      "points.labelStrength": 1.5 / variance, "points.scales": scale,
      "points.exactScale": scale * exact, "points.bias": bias, "points.exactBias": bias,
      "points.exactVariance": spread * exact, "points.testError": bias + spread,
      "points.exactTestError": error, "points.trainingError": temperature,
      "points.readoutParameter": 1.5, "points.processError": bias + spread / 2,
      "points.sampled.measured.isConverged": 1,
    ]
    let isRelu = part.hasPrefix("relu")
    for (name, value) in [
      ("testError", isRelu ? bias + spread : error), ("scale", scale * exact), ("bias", bias),
      ("variance", spread * exact), ("trainingError", temperature), ("readoutParameter", 1.5),
    ] {
      point.numbers["points.sampled.measured.\(name).value"] = value * 1.0005
      point.numbers["points.sampled.measured.\(name).error"] = value * 0.0005
    }
    if part == "kernels" {
      point.series = [
        "kernels.alignment": [10, 11, 12], "kernels.priorAlignment": [10, 10, 10],
        "kernels.measuredAlignment": [11.05, 12.05],
        "kernels.measuredStandardError": [0.01, 0.01],
      ]
    }
    return point
  }

  private func judge(_ change: Change = { _, _, _ in }) throws -> StudyJudgement {
    let study = RenormalizationStudy()
    let tables = try study.parts(.smallest).map { part in
      let grid = try part.grid()
      var table = SweepTable(count: grid.count)
      for index in 0..<grid.count {
        let record = try Self.record(part.name, grid.arguments(at: index), change)
        Array(record.json).withUnsafeBufferPointer { table.take(index, $0) }
      }
      table.finish(copies: [])
      return StudyTable(part, grid, table)
    }
    return try study.judge(StudyData(profile: .smallest, tables: tables))
  }

  /// What a world says of a point with these arguments.
  private static func record(
    _ part: String, _ arguments: [String], _ change: Change
  ) throws -> SweepPoint {
    var options: [String: String] = [:]
    for word in arguments where word.hasPrefix("--") {
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 { options[parts[0]] = SweepAxis.canonical(parts[1]) }
    }
    var made = world(part, options)
    change(part, options, &made)
    var point = SweepPoint(.done, seconds: 0, reason: "")
    point.result.numbers = made.numbers.sorted { $0.key < $1.key }
      .map { .init(name: $0.key, value: $0.value) }
    point.result.series = made.series.sorted { $0.key < $1.key }
      .map { .init(name: $0.key, value: $0.value) }
    return point
  }

  @Test func rightWorld() throws {
    let judgement = try judge()
    for statement in judgement.statements {
      #expect(statement.verdict == .agrees, "\(statement)")
    }
    #expect(judgement.statements.count > 30 && judgement.panels.count == 8)
    #expect(judgement.remarks.count == 2)
    for panel in judgement.panels {
      #expect(panel.curves.contains { $0.style == .points }, "\(panel.name)")
      #expect(panel.curves.allSatisfy { !$0.x.isEmpty && $0.y.contains { $0 != nil } })
    }
  }

  private static func scale(_ path: String, by factor: Double) -> (inout Point) -> Void {
    { $0.numbers[path]! *= factor }
  }

  /// A world that differs in one thing, and a word of the statement that must see it.
  private struct Wrong: Sendable {
    var name: String
    var seenBy: String
    var change: Change

    init(_ name: String, _ seenBy: String, _ change: @escaping Change) {
      (self.name, self.seenBy, self.change) = (name, seenBy, change)
    }
  }

  private static let wrong: [Wrong] = [
    Wrong(
      "sampled error off by 2 %", "width: largest |z|",
      { part, options, point in
        if part == "width" { scale("points.sampled.measured.testError.value", by: 1.02)(&point) }
      }
    ),
    Wrong(
      "sampled bias off", "temperature: largest |z|",
      { part, options, point in
        if part == "temperature" { scale("points.sampled.measured.bias.value", by: 1.05)(&point) }
      }
    ),
    Wrong(
      "sampled training error off", "depth: largest |z|",
      { part, options, point in
        if part == "depth" { scale("points.sampled.measured.trainingError.value", by: 0.9)(&point) }
      }
    ),
    Wrong(
      "sampled error far off", "patterns-sampled: largest relative deviation",
      { part, options, point in
        if part == "patterns-sampled" {
          scale("points.sampled.measured.testError.value", by: 1.2)(&point)
        }
      }
    ),
    Wrong(
      "corrections of order 1/√N", "largest N/L",
      { part, options, point in
        if part == "width-lines" {
          point.numbers["points.exactScale"] =
            point.numbers["points.scales"]! * (1 + 2 / Double(options["width"]!)!.squareRoot())
        }
      }
    ),
    Wrong(
      "error falls with width for large σ²", "from N = 5 to 20",
      { part, options, point in
        if part == "width", options["weight-variance"] == "1.5", options["width"] == "20" {
          scale("points.sampled.measured.testError.value", by: 0.5)(&point)
        }
      }
    ),
    Wrong(
      "width matters at the threshold", "σ² at which width does not matter",
      { part, options, point in
        if part == "flat" {
          let ratio = Double(options["weight-variance"]!)! / 1.1
          point.numbers["points.testError"] = 1 + 0.1 * (ratio - 1) * Double(options["width"]!)!
        }
      }
    ),
    Wrong(
      "error falls with depth everywhere", "settings of",
      { part, options, point in
        if part == "depth-lines" {
          point.numbers["points.testError"] = 10 - Double(options["depth"]!)!
        }
      }
    ),
    Wrong(
      "sampled error falls with depth for large σ²", "from L = 1 to 2, σ² = 2.5",
      { part, options, point in
        if part == "depth", options["weight-variance"] == "2.5", options["depth"] == "2" {
          scale("points.sampled.measured.testError.value", by: 0.1)(&point)
        }
      }
    ),
    Wrong(
      "the peak at P = N", "patterns at which the bias peaks",
      { part, options, point in
        if part == "patterns", options["patterns"] == "10" { point.numbers["points.bias"] = 1000 }
      }
    ),
    Wrong(
      "a bump at P = N", "bias at P = N",
      { part, options, point in
        if part == "patterns", options["patterns"] == "10" { scale("points.bias", by: 2)(&point) }
      }
    ),
    Wrong(
      "another bias", "bias at P = N₀/2",
      { part, options, point in if part == "patterns" { scale("points.bias", by: 1.5)(&point) } }
    ),
    Wrong(
      "the spread falls with σ²", "smallest relative step",
      { part, options, point in
        if part == "variance", options["weight-variance"] == "3" {
          scale("points.exactVariance", by: 0.1)(&point)
        }
      }
    ),
    Wrong(
      "a small prior learns more with noise", "bias at the smallest σ²",
      { part, options, point in
        if part == "variance", options["weight-variance"] == "0.1", options["temperature"] == "0.5"
        {
          scale("points.exactBias", by: 0.9)(&point)
        }
      }
    ),
    Wrong(
      "the bias knows of the prior", "largest relative difference of the bias",
      { part, options, point in
        if part == "variance", options["weight-variance"] == "3" {
          scale("points.exactBias", by: 1.01)(&point)
        }
      }
    ),
    Wrong(
      "a layer without labels", "largest relative deviation of yᵀK_l y",
      { part, options, point in
        if part == "kernels" { point.series["kernels.measuredAlignment"] = [8, 12] }
      }
    ),
    Wrong(
      "the last layer stays", "of the last layer after learning",
      { part, options, point in
        if part == "kernels" { point.series["kernels.measuredAlignment"] = [11, 10] }
      }
    ),
    Wrong(
      "relu is something else", "relu, L = 2: largest relative deviation of the q_L",
      { part, options, point in
        if part == "relu", options["depth"] == "2" {
          scale("points.sampled.measured.readoutParameter.value", by: 1.4)(&point)
        }
      }
    ),
    Wrong(
      "relu as at infinite width", "distance of the test error",
      { part, options, point in
        if part == "relu" {
          point.numbers["points.sampled.measured.testError.value"] =
            point.numbers["points.processError"]! * 1.0001
        }
      }
    ),
  ]

  @Test(arguments: wrong.indices) func wrongWorld(_ index: Int) throws {
    let wrong = Self.wrong[index]
    let word = wrong.seenBy
    let statements = try judge(wrong.change).statements
    #expect(
      statements.contains { $0.verdict == .differs && $0.quantity.contains(word) },
      "\(wrong.name): \(statements.filter { $0.quantity.contains(word) })")
    #expect(StudyStatement.verdict(statements) == .differs)
  }

  /// Chains that cannot be believed say nothing.
  @Test func unconverged() throws {
    let judgement = try judge { part, _, point in
      if part == "width" || part == "kernels" {
        point.numbers["points.sampled.measured.isConverged"] = 0
      }
    }
    let statement = try #require(
      judgement.statements.first { $0.quantity.hasPrefix("width: largest |z|") })
    #expect(statement.verdict == .inconclusive)
    #expect(statement.measuredCase == "no setting has converged")
    let silent = judgement.statements.filter { $0.measured == nil }.map(\.quantity)
    #expect(silent.count { $0.contains("sampled error with width") } == 3, "\(silent)")
    #expect(silent.count { $0.contains("yᵀK") } == 2 && silent.count == 6, "\(silent)")
    #expect(judgement.remarks.count == 3 && judgement.remarks[2].hasPrefix("9 sampled settings"))
    let width = try #require(judgement.panels.first { $0.name == "width" })
    #expect(
      width.curves.filter { $0.style == .points }.allSatisfy { $0.y.allSatisfy { $0 == nil } })
  }

  /// A change runs over the widths and depths whose chains have converged, and names them.
  @Test func partlyConverged() throws {
    let statements = try judge { part, options, point in
      if part == "width", options["width"] == "20" {
        // Nonsense that no chain should be believed.
        point.numbers["points.sampled.measured.isConverged"] = 0
        point.numbers["points.sampled.measured.testError.value"] = 1e6
      }
      if part == "depth", options["depth"] == "2" {
        point.numbers["points.sampled.measured.isConverged"] = 0
      }
    }.statements
    let changes = statements.filter { $0.quantity.hasPrefix("change of the sampled error from N") }
    #expect(changes.count == 3 && changes.allSatisfy { $0.quantity.contains("N = 5 to 10") })
    #expect(changes.allSatisfy { $0.verdict == .agrees })
    let depths = statements.filter {
      $0.quantity.hasPrefix("change of the sampled error with depth")
    }
    #expect(depths.count == 3)
    #expect(depths.allSatisfy { $0.measuredCase == RenormalizationClaims.unconverged })
    let all = statements.filter { $0.quantity.hasPrefix("width: largest") }
    #expect(
      all.count == 2 && all.allSatisfy { $0.claim.hasSuffix("6 of 9 settings, widths 5, 10.") })
  }

  @Test(arguments: StudyProfile.allCases) func parts(profile: StudyProfile) throws {
    for part in RenormalizationStudy().parts(profile) {
      let grid = try part.grid()
      #expect(grid.count >= 1 && grid.count <= 5000, "\(part.command)")
    }
  }
}
