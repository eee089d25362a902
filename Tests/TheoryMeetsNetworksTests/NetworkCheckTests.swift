import Poise
import Testing

@testable import PoiseLab

/// Mean field with its correction of order 1/width against networks, for every activation and law.
///
/// The grid keeps to ordered and near-critical points at depth/width ≤ 1/8. Where an activation
/// with a positive mean is deeply ordered in narrow layers (GELU or SiLU below their half-stable
/// point, width 64, depth 20), signals collapse onto one direction and the gradient aligns with it:
/// the first correction is then an estimate whose own allowance covers any difference, and
/// agreement would prove nothing. So every allowance of the grid is bounded as well.
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
        let gradient = try #require(result.series.last)
        let allowance = try #require(gradient.allowance.max())
        #expect(allowance < 0.3, "\(one): the gradient may be off by \(allowance)")
        #expect(result.series.map(\.quantity) == ["length", "overlap", "gradient"])
        #expect(result.series.flatMap(\.z).allSatisfy { $0.isFinite })
      }
    }
  }
}
