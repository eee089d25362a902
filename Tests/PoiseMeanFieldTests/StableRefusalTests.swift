import PoiseModel
import PoiseNumerics
import Testing

@testable import PoiseMeanField

/// Theories of second moments have no answer for stable laws that have none.
@Suite struct StableRefusalTests {
  static let refused: [(WeightLaw, BiasLaw)] = [
    (.stable(alpha: 1.999, scale: 1), .none),
    (.stable(alpha: 2, scale: 1, fan: .geometric), .none),
    (.gaussian(variance: 1), .stable(alpha: 1.5, scale: 0.1)),
  ]

  @Test(arguments: 0..<3) func everyTheoryRefuses(index: Int) throws {
    let (weights, biases) = Self.refused[index]
    let ensemble = try NetworkEnsemble(activation: .tanh, weights: weights, biases: biases)
    let inputs = Matrix<Double>(rows: 1, columns: 2, elements: [1, 2])
    func refuses(_ body: () throws -> Void) {
      do {
        try body()
        Issue.record("an answer without second moments")
      } catch let error as PoiseError {
        #expect(error.code == .noAnswer)
      } catch {
        Issue.record("\(error)")
      }
    }
    refuses { _ = try MeanField(of: ensemble) }
    refuses { _ = try MeanField(of: ensemble, keep: 0.9) }
    refuses { _ = try JacobianFluctuations(of: ensemble, atLength: 1) }
    refuses { _ = try InputPropagation(ensemble, inputs: inputs, depth: 2) }
    refuses { _ = try NetworkKernel(of: ensemble, depth: 2) }
    refuses { _ = try ensemble.atEdgeOfChaos(varying: .weightVariance) }
    refuses {
      _ = try FiniteWidth(
        of: ensemble, inputs: 2, widths: [8, 8], lengths: [1, 1], overlaps: [0.5, 0.5])
    }
  }

  /// α = 2 with fan-in answers as the Gaussian law does.
  @Test func twoAnswers() throws {
    let stable = try NetworkEnsemble(
      activation: .tanh, weights: .stable(alpha: 2, scale: 1.5),
      biases: .stable(alpha: 2, scale: 0.5))
    let gaussian = try NetworkEnsemble(
      activation: .tanh, weights: .gaussian(variance: 2.25), biases: .gaussian(variance: 0.25))
    #expect(
      try MeanField(of: stable).fixedPoint().length
        == MeanField(of: gaussian).fixedPoint().length)
    #expect(stable.weights.name == "gaussian")
  }

  @Test func badLaws() {
    for (alpha, scale) in [(0.0, 1.0), (2.1, 1), (.nan, 1), (1.5, 0), (1.5, -1), (1.5, .infinity)] {
      #expect(throws: PoiseError.self) {
        try NetworkEnsemble(activation: .tanh, weights: .stable(alpha: alpha, scale: scale))
      }
    }
    #expect(throws: PoiseError.self) {
      try NetworkEnsemble(
        activation: .tanh, weights: .stable(alpha: 1.5, scale: 1),
        biases: .stable(alpha: 1.5, scale: -0.1))
    }
  }
}
