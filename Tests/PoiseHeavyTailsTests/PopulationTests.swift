import PoiseHeavyTails
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import RealModule
import Testing

@Suite struct PopulationTests {
  static func dynamics(
    _ alpha: Double, _ scale: Double, pool: Int, bias: Double = 0, seed: UInt64 = 1
  ) throws -> PopulationDynamics {
    let theory = try HeavyTailMeanField(
      activation: .tanh, alpha: alpha, scale: scale, biasScale: bias)
    return try PopulationDynamics(of: theory, pool: pool, seed: seed)
  }

  /// α = 2: half the logarithm of χ₁, with and without a bias.
  @Test(arguments: [0, 0.5])
  func gaussian(_ bias: Double) throws {
    let exponent = try Self.dynamics(2, 1.5, pool: 20000, bias: bias)
      .lyapunovExponent(layers: 80, discarded: 20)
    let ensemble = try NetworkEnsemble(
      activation: .tanh, weights: .gaussian(variance: 2.25),
      biases: .gaussian(variance: bias * bias))
    let expected = 0.5 * Double.log(try MeanField(of: ensemble).fixedPoint().chi1)
    #expect(abs(exponent.value - expected) < 4.5 * exponent.standardError)
    #expect(exponent.standardError < 0.002)
  }

  /// A signal too small for curvature grows at the exact rate of a network as wide as the pool.
  @Test func dyingPool() throws {
    let exponent = try Self.dynamics(1.5, 0.1, pool: 2000)
      .lyapunovExponent(layers: 200, discarded: 20)
    let density = try LogStableDensity(alpha: 1.5)
    let exact = try FiniteWidthGrowth(atOriginOf: .tanh, density: density, width: 2000)
      .rate(scale: 0.1)
    #expect(abs(exponent.value - exact) < 5 * exponent.standardError)
    #expect(exponent.standardError < 0.06)
    // 220 layers of −1.8: far below the smallest number, without a NaN.
    #expect(exponent.logLength < -450 && exponent.logLength.isFinite)
  }

  /// The pool settles at q*, and small finite perturbations grow like tangents.
  @Test func perturbations() throws {
    let dynamics = try Self.dynamics(1.8, 2, pool: 4000)
    let scales = try dynamics.perturbationScales(logScale: -18, layers: 60)
    let exponent = try dynamics.lyapunovExponent(layers: 60, discarded: 20)
    let slope = (scales[45] - scales[5]) / 40
    #expect(abs(slope - exponent.value) < 0.05)
    // A large one saturates below the distance of independent inputs: (2q*)^{1/α}.
    let late = try dynamics.perturbationScales(logScale: 0, layers: 60).last!
    let point = try dynamics.theory.fixedLength()
    #expect(late < .log(2) / 1.8 + point.logScale + 0.05)
    #expect(late > point.logScale - 1)
    #expect(abs(exponent.logLength - point.logLength) < 0.15)
  }

  @Test func sameBits() throws {
    let dynamics = try Self.dynamics(1.5, 1, pool: 3000)
    let one = try dynamics.lyapunovExponent(layers: 20, discarded: 2, jobs: 1)
    let two = try dynamics.lyapunovExponent(layers: 20, discarded: 2, jobs: 4)
    #expect(one == two)
  }

  @Test func badInput() throws {
    let theory = try HeavyTailMeanField(activation: .tanh, alpha: 1.5, scale: 1)
    let error = #expect(throws: PoiseError.self) { try PopulationDynamics(of: theory, pool: 10) }
    #expect(error?.quantity == "pool")
    let relu = try HeavyTailMeanField(activation: .relu, alpha: 1.5, scale: 1)
    #expect(throws: PoiseError.self) { try PopulationDynamics(of: relu) }
    #expect(throws: PoiseError.self) {
      try PopulationDynamics(of: theory, pool: 1000).lyapunovExponent(layers: 3)
    }
  }
}

