import Foundation
import PoiseModel
import PoiseNumerics
import PoisePosterior
import Testing

@testable import PoiseLab

/// Gibbs and Hamiltonian samples of the posterior against its theory. Every |z| < 4.5 against the exact
/// mixture; the saddle point within max(3 standard errors, 3L/N).
enum PosteriorCase {
  static let threshold = 4.5

  struct Setting: Sendable, CustomTestStringConvertible {
    var inputs: Int
    var patterns: Int
    var widths: [Int]
    var variances: [Double]
    var temperature: Double
    var draws = 4000

    var testDescription: String { "N₀ \(inputs), P \(patterns), \(widths), T \(temperature)" }
  }

  static func theory(
    _ setting: Setting, activation: String = "linear", seed: UInt64
  ) throws -> PosteriorTheory {
    let pool = try PosteriorPool.teacher(
      dimension: setting.inputs, signal: 1, noiseVariance: 0.25, tests: 40, seed: seed)
    return try PosteriorTheory(
      pool.task(patterns: setting.patterns),
      PosteriorSetting(
        activation: .named(activation),
        priors: LayerPriors(widths: setting.widths, variances: setting.variances),
        temperature: setting.temperature))
  }

  /// Judges one check; returns z of what the exact mixture gives.
  @discardableResult static func judge(
    _ theory: PosteriorTheory, draws: Int, seed: UInt64
  ) throws -> [Double] {
    let sampled = try PosteriorCheck(draws: draws, seed: seed, jobs: 2).run(theory)
    let priors = theory.setting.priors
    let m = Double(theory.modes.outputCount)
    let share = 3 * m * m * Double(priors.depth) / Double(priors.narrowest)
    var exact: [Double] = []
    if let measured = sampled.measured, measured.isConverged, theory.setting.isLinear,
      let error = theory.exactTestError, let expected = theory.exactBias
    {
      // Errors from twenty blocks: Student's t, |t| > 6 has a chance of 1e-5.
      let (bias, spread) = (try #require(measured.bias), try #require(measured.variance))
      #expect(abs(bias.value - expected) < 6 * bias.error, "\(bias) \(expected)")
      #expect(abs(spread.value - (error - expected)) < 6 * spread.error, "\(spread)")
    }
    for row in sampled.comparisons {
      // A mean that has not converged proves nothing, and is not used.
      #expect(row.splitRHat < 1.05, "\(row.quantity): R̂ \(row.splitRHat)")
      guard row.isConverged else { continue }
      if row.level == "exact" {
        #expect(abs(row.z) < threshold, "\(row.quantity): \(row)")
        exact.append(row.z)
      }
      let gap = abs(row.measured - row.saddle)
      let scale = row.quantity.hasPrefix("U_") ? theory.largestScale : abs(row.saddle)
      #expect(
        gap < max(3 * row.standardError, share * scale),
        "\(row.quantity) against the saddle: \(row)")
    }
    return exact
  }
}

extension PosteriorTheory {
  /// The largest eigenvalue of U.
  var largestScale: Double {
    switch solution {
    case .one(let posterior, _): posterior.renormalization.scale
    case .several(let posterior): posterior.scales.last!
    }
  }
}

@Suite struct PosteriorSamplingTests {
  /// Loads below and above 1, more patterns than inputs, unequal layers; a tenth of all z may pass 2.
  @Test func gibbsAgainstExact() throws {
    let cases = [
      PosteriorCase.Setting(
        inputs: 30, patterns: 15, widths: [20], variances: [1, 1], temperature: 0.1),
      .init(
        inputs: 30, patterns: 20, widths: [24, 16], variances: [1, 0.7, 1.4], temperature: 0.2),
      .init(inputs: 12, patterns: 30, widths: [10, 10], variances: [1, 1, 1], temperature: 0.3),
    ]
    var all: [Double] = []
    for (index, setting) in cases.enumerated() {
      let theory = try PosteriorCase.theory(setting, seed: 21 + UInt64(index))
      all += try PosteriorCase.judge(theory, draws: 3000, seed: 5)
    }
    #expect(all.count >= 15)
    #expect(Double(all.count { abs($0) > 2 }) <= 0.1 * Double(all.count) + 1)
  }

