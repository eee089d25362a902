import PoiseInformation
import PoiseModel
import Testing

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
}
