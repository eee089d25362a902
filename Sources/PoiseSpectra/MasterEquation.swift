import ComplexModule
import RealModule

/// ln z as a function of one complex unknown x, with its derivative; see `LayerChain`.
///
/// For equal square layers x = ln w. Otherwise x parametrises −m = M eˣ/(1 + eˣ), which resolves
/// both ends of (0, M), and every w_l follows by Newton's method from the point before.
/// One instance belongs to one thread.
final class MasterEquation {
  let chain: LayerChain
  let sums: [SlopeSums]
  private let means: [Double]

  /// A solution branch at one x.
  struct Point {
    var x: Complex<Double>
    /// ln z.
    var logZ: Complex<Double>
    /// d ln z/dx.
    var slope: Complex<Double>
    /// m.
    var moment: Complex<Double>
    /// M + m, without cancellation.
    var rest: Complex<Double>
    /// ln w_l of each group.
    var inner: [Complex<Double>]
    /// d ln w_l/dx.
    var innerSlopes: [Complex<Double>] = []
  }

  init(_ chain: LayerChain) {
    self.chain = chain
    sums = chain.groups.map { SlopeSums($0.law) }
    means = sums.map { $0.moments().first }
  }

  /// e^x on the border of the upper half-plane exactly where Im x = π.
  static func exponential(_ x: Complex<Double>) -> Complex<Double> {
    let size = Double.exp(x.real)
    if x.imaginary == .pi { return Complex(-size, 0) }
    if x.imaginary == 0 { return Complex(size, 0) }
    return Complex(size * .cos(x.imaginary), size * .sin(x.imaginary))
  }

  /// ln of a number whose argument lies in [0, π] up to rounding, or in [−π, 0] for `lower`.
  static func logarithm(_ value: Complex<Double>, lower: Bool = false) -> Complex<Double> {
    var phase = Double.atan2(y: value.imaginary, x: value.real)
    if lower, phase > .pi / 2 { phase -= 2 * .pi }
    if !lower, phase < -.pi / 2 { phase += 2 * .pi }
    return Complex(.log(value.length), phase)
  }

  /// The point at x; nil where the sums leave the range of double precision.
  func point(_ x: Complex<Double>, near previous: Point?) -> Point? {
    chain.isUniform ? uniformPoint(x) : generalPoint(x, near: previous)
  }

  private func uniformPoint(_ x: Complex<Double>) -> Point? {
    guard abs(x.real) < 300 else { return nil }
    let group = chain.groups[0]
    let w = Self.exponential(x)
    let resolvent = sums[0].resolvent(w)
    let rest = resolvent.complement
    let onePlus = rest + Complex(group.law.zeroMass)
    guard resolvent.moment != .zero, onePlus != .zero else { return nil }
    let n = Double(group.count)
    let power = chain.powers.first?.power ?? 0
    let change = w * resolvent.slope
    let logM = Self.logarithm(-resolvent.moment) - Complex(0, .pi)
    let logOne = Self.logarithm(onePlus, lower: true)
    let logZ =
      Complex(n - 1) * logM + Complex(power) * logOne + Complex(n) * x + Complex(chain.logScale)
    let slope =
      change * (Complex(n - 1) / resolvent.moment + Complex(power) / onePlus) + Complex(n)
    guard logZ.isFinite, slope.isFinite else { return nil }
    return Point(
      x: x, logZ: logZ, slope: slope, moment: resolvent.moment, rest: rest, inner: [x])
  }

  private func generalPoint(_ x: Complex<Double>, near previous: Point?) -> Point? {
    guard abs(x.real) < 600 else { return nil }
    let limit = Complex(chain.limit)
    // Both shares of M without cancellation.
    let decay = Self.exponential(x.real > 0 ? -x : x)
    let (small, large) = (decay / (.one + decay), .one / (.one + decay))
    let negative = limit * (x.real > 0 ? large : small)
    let rest = limit * (x.real > 0 ? small : large)
    let change = -negative * rest / limit  // dm/dx
    var logZ = Complex(chain.logScale) - (Self.logarithm(negative) - Complex(0, .pi))
    var slope = Complex<Double>.one / negative  // d ln z/dm: −1/m
    for (ratio, power) in chain.powers {
      let value = Complex(max(0, 1 - chain.limit * ratio)) + Complex(ratio) * rest
      logZ += Complex(power) * Self.logarithm(value, lower: true)
      slope += Complex(power * ratio) / value
    }
    var inner: [Complex<Double>] = []
    var innerSlopes: [Complex<Double>] = []
    let logM = Self.logarithm(negative) - Complex(0, .pi)
    for (index, group) in chain.groups.enumerated() {
      guard
        let (logW, slopeW) = solveInner(
          index, group, negative: negative, rest: rest, previous: previous, x: x)
      else { return nil }
      inner.append(logW)
      innerSlopes.append(slopeW * change)
      logZ += Complex(Double(group.count)) * (logM + logW)
      slope += Complex(Double(group.count)) * (-.one / negative + slopeW)
    }
    guard logZ.isFinite, slope.isFinite else { return nil }
    return Point(
      x: x, logZ: logZ, slope: slope * change, moment: -negative, rest: rest, inner: inner,
      innerSlopes: innerSlopes)
  }