@Suite struct LocalizationTests {
  /// Growth falls with s and changes sign between 2 and 6 (independent program, P = 4000: 4.9(2) at 2,
  /// −1.9(1) at 5.5).
  @Test func growth() throws {
    let theory = try HeavyTailMeanField(activation: .tanh, alpha: 1.5, scale: 1)
    let localization = try Localization(of: theory)
    let inside = try localization.growthRate(at: 2, pool: 1000, sweeps: 40)
    let outside = try localization.growthRate(at: 6, pool: 1000, sweeps: 40)
    #expect(inside.value > 2 && outside.value < -1)
    let again = try localization.growthRate(at: 6, pool: 1000, sweeps: 40, jobs: 3)
    #expect(again == outside)
    let dead = try HeavyTailMeanField(activation: .tanh, alpha: 2, scale: 1.5)
    #expect(throws: PoiseError.self) { try Localization(of: dead) }
    #expect(throws: PoiseError.self) { try localization.growthRate(at: 2, pool: 10) }
  }
}

@Suite struct BoundaryTests {
  /// Geometric gain: g(2) = −1, continuity there, 0 for tanh at α ≤ 1, and at most 1/e.
  @Test func geometricGain() throws {
    let near = try GeometricGain(alpha: 1.999)
    #expect(abs(near.weightsAlone + 1) < 0.02)
    // α = 2, hard case in closed form: E ln |det| of a Gaussian matrix per row is ½(ln N − 1) − ½ ln N.
    let theory = try HeavyTailMeanField(activation: .tanh, alpha: 2, scale: 1.2)
    let gain = try GeometricGain(alpha: 2).meanLogSquare(of: theory)
    #expect(gain < -1)
    let flat = try HeavyTailMeanField(activation: .tanh, alpha: 1, scale: 1)
    #expect(try GeometricGain(alpha: 1).meanLogSquare(of: flat) == -.infinity)
    let soft = try HeavyTailMeanField(activation: .softsign, alpha: 1, scale: 1)
    #expect(try GeometricGain(alpha: 1).meanLogSquare(of: soft).isFinite)
    for alpha in [1.1, 1.5, 1.9] {
      for scale in [0.5, 1, 2] {
        let theory = try HeavyTailMeanField(activation: .tanh, alpha: alpha, scale: scale)
        #expect(try GeometricGain(alpha: alpha).meanLogSquare(of: theory) < -1)
      }
    }
  }

  /// E ln s² by the law of the Jacobian itself, and by the factors.
  @Test func gainFromTheLaw() throws {
    let theory = try HeavyTailMeanField(activation: .softsign, alpha: 1.6, scale: 0.7)
    let law = try StableJacobianLaw(of: theory)
    let low = 1e-5
    let middle = try law.meanLogSquare(from: low, to: 1e5)
    let below = 2 * (try law.density(low)) * low * (.log(low) - 1)
    let above =
      2 * law.tailConstant * .pow(1e5, -1.6) * (.log(1e5) / 1.6 + 1 / (1.6 * 1.6))
    let gain = try GeometricGain(alpha: 1.6).meanLogSquare(of: theory)
    #expect(abs(middle + below + above - gain) < 2e-4)
  }

  @Test func deathAndFloor() throws {
    let theory = try HeavyTailMeanField(activation: .tanh, alpha: 1.5, scale: 1)
    let death = try theory.deathScale(width: 1000)
    #expect(abs(death.scale - 0.591) < 1e-3 && death.error < 1e-9)
    // The median passes into σ_w² E φ′² at α = 2 (its root in σ_w does not settle as fast: χ₁ − 1 is
    // of second order there), and the raw floor falls with the width.
    let two = try HeavyTailMeanField(activation: .tanh, alpha: 1.9999, scale: 1)
    #expect(abs(try two.medianMeanSquare(width: 1000, slopeMoment: 1) - 1) < 2e-3)
    #expect(
      try theory.rawFloorScale(width: 4000).scale < theory.rawFloorScale(width: 1000).scale)
  }
}
