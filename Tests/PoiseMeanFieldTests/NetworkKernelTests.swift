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
        GaussianPair(
          lengthA: qa, lengthB: qb, gap: a == b ? 0 : root > 0 ? 1 - k / root : 1))
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

  /// x11, x22, x12 with N₀ = 2.
  static func plane(_ x11: Double, _ x22: Double, _ x12: Double) -> Matrix<Double> {
    let first = (2 * x11).squareRoot()
    let along = 2 * x12 / first
    return Matrix(
      rows: 2, columns: 2,
      elements: [first, 0, along, (2 * x22 - along * along).squareRoot()])
  }

  @Test("neural-tangents' conventions: values of 50-digit arithmetic that it agrees with")
  func conventions() throws {
    let cases: [(Activation, Double, Double, Int, Matrix<Double>, Double, Double)] = [
      (
        .relu, 1.4, 0.1, 3, Self.plane(1, 0.8, 0.3), 1.168248831196406474, 2.475238375798443647
      ),
      (
        .erf, 1.5, 0.2, 4, Self.plane(1, 0.7, -0.2), -0.01014069367764904302,
        -0.3968329551092837049
      ),
      (.gelu, 1.6, 0.1, 2, Self.plane(1.1, 0.9, 0.5), 2.317597368367885560, 5.005687680020689918),
      (
        .tanh, 1.3, 0.2, 3, Self.plane(1, 1, 0.4), 0.2592240159208333090, 0.8542571250227646537
      ),
    ]
    for (activation, w, b, depth, x, nngp, ntk) in cases {
      let ensemble = try Self.ensemble(activation, w * w, b * b)
      let both = try NetworkKernel(of: ensemble, depth: depth).matrices(x)
      #expect(abs(both.nngp[0, 1] / nngp - 1) < 1e-10)
      #expect(abs(both.ntk[0, 1] / ntk - 1) < 1e-10)
    }
  }

  @Test("the standard parametrisation counts widths and biases", arguments: [0.0, 0.3])
  func standard(_ biases: Double) throws {
    let ensemble = try Self.ensemble(.relu, 2.1, biases)
    let x = Self.inputs(3)
    let both = try NetworkKernel(
      of: ensemble, depth: 3, parametrization: .standard(width: 64)
    ).matrices(x)
    let expected = Self.direct(ensemble, x.row(0), x.row(2), depth: 3, width: 64)
    #expect(abs(both.ntk[0, 2] / expected.ntk - 1) < 1e-11)
    let same = Self.direct(ensemble, x.row(1), x.row(1), depth: 3, width: 64)
    #expect(abs(both.ntk[1, 1] / same.ntk - 1) < 1e-11)
  }

  @Test(
    "symmetric and cross agree, and any number of jobs gives the same bits",
    arguments: [Activation.relu, .erf, .tanh, .selu])
  func jobs(_ activation: Activation) throws {
    let x = Self.inputs(300)
    let kernel = try NetworkKernel(of: Self.ensemble(activation), depth: 3)
    let one = try kernel.matrices(x, jobs: 1)
    let two = try kernel.matrices(x, jobs: 2)
    #expect(one == two)
    let cross = try kernel.matrices(x, x, jobs: 2)
    let largest = one.ntk.elements.max()!
    for (a, b) in zip(one.ntk.elements, cross.ntk.elements) {
      #expect(abs(a - b) < 1e-11 * largest)
    }
    for a in 0..<300 { for b in 0..<a { #expect(one.nngp[a, b] == one.nngp[b, a]) } }
  }

  @Test("zero and repeated inputs, and one sample", arguments: Activation.catalogue)
  func degenerate(_ activation: Activation) throws {
    for biases in [0.0, 0.1] {
      let ensemble = try Self.ensemble(activation, 1.5, biases)
      var x = Self.inputs(4)
      for column in 0..<7 {
        x[1, column] = 0
        x[3, column] = x[0, column]
      }
      let both = try NetworkKernel(of: ensemble, depth: 3).matrices(x)
      for matrix in [both.nngp, both.ntk] {
        #expect(matrix.elements.allSatisfy { $0.isFinite })
        #expect(abs(matrix[0, 3] - matrix[0, 0]) <= 1e-11 * matrix[0, 0])
        #expect(abs(matrix[1, 3] - matrix[1, 0]) <= 1e-11 * matrix[0, 0])
      }
    }
    let one = try NetworkKernel(of: Self.ensemble(activation), depth: 2).matrices(Self.inputs(1))
    #expect(one.nngp.rows == 1 && one.ntk[0, 0] > 0)
  }

  @Test("close inputs keep their digits: relu at a gap of 1e-20")
  func close() throws {
    var x = Matrix(rows: 2, columns: 2, elements: [1.0, 0, 1, 1e-10])
    let kernel = try NetworkKernel(of: Self.ensemble(.relu, 2, 0), depth: 1)
    let both = try kernel.matrices(x)
    // θ = 1e-10: T = K + 2 (1/2 − θ/2π) K¹, K¹ = 2·x·x′/2 = 1.
    #expect(abs(both.ntk[0, 1] - (1 + (1 - 1e-10 / .pi))) < 4e-16)
    x[1, 1] = 0
    let same = try kernel.matrices(x)
    #expect(same.ntk[0, 1] == 2)
  }

  @Test("bad input is refused")
  func refusals() throws {
    let kernel = try NetworkKernel(of: Self.ensemble(.relu), depth: 2)
    #expect { try kernel.matrices(Self.inputs(2, 3), Self.inputs(2, 4)) } throws: {
      ($0 as? PoiseError)?.code == .shapeMismatch
    }
    #expect(throws: PoiseError.self) { try kernel.matrices(Matrix(rows: 0, columns: 3)) }
    var bad = Self.inputs(2)
    bad[0, 0] = .nan
    #expect(throws: PoiseError.self) { try kernel.matrices(bad) }
    #expect(throws: PoiseError.self) { try NetworkKernel(of: Self.ensemble(.relu), depth: 0) }
  }

  @Test("regression interpolates, reports its jitter, refuses an indefinite kernel")
  func regression() throws {
    let x = Self.inputs(40)
    let kernel = try NetworkKernel(of: Self.ensemble(.relu, 2, 0.1), depth: 2)
    let own = try kernel.matrices(x).nngp
    let targets = Self.inputs(40, 3, item: 1)
    let exact = try KernelRegression(kernel: own, targets: targets)
    #expect(exact.jitter == 0)
    let answer = try exact.predict(cross: own, diagonal: (0..<40).map { own[$0, $0] })
    for (a, b) in zip(answer.mean.elements, targets.elements) { #expect(abs(a - b) < 1e-8) }
    #expect(answer.variance!.allSatisfy { $0 < 1e-8 })
    let singular = Matrix<Double>(rows: 3, columns: 3, repeating: 1)
    let raised = try KernelRegression(
      kernel: singular, targets: Matrix(rows: 3, columns: 1, repeating: 2))
    #expect(raised.jitter > 0 && raised.jitter < 1e-12)
    #expect { () throws in
      _ = try KernelRegression(
        kernel: Matrix(rows: 2, columns: 2, elements: [1, 2, 2, 1]),
        targets: Matrix(rows: 2, columns: 1))
    } throws: {
      ($0 as? PoiseError)?.code == .noAnswer
    }
  }
}
