import Poise
import Testing

/// Every named initialisation is what its variances say: networks drawn from it agree with theory.
@Suite struct PresetTests {
  @Test(arguments: InitializationPreset.catalogue.map(\.name), [Activation.tanh, .relu, .selu])
  func agrees(name: String, activation: Activation) throws {
    let preset = try InitializationPreset.named(name)
    let one = CheckCase(
      ensemble: try preset.ensemble(activation: activation, fanIn: 128), depth: 6, width: 128,
      networks: 20, seed: 21)
    let (check, inputs) = try one.check()
    let result = try check.run(inputs: inputs)
    #expect(result.worstZ < result.threshold, "\(name) \(one): \(result.statement)")
  }

  /// The handwritten digits instead of drawn inputs: rows of very different lengths.
  @Test(arguments: weightLaws) func digits(law: WeightLaw) throws {
    let data = try PreparedData("digits", rows: 64, seed: 2)
    let critical = try #require(try Recommendation.recommend(.tanh, depth: 10, weights: law))
    let one = CheckCase(
      ensemble: critical.ensemble, depth: 10, width: 128, networks: 30, seed: 22)
    let (check, inputs) = try one.check(data.inputs)
    let result = try check.run(inputs: inputs)
    #expect(result.verdict == .agrees, "\(one): \(result.statement)")
  }
}
