/// A root of f with the evidence for it.
public struct Root: Sendable, Equatable {
  /// Where f changes sign.
  public let value: Double
  /// f at `value`.
  public let residual: Double
  /// Whether the bracket shrank to rounding, or f vanished exactly.
  public let converged: Bool
}

/// The root of a continuous f in a bracket, by Brent's method: bisection's certainty at the speed
/// of inverse interpolation.
///
/// - Parameters:
///   - lower, upper: ends of the bracket, where f has opposite signs.
///   - tolerance: absolute width at which to stop; rounding of the root is always allowed for.
/// - Throws: `noAnswer` when f has the same sign at both ends or is not a number on the way, or an end
///   is infinite; what `f` throws.
public func bracketedRoot(
  from lower: Double, to upper: Double, tolerance: Double = 0,
  _ f: (Double) throws(PoiseError) -> Double
) throws(PoiseError) -> Root {
  guard lower.isFinite, upper.isFinite else {
    throw PoiseError(
      .noAnswer, quantity: "root", value: "bracket \(lower) to \(upper)", allowed: "finite ends")
  }
  var (a, b) = (lower, upper)
  var (fa, fb) = (try f(a), try f(b))
  if fa == 0 { return Root(value: a, residual: 0, converged: true) }
  if fb == 0 { return Root(value: b, residual: 0, converged: true) }
  guard !fa.isNaN, !fb.isNaN, (fa < 0) != (fb < 0) else {
    throw PoiseError(
      .noAnswer, quantity: "root", value: "f(\(lower)) = \(fa), f(\(upper)) = \(fb)",
      allowed: "a bracket with a change of sign")
  }
  var (c, fc) = (a, fa)
  var (step, before) = (b - a, b - a)
  for _ in 0..<2000 {
    if (fb < 0) == (fc < 0) {
      (c, fc) = (a, fa)
      step = b - a
      before = step
    }
    if abs(fc) < abs(fb) { (a, b, c, fa, fb, fc) = (b, c, b, fb, fc, fb) }
    let width = 2 * Double.ulpOfOne * abs(b) + tolerance / 2 + Double.leastNormalMagnitude
    let middle = c / 2 - b / 2
    if abs(middle) <= width || fb == 0 {
      return Root(value: b, residual: fb, converged: true)
    }
    if abs(before) >= width, abs(fa) > abs(fb), fa.isFinite, fc.isFinite {
      let interpolated = brentStep(a: a, b: b, c: c, fa: fa, fb: fb, fc: fc, middle: middle)
      if interpolated * middle > 0,
        2 * abs(interpolated) < min(3 * abs(middle) - width, abs(before))
      {
        before = step
        step = interpolated
      } else {
        step = middle
        before = middle
      }
    } else {
      step = middle
      before = middle
    }
    (a, fa) = (b, fb)
    b += abs(step) > width ? step : (middle > 0 ? width : -width)
    fb = try f(b)
    guard !fb.isNaN else {
      throw PoiseError(
        .noAnswer, quantity: "root", value: "f(\(b)) is not a number",
        allowed: "a function that is a number throughout its bracket")
    }
  }
  return Root(value: b, residual: fb, converged: false)
}

/// Secant step, or inverse quadratic interpolation where three distinct values are known.
private func brentStep(
  a: Double, b: Double, c: Double, fa: Double, fb: Double, fc: Double, middle: Double
) -> Double {
  let s = fb / fa
  guard a != c else { return 2 * middle * s / (s - 1) }
  let (q, r) = (fa / fc, fb / fc)
  let numerator = s * (2 * middle * q * (q - r) - (b - a) * (r - 1))
  let denominator = (q - 1) * (r - 1) * (s - 1)
  return -numerator / denominator
}
