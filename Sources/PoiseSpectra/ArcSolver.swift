import ComplexModule
import RealModule

/// m(λ + i0) at one λ after the other: real at z = −λ, then along the half circle |z| = λ.
///
/// The upper half-plane holds no singularity of m, so the branch is unique. Typically 7 to 9 steps, a
/// few dozen at an edge. Inside the support m is smooth, so a λ near the last one is reached from
/// there: with every w_l in the closed upper half-plane, a solution with −m above the axis is the
/// only one.
final class ArcSolver {
  let equation: MasterEquation
  /// How close ln z must come to its target: its own rounding is the limit.
  private var tolerance: Double
  private let leastTolerance: Double
  /// Where the last search on the negative axis ended, as a first guess for the next.
  private var lastNegative: MasterEquation.Point?
  /// The last solution inside the support.
  private var lastInside: MasterEquation.Point?

  init(_ chain: LayerChain) {
    equation = MasterEquation(chain)
    leastTolerance = 4e-13 + 2e-15 * Double(chain.depth)
    tolerance = leastTolerance
  }

  /// The point at z = −λ, or nil if it leaves the range of double precision.
  func negative(logEigenvalue: Double) -> MasterEquation.Point? {
    tolerance = leastTolerance + 4 * logEigenvalue.ulp
    var (low, high) = (-Double.infinity, Double.infinity)
    var near = lastNegative
    var x = near?.x.real ?? 0
    let uniform = equation.chain.isUniform
    // ln|z| rises with x = ln(−w), and falls with x = ln(−m/(M + m)).
    let direction: Double = uniform ? 1 : -1
    var reach = 1.0
    for _ in 0..<400 {
      let argument = Complex(x, uniform ? Double.pi : 0)
      guard let point = equation.point(argument, near: near) else {
        // Out of range on the side that is still open.
        if low == -.infinity, high.isFinite { return nil }
        if high == .infinity, low.isFinite { return nil }
        if x == 0 { return nil }
        (x, near) = (0, nil)
        continue
      }
      near = point
      let residual = (point.logZ.real - logEigenvalue) * direction
      if residual > 0 { high = x } else { low = x }
      var next = x - residual / (point.slope.real * direction)
      if abs(next - x) < 1e-14 * max(1, abs(x)) || abs(residual) < tolerance {
        lastNegative = point
        return point
      }
      if low.isFinite, high.isFinite {
        if !(next > low && next < high) { next = (low + high) / 2 }
        if high - low < 1e-15 * max(1, abs(x)) { return point }
      } else {
        // Open to one side: no further than a growing reach.
        let bound = reach
        next = max(x - bound, min(x + bound, next.isFinite ? next : x - residual.signum() * bound))
        reach *= 2
      }
      x = next
    }
    return nil
  }

  /// The point at z = λ + i0, or nil where no double-precision number describes it.
  func boundary(logEigenvalue: Double) -> MasterEquation.Point? {
    let point = continued(to: logEigenvalue) ?? arc(logEigenvalue: logEigenvalue)
    lastInside = point.flatMap { isInside($0) ? $0 : nil }
    return point
  }

  /// From the last solution straight along the real axis of ln z.
  private func continued(to logEigenvalue: Double) -> MasterEquation.Point? {
    guard let last = lastInside else { return nil }
    tolerance = leastTolerance + 4 * logEigenvalue.ulp
    let target = Complex(logEigenvalue, 0)
    let step = (target - last.logZ) / last.slope
    guard step.length <= 0.5,
      let found = newton(from: last, start: last.x + step, target: target)
    else { return nil }
    let point = polished(found, target: target)
    return isInside(point) ? point : nil
  }

  /// Whether −m lies clearly above the real axis.
  private func isInside(_ point: MasterEquation.Point) -> Bool {
    -point.moment.imaginary > 1e-6 * point.moment.length
  }

  private func arc(logEigenvalue: Double) -> MasterEquation.Point? {
    guard var point = negative(logEigenvalue: logEigenvalue) else { return nil }
    var angle = Double.pi
    var step = 0.35
    for _ in 0..<2000 {
      let next = max(0, angle - step)
      let predicted = Complex(0, next - angle) / point.slope
      if predicted.length <= 1,
        let found = newton(
          from: point, start: point.x + predicted, target: Complex(logEigenvalue, next))
      {
        point = found
        angle = next
        step *= 1.7
        if angle == 0 { return polished(point, target: Complex(logEigenvalue, 0)) }
      } else {
        step = (angle - next) / 2.5
        if step < 1e-13 { return nearlyThere(point, angle) }
      }
    }
    return nearlyThere(point, angle)
  }

  /// At an edge itself the slope vanishes, and the last 1e-10 of the way cannot be resolved.
  private func nearlyThere(_ point: MasterEquation.Point, _ angle: Double)
    -> MasterEquation.Point?
  {
    angle < 1e-6 ? point : nil
  }

  private func newton(
    from point: MasterEquation.Point, start: Complex<Double>, target: Complex<Double>
  ) -> MasterEquation.Point? {
    var x = bordered(start)
    var last = Double.infinity
    for _ in 0..<8 {
      guard let trial = equation.point(x, near: point) else { return nil }
      let residual = trial.logZ - target
      let size = residual.length
      if size < tolerance { return trial }
      guard size < 4 * last, size < 3 else { return nil }
      last = min(last, size)
      let step = residual / trial.slope
      guard step.length < 1.5 else { return nil }
      x = bordered(x - step)
    }
    return nil
  }

  private func polished(
    _ point: MasterEquation.Point, target: Complex<Double>
  ) -> MasterEquation.Point {
    var best = point
    for _ in 0..<2 {
      let step = (best.logZ - target) / best.slope
      guard step.length < 1e-6, let next = equation.point(bordered(best.x - step), near: best),
        (next.logZ - target).length <= 4 * tolerance
      else { break }
      best = next
    }
    return best
  }

  /// w stays in the closed upper half-plane.
  private func bordered(_ x: Complex<Double>) -> Complex<Double> {
    guard equation.chain.isUniform else { return x }
    return Complex(x.real, min(max(x.imaginary, 0), .pi))
  }
}

extension Double {
  fileprivate func signum() -> Double { self > 0 ? 1 : (self < 0 ? -1 : 0) }
}
