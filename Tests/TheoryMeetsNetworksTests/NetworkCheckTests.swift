import Poise
import Testing

@testable import PoiseLab

/// Mean field with its correction of order 1/width against networks, for every activation and law.
///
/// Where the correction is only an estimate the comparison would prove nothing, and these points
/// are left out: networks much deeper than an eighth of their width, and activations with a
/// positive mean that are deeply ordered in narrow layers (GELU or SiLU at σ_w² = 1, width 64,
/// depth 20). There all signals collapse onto one direction, the gradient aligns with it, and the
/// memory of a layer's weights for the signal they carried is no longer small.
@Suite struct NetworkCheckTests {
  static let depth = 8
  static let shapes = [
    (width: 64, networks: 60), (width: 128, networks: 40), (width: 256, networks: 20),
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
