public import PoiseModel
import RealModule

/// How the mean squared preactivation q of one layer becomes that of the next.
///
///     V(q) = a² q + (σ_w²/p) E φ(√q z)² + σ_b²
///
/// with dropout keep probability p (mask/p on φ) and a residual branch h' = a h + W φ(h) + b;
/// p = 1 and a = 0 is the plain network of Poole et al. 2016 and Schoenholz et al. 2017.
public struct LengthMap: Sendable {
  /// φ.
  public let activation: Activation
  /// σ_w².
  public let weightVariance: Double
  /// σ_b².
  public let biasVariance: Double
  /// p in (0, 1]: the chance that a unit is kept.
  public let keep: Double
  /// a ≥ 0: the weight of the identity branch.
  public let residual: Double

  init(_ ensemble: NetworkEnsemble, keep: Double = 1, residual: Double = 0) {
    activation = ensemble.activation
    weightVariance = ensemble.weightVariance
    biasVariance = ensemble.biasVariance
    self.keep = keep
    self.residual = residual
  }

  /// σ_w²/p: what multiplies E φ² and E φ′².
  var effectiveVariance: Double { weightVariance / keep }

  /// V(q), q ≥ 0.
  public func callAsFunction(_ length: Double) -> Double {
    next(length, activation.moments(length: length))
  }

  /// χ_q = V′(q): growth per layer of a small deviation of the length. Written with u φ φ′, not
  /// φ″, so that it is right for kinks.
  public func slope(_ length: Double) -> Double {
    slope(activation.moments(length: length))
  }

  /// χ₁ = a² + (σ_w²/p) E φ′(√q z)²: growth per layer of a small squared distance between inputs
  /// that share their dropout masks, and of a squared gradient on its way back.
  public func chi1(_ length: Double) -> Double { chi1(activation.moments(length: length)) }

  func next(_ length: Double, _ moments: ActivationMoments) -> Double {
    residual * residual * length + effectiveVariance * moments.valueSquared + biasVariance
  }
  func slope(_ moments: ActivationMoments) -> Double {
    residual * residual + effectiveVariance * moments.lengthSlope
  }
  func chi1(_ moments: ActivationMoments) -> Double {
    residual * residual + effectiveVariance * moments.slopeSquared
  }

  /// s_∞ = V′(∞) from the slopes of φ at infinity; infinite for faster growth.
  public var slopeAtInfinity: Double {
    let (minus, plus) = activation.function.slopesAtInfinity
    return residual * residual + effectiveVariance * (minus * minus + plus * plus) / 2
  }

  /// V applied `layers` times: the lengths q¹ … q^(layers+1), starting with `first`.
  public func iterate(from first: Double, layers: Int) -> [Double] {
    var lengths = [first]
    lengths.reserveCapacity(layers + 1)
    for _ in 0..<layers { lengths.append(self(lengths[lengths.count - 1])) }
    return lengths
  }
}
