import Foundation
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import PoiseSpectra
import RealModule
import Testing

@Suite struct SpectrumPropertyTests {
  /// Mass, moments, Shannon transform and volume rate by integrating the density, against closed
  /// forms that never look at it.
  static func checkSumRules(_ spectrum: JacobianSpectrum, _ tolerance: Double) throws {
    let name = "\(spectrum.ensemble.activation) \(spectrum.ensemble.weights) \(spectrum.depth)"
    let sums = try spectrum.integrate(tolerance: 1e-9) {
      [
        1, .exp($0 - spectrum.logMean), .exp(2 * ($0 - spectrum.logMean)),
        .log(onePlus: 3 * .exp($0)), $0 / 2,
      ]
    }
    let (mass, first, second, shannon, volume) = (sums[0], sums[1], sums[2], sums[3], sums[4])
    #expect(abs(mass + spectrum.zeroMass - 1) < tolerance, "\(name): mass \(mass)")
    #expect(abs(first - 1) < tolerance, "\(name): mean \(first)")
    let expected = 1 + spectrum.relativeVariance
    #expect(abs(second / expected - 1) < tolerance, "\(name): second moment \(second)")
    #expect(
      abs(shannon - spectrum.shannonTransform(logGain: .log(3))) < tolerance * max(1, shannon),
      "\(name): Shannon \(shannon)")
    #expect(
      abs(volume - spectrum.volumeRate) < tolerance * max(10, abs(spectrum.volumeRate) * 10),
      "\(name): volume \(volume) \(spectrum.volumeRate)")
  }

  @Test(arguments: Activation.catalogue, Weights.allCases)
  func sumRules(_ activation: Activation, _ weights: Weights) throws {
    try Self.checkSumRules(criticalSpectrum(activation, weights, depth: 4, length: 0.7), 1e-8)
  }

  @Test(arguments: ["linear", "relu", "tanh"], Weights.allCases)
  func sumRulesAtDepth1000(_ name: String, _ weights: Weights) throws {
    try SumRulesValidation.checkMoments(.named(name), weights)
  }

  @Test(arguments: Weights.allCases)
  func lengthsAndWidthsThatVary(_ weights: Weights) throws {
    let ensemble = try NetworkEnsemble(
      activation: .tanh, weights: .named(weights.rawValue, variance: 1.4))
    let lengths = [2, 0.58, 0.33]
    let spectrum = try JacobianSpectrum(of: ensemble, lengths: lengths)
    // Free factors commute.
    let turned = try JacobianSpectrum(of: ensemble, lengths: lengths.reversed())
    let places = [-9.0, -6, -3, -1, 0, 0.5]
    for (a, b) in zip(
      try spectrum.logDensities(atLogEigenvalues: places),
      try turned.logDensities(atLogEigenvalues: places))
    {
      #expect(abs(a - b) < 1e-11)
    }
    try SumRulesValidation.checkShape(ensemble, lengths, [400, 200, 300, 250])
  }

  /// Layers that differ by a hair meet the general equation, equal ones the special one.
  @Test(arguments: Weights.allCases)
  func generalEquationContainsTheUniformOne(_ weights: Weights) throws {
    let uniform = try criticalSpectrum(.softsign, weights, depth: 3, length: 0.5)
    let general = try JacobianSpectrum(
      of: uniform.ensemble, lengths: [0.5, 0.5 * (1 + 1e-12), 0.5 * (1 - 1e-12)])
    let places = [-8.0, -4, -2, -1, -0.5, 0, 0.3]
    for (a, b) in zip(
      try uniform.logDensities(atLogEigenvalues: places),
      try general.logDensities(atLogEigenvalues: places))
    {
      #expect(abs(a - b) < 1e-10)
    }
    #expect(abs(uniform.edges.upper! - general.edges.upper!) < 1e-10)
    #expect(abs(uniform.volumeRate - general.volumeRate) < 1e-9)
  }

  @Test(arguments: Activation.catalogue, Weights.allCases)
  func quantilesInvertTheSurvivalFunction(_ activation: Activation, _ weights: Weights) throws {
    let spectrum = try criticalSpectrum(activation, weights, depth: 5, length: 0.8)
    var last = -Double.infinity
    for share in [0.02, 0.2, 0.5, 0.8, 0.98] {
      let value = try spectrum.quantile(share)
      #expect(value >= last - 1e-9)
      last = value
      guard value.isFinite else {
        #expect(share <= spectrum.zeroMass)
        continue
      }
      let above = spectrum.survival(atLogEigenvalue: 2 * value + 1e-9)
      let below = spectrum.survival(atLogEigenvalue: 2 * value - 1e-9)
      #expect(above <= 1 - share + 1e-7 && below >= 1 - share - 1e-7, "\(activation) \(share)")
    }
  }

  @Test func smallestDensities() throws {
    // λρ ∝ λ^{1/(L+1)} towards 0 for square Gaussian products.
    let spectrum = try criticalSpectrum(.tanh, .gaussian, depth: 200, length: 0.2)
    let values = try spectrum.logDensities(atLogEigenvalues: [-8000, -7000])
    #expect(abs(Double.log(values[1] / values[0]) - 1000.0 / 201) < 1e-4)
    let far = try spectrum.logDensities(atLogEigenvalues: [20, 1e5, .infinity])
    #expect(far == [0, 0, 0])
  }

  @Test func vanishingLength() throws {
    let zero = try criticalSpectrum(.tanh, .gaussian, depth: 3, length: 0)
    let linear = try criticalSpectrum(.linear, .gaussian, depth: 3)
    let places = [-4.0, -1, 0, 1]
    #expect(
      try zero.logDensities(atLogEigenvalues: places)
        == linear.logDensities(atLogEigenvalues: places))
  }

  @Test func uniformWeightsHaveTheGaussianLaw() throws {
    let ensemble = try NetworkEnsemble(activation: .gelu, weights: .uniform(variance: 2))
    let other = try NetworkEnsemble(activation: .gelu, weights: .gaussian(variance: 2))
    let places = [-3.0, 0, 1]
    #expect(
      try JacobianSpectrum(of: ensemble, depth: 4, length: 1).logDensities(atLogEigenvalues: places)
        == JacobianSpectrum(of: other, depth: 4, length: 1).logDensities(atLogEigenvalues: places))
  }

  @Test func isometricLengths() throws {
    // v = 1/4: the lengths of tanh fall like (v/(8L))^½, those of hard tanh like 1/(2 ln L).
    for (depth, length) in [(10, 0.07383), (100, 0.019308), (1000, 0.0057485)] {
      let point = try Isometry.criticalPoint(of: .tanh, depth: depth, relativeVariance: 0.25)
      #expect(abs(point!.length! / length - 1) < 1e-4)
    }
    for (depth, length) in [(10, 0.197), (100, 0.109), (1000, 0.0746), (10000, 0.0563)] {
      let point = try Isometry.criticalPoint(of: .hardTanh, depth: depth, relativeVariance: 0.25)
      #expect(abs(point!.length! / length - 1) < 5e-3)
    }
    #expect(try Isometry.criticalPoint(of: .relu, depth: 10, relativeVariance: 1) == nil)
    #expect(try Isometry.criticalPoint(of: .softplus, depth: 10, relativeVariance: 1) == nil)
    let spectrum = try criticalSpectrum(.tanh, .orthogonal, depth: 100, length: 0.019308)
    #expect(abs(Isometry(of: spectrum).relativeVariance - 0.25) < 1e-4)
  }

  @Test func faultsAreTold() throws {
    let ensemble = try NetworkEnsemble(activation: .tanh, weights: .gaussian(variance: 1.5))
    for depth in [0, -3, 100_001] {
      let error = #expect(throws: PoiseError.self) {
        _ = try JacobianSpectrum(of: ensemble, depth: depth)
      }
      #expect(error?.code == .outOfRange)
    }
    #expect(throws: PoiseError.self) { _ = try JacobianSpectrum(of: ensemble, lengths: []) }
    #expect(throws: PoiseError.self) { _ = try JacobianSpectrum(of: ensemble, lengths: [.nan]) }
    let shape = #expect(throws: PoiseError.self) {
      _ = try JacobianSpectrum(of: ensemble, lengths: [1, 1], widths: [3, 3])
    }
    #expect(shape?.code == .shapeMismatch)
    let explosive = try NetworkEnsemble(activation: .relu, weights: .gaussian(variance: 3))
    #expect(throws: PoiseError.self) { _ = try JacobianSpectrum(of: explosive, depth: 3) }
    #expect(throws: PoiseError.self) {
      _ = try JacobianSpectrum(of: ensemble, depth: 3).quantile(1.5)
    }
  }
}

