import Foundation
import PoiseInformation
import PoiseModel
import PoiseNumerics
import Testing

@Suite struct BottleneckTests {
  /// Against the parametric formula by bisection on ln β.
  @Test(arguments: EstimatorReferences.all.bottleneck)
  func parametricCurve(_ reference: EstimatorReferences.Bottleneck) throws {
    let curve = try GaussianBottleneck(eigenvalues: reference.eigenvalues)
    let point = try curve.point(informationX: reference.informationX)
    #expect(abs(point.informationY - reference.value) < 1e-11)
  }

  /// Concave, slope 1/β, from 0 to I(x; Y), under both of its bounds.
  @Test func shape() throws {
    let curve = try GaussianBottleneck(eigenvalues: [0.04, 0.3, 0.31, 0.8, 1])
    let points = try curve.curve(upTo: 12, count: 241)
    #expect(points[0].informationY == 0 && abs(1 / points[0].price - 0.96) < 1e-12)
    for (a, b) in zip(points, points.dropFirst()) {
      let slope = (b.informationY - a.informationY) / 0.05
      #expect(slope <= 1 / a.price + 1e-12 && slope >= 1 / b.price - 1e-12)
      #expect(b.informationY <= min(b.informationX, curve.relevantInformation))
    }
    #expect(abs(points[240].informationY - curve.relevantInformation) < 0.02)
    let far = try curve.point(informationX: 400)
    #expect(abs(far.informationY - curve.relevantInformation) < 1e-12)
    // Equal λ: F(I) = −(n/2) ln(λ + (1 − λ) e^{−2I/n}).
    let equal = try GaussianBottleneck(eigenvalues: [0.3, 0.3, 0.3]).point(informationX: 1.8)
    #expect(abs(equal.informationY + 1.5 * log(0.3 + 0.7 * exp(-1.2))) < 1e-14)
  }

