import Foundation
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import Testing

/// What the maps must obey whatever the activation.
@Suite struct MeanFieldPropertyTests {
  private func theory(_ activation: Activation, _ w: Double, _ b: Double) throws -> MeanField {
    try MeanField(
      of: try NetworkEnsemble(
        activation: activation, weights: .gaussian(variance: w), biases: .gaussian(variance: b)))
  }

  @Test(arguments: Activation.catalogue)
  func correlationMapIsConvex(_ activation: Activation) throws {
    for (w, b) in [(0.8, 0.05), (1.9, 0.01), (3.1, 0.4)] {
      let theory = try theory(activation, w, b)
      let q = try theory.outcome().point?.length ?? 1.3
      guard q > 0 else { continue }
      let map = theory.correlationMap(atLength: q)
      let c = stride(from: 0.0, through: 1, by: 0.05).map { $0 }
      let slopes = c.map { map.slope(gap: 1 - $0) }
      for (low, high) in zip(slopes, slopes.dropFirst()) {
        #expect(low >= -1e-14 && high - low >= -1e-12 * max(1, high))
      }
      for gap in [1e-15, 1e-9, 1e-4, 0.1, 1, 1.5, 2] {
        let next = map.nextGap(gap)
        #expect(next >= (gap < 1 ? 1e-18 : -1e-13) && next <= 2 + 1e-13, "gap \(gap) → \(next)")
      }
      #expect(abs(map.slopeAtOne - map.slope(gap: 0)) < 3e-12 * map.slopeAtOne)
    }
  }

  @Test(arguments: Activation.catalogue)
  func fixedPointsAreFixed(_ activation: Activation) throws {
    for (w, b) in [(0.3, 0.2), (0.9, 0.01), (1.5, 0.1), (1.9, 0.3), (4, 0.5)] {
      let theory = try theory(activation, w, b)
      guard let point = try theory.outcome().point else { continue }
      for fixed in point.allLengths where fixed.length > 0 {
        let q = fixed.length
        #expect(abs(theory.lengthMap(q) - q) < 4e-15 * q)
        // χ_q by differences of V.
        let step = 1e-4 * q
        let near = (theory.lengthMap(q + step) - theory.lengthMap(q - step)) / (2 * step)
        #expect(abs(near - fixed.slope) < 1e-7 * max(1, abs(near)))
        #expect(fixed.stability == (fixed.slope < 1 ? .attracting : .repelling))
      }
      #expect((0...1).contains(point.correlation))
      if point.chi1 < 1 {
        #expect(point.correlation == 1 && point.correlationGap == 0)
        #expect(point.phase == .ordered)
      } else {
        let map = theory.correlationMap(atLength: point.length)
        let gap = point.correlationGap
        #expect(abs(map.nextGap(gap) - gap) < 2e-12 * gap)
        #expect(point.chiC < 1)
      }
    }
  }

  /// d E φφ/dk = E φ′φ′ (Price), at unequal lengths.
  @Test(arguments: Activation.catalogue, [0.3, 2.5])
  func priceIdentity(_ activation: Activation, _ ratio: Double) throws {
    let (a, b) = (1.1, 1.1 * ratio)
    for angle in [0.4, 1.2, 2.3] {
      let root = (a * b).squareRoot()
      func value(_ k: Double) -> Double {
        activation.pairMoments(GaussianPair(lengthA: a, lengthB: b, angle: acos(k / root))).value
      }
      let k = root * cos(angle)
      let step = 2e-3
      let near = (value(k + step / 2) - value(k - step / 2)) / step
      let far = (value(k + step) - value(k - step)) / (2 * step)
      let slope = activation.pairMoments(GaussianPair(lengthA: a, lengthB: b, angle: angle)).slope
      #expect(abs((4 * near - far) / 3 - slope) < 4e-9, "θ = \(angle)")
    }
  }

