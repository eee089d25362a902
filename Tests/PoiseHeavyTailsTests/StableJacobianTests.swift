import PoiseHeavyTails
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import RealModule
import Testing

@Suite struct StableJacobianTests {
  static let places = [0.05, 0.2, 0.5, 1.0, 2.0, 5.0, 20.0]
  /// Densities of tanh at q*, from an independent program.
  static let references: [(alpha: Double, scale: Double, values: [Double])] = [
    (
      1.5, 1,
      [
        0.9779676246390763, 0.9012708882233208, 0.7272477599410485, 0.4021414171785783,
        0.07544706151662738, 0.005505362326321835, 0.0001544358274545177,
      ]
    ),
    (
      1.2, 1,
      [
        1.3930665216869937, 1.086717230761204, 0.6427955578047099, 0.27377202914169746,
        0.07149942315229806, 0.009233436840888985, 0.0004197388527336119,
      ]
    ),
    (
      1.8, 1.5,
      [
        1.0647323124333858, 0.733804457646826, 0.5559498118780927, 0.41472486025289684,
        0.1443359852864097, 0.0026608700277206162, 4.39527971385754e-05,
      ]
    ),
  ]

  @Test(arguments: references)
  func density(_ reference: (alpha: Double, scale: Double, values: [Double])) throws {
    let theory = try HeavyTailMeanField(
      activation: .tanh, alpha: reference.alpha, scale: reference.scale)
    let values = try StableJacobianLaw(of: theory).densities(Self.places)
    for (value, expected) in zip(values, reference.values) {
      #expect(abs(value / expected - 1) < 2e-10)
    }
  }

