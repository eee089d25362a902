import PoiseNumerics
import RealModule

/// φ(x) = x Φ(x), exactly (not the tanh approximation), entire.
///
/// Pair averages and means are closed (Tsuchida et al. 2020, arXiv 2002.08517). E φ′⁴ contains
/// E Φ(u)⁴, an orthant probability in four dimensions, so `closedMoments` is nil; E φ² and μ₁ are
/// the pair averages at angle 0.
///
/// The buffers form Φ from erf: absolute error 1e-16 (1 + |x|) where the scalars keep the left
/// tail's relative accuracy by erfc.
public struct GELU: ActivationFunction {
  public init() {}
  public var name: String { "gelu" }
  public var slopesAtInfinity: (minus: Double, plus: Double) { (0, 1) }
  public var analyticStrip: Double? { .infinity }

  public func value(_ x: Double) -> Double {
    (x < -40 ? -40 : x) * StandardNormal.cumulative(x)
  }

  public func derivative(_ x: Double) -> Double {
    let bounded = clamp(x, 40)
    return StandardNormal.cumulative(bounded) + bounded * StandardNormal.density(bounded)
  }

  /// (2 − x²) p(x).
  public func secondDerivative(_ x: Double) -> Double {
    let bounded = clamp(x, 40)
    return (2 - bounded * bounded) * StandardNormal.density(bounded)
  }

  /// φ(x) − x/2 = x erf(x/√2)/2 and φ′(x) − 1/2 = erf(x/√2)/2 + x p(x).
  public func deviation(_ x: Double) -> (value: Double, derivative: Double) {
    let half = Double.erf(x * 0.5.squareRoot()) / 2
    let bounded = clamp(x, 40)
    return (x * half, half + bounded * StandardNormal.density(bounded))
  }

  /// With D = 1 + q_a + q_b + q_a q_b sin² θ and A = atan2(√D, −k)/(2π) = 1/4 + atan2(k, √D)/(2π):
  ///
  ///     E φφ = kA + [q_a q_b − k² + k²/(1 + q_a) + k²/(1 + q_b)]/(2π√D)
  ///     E φ′φ′ = A + [k/(1 + q_a) + k/(1 + q_b) + k/D]/(2π√D)
  ///
  /// Error below 4e-15 of √(E φ_a² E φ_b²), for slopes likewise (measured): towards c = −1 at large q the terms cancel.
  public func closedPair(_ pair: GaussianPair) -> PairMoments? {
    let k = pair.covariance
    let determinant = 1 + pair.lengthA + pair.lengthB + pair.determinant
    let root = determinant.squareRoot()
    let angle = Double.atan2(y: root, x: -k) / (2 * .pi)
    let inverses = 1 / (1 + pair.lengthA) + 1 / (1 + pair.lengthB)
    let front = 1 / (2 * .pi * root)
    return PairMoments(
      value: k * angle + front * (pair.determinant + k * k * inverses),
      slope: angle + front * k * (inverses + 1 / determinant))
  }

  /// With σ² = 1 + s² and t = m/σ: mΦ(t) + (s²/σ) p(t) and Φ(t) + t p(t)/σ².
  public func closedMean(
    mean: Double, deviation: Double
  ) -> (value: Double, derivative: Double)? {
    let variance = 1 + deviation * deviation
    let root = variance.squareRoot()
    let t = mean / root
    let (below, density) = (StandardNormal.cumulative(t), StandardNormal.density(t))
    return (
      mean * below + deviation * deviation / root * density, below + t * density / variance
    )
  }

  public func evaluate(
    _ x: UnsafePointer<Double>, count: Int, value: UnsafeMutablePointer<Double>,
    derivative: UnsafeMutablePointer<Double>?
  ) {
    let block = 512
    let root = Double(0.5).squareRoot()
    let norm = Double(0.398942280401432677939946059934)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: block) { buffer in
      let y = buffer.baseAddress!
      var start = 0
      while start < count {
        let size = min(block, count - start)
        for index in 0..<size { (y + index).initialize(to: x[start + index] * root) }
        VectorMath.erf(y, y, count: size)
        if let derivative = derivative.map({ $0 + start }) {
          for index in 0..<size {
            let bounded = clamp(x[start + index], 40)
            derivative[index] = -bounded * bounded / 2
          }
          VectorMath.exp(derivative, derivative, count: size)
          for index in 0..<size {
            let bounded = clamp(x[start + index], 40)
            derivative[index] = (1 + y[index]) / 2 + bounded * norm * derivative[index]
          }
        }
        for index in 0..<size {
          let argument = x[start + index]
          value[start + index] = (argument < -40 ? -40 : argument) * ((1 + y[index]) / 2)
        }
        start += size
      }
    }
  }

  public func evaluate(
    _ x: UnsafePointer<Float>, count: Int, value: UnsafeMutablePointer<Float>,
    derivative: UnsafeMutablePointer<Float>?
  ) {
    let block = 512
    let root = Float(0.5).squareRoot()
    let norm = Float(0.398942280401432677939946059934)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: block) { buffer in
      let y = buffer.baseAddress!
      var start = 0
      while start < count {
        let size = min(block, count - start)
        for index in 0..<size { (y + index).initialize(to: x[start + index] * root) }
        VectorMath.erf(y, y, count: size)
        if let derivative = derivative.map({ $0 + start }) {
          for index in 0..<size {
            let bounded = clamp(x[start + index], 40)
            derivative[index] = -bounded * bounded / 2
          }
          VectorMath.exp(derivative, derivative, count: size)
          for index in 0..<size {
            let bounded = clamp(x[start + index], 40)
            derivative[index] = (1 + y[index]) / 2 + bounded * norm * derivative[index]
          }
        }
        for index in 0..<size {
          let argument = x[start + index]
          value[start + index] = (argument < -40 ? -40 : argument) * ((1 + y[index]) / 2)
        }
        start += size
      }
    }
  }
}
