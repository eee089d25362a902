import Foundation
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import Testing

/// The tabulated phase plane against the theory of single ensembles.
@Suite struct PhaseDiagramTests {
  private func compare(_ activation: Activation, _ weights: [Double], _ biases: [Double]) throws {
    let cells = try PhaseDiagram(activation).cells(
      weightVariances: weights, biasVariances: biases, correlations: true, jobs: 2)
    #expect(cells.count == weights.count * biases.count)
    for cell in cells {
      let outcome = try MeanField(
        of: NetworkEnsemble(
          activation: activation, weights: .gaussian(variance: cell.weightVariance),
          biases: .gaussian(variance: cell.biasVariance))
      ).outcome()
      let at: Comment = "\(activation) σ_w² = \(cell.weightVariance), σ_b² = \(cell.biasVariance)"
      #expect((cell.length == nil) == (outcome.point == nil), at)
      guard let point = outcome.point, let q = cell.length else {
        #expect(cell.phase == outcome.phase, at)
        #expect(abs(cell.chi1 - outcome.chi1) <= 1e-12, at)
        continue
      }
      // q* is known to the rounding of V, divided by 1 − χ_q.
      let loose = 1 / min(1, abs(1 - point.chiQ))
      #expect(abs(q - point.length) <= (1e-12 + 2e-15 * loose) * point.length, at)
      #expect(abs(cell.chi1 - point.chi1) <= 1e-12 * max(1, point.chi1) + 2e-15 * loose, at)
      #expect(abs(cell.chiQ! - point.chiQ) <= 1e-12 * max(1, point.chiQ) + 2e-15 * loose, at)
      #expect(abs(cell.correlation! - point.correlation) <= 2e-12 + 2e-15 * loose, at)
      let chiC = abs(cell.chiC! - point.chiC)
      #expect(chiC <= 2e-12 * max(1, point.chiC) + 4e-15 * loose, at)
      if abs(point.chi1 - 1) > 1e-11 { #expect(cell.phase == point.phase, at) }
    }
  }

  @Test(arguments: Activation.catalogue)
  func cellsAreMeanField(_ activation: Activation) throws {
    var stream = RandomStream(seed: 5, item: 1, purpose: .init(rawValue: 3))
    let weights = (0..<4).map { _ in exp(3.5 * stream.uniform() - 1) }
    let biases = [0] + (0..<3).map { _ in exp(9 * stream.uniform() - 8) }
    try compare(activation, weights, biases)
  }

  @Test(arguments: [Activation.gelu, .silu, .mish])
  func nearTheHalfStablePoint(_ activation: Activation) throws {
    let half = try #require(try EdgeOfChaos(activation).halfStablePoint())
    try compare(
      activation, [0.99, 0.999, 0.9999, 1.001, 1.01].map { $0 * half.weightVariance },
      [0.5, 0.99, 0.999, 1.01, 1.2].map { $0 * half.biasVariance })
  }

  @Test func refusesVariances() throws {
    let diagram = PhaseDiagram(.tanh)
    for bad in [0, -1, Double.nan, .infinity] {
      #expect(throws: PoiseError.self) {
        try diagram.cells(weightVariances: [bad], biasVariances: [0.1], correlations: false)
      }
    }
    for bad in [-1, Double.nan, .infinity] {
      #expect(throws: PoiseError.self) {
        try diagram.cells(weightVariances: [1], biasVariances: [bad], correlations: false)
      }
    }
    #expect(
      try diagram.cells(weightVariances: [], biasVariances: [1], correlations: true).isEmpty)
  }
}
