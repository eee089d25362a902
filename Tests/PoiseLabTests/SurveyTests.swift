import Foundation
import PoiseLab
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import Testing

@Suite struct PhaseSurveyTests {
  @Test(arguments: [
    ("softplus", "softplus has no edge of chaos"),
    ("relu", "relu is homogeneous: critical only at σ_w² = 2.0 without biases"),
    ("linear", "linear is homogeneous: critical only at σ_w² = 1.0 without biases"),
    ("sigmoid", "The edge of chaos of sigmoid begins at q = 45.6243"),
    ("gelu", "lengths below q = 3.5616 repel: half-stable at σ_w² = 1.98306, σ_b² = 0.17292."),
    ("silu", "half-stable at σ_w² = 1.988, σ_b² = 0.55514."),
    ("tanh", "The edge of chaos of tanh starts at σ_w² = 1.0 without biases."),
  ])
  func statements(name: String, wanted: String) throws {
    let map = try PhaseSurvey.map(
      try Activation.named(name), weightVariances: [1.5], biasVariances: [0.05])
    #expect(map.criticalStatement.contains(wanted), "\(map.criticalStatement)")
    #expect(name != "softplus" || map.criticalLine.isEmpty)
    #expect(map.presets.map(\.name) == InitializationPreset.catalogue.map(\.name))
  }

  /// A single cell, in the independent values of `docs` and README: q* = 0.41804, χ₁ = 0.93864.
  @Test func onePoint() throws {
    let map = try PhaseSurvey.map(.tanh, weightVariances: [1.5], biasVariances: [0.05])
    let cell = try #require(map.cells.first)
    #expect(map.cells.count == 1 && cell.phase == "ordered")
    #expect(abs((cell.length ?? 0) - 0.41804) < 1e-5 && abs(cell.chi1 - 0.93864) < 1e-5)
    #expect(cell.correlation == 1 && cell.lengthCase == nil)
  }

  /// The tabulated map of many cells and mean field cell by cell say the same.
  @Test(arguments: [Activation.tanh, .relu, .gelu]) func tablesAgree(activation: Activation) throws
  {
    let weights = (0..<6).map { 0.4 + 0.5 * Double($0) }
    let biases = [0, 0.05, 0.3, 1]
    let map = try PhaseSurvey.map(activation, weightVariances: weights, biasVariances: biases)
    #expect(map.cells.count == 24)
    for cell in map.cells {
      let ensemble = try NetworkEnsemble(
        activation: activation, weights: .gaussian(variance: cell.weightVariance),
        biases: .gaussian(variance: cell.biasVariance))
      let outcome = try MeanField(of: ensemble).outcome()
      #expect(cell.phase == outcome.phase.rawValue, "\(ensemble)")
      #expect(abs(cell.chi1 - outcome.chi1) < 1e-6 * max(1, outcome.chi1), "\(ensemble)")
      #expect((cell.length == nil) == (outcome.point == nil))
      if let point = outcome.point, let length = cell.length {
        #expect(abs(length - point.length) <= 1e-6 * max(point.length, 1e-3), "\(ensemble)")
      }
    }
  }

  @Test func jobsDoNotShow() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let maps = try [1, 2].map { jobs in
      try encoder.encode(
        try PhaseSurvey.map(
          .tanh, weightVariances: (1...20).map { 0.2 * Double($0) }, biasVariances: [0, 0.1, 0.2],
          jobs: jobs))
    }
    #expect(maps[0] == maps[1])
  }

  @Test func branchesSayWhatTheyAre() throws {
    let dropout = try PhaseSurvey.map(
      .erf, weightVariances: [1.21], biasVariances: [0.04], keep: 0.95)
    #expect(dropout.criticalLine.isEmpty && dropout.criticalStatement.contains("dropout"))
    #expect(abs((dropout.cells[0].correlation ?? 0) - 0.5783989175340963) < 1e-9)
    let residual = try PhaseSurvey.map(
      .tanh, weightVariances: [1], biasVariances: [0], residual: 0.9)
    #expect(residual.criticalStatement.contains("residual"))
  }
}

@Suite struct PropagationSurveyTests {
  /// He's ReLU: lengths stay; the gap follows the arc-cosine map.
  @Test func relu() throws {
    let ensemble = try NetworkEnsemble(activation: .relu, weights: .gaussian(variance: 2))
    let result = try PropagationSurvey.profile(
      ensemble, depth: 6, start: .typical(meanSquare: 1.5, correlation: 0.5))
    #expect(result.layers == Array(1...6))
    #expect(result.length.allSatisfy { abs($0 - 3) < 1e-12 })
    var gap = 0.5
    for layer in 0..<6 {
      #expect(abs(result.gap[layer] - gap) < 1e-12)
      #expect(abs(result.overlap[layer] - 3 * (1 - gap)) < 1e-11)
      let c = 1 - gap
      let angle = acos(c)
      gap = 1 - (sin(angle) + (Double.pi - angle) * c) / Double.pi
    }
    #expect(result.logGradient.allSatisfy { abs($0) < 1e-12 })
    #expect(result.fixedPoint.phase == "marginal" && result.data == nil && result.check == nil)
  }

  /// From data every row starts from its own length: for ReLU the mean is exact as well.
  @Test func data() throws {
    let data = try PreparedData("digits", rows: 40, seed: 1)
    let ensemble = try NetworkEnsemble(
      activation: .relu, weights: .orthogonal(variance: 1), biases: .gaussian(variance: 0.2))
    let result = try PropagationSurvey.profile(
      ensemble, depth: 4, start: .data(data.inputs, data.summary))
    var length = data.summary.meanSquare + 0.2
    for layer in 0..<4 {
      #expect(abs(result.length[layer] - length) < 1e-10)
      #expect(result.overlap[layer] < result.length[layer])
      #expect(abs(result.logGradient[layer] - Double(3 - layer) * log(0.5)) < 1e-10)
      length = length / 2 + 0.2
    }
    #expect(result.data == data.summary)
  }

  @Test func refusals() throws {
    let ensemble = try NetworkEnsemble(activation: .abs, weights: .gaussian(variance: 1e6))
    let cases: [(Int, Double, Double, PoiseError.Code)] = [
      (0, 1, 0.5, .outOfRange), (4, -1, 0.5, .outOfRange), (4, 1, 1.5, .outOfRange),
      (4, .nan, 0.5, .outOfRange), (100, 1, 0.5, .noAnswer),
    ]
    for (depth, square, correlation, code) in cases {
      let error = #expect(throws: PoiseError.self) {
        try PropagationSurvey.profile(
          ensemble, depth: depth, start: .typical(meanSquare: square, correlation: correlation))
      }
      #expect(error?.code == code)
    }
  }
}
