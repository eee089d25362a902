internal import CPoiseKernels
import RealModule

/// The Fourier integral of the standard S0 law on a ray t = r e^(−iϑ), for |α − 1| and |β| small,
/// where Zolotarev's path degenerates to that ray (at α = 1, β = 0 it is one exactly).
///
///     x ≥ 1:  f = (1/π) Re ∫ e^(−itx) (e^ψ − 1) dt,   P(X > x) = (1/π) Re ∫ e^(−itx) (e^ψ − 1)/(it) dt
///     x < 1:  f = (1/π) Re ∫ e^(−itx + ψ) dt,     P(X > x) = 1/2 + (1/π) Im ∫ (e^(−itx+ψ) − e^(−t))/t dt
///     ψ(t) = −t^α − iβ tan(πα/2) (t − t^α)
///
/// The 1 and the e^(−t) contribute nothing and take away the cancellation of the tail. Nodes
/// belong to an octave of x: r = 2^(−octave) exp(u − e^(−u))/sin ϑ, u in equal steps.
final class RotatedContour: Sendable {
  private let columns: [Double]
  private let count: Int
  private let survivalShift: Double

  private static let nodes = 192

  /// Octave of an abscissa x ≥ 0: −1 below 1.
  static func octave(_ x: Double) -> Int { x < 1 ? -1 : Int(x.exponent) }

  init(alpha: Double, beta: Double, octave: Int) {
    let inner = octave < 0
    let limit = Double.minimum(.pi / 2, .pi / (2 * alpha))
    let angle = (inner ? 0.5 : 0.6) * limit
    let scale = inner ? 1 : Double.exp2(-Double(octave)) / .sin(angle)
    let side = StableSide(alpha: alpha, beta: beta)
    let (low, high) = (-4.4, inner ? 4.5 : 4.4)
    let step = (high - low) / Double(Self.nodes - 1)
    // t = r (cos ϑ − i sin ϑ): columns Re t, −Im t, then the two complex weights.
    var rows = [[Double]](repeating: [], count: 6)
    var shift = 0.0
    for index in 0..<Self.nodes {
      let u = low + step * Double(index)
      let logR = u - .exp(-u) + .log(scale)
      let r = Double.exp(logR)
      let measure = (1 + .exp(-u)) * step / .pi
      let psi = Self.exponent(side, logR, angle)
      let e = Double.exp(psi.0)
      let half = Double.sin(psi.1 / 2)
      // e^ψ − 1 without cancellation; e^ψ inside.
      let re = inner ? e * .cos(psi.1) : .expMinusOne(psi.0) * .cos(psi.1) - 2 * half * half
      let im = e * .sin(psi.1)
      let (c, s) = (Double.cos(angle), Double.sin(angle))
      rows[0].append(r * c)
      rows[1].append(r * s)
      rows[2].append((re * c + im * s) * r * measure)
      rows[3].append((im * c - re * s) * r * measure)
      if inner {
        // Im of e^(−itx) W: stored as Re of e^(−itx) (−iW).
        rows[4].append(im * measure)
        rows[5].append(-re * measure)
        shift += .exp(-r * c) * .sin(r * s) * measure
      } else {
        // 1/i = −i.
        rows[4].append(im * measure)
        rows[5].append(-re * measure)
      }
    }
    columns = rows.flatMap { $0 }
    count = Self.nodes
    survivalShift = inner ? 0.5 - shift : 0
  }

  /// ψ(r e^(−iϑ)): real and imaginary part.
  private static func exponent(
    _ side: StableSide, _ logR: Double, _ angle: Double
  ) -> (Double, Double) {
    let a = side.alpha
    let r = Double.exp(logR)
    let power = Double.exp(a * logR)
    var re = -power * .cos(a * angle)
    var im = power * .sin(a * angle)
    if side.beta != 0 {
      // t − t^α = −t (t^ε − 1), T times it finite as ε → 0.
      let (growth, turn) = (side.epsilon * logR, -side.epsilon * angle)
      let half = Double.sin(turn / 2)
      let dRe = .expMinusOne(growth) * .cos(turn) - 2 * half * half
      let dIm = .exp(growth) * .sin(turn)
      let (tRe, tIm) = (r * .cos(angle), -r * .sin(angle))
      let (pRe, pIm) = (tRe * dRe - tIm * dIm, tRe * dIm + tIm * dRe)
      // −iβT (−p) = iβT p.
      re -= side.beta * side.tangent * pIm
      im += side.beta * side.tangent * pRe
    }
    return (re, im)
  }

  /// f and P(X > x) at an abscissa of this octave.
  func values(_ x: Double) -> (density: Double, survival: Double) {
    columns.withUnsafeBufferPointer { columns in
      var out = (0.0, 0.0)
      withUnsafeMutableBytes(of: &out) { out in
        poise_stable_fourier(
          columns.baseAddress!, count, x, out.baseAddress!.assumingMemoryBound(to: Double.self))
      }
      return (out.0, out.1 + survivalShift)
    }
  }
}
