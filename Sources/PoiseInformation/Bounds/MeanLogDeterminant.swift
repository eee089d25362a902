public import PoiseNumerics
import RealModule

/// E ln|det W|/n of a square Gaussian matrix with entries N(0, σ_w²/n).
public enum GaussianDeterminant {
  /// ln σ_w + (1/2n) Σ_{i=1}^n [ψ(i/2) + ln(2/n)]: exact at every n, since the squares of the
  /// diagonal of a QR factor are χ² with 1 … n degrees of freedom. Tends to ln σ_w − ½.
  ///
  /// - Parameters:
  ///   - size: n, 1 to 10⁷.
  ///   - weightVariance: σ_w² > 0.
  /// - Returns: nats per row. Error below 1e-13 (measured).
  /// - Throws: `outOfRange`.
  public static func meanLogarithm(
    size: Int, weightVariance: Double
  ) throws(PoiseError) -> Double {
    guard (1...10_000_000).contains(size) else {
      throw PoiseError(
        .outOfRange, quantity: "size of the matrix", value: "\(size)", allowed: "1 to 10000000")
    }
    guard weightVariance > 0, weightVariance.isFinite else {
      throw PoiseError(
        .outOfRange, quantity: "weight variance", value: "\(weightVariance)",
        allowed: "finite and above 0")
    }
    // ψ(½) = −γ − 2 ln 2, ψ(1) = −γ, ψ(x + 1) = ψ(x) + 1/x.
    let euler = 0.577215664901532860606512090082
    var (odd, even) = (-euler - 2 * Double.log(2), -euler)
    var sum = 0.0
    let shift = Double.log(2 / Double(size))
    for i in 1...size {
      let half = Double(i) / 2
      if i % 2 == 1 {
        sum += odd + shift
        odd += 1 / half
      } else {
        sum += even + shift
        even += 1 / half
      }
    }
    return 0.5 * .log(weightVariance) + sum / (2 * Double(size))
  }
}

/// What a rectangular random matrix does to volumes, in the limit of large sizes.
///
/// W (n_out × n_in) acts on a vector of which `active` components vary; these span min(active, n_out)
/// dimensions of the output, and volumes there grow by e^d per dimension. For a Gaussian n × k matrix of
/// standard entries, k ≤ n and α = k/n,
///
///     E ln det GᵀG/2k → ½ ln n + ½ [((1 − α)/α) ln(1/(1 − α)) − 1],
///
/// and a truncated orthogonal matrix is G_S (GᵀG)^{−½}: two such terms.
struct MatrixVolume {
  /// Dimensions of the output that the active inputs reach, in the unit of the sizes.
  let dimensions: Double
  /// d.
  let logFactor: Double

  /// Sizes may be in any common unit.
  init(inputs: Double, active: Double, outputs: Double, variance: Double, isOrthogonal: Bool) {
    dimensions = min(active, outputs)
    if !isOrthogonal {
      logFactor =
        Self.gaussian(max(active, outputs), dimensions) + 0.5 * .log(variance / inputs)
    } else if outputs >= inputs {
      logFactor = 0.5 * .log(variance * outputs / inputs)
    } else {
      logFactor =
        Self.gaussian(max(active, outputs), dimensions) - Self.gaussian(inputs, dimensions)
        + 0.5 * .log(variance)
    }
  }

  /// E ln det GᵀG/2k of n × k standard entries, k ≤ n.
  static func gaussian(_ n: Double, _ k: Double) -> Double {
    let alpha = k / n
    let rest = 1 - alpha
    let tail = rest > 0 ? -rest / alpha * Double.log(onePlus: -alpha) : 0
    return 0.5 * (.log(n) + tail - 1)
  }
}
