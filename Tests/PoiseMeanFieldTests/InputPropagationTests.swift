import Foundation
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import Testing

/// Rows and pairs one by one against the propagation of a whole input matrix.
@Suite struct InputPropagationTests {
  private func ensemble(_ activation: Activation, _ w: Double, _ b: Double) throws
    -> NetworkEnsemble
  {
    try NetworkEnsemble(
      activation: activation, weights: .gaussian(variance: w), biases: .gaussian(variance: b))
  }

  static let inputs = Matrix<Double>(
    rows: 4, columns: 3, elements: [1, 0.2, -0.4, 0.9, 0.5, 0.1, -1.2, 0.3, 0.3, 0, 2, -1])

  @Test(arguments: Activation.catalogue, [0.0, 0.2])
  func everyPair(_ activation: Activation, _ bias: Double) throws {
    let ensemble = try ensemble(activation, 1.3, bias)
    let depth = 3
    let found = try InputPropagation(ensemble, inputs: Self.inputs, depth: depth, jobs: 2)
    let rows = Self.inputs.rows
    var k = [[Double]](repeating: [Double](repeating: 0, count: rows), count: rows)
    for a in 0..<rows {
      for b in 0..<rows {
        let dot = zip(Self.inputs.row(a), Self.inputs.row(b)).reduce(0) { $0 + $1.0 * $1.1 }
        k[a][b] = 1.3 * dot / 3 + bias
      }
    }
    for layer in 0..<depth {
      var overlap = 0.0
      for a in 0..<rows {
        #expect(abs(found.lengths[layer][a] - k[a][a]) < 1e-13 * k[a][a])
        for b in 0..<a { overlap += k[a][b] / 6 }
      }
      #expect(
        abs(found.meanOverlap[layer] - overlap) <= 2e-12 + 1.01 * found.truncationError,
        "layer \(layer): \(found.meanOverlap[layer]) \(overlap), \(found.truncationError)")
      var next = k
      for a in 0..<rows {
        for b in 0..<rows {
          let c = k[a][b] / (k[a][a] * k[b][b]).squareRoot()
          let mean =
            a == b
            ? activation.moments(length: k[a][a]).valueSquared
            : activation.pairMoments(
              GaussianPair(lengthA: k[a][a], lengthB: k[b][b], angle: acos(max(-1, min(1, c))))
            ).value
          next[a][b] = 1.3 * mean + bias
        }
      }
      k = next
    }
    #expect(found.truncationError < 1e-6)
  }

  /// Rows that are equal stay equal; rows of zeros have length σ_b², or none at all.
  @Test(arguments: Activation.catalogue, [0.0, 0.2])
  func degenerateRows(_ activation: Activation, _ bias: Double) throws {
    let inputs = Matrix<Double>(
      rows: 5, columns: 2, elements: [0, 0, 1, 2, 1, 2, 0, 0, -1, -2])
    let found = try InputPropagation(
      ensemble(activation, 1.1, bias), inputs: inputs, depth: 5)
    #expect(found.lengths[0][0] == bias)
    for layer in 0..<5 {
      let q = found.lengths[layer]
      #expect(q.allSatisfy { $0.isFinite && $0 >= 0 })
      #expect(q[0] == q[3] && q[1] == q[2])
      #expect(found.meanOverlap[layer].isFinite && found.logChi1[layer].allSatisfy(\.isFinite))
      // Cauchy-Schwarz: the mean overlap cannot exceed the largest length.
      #expect(abs(found.meanOverlap[layer]) <= q.max()! * (1 + 1e-12))
    }
    #expect(found.truncationError.isFinite)
    let twins = try InputPropagation(
      ensemble(activation, 1.1, bias), inputs: inputs.selecting(rows: [1, 2]), depth: 5)
    for layer in 0..<5 {
      #expect(
        abs(twins.meanOverlap[layer] - twins.meanLength[layer])
          <= 1e-12 * twins.meanLength[layer] + 1.01 * twins.truncationError)
    }
  }

  @Test(arguments: Activation.catalogue)
  func singleRow(_ activation: Activation) throws {
    let ensemble = try ensemble(activation, 1.2, 0.1)
    let found = try InputPropagation(
      ensemble, inputs: Self.inputs.selecting(rows: [3]), depth: 6)
    #expect(found.meanOverlap.isEmpty)
    let first = 1.2 * 5 / 3 + 0.1
    let expected = try MeanField(of: ensemble).lengthMap.iterate(from: first, layers: 5)
    for (mean, q) in zip(found.meanLength, expected) { #expect(abs(mean - q) < 1e-13 * q) }
  }

  @Test func threadsDoNotShow() throws {
    let ensemble = try ensemble(.tanh, 1.7, 0.1)
    let one = try InputPropagation(ensemble, inputs: Self.inputs, depth: 5, jobs: 1)
    let three = try InputPropagation(ensemble, inputs: Self.inputs, depth: 5, jobs: 3)
    #expect(one.lengths == three.lengths && one.meanOverlap == three.meanOverlap)
    #expect(one.logChi1 == three.logChi1)
  }

  @Test func faults() throws {
    let ensemble = try ensemble(.relu, 1e3, 0)
    #expect(throws: PoiseError.self) {
      try InputPropagation(ensemble, inputs: Self.inputs, depth: 400)
    }
    #expect(throws: PoiseError.self) {
      try InputPropagation(ensemble, inputs: Matrix(rows: 0, columns: 3), depth: 2)
    }
    #expect(throws: PoiseError.self) {
      try InputPropagation(ensemble, inputs: Matrix(rows: 2, columns: 0), depth: 2)
    }
    #expect(throws: PoiseError.self) {
      try InputPropagation(ensemble, inputs: Self.inputs, depth: 0)
    }
    var broken = Self.inputs
    broken[1, 1] = .nan
    #expect(throws: PoiseError.self) { try InputPropagation(ensemble, inputs: broken, depth: 2) }
  }
}