  @Test func refusals() throws {
    #expect(throws: PoiseError.self) { try GaussianBottleneck(eigenvalues: [0.5, 0]) }
    #expect(throws: PoiseError.self) { try GaussianBottleneck(eigenvalues: [1.5]) }
    #expect(throws: PoiseError.self) { try GaussianBottleneck(eigenvalues: [.nan]) }
    let curve = try GaussianBottleneck(eigenvalues: [1, 1])
    #expect(try curve.point(informationX: 3).informationY == 0 && curve.relevantInformation == 0)
    #expect(throws: PoiseError.self) { try curve.point(informationX: .infinity) }
    let target = try Self.target(anisotropic: false)
    #expect(throws: PoiseError.self) {
      try target.position(gain: .identity(20), noise: Matrix(rows: 20, columns: 20))
    }
    #expect(throws: PoiseError.self) {
      try target.positions(weights: [.identity(7)], noiseVariance: 1)
    }
  }

  static func target(anisotropic: Bool) throws -> GaussianTarget {
    var map = Matrix<Double>.identity(20)
    if anisotropic {
      map = KnownSamples.normal(20, 20, seed: 5)
      map.elements = map.elements.map { $0 / 20.squareRoot() }
    }
    return try GaussianTarget(inputCovariance: .identity(20), map: map, noiseVariance: 0.5)
  }

  static func weights(orthogonal: Bool, seed: UInt64) -> [Matrix<Double>] {
    (0..<4).map { layer in
      var matrix = KnownSamples.normal(20, 20, seed: 100 * seed + UInt64(layer))
      if orthogonal { return matrix.qrFactors().q }
      matrix.elements = matrix.elements.map { $0 / 20.squareRoot() }
      return matrix
    }
  }

  /// Where Y weighs all directions alike, isometric layers lie exactly on the curve at every depth
  /// and unequal gains below it.
  @Test func isometryIsOptimalForIsotropicRelevance() throws {
    let target = try Self.target(anisotropic: false)
    let isometric = try target.positions(
      weights: Self.weights(orthogonal: true, seed: 1), noiseVariance: 0.1)
    let gaussian = try target.positions(
      weights: Self.weights(orthogonal: false, seed: 1), noiseVariance: 0.1)
    for (a, b) in zip(isometric, gaussian) {
      #expect(abs(try #require(a.efficiency) - 1) < 1e-12)
      #expect(try #require(b.efficiency) < 0.97)
    }
    for (a, b) in zip(isometric, isometric.dropFirst()) {
      #expect(b.informationX < a.informationX && b.informationY < a.informationY)
    }
    // First layer: ½ ln(1 + 1/s) for each of 20 directions.
    #expect(abs(isometric[0].informationX - 10 * log(11)) < 1e-10)
  }

  /// Where Y prefers directions, isometric layers spend rate on the others: below the curve, but
  /// above Gaussian ones, which also lose with depth; means over six draws.
  @Test func isometryLosesForAnisotropicRelevance() throws {
    let target = try Self.target(anisotropic: true)
    var means = [[Double]](repeating: [0, 0, 0, 0], count: 2)
    for seed in 1...6 {
      for (kind, orthogonal) in [true, false].enumerated() {
        let points = try target.positions(
          weights: Self.weights(orthogonal: orthogonal, seed: UInt64(seed)), noiseVariance: 0.1)
        for (layer, point) in points.enumerated() {
          let efficiency = try #require(point.efficiency)
          #expect(efficiency < 1)
          means[kind][layer] += efficiency / 6
        }
      }
    }
    for layer in 0..<4 {
      #expect(means[0][layer] < 0.95 && means[1][layer] < means[0][layer] - 0.1)
    }
    #expect(means[0][3] < means[0][0] - 0.05 && means[1][3] < means[1][0] - 0.05)
  }

  /// λ from the covariances against det(Σ_{x|Y})/det(Σ_x) = Π λ.
  @Test func conditionalCovariance() throws {
    let target = try Self.target(anisotropic: true)
    let factor = try target.conditionalCovariance.choleskyFactor()
    let logDet = (0..<20).reduce(0) { $0 + 2 * log(factor[$1, $1]) }
    #expect(abs(target.bottleneck.relevantInformation + logDet / 2) < 1e-11)
  }

  /// The plane of wide layers: an isometric linear network is that of the identity, direction by
  /// direction.
  @Test func planeOfIsometricLayers() throws {
    let question = try GaussianTarget(
      inputCovariance: .identity(3),
      map: Matrix(rows: 2, columns: 3, elements: [1, 0, 0, 0, 2, 0]), noiseVariance: 0.4)
    let exact = try question.positions(
      weights: [Matrix<Double>](repeating: .identity(3), count: 4), noiseVariance: 0.2)
    let channel = try NetworkChannel(
      NetworkEnsemble(activation: .linear, weights: .orthogonal(variance: 1)),
      inputs: .gaussian(), noise: .everyLayer(variance: 0.2))
    let plane = try channel.plane(
      toLayer: 4, eigenvalues: question.bottleneck.eigenvalues + [1])
    for (found, expected) in zip(plane, exact) {
      #expect(abs(3 * found.linearX - expected.informationX) < 1e-9)
    }
    // Layer 1 has no matrix but W¹ᵀW¹ = 1 between input and target: exact; deeper ones too.
    for (found, expected) in zip(plane, exact) {
      #expect(abs(3 * found.linearY - expected.informationY) < 1e-7, "\(found), \(expected)")
    }
    #expect(throws: PoiseError.self) { try channel.plane(toLayer: 2, eigenvalues: []) }
  }

  /// Labels from a kernel are those from centres with its distances.
  @Test func labelsFromAKernel() throws {
    let centres = KnownSamples.normal(30, 5, seed: 3)
    let labels = (0..<30).map { $0 % 2 }
    var kernel = centres.gram
    kernel.elements = kernel.elements.map { $0 / 5 }
    let (a, b) = (
      try LabelInformation(centres: centres, labels: labels, noiseVariance: 0.5),
      try LabelInformation(kernel: kernel, width: 5, labels: labels, noiseVariance: 0.5)
    )
    #expect(abs(a.lowerRaw.nats - b.lowerRaw.nats) < 1e-10)
    #expect(abs(a.upperRaw.nats - b.upperRaw.nats) < 1e-10)
  }
}
