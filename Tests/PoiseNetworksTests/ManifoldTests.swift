import Foundation
import PoiseModel
import PoiseNetworks
import PoiseNumerics
import Testing

@Suite struct ManifoldTests {
  static func network(_ activation: Activation, depth: Int) throws -> FiniteNetwork<Double> {
    let ensemble = try NetworkEnsemble(
      activation: activation, weights: .gaussian(variance: 2), biases: .gaussian(variance: 0.1))
    return FiniteNetwork(
      sampling: ensemble, architecture: try Architecture(inputs: 5, depth: depth, width: 30),
      seed: 4, index: 1)
  }

  /// A linear network maps a circle to an ellipse: the length of its image by another rule, and the
  /// total curvature 2π of any convex plane curve.
  @Test func ellipse() throws {
    let network = try Self.network(.linear, depth: 3)
    let images = try CircularManifold(points: 2000, radius: 2).images(in: network)
    #expect(images.count == 3 && images[2].layer == 3)
    for image in images {
      let h = image.preactivations
      var length = 0.0
      for point in 0..<h.rows {
        let next = (point + 1) % h.rows
        var square = 0.0
        for unit in 0..<h.columns {
          let d = h[next, unit] - h[point, unit]
          square += d * d
        }
        length += square.squareRoot()
      }
      // Chords are shorter by a relative (2π/2000)²/24.
      #expect(abs(image.length / length - 1) < 1e-5)
      #expect(abs(image.totalCurvature - 2 * .pi) < 1e-8)
      #expect(try PrincipalComponents(of: h).effectiveDimension <= 2 + 1e-9)
    }
  }

  /// Curvature by finite differences of the image itself.
  @Test(arguments: [Activation.tanh, .erf, .softplus])
  func curvature(_ activation: Activation) throws {
    let network = try Self.network(activation, depth: 2)
    let count = 4000
    let image = try CircularManifold(points: count).images(in: network)[1]
    let h = image.preactivations
    let step = 2 * Double.pi / Double(count)
    var (mean, length) = (0.0, 0.0)
    for point in 0..<count {
      let (before, after) = ((point + count - 1) % count, (point + 1) % count)
      var (speed, bend, mixed) = (0.0, 0.0, 0.0)
      for unit in 0..<h.columns {
        let v = (h[after, unit] - h[before, unit]) / (2 * step)
        let a = (h[after, unit] - 2 * h[point, unit] + h[before, unit]) / (step * step)
        speed += v * v
        bend += a * a
        mixed += v * a
      }
      length += speed.squareRoot() * step
      mean += ((speed * bend - mixed * mixed) / (speed * speed * speed)).squareRoot()
    }
    #expect(abs(image.length / length - 1) < 1e-5)
    #expect(abs(image.meanCurvature / (mean / Double(count)) - 1) < 1e-4)
  }

  /// A rotation keeps neighbours at equal distances.
  @Test func uniform() throws {
    let ensemble = try NetworkEnsemble(
      activation: .linear, weights: .orthogonal(variance: 1))
    let network = FiniteNetwork<Double>(
      sampling: ensemble, architecture: try Architecture(inputs: 20, depth: 2, width: 20),
      seed: 1, index: 1)
    let images = try CircularManifold(points: 100).images(in: network)
    #expect(images[1].variation < 1e-10)
    #expect(abs(images[1].meanCurvature - 1) < 1e-10)
    #expect(throws: PoiseError.self) { try CircularManifold(points: 3) }
  }

  /// Drawn layer by layer, the images are those of the whole network.
  @Test func layerByLayer() throws {
    let ensemble = try NetworkEnsemble(
      activation: .tanh, weights: .stable(alpha: 1.4, scale: 1.2),
      biases: .stable(alpha: 1.4, scale: 0.1))
    let shape = try Architecture(inputs: 12, depth: 4, width: 20)
    let circle = try CircularManifold(points: 40, radius: 3)
    let whole = try circle.images(
      in: FiniteNetwork<Double>(sampling: ensemble, architecture: shape, seed: 6, index: 2))
    var layers: [CircularManifold.Image] = []
    try circle.forEachImage(
      in: NetworkSample(of: ensemble, architecture: shape, seed: 6, index: 2)
    ) { layers.append($0) }
    #expect(layers.map(\.layer) == [1, 2, 3, 4])
    for (one, other) in zip(whole, layers) {
      #expect(one.preactivations == other.preactivations && one.length == other.length)
      for isCentred in [true, false] {
        let components = try PrincipalComponents(of: one.preactivations, centred: isCentred)
        let dimension = PrincipalComponents.effectiveDimension(
          of: one.preactivations, centred: isCentred)
        #expect(abs(dimension / components.effectiveDimension - 1) < 1e-10)
      }
    }
    let same = Matrix<Double>(rows: 5, columns: 3, repeating: 2)
    #expect(PrincipalComponents.effectiveDimension(of: same) == 0)
    // Entries whose squares' squares would vanish.
    let tiny = Matrix<Double>(rows: 2, columns: 2, elements: [1e-120, 0, 0, 1e-120])
    #expect(abs(PrincipalComponents.effectiveDimension(of: tiny, centred: false) - 2) < 1e-12)
  }

