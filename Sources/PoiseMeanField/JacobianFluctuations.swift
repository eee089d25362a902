public import PoiseModel
public import PoiseNumerics
import RealModule

/// First two moments of the squared singular values of the end-to-end Jacobian, and the spread of
/// ln |J u|² over networks of finite width, for a layer at length q.
///
/// Isometry means that all singular values concentrate at one value: v stays of order 1 while the
/// depth grows. Gaussian weights have v ≥ L whatever φ; orthogonal ones v = L r(q).
public struct JacobianFluctuations: Sendable, Equatable {
  /// r = μ₂/μ₁² − 1 = Var φ′²/(E φ′²)²: how unequal the slopes of a layer are.
  public let slopeSpread: Double
  /// Contribution of one layer to v: r for orthogonal weights, r + 1 for independent entries.
  public let spreadPerLayer: Double
  /// χ₁ at q.
  public let chi1: Double
  /// χ_q at q.
  public let chiQ: Double
  /// κ = d ln μ₁/dq.
  public let kappa: Double
  /// A, B, C of `docs/theory/finite-width.md`: noise of ln|Ju|² in a layer, its covariance with
  /// the noise of the length, and the latter's variance, all times the width.
  public let noise: (gradient: Double, mixed: Double, length: Double)

  public static func == (left: JacobianFluctuations, right: JacobianFluctuations) -> Bool {
    left.slopeSpread == right.slopeSpread && left.chi1 == right.chi1 && left.chiQ == right.chiQ
      && left.kappa == right.kappa && left.noise == right.noise
  }

  /// - Parameters:
  ///   - ensemble: the laws.
  ///   - length: q > 0, or 0 for the linear limit of a vanishing signal.
  /// - Throws: `noAnswer` for ensembles without second moments.
  public init(of ensemble: NetworkEnsemble, atLength length: Double) throws(PoiseError) {
    try ensemble.requireSecondMoments()
    let map = LengthMap(ensemble)
    let moments = ensemble.activation.moments(length: length)
    chi1 = map.chi1(moments)
    chiQ = map.slope(moments)
    let sums = LayerSums(ensemble.activation, length: length, moments: moments)
    slopeSpread = sums.slopeVariance
    kappa = sums.kappa
    let variance = ensemble.weightVariance
    let mixed = variance * sums.slopeValue
    let lengthNoise = variance * variance * sums.valueVariance
    if case .orthogonal = ensemble.weights {
      spreadPerLayer = slopeSpread
      // What a fixed |Wφ|² removes: rho is the part of the length that comes from the weights.
      let rho = length > 0 ? (length - ensemble.biasVariance) / length : 1
      let preserved = 2 * (length * rho) * (length * rho)
      let (f, g) = (rho * rho * sums.slopeHermite, rho * rho * variance * sums.valueHermite)
      let scale = preserved > 0 ? 1 / preserved : 0
      noise = (
        3 * slopeSpread - f * f * scale, mixed - f * g * scale, lengthNoise - g * g * scale
      )
    } else {
      spreadPerLayer = slopeSpread + 1
      noise = (3 * (slopeSpread + 1) - 1, mixed, lengthNoise)
    }
  }

  /// v = Σ over layers of the spread: the variance of the squared singular values of J divided by
  /// the square of their mean.
  public static func spread(_ layers: [JacobianFluctuations]) -> Double {
    layers.reduce(0) { $0 + $1.spreadPerLayer }
  }

  /// Var ln |J u|² over networks, for a generic direction u and J the product of `layers`, whose
  /// lengths fluctuate because of the layers in `before` as well.
  ///
  /// - Parameters:
  ///   - layers: the factors of J, in the order of the signal, with their widths.
  ///   - before: layers that shape the signal but are no factors of J.
  public static func logVariance(
    _ layers: [(layer: JacobianFluctuations, width: Int)],
    before: [(layer: JacobianFluctuations, width: Int)] = []
  ) -> Double {
    var response = 0.0  // G: change of ln|Ju|² per unit of length noise entering the next layer
    var total = 0.0
    for (layer, width) in layers.reversed() {
      let noise = layer.noise
      total +=
        (noise.gradient + 2 * response * noise.mixed + response * response * noise.length)
        / Double(width)
      response = layer.kappa + layer.chiQ * response
    }
    for (layer, width) in before.reversed() {
      total += response * response * layer.noise.length / Double(width)
      response *= layer.chiQ
    }
    return total
  }
}

/// One-dimensional averages that the fluctuations need, with f = φ′².
private struct LayerSums {
  var slopeVariance = 0.0  // Var f / (E f)²
  var slopeValue = 0.0  // E f φ²/μ₁ − E φ²
  var valueVariance = 0.0  // Var φ²
  var slopeHermite = 0.0  // E (f/μ₁)(x² − q)
  var valueHermite = 0.0  // E φ² (x² − q)
  var kappa = 0.0

  init(_ activation: Activation, length q: Double, moments: ActivationMoments) {
    guard q > 0 else {
      // A vanishing signal: φ is its tangent, or two half-lines at a kink.
      slopeVariance = moments.slopeFourth / (moments.slopeSquared * moments.slopeSquared) - 1
      return
    }
    let (mean, value) = (moments.slopeSquared, moments.valueSquared)
    let rule = GaussianRule(length: q, kinks: activation.function.kinks)
    activation.forEachNode(rule) { weight, x, phi, slope in
      let excess = slope * slope / mean - 1
      let square = phi * phi - value
      let hermite = x * x - q
      slopeVariance += weight * excess * excess
      slopeValue += weight * excess * square
      valueVariance += weight * square * square
      slopeHermite += weight * excess * hermite
      valueHermite += weight * square * hermite
    }
    kappa = slopeHermite / (2 * q * q)
  }
}
