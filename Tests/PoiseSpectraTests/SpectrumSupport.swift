import PoiseMeanField
import PoiseModel
import PoiseSpectra

/// Weight laws with spectra of their own.
enum Weights: String, CaseIterable, Sendable {
  case gaussian
  case orthogonal
}

/// The spectrum at χ₁ = 1 for a length, whether or not a bias keeps that length.
func criticalSpectrum(
  _ activation: Activation, _ weights: Weights, depth: Int, length: Double = 1
) throws -> JacobianSpectrum {
  let variance = 1 / activation.moments(length: length).slopeSquared
  let ensemble = try NetworkEnsemble(
    activation: activation, weights: .named(weights.rawValue, variance: variance))
  return try JacobianSpectrum(of: ensemble, depth: depth, length: length)
}

/// λρ of activation, q, weights, depth at λ, to 28 digits rounded to double.
struct DensityReference: Sendable {
  let activation: String
  let length: Double
  let weights: Weights
  let depth: Int
  let eigenvalue: Double
  let density: Double

  /// Computed in 50-digit arithmetic by an independent program.
  static let all = [
    DensityReference(
      activation: "linear", length: 1, weights: .gaussian, depth: 3, eigenvalue: 0.7,
      density: 0.1329602472292683265958843543),
    DensityReference(
      activation: "relu", length: 1, weights: .gaussian, depth: 5, eigenvalue: 1.5,
      density: 0.05159785592187329896517647717),
    DensityReference(
      activation: "relu", length: 1, weights: .orthogonal, depth: 10, eigenvalue: 2,
      density: 0.04800942046280193884616154858),
    DensityReference(
      activation: "hard_tanh", length: 0.3, weights: .orthogonal, depth: 20, eigenvalue: 0.5,
      density: 0.1169975057233620791573663612),
    DensityReference(
      activation: "tanh", length: 0.4, weights: .orthogonal, depth: 6, eigenvalue: 1.2,
      density: 0.2222324129821370268434835489),
    DensityReference(
      activation: "tanh", length: 0.4, weights: .gaussian, depth: 6, eigenvalue: 0.05,
      density: 0.06283765504677258517370545670),
  ]
}