  /// Both inputs equal, or opposite: the pair is a single Gaussian.
  @Test(arguments: Activation.catalogue)
  func collinearPairs(_ activation: Activation) {
    for q in [1e-4, 0.7, 40] {
      let moments = activation.moments(length: q)
      let same = activation.pairMoments(GaussianPair(lengthA: q, lengthB: q, angle: 0))
      #expect(abs(same.value - moments.valueSquared) <= 4e-15 * moments.valueSquared)
      #expect(abs(same.slope - moments.slopeSquared) <= 4e-15 * moments.slopeSquared)
      let near = activation.pairMoments(GaussianPair(lengthA: q, lengthB: q, angle: 1e-7))
      #expect(abs(near.value - moments.valueSquared) <= 1e-12 * moments.valueSquared)
      let (opposite, almost) = (
        activation.pairMoments(GaussianPair(lengthA: q, lengthB: q, angle: .pi)),
        activation.pairMoments(GaussianPair(lengthA: q, lengthB: q, angle: .pi - 1e-7))
      )
      #expect(abs(opposite.value - almost.value) <= 1e-12 * moments.valueSquared)
    }
    let zero = activation.pairMoments(GaussianPair(lengthA: 0, lengthB: 1, angle: 1))
    #expect(zero.value.isFinite && zero.slope.isFinite)
  }

  @Test(arguments: Activation.catalogue)
  func criticalPointsAreCritical(_ activation: Activation) throws {
    for q in [1e-3, 0.2, 3, 70] {
      guard let point = EdgeOfChaos(activation).point(atLength: q) else { continue }
      let map = try theory(activation, point.weightVariance, point.biasVariance).lengthMap
      let length = point.length ?? q
      #expect(abs(map(length) - length) < 1e-14 * length)
      #expect(abs(map.chi1(length) - 1) < 1e-14)
      #expect(abs(map.slope(length) - point.chiQ) < 1e-13)
    }
  }

  /// The line σ_b(q) rises: a bias names one critical point.
  @Test(arguments: Activation.catalogue.filter { $0.function.homogeneousSlopes == nil })
  func criticalPointIsUnique(_ activation: Activation) throws {
    let edge = EdgeOfChaos(activation)
    guard case .line = edge.shape() else { return }
    for bias in [1e-3, 0.02, 0.3, 1.5] {
      #expect(try edge.points(biasVariance: bias * bias).count == 1, "σ_b = \(bias)")
    }
  }

  @Test func residualAndDropoutRanges() throws {
    let ensemble = try NetworkEnsemble(
      activation: .tanh, weights: .gaussian(variance: 1.44),
      biases: .gaussian(variance: 0.09))
    for keep in [0, -1, 1.1, Double.nan] {
      #expect(throws: PoiseError.self) { try MeanField(of: ensemble, keep: keep) }
    }
    for residual in [-0.1, Double.nan, .infinity] {
      #expect(throws: PoiseError.self) { try MeanField(of: ensemble, keep: 1, residual: residual) }
    }
    // Twenty layers of a damped residual network, as measured in the theory note.
    let map = try MeanField(of: ensemble, keep: 1, residual: 0.9).lengthMap
    let point = try MeanField(of: ensemble, keep: 1, residual: 0.9).fixedPoint()
    #expect(abs(map(point.length) - point.length) < 1e-14 * point.length)
  }
}

/// Limits and laws known in closed form.
@Suite struct MeanFieldLimitTests {
  @Test(arguments: [1e-6, 1e-4, 1e-3])
  func tanhLineAtSmallLength(_ q: Double) throws {
    let point = try #require(EdgeOfChaos(.tanh).point(atLength: q))
    #expect(abs(point.weightVariance - 1 - 2 * q) < 3 * q * q)
    #expect(abs(point.biasVariance / (4 * q * q * q / 3) - 1) < 12 * q)
    #expect(abs(point.chiQ - 1 + 2 * q) < 20 * q * q)
  }

  @Test(arguments: [(Activation.silu, 0.25), (.gelu, 2 / Double.pi)])
  func bentLinesAtSmallLength(_ activation: Activation, _ coefficient: Double) throws {
    let q = 1e-5
    let point = try #require(EdgeOfChaos(activation).point(atLength: q))
    #expect(abs(point.biasVariance / (coefficient * q * q) - 1) < 1e-4)
  }

