import PoiseMeanField
import PoiseModel
import PoiseNumerics
import PoiseSpectra
import RealModule
import Testing

/// E ln(1 + γλ) against laws that know it otherwise.
@Suite struct ShannonTransformTests {
  /// Products of L square Gaussian matrices: γ η^{L+1} = 1 − η gives −(L+1) ln η − L(1 − η).
  @Test(arguments: [1, 2, 3, 10, 64, 1000], [1e-3, 1, 100, 1e8])
  func deepLinear(_ depth: Int, _ gain: Double) throws {
    let spectrum = try criticalSpectrum(.linear, .gaussian, depth: depth)
    let n = Double(depth)
    // In t = −ln η: ln γ = (L+1) t + ln(1 − e^−t), which rises.
    let t = try bracketedRoot(from: 1e-12, to: 800) {
      (n + 1) * $0 + .log(-.expMinusOne(-$0)) - .log(gain)
    }.value
    let expected = (n + 1) * t + n * .expMinusOne(-t)
    #expect(
      abs(spectrum.shannonTransform(logGain: .log(gain)) - expected) < 1e-11 * max(1, expected))
  }

  /// Independent values in 15 digits of the closed form.
  @Test(arguments: [
    (1, 1.0, 0.580457638869102), (3, 10, 1.3866275666221), (10, 100, 1.58026261616784),
  ])
  func deepLinearReference(_ depth: Int, _ gain: Double, _ expected: Double) throws {
    let spectrum = try criticalSpectrum(.linear, .gaussian, depth: depth)
    #expect(abs(spectrum.shannonTransform(logGain: .log(gain)) - expected) < 1e-12)
  }

  /// Two layers of tanh with different lengths: half the transform is the information that a signal
  /// to noise ratio of 10 lets through, to six digits by an independent program.
  @Test(arguments: [("gaussian", 0.414473), ("orthogonal", 0.543185)])
  func linearisedInformation(_ weights: String, _ expected: Double) throws {
    let ensemble = try NetworkEnsemble(
      activation: .tanh, weights: .named(weights, variance: 1.1))
    let spectrum = try JacobianSpectrum(of: ensemble, lengths: [1.1, 0.6])
    #expect(abs(spectrum.shannonTransform(logGain: .log(10)) / 2 - expected) < 1e-6)
  }

  /// The volume rate of orthogonal weights: ln σ_w + E ln|φ′| per layer, here from its own quadrature.
  @Test func volumeRateOfOrthogonalLayers() throws {
    let spectrum = try criticalSpectrum(.tanh, .orthogonal, depth: 7, length: 0.6)
    // E ln sech²(√q z) by the trapezoid rule, which is exact to rounding for this integrand.
    let step = 0.05
    let mean = (-240...240).reduce(0.0) { sum, index in
      let z = Double(index) * step
      return sum + step * .exp(-z * z / 2) / (2 * Double.pi).squareRoot()
        * -2 * .log(.cosh(0.6.squareRoot() * z))
    }
    let expected = 7 * (0.5 * .log(spectrum.ensemble.weightVariance) + mean)
    #expect(abs(spectrum.volumeRate - expected) < 1e-10)
  }
}
