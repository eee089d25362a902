public import PoiseMeanField
public import PoiseModel
public import PoiseNumerics
import RealModule

/// How close all singular values of the end-to-end Jacobian are to one another.
///
/// A network is dynamically isometric at χ₁ = 1 if v = Var λ/(E λ)² and λ₊ stay bounded as the depth
/// grows. Gaussian weights never are, since v ≥ L; orthogonal ones have v = L r(q), so the length
/// must shrink as the depth grows.
public struct Isometry: Sendable, Equatable {
  /// v.
  public let relativeVariance: Double
  /// ln λ₊; nil where φ′ is unbounded or there is no continuous part.
  public let upperEdge: Double?
  /// ln of the mean of λ.
  public let logMean: Double
  /// E [ln s; s > 0].
  public let volumeRate: Double

  /// The numbers of a spectrum.
  public init(of spectrum: JacobianSpectrum) {
    relativeVariance = spectrum.relativeVariance
    upperEdge = spectrum.edges.upper
    logMean = spectrum.logMean
    volumeRate = spectrum.volumeRate
  }

  /// The critical point at which orthogonal networks of a depth have a given v: the largest length
  /// reached from q = 0 with L r(q) ≤ v.
  ///
  /// At fixed v the length falls like √(v/(8L)) for tanh and erf, like 1/L for activations whose
  /// φ″ is not 0 or jumps at the origin, and like 1/(2 ln L) for hard tanh.
  ///
  /// - Parameters:
  ///   - activation: φ.
  ///   - depth: L ≥ 1.
  ///   - relativeVariance: v > 0.
  /// - Returns: nil without an edge of chaos, where r(0) is above v/L, or where no length of the
  ///   critical line reaches v.
  /// - Throws: `outOfRange`.
  public static func criticalPoint(
    of activation: Activation, depth: Int, relativeVariance v: Double
  ) throws(PoiseError) -> CriticalPoint? {
    guard depth >= 1 else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "at least 1 hidden layer")
    }
    let target = try v.checked("relative variance v", in: 1e-300...1e300) / Double(depth)
    let edge = EdgeOfChaos(activation)
    guard case .line = edge.shape() else { return nil }
    func excess(_ t: Double) -> Double? {
      guard
        let point = edge.point(atLength: .exp(t)),
        let ensemble = try? NetworkEnsemble(
          activation: activation, weights: .orthogonal(variance: point.weightVariance)),
        let layer = try? JacobianFluctuations(of: ensemble, atLength: .exp(t))
      else { return nil }
      return layer.slopeSpread - target
    }
    var last: Double?
    for step in 0...156 {
      let t = Double.log(1e-10) + Double(step) * .log(10) / 12
      guard let value = excess(t) else {
        if last != nil { return nil }
        continue
      }
      if value > 0 {
        guard let last else { return nil }
        let root = try bracketedRoot(from: last, to: t) { excess($0) ?? .nan }
        return edge.point(atLength: .exp(root.value))
      }
      last = t
    }
    return nil
  }
}