  @Test(arguments: [1e-6, 1e-3, 0.1, 1, 30, 1000])
  func erfAndSinLines(_ q: Double) throws {
    let point = try #require(EdgeOfChaos(.erf).point(atLength: q))
    let root = (1 + 4 * q).squareRoot()
    #expect(abs(point.weightVariance - .pi / 4 * root) < 1e-14 * root)
    let bias = q - root / 2 * asin(2 * q / (1 + 2 * q))
    #expect(abs(point.biasVariance - bias) < 1e-15 * q + 1e-13 * bias)
    let sine = try #require(EdgeOfChaos(.sin).point(atLength: q))
    #expect(abs(sine.weightVariance - 2 / (1 + exp(-2 * q))) < 1e-14)
    #expect(abs(sine.biasVariance - (q - tanh(q))) < 1e-15 * q + 1e-13 * sine.biasVariance)
  }

  /// At (1, 0) tanh loses its signal like 1/(2 l) and its gradient like 1/l.
  @Test func tanhAtTheEnd() throws {
    let ensemble = try NetworkEnsemble(activation: .tanh, weights: .gaussian(variance: 1))
    let map = try MeanField(of: ensemble).lengthMap
    let lengths = map.iterate(from: 1, layers: 4999)
    #expect(abs(100 * lengths[99] - 0.5121) < 6e-5 || abs(100 * lengths[100] - 0.5121) < 6e-5)
    #expect(abs(5000 * lengths[4999] - 0.5004) < 2e-4)
    let product = lengths.reduce(0) { $0 + log(map.chi1($1)) }
    #expect(abs(5000 * exp(product) - 0.7065) < 5e-4)
  }

  /// ReLU at criticality: e' = e − (2√2/3π) e^(3/2), hence l² e_l → 9π²/2.
  @Test func reluGapLaw() throws {
    let map = try MeanField(
      of: try NetworkEnsemble(activation: .relu, weights: .gaussian(variance: 2))
    ).correlationMap(atLength: 1)
    for gap in [1e-8, 1e-6, 1e-4] {
      let loss = (gap - map.nextGap(gap)) / pow(gap, 1.5)
      #expect(
        abs(loss / (2 * 2.0.squareRoot() / (3 * .pi)) - 1) < 3 * gap.squareRoot() + 1e-7
          / gap.squareRoot() * 1e-4)
    }
    var gap = 1.0
    for _ in 0..<20_000 { gap = map.nextGap(gap) }
    #expect(abs(4e8 * gap - 44.32) < 0.02)
    #expect(abs(4e8 * gap / (4.5 * .pi * .pi) - 1) < 3e-3)
  }

  /// Smooth φ at criticality: l e_l → β.
  @Test func erfGapLaw() throws {
    let point = try #require(EdgeOfChaos(.erf).point(atLength: 0.5))
    let map = try MeanField(
      of: try NetworkEnsemble(
        activation: .erf, weights: .gaussian(variance: point.weightVariance),
        biases: .gaussian(variance: point.biasVariance))
    ).correlationMap(atLength: 0.5)
    var gap = 1.0
    for _ in 0..<10_000 { gap = map.nextGap(gap) }
    let beta = try #require(EdgeOfChaos(.erf).correlationDecayCoefficient(atLength: 0.5))
    #expect(abs(beta - 6) < 1e-12)
    #expect(abs(1e4 * gap - 6) < 0.02)
  }

  /// A signal that vanishes sees the tangent.
  @Test(arguments: Activation.catalogue)
  func momentsAtZero(_ activation: Activation) {
    let (zero, small) = (activation.moments(length: 0), activation.moments(length: 1e-14))
    #expect(abs(zero.valueSquared - small.valueSquared) < 1e-13)
    #expect(abs(zero.slopeSquared - small.slopeSquared) < 1e-6)
    #expect(abs(zero.slopeFourth - small.slopeFourth) < 1e-5)
    #expect(abs(zero.lengthSlope - small.lengthSlope) < 1e-6, "\(zero) \(small)")
  }
}
