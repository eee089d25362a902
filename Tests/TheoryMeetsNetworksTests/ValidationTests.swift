import Foundation
import Poise
import Testing

/// The full grid of theory against networks: a quarter of an hour. `make validate` sets
/// POISE_VALIDATE.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["POISE_VALIDATE"] == "1", "set POISE_VALIDATE=1"),
  .serialized)
struct CheckGridValidation {
  /// Depth over width at most 1/8: beyond, the first correction is an estimate, not an expansion.
  static let shapes: [(depth: Int, width: Int)] = [4, 8, 16, 32].flatMap { depth in
    [64, 128, 256].filter { $0 >= 8 * depth }.map { (depth: depth, width: $0) }
  }
  static let variances: [(weight: Double, bias: Double)] = [(1, 0.02), (1.5, 0.1), (2.5, 0.2)]

  @Test(arguments: Activation.catalogue, weightLaws)
  func grid(activation: Activation, law: WeightLaw) throws {
    for shape in Self.shapes {
      var all = try ensembles(activation, law, depth: shape.depth)
      for (weight, bias) in Self.variances {
        all.append(
          try NetworkEnsemble(
            activation: activation, weights: law.with(variance: weight),
            biases: .gaussian(variance: bias)))
      }
      for ensemble in all where try isExpandable(ensemble, shape) {
        var batches = [try CheckCase.inputs()]
        if shape.width == 256 {
          batches.append(try PreparedData("digits", rows: 64, seed: 1).inputs)
        }
        for inputs in batches {
          let one = CheckCase(
            ensemble: ensemble, depth: shape.depth, width: shape.width,
            networks: 6400 / shape.width, seed: 61)
          let (check, inputs) = try one.check(inputs, jobs: availableJobs)
          let result = try check.run(inputs: inputs)
          #expect(result.worstZ < result.threshold, "\(one): \(result.statement)")
        }
      }
    }
  }

  /// Whether the first correction can be trusted: Var ln|Ju|² small, and a signal that neither
  /// dies out nor leaves the range of numbers.
  private func isExpandable(
    _ ensemble: NetworkEnsemble, _ shape: (depth: Int, width: Int)
  ) throws -> Bool {
    let first = ensemble.weightVariance + ensemble.biasVariance
    let lengths = try MeanField(of: ensemble).lengthMap.iterate(
      from: first, layers: shape.depth - 1)
    guard lengths.allSatisfy({ $0 > 1e-6 && $0 < 1e12 }) else { return false }
    let layers = try lengths.map {
      (layer: try JacobianFluctuations(of: ensemble, atLength: $0), width: shape.width)
    }
    return JacobianFluctuations.logVariance(layers) < 0.5
  }
}
