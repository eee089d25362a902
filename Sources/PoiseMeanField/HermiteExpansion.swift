import PoiseModel
import PoiseNumerics
import RealModule

/// Coefficients c_k = E φ(√q z) he_k(z) in normalised Hermite polynomials, z ~ N(0, 1).
///
/// By Mehler's formula they turn every Gaussian pair into a power series of the correlation,
///
///     E φ(u_a)φ(u_b) = Σ c_k(q_a) c_k(q_b) cᵏ,
///
/// and for equal lengths all the sums that matter have terms of one sign: no cancellation near
/// c = 1. The series is trusted only if Σ k c_k² reproduces q E φ′² (`residual`).
struct HermiteExpansion: Sendable {
  /// c₀, c₁, …
  let coefficients: [Double]
  /// 1 − Σ k c_k² / (q μ₁): what the truncation loses of the slope kernel at c = 1.
  let residual: Double

  /// - Parameters:
  ///   - length: q > 0.
  ///   - most: largest number of coefficients; the expansion stops early once it is complete.
  ///     tanh needs about 200 q of them.
  init(_ activation: Activation, length: Double, most: Int = 2400, tolerance: Double = 2e-14) {
    let rule = GaussianRule(length: length, kinks: activation.function.kinks)
    let count = rule.nodes.count
    let inverse = 1 / length.squareRoot()
    let z = rule.nodes.map { $0 * inverse }
    // previous, current: w φ-weighted recurrence √(k+1) he_{k+1} = z he_k − √k he_{k−1}, carried
    // with the weight √w so that he_k never overflows where the Gaussian is negligible.
    var previous = [Double](repeating: 0, count: count)
    var current = rule.weights.map { $0.squareRoot() }
    var weighted = [Double](repeating: 0, count: count)
    var slopeSquared = 0.0
    var index = 0
    activation.forEachNode(rule) { weight, _, value, slope in
      weighted[index] = weight.squareRoot() * value
      slopeSquared += weight * slope * slope
      index += 1
    }
    let target = length * slopeSquared
    var found: [Double] = []
    var sum = 0.0
    for k in 0..<most {
      let c = current.withUnsafeBufferPointer { a in
        weighted.withUnsafeBufferPointer { b in
          Double.dot(count, a.baseAddress!, b.baseAddress!)
        }
      }
      found.append(c)
      sum += Double(k) * c * c
      // Odd or even functions skip every other coefficient: look at two in a row.
      if k > 2, abs(1 - sum / target) < tolerance,
        Double(k) * c * c + Double(k) * found[k - 1] * found[k - 1] < 1e-17 * target
      {
        break
      }
      let (up, down) = (1 / Double(k + 1).squareRoot(), Double(k).squareRoot())
      current.withUnsafeMutableBufferPointer { current in
        previous.withUnsafeMutableBufferPointer { previous in
          for i in 0..<count {
            let next = (z[i] * current[i] - down * previous[i]) * up
            previous[i] = current[i]
            current[i] = next
          }
        }
      }
    }
    coefficients = found
    residual = target > 0 ? 1 - sum / target : 0
  }
}
