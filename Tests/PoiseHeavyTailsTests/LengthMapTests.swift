import PoiseHeavyTails
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import RealModule
import Testing

@Suite struct LengthMapTests {
  /// ln q* of tanh, from an independent program.
  static let references: [(alpha: Double, scale: Double, logLength: Double)] = [
    (1.0, 0.5, -4.799509806991373), (1.0, 1.0, -1.649264937119448),
    (1.2, 0.5, -6.483482889756116), (1.2, 2.0, 0.1766749313905735),
    (1.5, 0.3, -27.530478367594068), (1.5, 1.0, -2.2449940115658826),
    (1.5, 3.0, 1.2856358585023044), (1.8, 0.75, -9.6221515904037),
    (1.8, 1.5, -0.3035109839538003), (1.9, 1.0, -3.3550425282373237),
    (2.0, 1.5, -0.23148569719919182),
  ]

  @Test(arguments: references)
  func fixedLength(_ reference: (alpha: Double, scale: Double, logLength: Double)) throws {
    let theory = try HeavyTailMeanField(
      activation: .tanh, alpha: reference.alpha, scale: reference.scale)
    let point = try theory.fixedLength()
    #expect(abs(point.logLength - reference.logLength) < 1e-11 * abs(reference.logLength))
    #expect(point.slope < 1 && point.slope > 0)
  }

  @Test func values() throws {
    let first = try HeavyTailMeanField(activation: .tanh, alpha: 1.5, scale: 1)
    #expect(abs(try first.lengthMap(0.1) / 0.10133553694800698 - 1) < 1e-12)
    let second = try HeavyTailMeanField(activation: .tanh, alpha: 1.2, scale: 1)
    #expect(abs(try second.lengthMap(1e-6) / 4.335584534878221e-06 - 1) < 1e-12)
  }

  /// α = 2 is the ordinary mean field, for every activation, with and without biases.
  @Test(arguments: Activation.catalogue)
  func gaussianLimit(_ activation: Activation) throws {
    for bias in [0, 0.4] {
      let theory = try HeavyTailMeanField(
        activation: activation, alpha: 2, scale: 0.9, biasScale: bias)
      let ensemble = try NetworkEnsemble(
        activation: activation, weights: .gaussian(variance: 0.81),
        biases: .gaussian(variance: bias * bias))
      let map = try MeanField(of: ensemble).lengthMap
      for length in [1e-6, 0.3, 2, 40] where activation.name != "sin" || length < 3 {
        let value = try theory.lengthMap(length)
        #expect(abs(value / map(length) - 1) < 1e-9, "\(activation), q \(length), σ_b \(bias)")
      }
    }
  }

  /// V is continuous at α = 2.
  @Test func nearTwo() throws {
    let near = try HeavyTailMeanField(activation: .tanh, alpha: 1.99999, scale: 1.5)
    let two = try HeavyTailMeanField(activation: .tanh, alpha: 2, scale: 1.5)
    #expect(abs(try near.fixedLength().logLength - two.fixedLength().logLength) < 2e-5)
  }

  /// ln q* = k − α/(2A (c σ_w)^α): with A in place of 2A the difference would be double.
  @Test(arguments: [1.2, 1.5, 1.9, 1.99])
  func smallLengths(_ alpha: Double) throws {
    let theory = try HeavyTailMeanField(activation: .tanh, alpha: alpha, scale: 0.2)
    let point = try theory.fixedLength()
    let law = try #require(theory.smallLengthLaw())
    #expect(abs(point.logLength - law.logLength) < 1e-6 * abs(law.logLength))
    #expect(point.logLength < -20)
    // The relaxation is slow in proportion: dV/dq = 1 − 2A (cσ_w)^α/α.
    let slope = 1 - 2 * StableTail.density(alpha) * .pow(0.2, alpha) / alpha
    #expect(abs(point.slope - slope) < 1e-7)
  }