  @Test func principalComponents() throws {
    var stream = RandomStream(seed: 2, item: 1, purpose: .init(rawValue: 9))
    var points = Matrix<Double>(rows: 4000, columns: 3)
    let scales = [3.0, 2, 0.5]
    for row in 0..<points.rows {
      for unit in 0..<3 { points[row, unit] = 5 + scales[unit] * stream.normal() }
    }
    let centred = try PrincipalComponents(of: points)
    for (variance, scale) in zip(centred.variances, scales) {
      #expect(abs(variance / (scale * scale) - 1) < 0.1)
    }
    let squares = scales.map { $0 * $0 }
    let expected = pow(squares.reduce(0, +), 2) / squares.map { $0 * $0 }.reduce(0, +)
    #expect(abs(centred.effectiveDimension / expected - 1) < 0.05)
    // The mean dominates the second moments.
    #expect(try PrincipalComponents(of: points, centred: false).effectiveDimension < 1.4)
    let projected = centred.projected(points, onto: 2)
    #expect(projected.columns == 2)
    let again = try PrincipalComponents(of: projected)
    #expect(abs(again.variances[0] / centred.variances[0] - 1) < 1e-10)
    let same = Matrix<Double>(rows: 5, columns: 3, repeating: 1)
    #expect(try PrincipalComponents(of: same).effectiveDimension == 0)
  }

  @Test func multifractal() throws {
    let even = [Double](repeating: 0.3, count: 50)
    var single = [Double](repeating: 0, count: 50)
    single[7] = -2
    for order in [0.5, 1, 2, 3.5] {
      #expect(abs(MultifractalDimension.of(even, order: order) - 1) < 1e-12)
      #expect(abs(MultifractalDimension.of(single, order: order)) < 1e-12)
    }
    // Support: D₀ counts entries.
    #expect(abs(MultifractalDimension.of([1, 2, 3, 0], order: 0) - log(3.0) / log(4.0)) < 1e-12)
    // D₂ of an extended vector: 1 − ln 3/ln N.
    let extended = MultifractalDimension.extended(order: 2, count: 700)
    #expect(abs(extended - (1 - log(3.0) / log(700.0))) < 1e-12)
    var stream = RandomStream(seed: 3, item: 1, purpose: .init(rawValue: 9))
    for order in [1, 2, 3] as [Double] {
      var mean = 0.0
      for _ in 0..<100 {
        mean += MultifractalDimension.of((0..<700).map { _ in stream.normal() }, order: order) / 100
      }
      let expected = MultifractalDimension.extended(order: order, count: 700)
      #expect(abs(mean - expected) < 0.01)
    }
  }

  @Test func vectors() throws {
    var stream = RandomStream(seed: 5, item: 1, purpose: .init(rawValue: 9))
    let random = Matrix(
      rows: 60, columns: 60, elements: (0..<3600).map { _ in stream.normal() })
    let singular = try SingularVectorDimensions(of: random)
    #expect(singular.right.count == 60 && singular.share(below: 0.3) == 0)
    // A diagonal matrix has vectors on single entries.
    var diagonal = Matrix<Double>(rows: 8, columns: 8)
    for index in 0..<8 { diagonal[index, index] = Double(index + 1) }
    #expect(try SingularVectorDimensions(of: diagonal).share(below: 1e-9) == 1)
    #expect(try EigenvectorDimensions(of: diagonal).dimensions.allSatisfy { abs($0) < 1e-12 })
    // A permutation cycle has plane waves: |v|² even, eigenvalues on the circle.
    var cycle = Matrix<Double>(rows: 7, columns: 7)
    for index in 0..<7 { cycle[index, (index + 1) % 7] = 1 }
    let waves = try EigenvectorDimensions(of: cycle)
    #expect(waves.dimensions.allSatisfy { abs($0 - 1) < 1e-10 })
    for value in waves.eigenvalues {
      #expect(abs(value.real * value.real + value.imaginary * value.imaginary - 1) < 1e-12)
    }
    // Trace and the sum of the eigenvalues.
    let eigen = try random.eigendecomposition()
    let trace = (0..<60).reduce(0.0) { $0 + random[$1, $1] }
    #expect(abs(eigen.values.reduce(0) { $0 + $1.real } - trace) < 1e-10)
    #expect(throws: PoiseError.self) {
      try Matrix<Double>(rows: 2, columns: 3).eigendecomposition()
    }
  }

  /// Points on a line, in a square, in a cube.
  @Test(arguments: [1, 2, 3])
  func correlationDimension(_ dimension: Int) throws {
    var stream = RandomStream(seed: 6, item: UInt64(dimension), purpose: .init(rawValue: 9))
    var points = Matrix<Double>(rows: 800, columns: 6)
    for row in 0..<800 {
      for unit in 0..<dimension { points[row, unit] = stream.uniform() }
    }
    let result = try CorrelationDimension(of: points, shares: 0.001...0.01)
    #expect(abs(result.value / Double(dimension) - 1) < 0.1)
    #expect(result.pairs > 2000)
    #expect(throws: PoiseError.self) {
      try CorrelationDimension(of: Matrix(rows: 20, columns: 2, repeating: 1))
    }
  }
}
