internal import CPoiseKernels
import RealModule
import Synchronization

/// The Fourier integral on a ray differentiated under the integral, for |α − 1| < 0.1.
///
/// With L = ln t, κ = −εT and φ(z) = (e^z − 1)/z the exponent is ψ = −t^α − iβκ t L φ(εL), so that
/// nothing in it, or in
///
///     ∂ψ/∂α = −t^α L − iβ t L (κ′ φ(εL) + κ L φ′(εL)),   ∂ψ/∂β = −iκ t L φ(εL),
///
/// is singular at α = 1. Rays and nodes are those of `RotatedContour`.
struct ContourScore: Sendable {
  private let slopes: [Double]
  private let changes: [Double]
  private static let nodes = 192

  init(_ side: StableSide, octave: Int) {
    let inner = octave < 0
    let limit = Double.minimum(.pi / 2, .pi / (2 * side.alpha))
    let angle = (inner ? 0.5 : 0.6) * limit
    let scale = inner ? 0 : -Double(octave) * .log(2) - .log(.sin(angle))
    let (low, high) = (-4.4, inner ? 4.5 : 4.4)
    let step = (high - low) / Double(Self.nodes - 1)
    let kappa = side.kappa
    let turn = Wave(.cos(angle), -.sin(angle))
    var points: [[Double]] = [[], []]
    var weights: [[Double]] = [[], [], [], [], [], [], [], []]
    for index in 0..<Self.nodes {
      let u = low + step * Double(index)
      let logT = Wave(u - .exp(-u) + scale, -angle)
      let r = Double.exp(logT.re)
      let t = turn * r
      let measure = t * ((1 + .exp(-u)) * step / .pi)
      let phi = Wave.growth(logT * side.epsilon)
      let skew = t * logT * Wave(0, -1)
      let power = Wave.exp(logT * side.alpha)
      let psi = skew * phi.value * (side.beta * kappa.value) - power
      let e = Wave.exp(psi)
      // Inside e^ψ, outside e^ψ − 1 without cancellation.
      let whole = inner ? e : Wave.expMinusOne(psi)
      let byAlpha =
        skew * (phi.value * kappa.slope + logT * phi.slope * kappa.value) * side.beta
        - power * logT
      let byBeta = skew * phi.value * kappa.value
      points[0].append(t.re)
      points[1].append(-t.im)
      let all = [
        whole * measure, whole * measure * t * Wave(0, -1), e * byAlpha * measure,
        e * byBeta * measure,
      ]
      for (row, weight) in all.enumerated() {
        weights[2 * row].append(weight.re)
        weights[2 * row + 1].append(weight.im)
      }
    }
    slopes = (points + weights[0..<4]).flatMap { $0 }
    changes = (points + weights[4..<8]).flatMap { $0 }
  }

  /// ∂ ln f by x, α and β at an abscissa of this octave.
  func score(_ x: Double) -> (x: Double, alpha: Double, beta: Double) {
    let (density, slope) = Self.sums(slopes, x)
    let (byAlpha, byBeta) = Self.sums(changes, x)
    return (slope / density, byAlpha / density, byBeta / density)
  }

  private static func sums(_ columns: [Double], _ x: Double) -> (Double, Double) {
    var out = (0.0, 0.0)
    columns.withUnsafeBufferPointer { columns in
      withUnsafeMutableBytes(of: &out) { out in
        poise_stable_fourier(
          columns.baseAddress!, nodes, x, out.baseAddress!.assumingMemoryBound(to: Double.self))
      }
    }
    return out
  }
}

/// The rays of one side, made when first asked for.
final class ContourScores: Sendable {
  private let side: StableSide
  private let made = Mutex<[Int: ContourScore]>([:])

  init(_ side: StableSide) { self.side = side }

  /// The ray of an abscissa x ≥ 0.
  func of(_ x: Double) -> ContourScore {
    let octave = RotatedContour.octave(x)
    if let known = made.withLock({ $0[octave] }) { return known }
    let new = ContourScore(side, octave: octave)
    made.withLock { $0[octave] = new }
    return new
  }
}

/// A complex number of the contour.
private struct Wave {
  var re, im: Double

  init(_ re: Double, _ im: Double) { (self.re, self.im) = (re, im) }

  static func + (a: Wave, b: Wave) -> Wave { Wave(a.re + b.re, a.im + b.im) }
  static func - (a: Wave, b: Wave) -> Wave { Wave(a.re - b.re, a.im - b.im) }
  static func * (a: Wave, b: Double) -> Wave { Wave(a.re * b, a.im * b) }
  static func * (a: Wave, b: Wave) -> Wave {
    Wave(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
  }

  static func exp(_ z: Wave) -> Wave {
    let size = Double.exp(z.re)
    return Wave(size * .cos(z.im), size * .sin(z.im))
  }

  static func expMinusOne(_ z: Wave) -> Wave {
    let half = Double.sin(z.im / 2)
    return Wave(
      .expMinusOne(z.re) * .cos(z.im) - 2 * half * half, .exp(z.re) * .sin(z.im))
  }

  /// φ(z) = (e^z − 1)/z and φ′(z) = (e^z − φ)/z, by Σ z^k/(k + 1)! where z is small.
  static func growth(_ z: Wave) -> (value: Wave, slope: Wave) {
    let size = z.re * z.re + z.im * z.im
    if size < 0.5 {
      var (value, slope) = (Wave(0, 0), Wave(0, 0))
      for k in stride(from: 20, through: 0, by: -1) {
        slope = slope * z + value
        value = value * z + Wave(1 / .gamma(Double(k) + 2), 0)
      }
      return (value, slope)
    }
    let inverse = Wave(z.re / size, -z.im / size)
    let value = expMinusOne(z) * inverse
    return (value, (exp(z) - value) * inverse)
  }
}
