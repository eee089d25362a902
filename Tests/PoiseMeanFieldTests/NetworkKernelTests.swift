import Foundation
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import Testing

@Suite("Kernels of infinitely wide networks")
struct NetworkKernelTests {
  static func ensemble(
    _ activation: Activation, _ weights: Double = 1.7, _ biases: Double = 0.1
  ) throws -> NetworkEnsemble {
    try NetworkEnsemble(
      activation: activation, weights: .gaussian(variance: weights),
      biases: .gaussian(variance: biases))
  }

  static func inputs(_ rows: Int, _ columns: Int = 7, item: UInt64 = 0) -> Matrix<Double> {
    var stream = RandomStream(seed: 5, item: item, purpose: .init(kind: 255, index: 1))
    return Matrix(rows: rows, columns: columns) { (buffer) throws(Never) in
      stream.fillNormal(buffer)
    }
  }

  /// The recursion pair by pair, by `pairMoments` alone.
  static func direct(
    _ ensemble: NetworkEnsemble, _ a: [Double], _ b: [Double], depth: Int, width: Double? = nil
  ) -> (nngp: Double, ntk: Double) {
    let (w, s) = (ensemble.weightVariance, ensemble.biasVariance)
    func overlap(_ x: [Double], _ y: [Double]) -> Double {
      zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let scale = w / Double(a.count)
    var (qa, qb) = (scale * overlap(a, a) + s, scale * overlap(b, b) + s)
    var k = scale * overlap(a, b) + s
    let one = s > 0 ? 1.0 : 0
    var t = width == nil ? k : overlap(a, b) + one
    for _ in 0..<depth {
      let root = (qa * qb).squareRoot()
      let pair = ensemble.activation.pairMoments(
        GaussianPair(lengthA: qa, lengthB: qb, gap: root > 0 ? 1 - k / root : 1))
      k = w * pair.value + s
      t = (width.map { $0 * pair.value + one } ?? k) + w * pair.slope * t
      qa = w * ensemble.activation.moments(length: qa).valueSquared + s
      qb = w * ensemble.activation.moments(length: qb).valueSquared + s
    }
    return (k, t)
  }

  @Test("every activation agrees with quadrature pair by pair", arguments: Activation.catalogue)
  func quadrature(_ activation: Activation) throws {
    let ensemble = try Self.ensemble(activation)
    let x = Self.inputs(4)
    let kernel = try NetworkKernel(of: ensemble, depth: 2)
    let both = try kernel.matrices(x, jobs: 2)
    for (a, b) in [(0, 1), (1, 3)] {
      let expected = Self.direct(ensemble, x.row(a), x.row(b), depth: 2)
      let scale = (both.nngp[a, a] * both.nngp[b, b]).squareRoot()
      #expect(abs(both.nngp[a, b] - expected.nngp) < 1e-11 * scale)
      let tangent = (both.ntk[a, a] * both.ntk[b, b]).squareRoot()
      #expect(abs(both.ntk[a, b] - expected.ntk) < 1e-11 * tangent)
    }
    let same = Self.direct(ensemble, x.row(2), x.row(2), depth: 2)
    #expect(abs(both.nngp[2, 2] / same.nngp - 1) < 1e-12)
    #expect(abs(both.ntk[2, 2] / same.ntk - 1) < 1e-12)
  }
}