  /// Weights, kernels and errors that follow from q at T = 0.
  @Test func directDraws() throws {
    let setting = PosteriorCase.Setting(
      inputs: 40, patterns: 20, widths: [40, 25], variances: [1, 0.8, 1.2], temperature: 0)
    try PosteriorCase.judge(PosteriorCase.theory(setting, seed: 31), draws: 1500, seed: 6)
  }

  /// Chains that were ended and went on from their file give the same bits.
  @Test(arguments: ["linear", "relu"]) func interruptedChains(_ activation: String) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "poise-chains-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let setting = PosteriorCase.Setting(
      inputs: 8, patterns: 6, widths: [7, 5], variances: [1, 1, 1], temperature: 0.2)
    let theory = try PosteriorCase.theory(setting, activation: activation, seed: 3)
    var check = try PosteriorCheck(draws: 200, seed: 5, jobs: 2)
    let whole = try check.run(theory).comparisons
    check.chainsFile = file.path
    for blocks in [3, 4] {
      check.mostBlocks = blocks
      #expect(throws: PoiseError.self) { try check.run(theory) }
    }
    check.mostBlocks = .max
    let resumed = try check.run(theory).comparisons
    #expect(!whole.isEmpty && resumed == whole)
    // The file of other chains.
    check.seed = 6
    #expect(throws: PoiseError.self) { try check.run(theory) }
  }

  /// A planted error of ten per cent in s is seen.
  @Test func plantedError() throws {
    let setting = PosteriorCase.Setting(
      inputs: 30, patterns: 20, widths: [20], variances: [1, 1], temperature: 0.1)
    var theory = try PosteriorCase.theory(setting, seed: 41)
    theory = try PosteriorTheory(
      theory.task,
      PosteriorSetting(
        activation: .named("linear"), priors: LayerPriors(widths: [20], variances: [1, 1.1]),
        temperature: 0.1))
    let honest = try PosteriorCase.theory(setting, seed: 41)
    let sampled = try PosteriorCheck(draws: 6000, seed: 7, jobs: 2).run(honest)
    guard case .one(_, let wrong?) = theory.solution,
      let row = sampled.comparisons.first(where: { $0.quantity == "s" })
    else {
      Issue.record("no mixture")
      return
    }
    #expect(abs(row.measured - wrong.meanScale) > 4.5 * row.standardError)
  }
}

/// The whole grid: POISE_VALIDATE=1.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["POISE_VALIDATE"] != nil))
struct PosteriorSamplingValidation {
  static let sixteen: [PosteriorCase.Setting] = [
    .init(
      inputs: 100, patterns: 40, widths: [50], variances: [1, 1], temperature: 1e-3),
    .init(
      inputs: 100, patterns: 40, widths: [50, 50], variances: [1, 1, 1], temperature: 1e-3),
    .init(
      inputs: 100, patterns: 40, widths: [50, 50, 50], variances: [1, 1, 1, 1],
      temperature: 1e-3),
    .init(
      inputs: 160, patterns: 20, widths: [200, 200], variances: [1, 1, 1], temperature: 1e-3),
    .init(inputs: 200, patterns: 150, widths: [100], variances: [1, 1], temperature: 0.03),
    .init(
      inputs: 200, patterns: 150, widths: [100, 100], variances: [1, 1, 1], temperature: 0.03),
    .init(
      inputs: 100, patterns: 40, widths: [50, 50], variances: [2, 2, 2], temperature: 1e-3),
    .init(
      inputs: 100, patterns: 40, widths: [50, 50], variances: [0.5, 0.5, 0.5],
      temperature: 1e-3),
    .init(
      inputs: 100, patterns: 40, widths: [80, 50, 30], variances: [1, 0.7, 1.3, 1.5],
      temperature: 1e-3),
    .init(inputs: 60, patterns: 40, widths: [30, 30], variances: [1, 1, 1], temperature: 0.3),
    .init(inputs: 40, patterns: 60, widths: [50, 50], variances: [1, 1, 1], temperature: 0.3),
    .init(inputs: 30, patterns: 60, widths: [50, 50], variances: [1, 1, 1], temperature: 0.01),
    .init(inputs: 100, patterns: 80, widths: [50, 50], variances: [1, 1, 1], temperature: 0.01),
    .init(
      inputs: 100, patterns: 80, widths: [20], variances: [1, 1], temperature: 0.01,
      draws: 16_000),
    .init(
      inputs: 60, patterns: 40, widths: [4, 4], variances: [1, 1, 1], temperature: 0.05,
      draws: 30_000),
    .init(
      inputs: 60, patterns: 30, widths: [10, 10, 10], variances: [1, 1, 1, 1],
      temperature: 0.01, draws: 30_000),
  ]