  /// Far below the smallest number: ln q* of −10⁵.
  @Test func beyondUnderflow() throws {
    let theory = try HeavyTailMeanField(activation: .tanh, alpha: 1.999, scale: 0.1)
    let point = try theory.fixedLength()
    #expect(point.logLength < -1e4 && point.logLength.isFinite)
    #expect(abs(theory.logLengthMap(point.logLength) - point.logLength) < 1e-9)
    #expect(point.length == 0)
  }

  /// The slope is the derivative of ln V.
  @Test(arguments: [Activation.tanh, .hardTanh, .softsign, .erf, .sigmoid])
  func slope(_ activation: Activation) throws {
    let theory = try HeavyTailMeanField(activation: activation, alpha: 1.4, scale: 1.3)
    let point = try theory.fixedLength()
    let step = 1e-4
    let difference =
      theory.logLengthMap(point.logLength + step) - theory.logLengthMap(point.logLength - step)
    #expect(abs(difference / (2 * step) - point.slope) < 1e-7)
  }

  /// E |φ(h)|^α of hard tanh from the law itself: P(|h| > 1) + ∫_0^1.
  @Test func hardTanh() throws {
    let alpha = 1.3
    let theory = try HeavyTailMeanField(activation: .hardTanh, alpha: alpha, scale: 1)
    let law = try StableLaw(alpha: alpha, scale: .exp2(-1 / alpha))
    var expected = 2 * law.survival(1)
    for panel in 0..<36 {
      expected += GaussLegendre.panel.integrate(from: Double(-panel - 1), to: Double(-panel)) {
        2 * law.pdf(.exp($0)) * .exp((1 + alpha) * $0)
      }
    }
    #expect(abs(try theory.lengthMap(1) / expected - 1) < 1e-11)
  }

  @Test func biases() throws {
    let theory = try HeavyTailMeanField(
      activation: .tanh, alpha: 1.5, scale: 0.5, biasScale: 0.7)
    let point = try theory.fixedLength()
    let bare = try theory.with(scale: 0.5, biasScale: 0)
    let sum = try bare.lengthMap(point.length) + .pow(0.7, 1.5)
    #expect(abs(sum / point.length - 1) < 1e-12)
  }

  @Test func outcomes() throws {
    let relu = try HeavyTailMeanField(activation: .relu, alpha: 1.5, scale: 1)
    #expect(try relu.outcome() == .noInfiniteWidthLimit)
    let dying = try HeavyTailMeanField(activation: .tanh, alpha: 2, scale: 0.9)
    #expect(try dying.outcome() == .dies)
    #expect(throws: PoiseError.self) { try dying.fixedLength() }
    for alpha in [0, -1, 2.1, .nan] {
      let error = #expect(throws: PoiseError.self) {
        try HeavyTailMeanField(activation: .tanh, alpha: alpha, scale: 1)
      }
      #expect(error?.code == .outOfRange)
    }
    #expect(throws: PoiseError.self) {
      try HeavyTailMeanField(activation: .tanh, alpha: 1.5, scale: 0)
    }
  }

  /// The table of the density against the law, and its two integrals.
  @Test(arguments: [0.3, 0.8, 1, 1.5, 1.9, 1.999, 2])
  func density(_ alpha: Double) throws {
    let density = try LogStableDensity(alpha: alpha)
    let law = try StableLaw(alpha: alpha, scale: .exp2(-1 / alpha))
    var largest = 0.0
    for u in stride(from: -6.3, to: 12, by: 0.37) {
      let z = Double.exp(u)
      let expected = 2 * law.pdf(z) * .exp((1 + alpha) * u)
      largest = max(largest, expected)
      #expect(abs(density(u) - expected) < 1e-11 * max(largest, 0.1), "u \(u)")
    }
    if alpha < 2 { #expect(abs(density(1000) / density.plateau - 1) < 1e-12) }
  }
}
