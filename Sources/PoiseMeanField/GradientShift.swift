public import PoiseModel
public import PoiseNumerics
import RealModule

/// Mean of ln |gˡ|²/|g^L|² at finite width, for gˡ = φ′(hˡ) ∘ (W^{l+1})ᵀ g^{l+1}, to order 1/N.
///
/// Each layer j from l to L − 1 adds, beside ln χ₁(q_j),
///
///     κ_j β_j + ½ κ_j′ Var q_j     the length there is shifted and fluctuates
///     − A_j/2N                     the logarithm of a fluctuating factor
///     + D_j/N                      Wᵀ is not independent of the signal it carried forward
///
/// D follows from splitting W at the direction φ(hʲ) that it has already mapped to w = hʲ⁺¹ − b;
/// t = E (w·g)²/|g|² obeys its own recursion (`docs/theory/finite-width.md`).
public struct GradientShift: Sendable {
  /// What to add to Σ ln χ₁ at every layer; 0 at the last.
  public let shift: [Double]
  /// Σ D_j/N, kept apart.
  public let memory: [Double]

  /// - Parameters:
  ///   - ensemble: the laws.
  ///   - widths: units of every layer.
  ///   - lengths: q of a typical input at every layer, from infinite width.
  ///   - corrections: shift and variance of that length.
  /// - Throws: `noAnswer` for ensembles without second moments.
  public init(
    of ensemble: NetworkEnsemble, widths: [Int], lengths: [Double], corrections: FiniteWidth
  ) throws(PoiseError) {
    let depth = widths.count
    let layers = lengths.map { LayerAverages(ensemble, length: $0) }
    var shift = [Double](repeating: 0, count: depth)
    var memory = shift
    // t at the last layer: the cotangent there is isotropic.
    var overlap = layers[depth - 1].signal
    for j in stride(from: depth - 2, through: 0, by: -1) {
      let layer = layers[j]
      let units = Double(widths[j])
      let fluctuations = try JacobianFluctuations(of: ensemble, atLength: lengths[j])
      let kappa = fluctuations.kappa
      let bent =
        layer.logSlopeCurvature * (corrections.lengthVariance[j] + corrections.lengthExcess[j])
        + kappa * kappa * corrections.lengthExcess[j]
      shift[j] =
        shift[j + 1] + kappa * corrections.lengthShift[j] + bent / 2
        - fluctuations.noise.gradient / (2 * units)
      memory[j] = memory[j + 1] + layer.memory(of: ensemble.weights, overlap: overlap, units: units)
      overlap = layer.overlap(after: overlap)
    }
    self.shift = zip(shift, memory).map { $0 + $1 }
    self.memory = memory
  }
}

/// Averages at one length that the memory of a layer needs; w is the part of h made by weights.
private struct LayerAverages {
  /// E w² = q − σ_b².
  let signal: Double
  /// d² ln μ₁/dq².
  let logSlopeCurvature: Double
  private let chi1: Double
  private let weightVariance: Double
  private let valueSquared: Double
  private let slopeSquared: Double
  private let slopeValue: Double  // E φ′² φ²
  private let mixed: Double  // E w φ φ′
  private let bent: Double  // E w² φ′²

  init(_ ensemble: NetworkEnsemble, length q: Double) {
    let moments = ensemble.activation.moments(length: q)
    weightVariance = ensemble.weightVariance
    signal = max(q - ensemble.biasVariance, 0)
    (valueSquared, slopeSquared) = (moments.valueSquared, moments.slopeSquared)
    chi1 = weightVariance * slopeSquared
    var sums = (slopeValue: 0.0, squares: 0.0)
    ensemble.activation.forEachNode(
      GaussianRule(length: q, kinks: ensemble.activation.function.kinks)
    ) { weight, x, value, slope in
      sums.slopeValue += weight * slope * slope * value * value
      sums.squares += weight * x * x * slope * slope
    }
    let share = q > 0 ? signal / q : 0
    slopeValue = sums.slopeValue
    mixed = share * q * moments.lengthSlope
    bent = share * share * sums.squares + signal * (1 - share) * slopeSquared
    let step = 0.05
    let logs = [1 - step, 1, 1 + step].map {
      Double.log(ensemble.activation.moments(length: q * $0).slopeSquared)
    }
    logSlopeCurvature = q > 0 ? (logs[0] - 2 * logs[1] + logs[2]) / (step * step * q * q) : 0
  }

  /// D/N: the layer's weights have carried this very signal forward.
  func memory(of weights: WeightLaw, overlap: Double, units: Double) -> Double {
    guard valueSquared > 0, slopeSquared > 0 else { return 0 }
    var alignment = slopeValue / (slopeSquared * valueSquared)
    if case .orthogonal = weights { alignment -= 1 }
    let ratio = overlap / (weightVariance * valueSquared)
    let term = alignment * (ratio / (1 + (ratio - 1) / units) - 1) / units
    return term > 0 ? .log(onePlus: term) : term
  }

  /// t one layer further down.
  func overlap(after overlap: Double) -> Double {
    guard valueSquared > 0, chi1 > 0 else { return signal }
    let tilt = mixed / valueSquared
    return
      (tilt * tilt * overlap + weightVariance * (bent - mixed * mixed / valueSquared)) / chi1
  }
}
