import Poise
import Testing

@testable import PoiseLab

/// A check that could not notice an error proves nothing: theory of one ensemble against networks
/// whose weight variance is off by two per cent must come out as `differs`.
@Suite struct PlantedErrorTests {
  struct Plan: Sendable, CustomTestStringConvertible {
    var activation: Activation
    var law: WeightLaw
    var testDescription: String { "\(activation) \(law.name)" }
  }

  /// Saturating, homogeneous and unbounded activations, smooth and with kinks.
  static let plans: [Plan] =
    [Activation.tanh, .relu].flatMap { one in weightLaws.map { Plan(activation: one, law: $0) } }
    + [
      Plan(activation: .hardTanh, law: weightLaws[1]), Plan(activation: .gelu, law: weightLaws[0]),
      Plan(activation: .sigmoid, law: weightLaws[2]),
    ]

  @Test(arguments: plans) func twoPerCentShow(plan: Plan) throws {
    // Many narrow networks resolve more for the same work than few wide ones, as long as the
    // allowance for the next order in 1/width stays small; bounded activations scatter less.
    let isBounded = plan.activation.function.slopesAtInfinity == (0, 0)
    let ensemble = try NetworkEnsemble(
      activation: plan.activation, weights: plan.law.with(variance: 1.3),
      biases: .gaussian(variance: 0.1))
    let one = CheckCase(
      ensemble: ensemble, depth: 4, width: 96,
      networks: isBounded && plan.activation != .sigmoid ? 1000 : 3500, seed: 5)
    var (check, inputs) = try one.check(CheckCase.inputs(rows: 12))
    let right = try check.run(inputs: inputs)
    #expect(right.verdict == .agrees, "\(one): \(right.statement)")
    #expect(right.resolution < 0.02, "\(one) resolves \(right.resolution)")
    for factor in [1.02, 1 / 1.02] {
      var planted = ensemble
      planted.weights = ensemble.weights.with(variance: factor * ensemble.weightVariance)
      check.networksFrom = planted
      let wrong = try check.run(inputs: inputs)
      #expect(wrong.verdict == .differs, "\(one) times \(factor): \(wrong.statement)")
    }
  }

  /// Networks without the biases that theory counts on.
  @Test func biasesThatAreMissingShow() throws {
    let ensemble = try NetworkEnsemble(
      activation: .tanh, weights: .gaussian(variance: 1.3), biases: .gaussian(variance: 0.02))
    let one = CheckCase(ensemble: ensemble, depth: 6, width: 128, networks: 200, seed: 6)
    var (check, inputs) = try one.check()
    check.networksFrom = try NetworkEnsemble(
      activation: .tanh, weights: .gaussian(variance: 1.3), biases: .none)
    let wrong = try check.run(inputs: inputs)
    #expect(wrong.verdict == .differs, "\(one): \(wrong.statement)")
  }

  /// Too few networks: the verdict says so instead of agreeing.
  @Test func fewNetworksAreInconclusive() throws {
    let ensemble = try NetworkEnsemble(activation: .relu, weights: .gaussian(variance: 2))
    let one = CheckCase(ensemble: ensemble, depth: 8, width: 32, networks: 4, seed: 7)
    let (check, inputs) = try one.check()
    let result = try check.run(inputs: inputs)
    #expect(result.verdict == .inconclusive, "\(one): \(result.statement)")
    #expect(result.statement.contains("cannot tell"))
  }

  @Test func jobsDoNotShow() throws {
    let ensemble = try NetworkEnsemble(
      activation: .gelu, weights: .orthogonal(variance: 1.5), biases: .gaussian(variance: 0.1))
    let one = CheckCase(ensemble: ensemble, depth: 4, width: 48, networks: 6, seed: 8)
    let results = try [1, 2, 3].map { jobs in
      let (check, inputs) = try one.check(jobs: jobs)
      return try check.run(inputs: inputs)
    }
    #expect(results[0] == results[1] && results[0] == results[2], "\(one)")
  }
}