/// Mass and moments at depth 1 and 1000 for every activation, and of one more shape: two minutes.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["POISE_VALIDATE"] == "1"))
struct SumRulesValidation {
  @Test(arguments: Activation.catalogue, Weights.allCases)
  func depth1000(_ activation: Activation, _ weights: Weights) throws {
    try Self.checkMoments(activation, weights)
  }

  @Test(arguments: Activation.catalogue, Weights.allCases)
  func depth1(_ activation: Activation, _ weights: Weights) throws {
    try SpectrumPropertyTests.checkSumRules(
      criticalSpectrum(activation, weights, depth: 1, length: 0.7), 1e-8)
  }

  @Test(arguments: Weights.allCases)
  func narrowTop(_ weights: Weights) throws {
    let ensemble = try NetworkEnsemble(
      activation: .tanh, weights: .named(weights.rawValue, variance: 1.4))
    try Self.checkShape(ensemble, [2, 0.58, 0.33], [300, 310, 320, 100])
  }

  /// Mass and second moment of layers of given lengths and widths.
  static func checkShape(
    _ ensemble: NetworkEnsemble, _ lengths: [Double], _ widths: [Int]
  ) throws {
    let shaped = try JacobianSpectrum(of: ensemble, lengths: lengths, widths: widths)
    let sums = try shaped.integrate(tolerance: 1e-9) { [1, .exp(2 * ($0 - shaped.logMean))] }
    #expect(abs(sums[0] + shaped.zeroMass - 1) < 1e-7)
    #expect(abs(sums[1] / (1 + shaped.relativeVariance) - 1) < 1e-8)
  }

  /// Values of λ over their mean, so that the moments are of order 1 and 1000 however large it is.
  static func checkMoments(_ activation: Activation, _ weights: Weights) throws {
    let spectrum = try criticalSpectrum(activation, weights, depth: 1000, length: 0.3)
    let sums = try spectrum.integrate(tolerance: 1e-9) {
      [1, .exp($0 - spectrum.logMean), .exp(2 * ($0 - spectrum.logMean))]
    }
    let (mass, first, second) = (sums[0], sums[1], sums[2])
    #expect(abs(mass + spectrum.zeroMass - 1) < 1e-8, "mass \(mass)")
    #expect(abs(first - 1) < 1e-8, "mean \(first)")
    #expect(abs(second / (1 + spectrum.relativeVariance) - 1) < 1e-8, "second \(second)")
  }
}
