import Foundation
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import Testing

/// Fluctuations of ln |J u|² against the measured table of the theory and against sum rules.
@Suite struct JacobianFluctuationTests {
  private func logVariance(
    _ activation: Activation, _ weights: WeightLaw, bias: Double, length: Double, depth: Int,
    width: Int
  ) throws -> Double {
    let ensemble = try NetworkEnsemble(
      activation: activation, weights: weights, biases: .gaussian(variance: bias))
    let layer = try JacobianFluctuations(of: ensemble, atLength: length)
    return JacobianFluctuations.logVariance(
      [(layer: JacobianFluctuations, width: Int)](repeating: (layer, width), count: depth))
  }

  @Test func predictions() throws {
    let ten = { (activation: Activation, weight: Double, bias: Double, q: Double) throws in
      try self.logVariance(
        activation, .gaussian(variance: weight), bias: bias, length: q, depth: 10, width: 100)
    }
    #expect(abs(try ten(.linear, 1, 0, 1) - 0.2) < 1e-12)
    #expect(abs(try ten(.relu, 2, 0, 0.7) - 0.5) < 1e-12)
    let tanh = try #require(EdgeOfChaos(.tanh).point(atLength: 0.5))
    #expect(abs(try ten(.tanh, tanh.weightVariance, tanh.biasVariance, 0.5) - 0.365) < 6e-4)
    let chaotic = try MeanField(
      of: NetworkEnsemble(
        activation: .tanh, weights: .gaussian(variance: 2.89), biases: .gaussian(variance: 0.09))
    ).fixedPoint()
    #expect(abs(try ten(.tanh, 2.89, 0.09, chaotic.length) - 0.516) < 6e-4)
    let half = try #require(try EdgeOfChaos(.gelu).halfStablePoint())
    #expect(
      abs(try ten(.gelu, half.weightVariance, half.biasVariance, half.length!) - 0.565) < 6e-4)
  }

  @Test(arguments: [0.1, 1, 30])
  func orthogonalSumRules(_ q: Double) throws {
    let linear = try logVariance(
      .linear, .orthogonal(variance: 0.7), bias: 0, length: q, depth: 6, width: 50)
    #expect(abs(linear) < 1e-13)
    let relu = try logVariance(
      .relu, .orthogonal(variance: 2), bias: 0, length: q, depth: 10, width: 64)
    #expect(abs(relu - 30.0 / 64) < 1e-12)
  }

  /// κ by differences of ln μ₁, the noise from direct averages.
  @Test(arguments: Activation.catalogue)
  func ingredients(_ activation: Activation) throws {
    let ensemble = try NetworkEnsemble(activation: activation, weights: .gaussian(variance: 1.3))
    for q in [0.2, 2] {
      let layer = try JacobianFluctuations(of: ensemble, atLength: q)
      let step = 1e-3 * q
      let difference =
        (log(activation.moments(length: q + step).slopeSquared)
          - log(activation.moments(length: q - step).slopeSquared)) / (2 * step)
      #expect(abs(layer.kappa - difference) < 1e-5 * max(1, abs(difference)))
      let m = activation.moments(length: q)
      let spread = m.slopeFourth / (m.slopeSquared * m.slopeSquared) - 1
      #expect(abs(layer.slopeSpread - spread) < 1e-12 * max(1, spread))
      #expect(abs(layer.spreadPerLayer - spread - 1) < 1e-12 * max(1, spread))
      #expect(layer.noise.length >= 0 && layer.noise.gradient >= 2 - 1e-12)
      // The noise is a covariance matrix.
      let (a, b, c) = layer.noise
      #expect(a * c >= b * b - 1e-10 * a * c)
      let orthogonal = try JacobianFluctuations(
        of: try NetworkEnsemble(activation: activation, weights: .orthogonal(variance: 1.3)),
        atLength: q
      ).noise
      #expect(orthogonal.gradient >= -1e-12 && orthogonal.length >= -1e-12)
      #expect(orthogonal.gradient <= a && orthogonal.length <= c + 1e-12)
    }
    let zero = try JacobianFluctuations(of: ensemble, atLength: 0)
    #expect(zero.kappa.isFinite && zero.noise.gradient.isFinite && zero.noise.length.isFinite)
  }
}

