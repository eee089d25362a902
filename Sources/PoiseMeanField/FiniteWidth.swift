public import PoiseModel
public import PoiseNumerics
import RealModule

/// Corrections of order 1/width to mean field, layer by layer.
///
/// At infinite width the covariance s = (q_a, q_b, k) of two inputs moves by a map T. At width N its
/// empirical value fluctuates, with covariance Σ of order 1/N, and the curvature of T turns that
/// into a shift β of its mean:
///
///     Σ' = J Σ Jᵀ + noise/N,     β' = J β + ½ T″ : (Σ + κ/3),     J = dT/ds.
///
/// κ/3 is what a layer's weights lack to be Gaussian: 0 for Gaussian entries; for uniform entries
/// −(2/5) σ_w⁴ E φφφφ/N; for orthogonal matrices, which keep Gram matrices exactly, minus the
/// Wishart covariance of s − σ_b². Orthogonal noise is likewise only what is left of φφᵀ after
/// regression on the preserved Gram matrix (`docs/theory/finite-width.md`).
public struct FiniteWidth: Sendable {
  /// Shift of the mean length of layer l, of order 1/width; index 0 is layer 1.
  public let lengthShift: [Double]
  /// Shift of the mean overlap h_a·h_b/N of a typical pair.
  public let overlapShift: [Double]
  /// Variance over networks of σ_w² times the mean of φ² below, the variance that the units of a
  /// layer share; a measured |h|²/N scatters by 2q²/N more for independent entries.
  public let lengthVariance: [Double]
  /// κ/3 of one preactivation: what its fourth cumulant adds where lengths meet a curvature.
  public let lengthExcess: [Double]

  /// - Parameters:
  ///   - ensemble: the laws.
  ///   - inputs: dimension of the input.
  ///   - widths: units of every layer.
  ///   - lengths: q of a typical input at every layer, from infinite width.
  ///   - overlaps: k of a typical pair at every layer, from infinite width.
  /// - Throws: `noAnswer` for ensembles without second moments.
  public init(
    of ensemble: NetworkEnsemble, inputs: Int, widths: [Int], lengths: [Double],
    overlaps: [Double]
  ) throws(PoiseError) {
    try ensemble.requireSecondMoments()
    var shift = Vector3(0, 0, 0)
    var covariance = Matrix3()
    var shifts: [Vector3] = []
    var variances: [Double] = []
    var excesses: [Double] = []
    for layer in widths.indices {
      shifts.append(shift)
      variances.append(covariance[0, 0])
      let units = Double(widths[layer])
      let local = LocalExpansion(
        ensemble, length: lengths[layer], overlap: overlaps[layer])
      let preserved = Self.preservedFraction(ensemble.weights, layer, inputs, widths)
      let excess = Self.excess(
        ensemble, layer, lengths, overlaps, inputs: inputs, widths: widths)
      excesses.append(excess[0, 0])
      let noise = local.noise(preserved: preserved)
      shift = local.jacobian.times(shift) + local.halfCurvature(covariance + excess)
      covariance = local.jacobian.sandwich(covariance) + noise.scaled(1 / units)
    }
    lengthShift = shifts.map(\.x)
    overlapShift = shifts.map(\.z)
    lengthVariance = variances
    lengthExcess = excesses
  }

  /// Which part of the Gram matrix a layer's weights preserve: all of it for a square or widening
  /// orthogonal layer, none of it for independent entries.
  private static func preservedFraction(
    _ weights: WeightLaw, _ layer: Int, _ inputs: Int, _ widths: [Int]
  ) -> Double {
    guard case .orthogonal = weights else { return 0 }
    let fanIn = layer == 0 ? inputs : widths[layer - 1]
    return min(1, Double(widths[layer]) / Double(fanIn))
  }