  /// ln w and d ln w/dm with M_{D²}(w) = r m, by Newton on ln(−m_l) − ln(1 − p₀ + m_l).
  private func solveInner(
    _ index: Int, _ group: LayerChain.Group, negative: Complex<Double>, rest: Complex<Double>,
    previous: Point?, x: Complex<Double>
  ) -> (Complex<Double>, Complex<Double>)? {
    let share = 1 - group.law.zeroMass
    let target = Complex(group.ratio) * negative
    let targetRest =
      Complex(max(0, share - chain.limit * group.ratio)) + Complex(group.ratio) * rest
    let goal = Self.logarithm(target) - Self.logarithm(targetRest, lower: true)
    var t: Complex<Double>
    // Everything is real for real x, where w is negative.
    let isReal = x.imaginary == 0 && (previous?.x.imaginary ?? 0) == 0
    if let previous {
      t = upper(previous.inner[index] + previous.innerSlopes[index] * (x - previous.x))
    } else {
      t = Complex(.log(means[index] / target.real), .pi)
    }
    if isReal { t = Complex(min(max(t.real, -290), 290), .pi) }
    var (low, high) = (-300.0, 300.0)
    for _ in 0..<80 {
      guard abs(t.real) < 300 else { return nil }
      let w = Self.exponential(t)
      let r = sums[index].resolvent(w)
      let value = Self.logarithm(-r.moment) - Self.logarithm(r.complement, lower: true)
      let slope = w * r.slope * (.one / r.moment - .one / r.complement)
      let residual = value - goal
      var step = -residual / slope
      if isReal {
        // Falling in t.
        if residual.real > 0 { low = t.real } else { high = t.real }
        var next = t.real + step.real
        if !(next > low && next < high) { next = max(low, min(high, (low + high) / 2)) }
        step = Complex(next - t.real, 0)
      } else if step.length > 1 {
        step = Complex(1 / step.length) * step
      }
      t = upper(t + step)
      // Newton doubles the digits: the step after this one would be of order 1e-22.
      if step.length < 1e-11 {
        return (t, Complex(group.ratio) / (w * r.slope))
      }
    }
    return nil
  }

  /// w stays in the closed upper half-plane.
  private func upper(_ t: Complex<Double>) -> Complex<Double> {
    Complex(t.real, min(max(t.imaginary, 0), .pi))
  }

  /// E_ρ ln(1 − λ/z) at a point, the integral of m d ln z:
  ///
  ///     −m + Σ_k c_k [m − ln(1 + ρ_k m)/ρ_k] + Σ_l [m + E ln(1 − f_l/w_l)/r_l]
  func potential(_ point: Point) -> Complex<Double> {
    var total = -point.moment
    for (ratio, power) in chain.powers {
      let value: Complex<Double>
      if chain.isUniform {
        value = Complex(chain.groups[0].law.zeroMass) + point.rest
      } else {
        value = Complex(max(0, 1 - chain.limit * ratio)) + Complex(ratio) * point.rest
      }
      let scaled = Complex(ratio) * point.moment
      // Near z = ∞ the logarithm of 1 + small.
      let log =
        scaled.length < 1e-3
        ? Complex<Double>.log(onePlus: scaled) : Self.logarithm(value, lower: true)
      total += Complex(power) * (point.moment - log / Complex(ratio))
    }
    for (index, group) in chain.groups.enumerated() {
      let log = sums[index].logarithm(Self.exponential(point.inner[index]))
      total +=
        Complex(Double(group.count)) * (point.moment + log / Complex(group.ratio))
    }
    return total
  }
}