/// The 1/N shifts against small networks, simulated here in plain loops.
@Suite struct FiniteWidthTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let activation: Activation
    let weights: WeightLaw
    let bias: Double
    let inputs: Int
    let widths: [Int]
    let samples: Int
    /// Whether the simulation must see the shift: eight of its standard errors.
    var visible = false
    var testDescription: String { "\(activation) \(weights) \(bias) \(inputs) \(widths)" }
  }

  static let cases = [
    Case(
      activation: .tanh, weights: .gaussian(variance: 1.6), bias: 0, inputs: 30,
      widths: [20, 20, 20, 20, 20], samples: 40_000, visible: true),
    Case(
      activation: .relu, weights: .gaussian(variance: 2), bias: 0, inputs: 20,
      widths: [40, 30, 30, 30], samples: 10_000),
    Case(
      activation: .relu, weights: .uniform(variance: 2), bias: 0.1, inputs: 24,
      widths: [24, 24, 24, 24], samples: 20_000),
    Case(
      activation: .tanh, weights: .uniform(variance: 1.8), bias: 0, inputs: 20,
      widths: [20, 20, 20, 20], samples: 40_000, visible: true),
    Case(
      activation: .tanh, weights: .orthogonal(variance: 2.2), bias: 0.05, inputs: 24,
      widths: [24, 24, 24, 24], samples: 10_000, visible: true),
    Case(
      activation: .relu, weights: .orthogonal(variance: 2), bias: 0, inputs: 16,
      widths: [32, 24, 32, 32], samples: 8_000),
    Case(
      activation: .linear, weights: .gaussian(variance: 1), bias: 0.1, inputs: 24,
      widths: [24, 24, 24], samples: 8_000),
    Case(
      activation: .gelu, weights: .gaussian(variance: 1.9), bias: 0.1, inputs: 32,
      widths: [32, 32, 32, 32], samples: 10_000),
  ]

  /// h_a, h_b of one network, layer by layer.
  private static func sample(
    _ test: Case, _ data: [[Double]], _ stream: inout RandomStream,
    _ visit: (Int, [Double], [Double]) -> Void
  ) {
    var (x, y) = (data[0], data[1])
    for (layer, width) in test.widths.enumerated() {
      let fanIn = x.count
      let w = matrix(test.weights, width, fanIn, &stream)
      var (h, g) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
      for i in 0..<width {
        let b = test.bias.squareRoot() * stream.normal()
        (h[i], g[i]) = (b, b)
        for j in 0..<fanIn {
          h[i] += w[i * fanIn + j] * x[j]
          g[i] += w[i * fanIn + j] * y[j]
        }
      }
      visit(layer, h, g)
      x = h.map(test.activation.function.value)
      y = g.map(test.activation.function.value)
    }
  }

  private static func matrix(
    _ law: WeightLaw, _ rows: Int, _ columns: Int, _ stream: inout RandomStream
  ) -> [Double] {
    let count = rows * columns
    switch law {
    case .gaussian(let variance):
      let s = (variance / Double(columns)).squareRoot()
      return (0..<count).map { _ in s * stream.normal() }
    case .stable: preconditionFailure("laws of this test have a variance")
    case .uniform(let variance):
      let s = (3 * variance / Double(columns)).squareRoot()
      return (0..<count).map { _ in s * (2 * stream.uniform() - 1) }
    case .orthogonal(let variance):
      // Gram-Schmidt of Gaussian vectors, the shorter side orthonormal.
      let (least, most) = (min(rows, columns), max(rows, columns))
      var vectors: [[Double]] = []
      for _ in 0..<least {
        var v = (0..<most).map { _ in stream.normal() }
        for _ in 0..<2 {
          for u in vectors {
            var dot = 0.0
            for i in 0..<most { dot += u[i] * v[i] }
            for i in 0..<most { v[i] -= dot * u[i] }
          }
        }
        let norm = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
        vectors.append(v.map { $0 / norm })
      }
      let s = (variance * max(1, Double(rows) / Double(columns))).squareRoot()
      return (0..<count).map { index in
        let (i, j) = (index / columns, index % columns)
        return s * (rows <= columns ? vectors[i][j] : vectors[j][i])
      }
    }
  }

  @Test(arguments: cases)
  func shifts(_ test: Case) throws {
    let ensemble = try NetworkEnsemble(
      activation: test.activation, weights: test.weights, biases: .gaussian(variance: test.bias))
    // Two fixed inputs of equal length and correlation about 1/2, Gaussian-like entries.
    var stream = RandomStream(seed: 77, item: 0, purpose: .init(rawValue: 1))
    let first = (0..<test.inputs).map { _ in stream.normal() }
    let second = zip(first, (0..<test.inputs).map { _ in stream.normal() }).map {
      0.5 * $0 + 0.9 * $1
    }
    let normalised = { (x: [Double]) -> [Double] in
      let square = x.reduce(0) { $0 + $1 * $1 }
      return x.map { $0 * (Double(x.count) / square).squareRoot() }
    }
    let (a, b) = (normalised(first), normalised(second))
    let inputs = Matrix<Double>(rows: 2, columns: test.inputs, elements: a + b)
    let theory = try InputPropagation(ensemble, inputs: inputs, depth: test.widths.count)
    let correction = try FiniteWidth(
      of: ensemble, inputs: test.inputs, widths: test.widths, lengths: theory.meanLength,
      overlaps: theory.meanOverlap)
    let depth = test.widths.count
    let blocks = try parallelMap(count: 20, jobs: 2) {
      (block: Int) throws(PoiseError) -> [RunningMoments] in
      var sums = [RunningMoments](repeating: RunningMoments(), count: 2 * depth)
      for item in 0..<test.samples / 20 {
        var stream = RandomStream(
          seed: 3, item: UInt64(block * 100_000 + item), purpose: .init(rawValue: 2))
        Self.sample(test, [a, b], &stream) { layer, h, g in
          var (q, k) = (0.0, 0.0)
          for i in h.indices {
            q += (h[i] * h[i] + g[i] * g[i]) / 2
            k += h[i] * g[i]
          }
          sums[layer].add(q / Double(h.count))
          sums[depth + layer].add(k / Double(h.count))
        }
      }
      return sums
    }
    var largest = 0.0
    for layer in 0..<depth {
      for (slot, expected, shift) in [
        (layer, theory.meanLength[layer], correction.lengthShift[layer]),
        (depth + layer, theory.meanOverlap[layer], correction.overlapShift[layer]),
      ] {
        var moments = RunningMoments()
        for block in blocks { moments.merge(block[slot]) }
        let error = try #require(moments.standardError)
        let rest = moments.mean - expected - shift
        // Next order in depth/width: about a fifth of the shift here.
        let allowed = 5.2 * error + 0.25 * abs(shift) + 1e-14
        #expect(
          abs(rest) < allowed,
          "layer \(layer + 1), \(slot): \(moments.mean - expected) ± \(error), not \(shift)")
        largest = max(largest, abs(shift) / error)
      }
    }
    if test.visible { #expect(largest > 8, "\(largest)") }
    if test.activation.name == "linear" {
      #expect(correction.lengthShift.allSatisfy { abs($0) < 1e-6 })
    }
  }

  @Test(arguments: Activation.catalogue)
  func vanishingSignals(_ activation: Activation) throws {
    let ensemble = try NetworkEnsemble(activation: activation, weights: .gaussian(variance: 0.5))
    for (q, k) in [(0.0, 0.0), (1e-280, 1e-281), (1, 1), (1, -1), (1e-9, 0)] {
      let correction = try FiniteWidth(
        of: ensemble, inputs: 10, widths: [20, 20, 20], lengths: [q, q, q], overlaps: [k, k, k])
      #expect(correction.lengthShift.allSatisfy { $0.isFinite }, "\(q) \(k)")
      #expect(correction.overlapShift.allSatisfy { $0.isFinite }, "\(q) \(k)")
      #expect(correction.lengthVariance.allSatisfy { $0.isFinite }, "\(q) \(k)")
    }
  }
}