  /// κ/3 of the preactivations of a layer.
  private static func excess(
    _ ensemble: NetworkEnsemble, _ layer: Int, _ lengths: [Double], _ overlaps: [Double],
    inputs: Int, widths: [Int]
  ) -> Matrix3 {
    let fanIn = Double(layer == 0 ? inputs : widths[layer - 1])
    switch ensemble.weights {
    // With second moments a stable law is Gaussian.
    case .gaussian, .stable: return Matrix3()
    case .orthogonal:
      let (a, k) = (
        lengths[layer] - ensemble.biasVariance, overlaps[layer] - ensemble.biasVariance
      )
      return Matrix3.wishart(a, k).scaled(-1 / max(fanIn, Double(widths[layer])))
    case .uniform:
      // Layer 1 sees the data themselves, whose fourth moments are taken as Gaussian.
      let fourth =
        layer == 0
        ? Matrix3.gaussianFourth(
          lengths[0] - ensemble.biasVariance, overlaps[0] - ensemble.biasVariance)
        : LocalExpansion(ensemble, length: lengths[layer - 1], overlap: overlaps[layer - 1])
          .fourth
      return fourth.scaled(-0.4 / fanIn)
    }
  }
}

/// J, T″ and the covariance of (φ_a², φ_b², φ_aφ_b) at one typical pair of equal lengths, by a
/// trapezoidal rule in the whitened plane: a per cent is enough for a correction.
private struct LocalExpansion {
  let jacobian: Matrix3
  /// σ_w⁴ E of products of two of (φ_a², φ_b², φ_aφ_b).
  let fourth: Matrix3
  private let curvature: [Matrix3]
  private let covariance: Matrix3
  private let preservedCovariance: Matrix3

  init(_ ensemble: NetworkEnsemble, length: Double, overlap: Double) {
    let variance = ensemble.weightVariance
    let c = min(max(overlap / max(length, 1e-300), -0.999), 0.999)
    // Below the floor φ is its tangent: derivatives no longer change, fluctuations scale with q.
    let floor = 1e-10
    let sums = PlaneSums(ensemble.activation, length: max(length, floor), correlation: c)
    let ratio = min(1, length / floor)
    let vanishes = ensemble.activation.function.value(0) == 0
    // dk'/dk compounds over the layers and is sharp near c = 1: it is taken exactly.
    let kernel = Self.slopeKernel(
      ensemble.activation, length: max(length, floor), gap: length > 0 ? 1 - overlap / length : 0)
    let last = sums.first.rows.2.with(z: kernel)
    jacobian = Matrix3(rows: sums.first.rows.0, sums.first.rows.1, last).scaled(variance)
    curvature = sums.second.map { $0.scaled(variance) }
    fourth = sums.fourth.scaled(variance * variance * (vanishes ? ratio * ratio : 1))
    let mean = sums.mean
    covariance = (sums.fourth - Matrix3.outer(mean, mean))
      .scaled(variance * variance * (vanishes ? ratio * ratio : ratio))
    let (a, k) = (length - ensemble.biasVariance, c * length - ensemble.biasVariance)
    preservedCovariance = Matrix3.wishart(a, k)
  }

  /// K̇ at one gap, without tabulating it.
  private static func slopeKernel(
    _ activation: Activation, length: Double, gap: Double
  ) -> Double {
    guard length > 0 else { return activation.moments(length: 0).slopeSquared }
    let gap = min(max(gap, 0), 2)
    if activation.function.closedPair(GaussianPair(lengthA: 1, lengthB: 1, angle: 1)) == nil,
      let strip = activation.function.analyticStrip, strip > 0
    {
      let expansion = HermiteExpansion(activation, length: length)
      if abs(expansion.residual) < 1e-9 {
        return SlopeKernel(hermite: expansion.coefficients, length: length).slope(gap: gap)
      }
    }
    return activation.pairMoments(GaussianPair(lengthA: length, lengthB: length, gap: gap)).slope
  }