  @Test func sixteenSettings() throws {
    var all: [Double] = []
    for (index, setting) in Self.sixteen.enumerated() {
      let theory = try PosteriorCase.theory(setting, seed: 101 + UInt64(index))
      let z = try PosteriorCase.judge(theory, draws: setting.draws, seed: 11)
      print("\(setting.testDescription): z \(z.map { ($0 * 100).rounded() / 100 })")
      all += z
    }
    let beyond = all.count { abs($0) > 2 }
    print("sixteen settings: \(all.count) comparisons, \(beyond) beyond 2")
    #expect(all.count >= 80)
    #expect(10 * beyond <= all.count)
  }

  /// Two classes of digits, P = 30 and 100 at T = 0.1, widths 30 to 300, depth 1 to 4; P = 30 at T = 0 by
  /// direct draws.
  @Test func digits() throws {
    let pool = try PosteriorPool(
      "digits", preparation: .standardize, classes: [0, 1], tests: 100, seed: 3)
    var all: [Double] = []
    for (patterns, width, depth, temperature) in [
      (30, 30, 1, 0.1), (30, 300, 2, 0.1), (30, 100, 4, 0.1), (100, 30, 2, 0.1),
      (100, 300, 1, 0.1), (100, 100, 3, 0.1), (30, 30, 4, 0), (30, 300, 1, 0), (30, 100, 2, 0),
    ] {
      let theory = try PosteriorTheory(
        pool.task(patterns: patterns),
        PosteriorSetting(
          activation: .named("linear"),
          priors: LayerPriors(depth: depth, width: width, variance: 1), temperature: temperature))
      let z = try PosteriorCase.judge(theory, draws: 4000, seed: 12)
      print("digits P \(patterns), N \(width), L \(depth), T \(temperature): \(z)")
      all += z
    }
    #expect(10 * all.count { abs($0) > 2 } <= all.count)
  }

  /// Three classes: Gibbs against the saddle within max(3 s.e., 3m²L/N).
  @Test func threeOutputs() throws {
    let pool = try PosteriorPool(
      "digits", preparation: .standardize, classes: [0, 1, 2], tests: 100, seed: 4)
    for (patterns, width, depth) in [(30, 100, 1), (60, 200, 2)] {
      let theory = try PosteriorTheory(
        pool.task(patterns: patterns),
        PosteriorSetting(
          activation: .named("linear"),
          priors: LayerPriors(depth: depth, width: width, variance: 1), temperature: 0.3))
      try PosteriorCase.judge(theory, draws: 4000, seed: 13)
    }
  }

  /// The effective action against Hamiltonian samples: the size of the discrepancy is printed.
  @Test func effectiveAction() throws {
    let cases: [(String, [Double], Int, Int, Double)] = [
      ("relu", [1, 1], 30, 40, 0.08), ("erf", [1, 1], 30, 40, 0.08),
      ("relu", [1, 1, 1], 30, 40, 0.15), ("erf", [3, 3, 1], 30, 40, 0.15),
      ("tanh", [1.5, 1], 30, 60, 0.08),
    ]
    for (name, variances, patterns, width, bound) in cases {
      let setting = PosteriorCase.Setting(
        inputs: 30, patterns: patterns,
        widths: [Int](repeating: width, count: variances.count - 1), variances: variances,
        temperature: 0.05)
      let theory = try PosteriorCase.theory(setting, activation: name, seed: 51)
      let sampled = try PosteriorCheck(draws: 2500, seed: 14, jobs: 2).run(theory)
      for row in sampled.comparisons {
        let gap = row.measured / row.theory - 1
        print(
          "\(name) L \(variances.count - 1): \(row.quantity) theory \(row.theory), HMC "
            + "\(row.measured) ± \(row.standardError), off by \(100 * gap) %, ESS "
            + "\(row.effectiveSize)")
        #expect(row.splitRHat < 1.05)
        #expect(abs(gap) < bound + 3 * row.standardError / row.theory)
      }
    }
  }
}
