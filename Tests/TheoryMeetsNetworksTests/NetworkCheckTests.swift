import Poise
import Testing

@testable import PoiseLab

/// Mean field with its correction of order 1/width against networks, for every activation and law.
@Suite struct NetworkCheckTests {
  static let depth = 8
  static let shapes = [
    (width: 64, networks: 40), (width: 128, networks: 25), (width: 256, networks: 12),
  ]

  @Test(arguments: Activation.catalogue, weightLaws)
  func agrees(activation: Activation, law: WeightLaw) throws {
    for ensemble in try ensembles(activation, law, depth: Self.depth) {
      for shape in Self.shapes {
        let one = CheckCase(
          ensemble: ensemble, depth: Self.depth, width: shape.width, networks: shape.networks,
          seed: 11)
        let (check, inputs) = try one.check()
        let result = try check.run(inputs: inputs)
        #expect(result.worstZ < result.threshold, "\(one): \(result.statement)")
        #expect(result.series.map(\.quantity) == ["length", "overlap", "gradient"])
        #expect(result.series.flatMap(\.z).allSatisfy { $0.isFinite })
      }
    }
  }
}