  /// Noise of the layer's empirical (φ_a², φ_b², φ_aφ_b), times its width.
  func noise(preserved: Double) -> Matrix3 {
    // With w = h − b and X = (w_a², w_b², w_a w_b): Cov(F, X) = J Wishart(s − σ_b²) by Gaussian
    // integration by parts, so the part of F explained by X is J Wishart Jᵀ.
    covariance - jacobian.sandwich(preservedCovariance).scaled(preserved)
  }

  /// ½ T″ : Σ, component by component.
  func halfCurvature(_ covariance: Matrix3) -> Vector3 {
    Vector3(
      0.5 * curvature[0].contracted(covariance), 0.5 * curvature[1].contracted(covariance),
      0.5 * curvature[2].contracted(covariance))
  }
}

/// Averages over the plane of a Gaussian pair: mean, first and second derivatives of E F with
/// respect to s = (q_a, q_b, k), and E F Fᵀ, for F = (φ_a², φ_b², φ_aφ_b).
private struct PlaneSums {
  var mean = Vector3(0, 0, 0)
  /// Row i: dE F_i/ds.
  var first = Matrix3()
  /// second[i] = d²E F_i/ds².
  var second = [Matrix3(), Matrix3(), Matrix3()]
  var fourth = Matrix3()

  init(_ activation: Activation, length: Double, correlation c: Double) {
    let (step, reach) = (0.25, 36)
    let deviation = length.squareRoot()
    let s = (1 - c * c).squareRoot()
    let determinant = length * (1 - c * c)
    for i in -reach...reach {
      let z = Double(i) * step
      let a = deviation * z
      let phiA = activation.function.value(a)
      for j in -reach...reach {
        let y = Double(j) * step
        let weight = step * step * Double.exp(-0.5 * (z * z + y * y)) / (2 * .pi)
        let b = deviation * (c * z + s * y)
        let phiB = activation.function.value(b)
        let f = Vector3(phiA * phiA, phiB * phiB, phiA * phiB)
        // Scores of the Gaussian: v = S⁻¹u, and the Hermite tensors of order two and four.
        let va = (a - c * b) / determinant
        let vb = (b - c * a) / determinant
        let (paa, pbb, pab) = (1 / determinant, 1 / determinant, -c / determinant)
        let hermite = HermiteTensors(va: va, vb: vb, paa: paa, pbb: pbb, pab: pab)
        mean = mean + f.scaled(weight)
        first = first + Matrix3.outer(f, hermite.first).scaled(weight)
        fourth = fourth + Matrix3.outer(f, f).scaled(weight)
        for (slot, value) in [f.x, f.y, f.z].enumerated() {
          second[slot] = second[slot] + hermite.second.scaled(weight * value)
        }
      }
    }
  }
}

/// d/ds and d²/ds² of a Gaussian density, divided by it: ∂_{q_a} = ½∂_a², ∂_k = ∂_a∂_b.
private struct HermiteTensors {
  let first: Vector3
  let second: Matrix3

  init(va: Double, vb: Double, paa: Double, pbb: Double, pab: Double) {
    first = Vector3(0.5 * (va * va - paa), 0.5 * (vb * vb - pbb), va * vb - pab)
    let aaaa = va * va * va * va - 6 * va * va * paa + 3 * paa * paa
    let bbbb = vb * vb * vb * vb - 6 * vb * vb * pbb + 3 * pbb * pbb
    let aaab = va * va * va * vb - 3 * va * vb * paa - 3 * va * va * pab + 3 * paa * pab
    let abbb = va * vb * vb * vb - 3 * va * vb * pbb - 3 * vb * vb * pab + 3 * pbb * pab
    let aabb =
      va * va * vb * vb - va * va * pbb - vb * vb * paa - 4 * va * vb * pab + paa * pbb
      + 2 * pab * pab
    second = Matrix3(
      rows: Vector3(0.25 * aaaa, 0.25 * aabb, 0.5 * aaab),
      Vector3(0.25 * aabb, 0.25 * bbbb, 0.5 * abbb), Vector3(0.5 * aaab, 0.5 * abbb, aabb))
  }
}