  @Test func unstructured() throws {
    let expected = [
      0.8869729509152198, 0.8543141192685397, 0.7143038167747169, 0.41880428950287957,
      0.08514794320315025, 0.006115340661821708, 0.00017005532097710276,
    ]
    let values = try StableJacobianLaw(alpha: 1.5, scale: 1).densities(Self.places)
    for (value, one) in zip(values, expected) { #expect(abs(value / one - 1) < 1e-12) }
  }

  /// α = 1, φ′ = 1: the law of a Cauchy matrix has a closed edge at 0, and scales with σ_w.
  @Test func scaling() throws {
    let one = try StableJacobianLaw(alpha: 1.3, scale: 1).densities([0.3, 2, 50])
    let ten = try StableJacobianLaw(alpha: 1.3, scale: 10).densities([3, 20, 500])
    for (a, b) in zip(one, ten) { #expect(abs(a / (10 * b) - 1) < 1e-11) }
  }

  /// s^{1+α} f(s) reaches B within 1e-3 at s = 300 (doubling the nodes would not reveal an error there).
  @Test(arguments: [(1.1, 1.0), (1.2, 1.0), (1.5, 1.0), (1.8, 1.5), (1.9, 0.8), (1.95, 2.0)])
  func tail(_ cell: (Double, Double)) throws {
    let (alpha, scale) = cell
    for activation in [Activation.tanh, .hardTanh, .softsign] {
      let theory = try HeavyTailMeanField(activation: activation, alpha: alpha, scale: scale)
      let law = try StableJacobianLaw(of: theory)
      let value = try law.density(300) * .pow(300, 1 + alpha)
      #expect(abs(value / law.tailConstant - 1) < 1e-3, "\(activation), \(cell)")
    }
  }

  /// Mass, and the share of zeros: ∫ f in ln s, the tail by its constant, little below 1e-5.
  @Test(arguments: [(1.3, 0.3), (1.7, 0.5), (1.5, 1.0)])
  func mass(_ cell: (Double, Double)) throws {
    let (alpha, scale) = cell
    for activation in [Activation.tanh, .hardTanh, .erf] {
      let theory = try HeavyTailMeanField(activation: activation, alpha: alpha, scale: scale)
      let law = try StableJacobianLaw(of: theory)
      let mass = try law.mass(from: 1.01e-5 * scale, to: 1e4)
      let tail = law.tailConstant / alpha * .pow(1e4, -alpha)
      let total = mass + tail + law.zeroMass
      // Saturated units leave some below 1e-5, like a power of the logarithm.
      #expect(total < 1 + 1e-4 && total > (scale < 0.8 ? 0.9999 : 0.99), "\(activation) \(cell)")
    }
  }

  /// α = 2: E s² = χ₁, and 1/4-circle moments of W alone.
  @Test func gaussian() throws {
    let theory = try HeavyTailMeanField(activation: .tanh, alpha: 2, scale: 1.5)
    let law = try StableJacobianLaw(of: theory)
    let ensemble = try NetworkEnsemble(activation: .tanh, weights: .gaussian(variance: 2.25))
    let chi = try MeanField(of: ensemble).fixedPoint().chi1
    let second = try law.meanSquare(below: 20)
    #expect(abs(second / chi - 1) < 1e-3)
    let circle = try StableJacobianLaw(alpha: 2, scale: 1)
    #expect(abs(try circle.density(1) - 3.0.squareRoot() / .pi) < 1e-12)
    #expect(try circle.density(2.01) == 0)
  }

  /// W and its transpose have the same singular values; all of them are found.
  @Test(arguments: [(1.1, 0.25), (1.5, 0.5), (1.5, 0.9), (1.8, 0.4), (1.95, 0.5)])
  func transposition(_ cell: (alpha: Double, aspect: Double)) throws {
    let (alpha, aspect) = cell
    let wide = try StableJacobianLaw(alpha: alpha, scale: 1.3, aspect: aspect)
    let tall = try StableJacobianLaw(
      alpha: alpha, scale: 1.3 * .pow(aspect, 1 / alpha), aspect: 1 / aspect)
    let places = [0.3, 0.7, 1, 1.5, 2.5, 6, 40]
    for (a, b) in zip(try wide.densities(places), try tall.densities(places)) {
      #expect(abs(a - b) < 1e-9 * max(a, 1e-3), "\(cell)")
    }
    for law in [wide, tall] {
      #expect(abs(try law.profile().survivals[0] - 1) < 2e-6, "\(cell)")
    }
  }

  /// α = 2: Marchenko and Pastur's law, with its gap.
  @Test func marchenkoPastur() throws {
    let law = try StableJacobianLaw(alpha: 2, scale: 1, aspect: 0.5)
    let (low, high) = (1 - 0.5.squareRoot(), 1 + 0.5.squareRoot())
    for s in [0.1, 0.31, 0.5, 1, 1.5, 1.7, 1.8] {
      let x = s * s
      let inside = (high * high - x) * (x - low * low)
      let expected = inside > 0 ? inside.squareRoot() / (Double.pi * 0.5 * s) : 0
      #expect(abs(try law.density(s) - expected) < 1e-9, "\(s)")
    }
    #expect(abs(try law.profile().survivals[0] - 1) < 1e-5)
  }

  /// Layers that are not square: saturated rows of a wide layer alone reach small s; columns of a tall one
  /// are never without an active row.
  @Test(arguments: [(1.5, 0.5), (1.8, 0.5), (1.2, 0.25), (1.5, 2.0), (1.8, 3.0), (2.0, 2.0)])
  func rectangular(_ cell: (alpha: Double, aspect: Double)) throws {
    for activation in [Activation.tanh, .hardTanh] {
      let theory = try HeavyTailMeanField(activation: activation, alpha: cell.alpha, scale: 1.2)
      let law = try StableJacobianLaw(of: theory, aspect: cell.aspect)
      let below = try law.profile().shareBelow
      let saturated = cell.aspect < 1 ? law.share(ofSlopesBelow: 1e-5) : 0
      #expect(abs(below - saturated) < 0.1 * saturated + 1e-5, "\(activation) \(cell): \(below)")
      #expect(below >= law.zeroMass - 1e-5)
    }
  }

  /// Quantiles and shares of a profile against direct integration.
  @Test func profile() throws {
    let theory = try HeavyTailMeanField(activation: .erf, alpha: 1.6, scale: 1.5)
    let law = try StableJacobianLaw(of: theory)
    let profile = try law.profile()
    for share in [0.25, 0.5, 0.99] {
      let place = try #require(profile.quantile(share))
      let above = try law.mass(from: .exp(place), to: 1e6)
      #expect(abs(above + law.tailConstant / 1.6 * .pow(1e6, -1.6) - (1 - share)) < 1e-6)
    }
    let parts = try law.shares(between: [0.1, 0.2, 2, 30])
    for (part, ends) in zip(parts, [(0.1, 0.2), (0.2, 2.0), (2.0, 30.0)]) {
      #expect(abs(part - (try law.mass(from: ends.0, to: ends.1))) < 2e-7)
    }
    // Units that φ has silenced alone are zeros: no quantile there.
    let hard = try StableJacobianLaw(
      of: HeavyTailMeanField(activation: .hardTanh, alpha: 1.5, scale: 3))
    #expect(try hard.profile().quantile(0.5) == nil && hard.zeroMass > 0.6)
    #expect(abs(try hard.profile().shareBelow - hard.zeroMass) < 1e-6)
  }

  /// The law passes continuously into α = 2.
  @Test func nearTwo() throws {
    let near = try StableJacobianLaw(
      of: HeavyTailMeanField(activation: .tanh, alpha: 1.9999, scale: 1.5))
    let two = try StableJacobianLaw(
      of: HeavyTailMeanField(activation: .tanh, alpha: 2, scale: 1.5))
    for s in [0.05, 0.3, 1, 1.8] {
      #expect(abs(try near.density(s) / two.density(s) - 1) < 2e-3)
    }
  }

  @Test func badInput() throws {
    let law = try StableJacobianLaw(alpha: 1.5, scale: 1)
    for s in [0, -1, .nan, .infinity] {
      #expect(throws: PoiseError.self) { try law.density(s) }
    }
    let relu = try HeavyTailMeanField(activation: .relu, alpha: 1.5, scale: 1)
    let error = #expect(throws: PoiseError.self) { try StableJacobianLaw(of: relu) }
    #expect(error?.code == .noAnswer)
    for aspect in [0, -1, 1e4, .nan] {
      #expect(throws: PoiseError.self) {
        try StableJacobianLaw(alpha: 1.5, scale: 1, aspect: aspect)
      }
    }
    #expect(throws: PoiseError.self) { try law.profile(points: 2) }
    for alpha in [1.97, 2] {
      let theory = try HeavyTailMeanField(activation: .tanh, alpha: alpha, scale: 1.5)
      let wide = #expect(throws: PoiseError.self) { try StableJacobianLaw(of: theory, aspect: 0.5) }
      #expect(wide?.code == .noAnswer)
    }
  }
}
