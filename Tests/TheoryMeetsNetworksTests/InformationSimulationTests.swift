import Foundation
import PoiseModel
import PoiseNetworks
import PoiseNumerics
import Testing

@testable import PoiseInformation
@testable import PoiseLab

/// Second moments and information of network channels against finite networks.
@Suite struct InformationSimulationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let activation: Activation
    let weights: WeightLaw
    let bias: Double
    let noise: ChannelNoise

    var testDescription: String { "\(activation) \(weights) \(bias) \(noise)" }

    func channel(weightFactor: Double = 1) throws -> NetworkChannel {
      try NetworkChannel(
        NetworkEnsemble(
          activation: activation, weights: weights.with(variance: weightFactor * weights.variance),
          biases: .gaussian(variance: bias)),
        inputs: .gaussian(), noise: noise)
    }
  }

  static let cases = [
    Case(
      activation: .tanh, weights: .orthogonal(variance: 1.5), bias: 0,
      noise: .everyLayer(variance: 0.3)),
    Case(
      activation: .relu, weights: .gaussian(variance: 2), bias: 0.1,
      noise: .everyLayer(variance: 0.5)),
    Case(
      activation: .gelu, weights: .gaussian(variance: 1.5), bias: 0.1,
      noise: .output(variance: 0.2)),
  ]

  @Test(arguments: cases) func agrees(_ one: Case) throws {
    let check = try InformationCheck(
      one.channel(), depth: 3, width: 64, networks: 60, seed: 5, jobs: 2
    ).run()
    #expect(check.verdict == .agrees, "\(check.statement)")
    #expect(check.series.contains { $0.quantity == "covarianceLogDet" })
  }

  /// Networks of 8 % more weight variance are noticed.
  @Test func noticesPlantedError() throws {
    let one = Self.cases[0]
    var check = try InformationCheck(
      one.channel(), depth: 3, width: 64, networks: 60, seed: 5, jobs: 2)
    check.networksFrom = try one.channel(weightFactor: 1.08)
    #expect(try check.run().verdict == .differs)
  }

  /// Layers that widen and narrow.
  @Test(arguments: [WeightLaw.gaussian(variance: 1.5), .orthogonal(variance: 1.5)])
  func unequalWidths(_ weights: WeightLaw) throws {
    let channel = try NetworkChannel(
      NetworkEnsemble(activation: .tanh, weights: weights), inputs: .gaussian(),
      noise: .everyLayer(variance: 0.3))
    let check = try InformationCheck(
      channel, widths: [64, 128, 64, 32], networks: 60, seed: 5, jobs: 2
    ).run()
    #expect(check.verdict == .agrees, "\(check.statement)")
    #expect(check.series.contains { $0.quantity == "information" })
  }

  /// ½ ln det of W's active columns, Gaussian and orthogonal, wide and tall.
  @Test(arguments: [(160, 100, 120), (160, 100, 70), (100, 60, 150), (100, 100, 40)])
  func volumes(inputs: Int, active: Int, outputs: Int) throws {
    for weights in [WeightLaw.gaussian(variance: 1.7), .orthogonal(variance: 1.7)] {
      let ensemble = try NetworkEnsemble(activation: .linear, weights: weights)
      let shape = try Architecture(inputs: inputs, widths: [outputs])
      let volume = MatrixVolume(
        inputs: Double(inputs), active: Double(active), outputs: Double(outputs), variance: 1.7,
        isOrthogonal: weights.name == "orthogonal")
      #expect(volume.dimensions == Double(min(active, outputs)))
      let measured = try (0..<40).map { index in
        let w = FiniteNetwork<Double>(
          sampling: ensemble, architecture: shape, seed: 3, index: UInt64(index)
        ).layers[0].weights.transposed.selecting(rows: Array(0..<active))
        let factor = try (active <= outputs ? w.gram : w.transposed.gram).choleskyFactor()
        return (0..<factor.rows).reduce(0) { $0 + log(factor[$1, $1]) } / volume.dimensions
      }
      let moments = RunningMoments(measured)
      // Corrections are of order 1/n.
      #expect(
        abs(moments.mean - volume.logFactor) < 5 * moments.standardError! + 1 / Double(inputs),
        "\(weights): \(moments.mean) ± \(moments.standardError!), \(volume.logFactor)")
    }
  }

  static let planes = [
    (
      Activation.tanh, WeightLaw.gaussian(variance: 1.5), 0.1, BottleneckSurvey.Noise.everyLayer,
      16
    ),
    (.linear, .gaussian(variance: 1), 0, .everyLayer, 40),
  ]

  /// Networks lie in the information plane where theory puts them.
  @Test(arguments: planes)
  func plane(
    _ activation: Activation, _ weights: WeightLaw, _ bias: Double,
    _ noise: BottleneckSurvey.Noise, _ targets: Int
  ) throws {
    let ensemble = try NetworkEnsemble(
      activation: activation, weights: weights, biases: .gaussian(variance: bias))
    var survey = try BottleneckSurvey(
      ensemble, depth: 3, width: 32, noise: noise, noiseVariance: 0.1, networks: 24, seed: 11,
      jobs: 2)
    let check = try survey.check(targets: targets > 0 ? targets : nil, targetNoise: 0.5)
    #expect(check.verdict == .agrees, "\(check.statement)")
    survey.networksFrom = try NetworkEnsemble(
      activation: activation, weights: weights.with(variance: 1.4 * weights.variance),
      biases: .gaussian(variance: bias))
    let planted = try survey.check(targets: targets > 0 ? targets : nil, targetNoise: 0.5)
    #expect(planted.verdict == .differs, "\(planted.statement)")
  }
}
