import PoiseModel
import PoiseNumerics
import PoiseSpectra
import RealModule

/// The quantities of Jacobian spectra that `poise verify` knows, all at the critical σ_w² = 1/μ₁(q).
enum JacobianQuantities {
  typealias Parameters = Verification.Parameters
  typealias Expected = Verification.Expected

  static let registry: [String: Verification.Compute] = [
    "sigma_JJT2": { p throws(PoiseError) in ["value": .number(try spectrum(p).variance)] },
    "jacobian_log_density": { p throws(PoiseError) in
      let lambda = try p.number("lambda").checked("parameter lambda", in: 0...1e300)
      let spectrum = try spectrum(p)
      guard spectrum.continuousMass > 0, lambda > 0 else { return ["value": .missing] }
      return ["value": .number(try spectrum.logDensity(atLogEigenvalue: .log(lambda)))]
    },
    "jacobian_lambda_max": { p throws(PoiseError) in
      let upper = try spectrum(p).edges.upper
      return ["value": upper.map { .number(.exp($0)) } ?? .missing]
    },
  ]

  /// The length is left out where all lengths are preserved; any will do there.
  private static func spectrum(_ p: Parameters) throws(PoiseError) -> JacobianSpectrum {
    let activation = try Activation.named(p.text("activation"))
    let isFree = activation.function.homogeneousSlopes != nil
    let length = isFree ? 1 : try p.number("q").checked("parameter q", in: 1e-12...1e8)
    let layer = try NetworkEnsemble(
      activation: activation, weights: .named(p.text("ensemble"), variance: 1))
    let probe = try JacobianSpectrum(of: layer, depth: 1, length: length)
    let critical = try NetworkEnsemble(
      activation: activation, weights: layer.weights.with(variance: 1 / probe.mean))
    return try JacobianSpectrum(of: critical, depth: p.integer("depth"), length: length)
  }
}
