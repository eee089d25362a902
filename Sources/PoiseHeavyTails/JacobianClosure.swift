import ComplexModule
import RealModule

/// The solution of the closure at one s, in the logarithms y = ln Y and w: two equations that keep their
/// digits at both ends,
///
///     h(Y) − 1 + γ (1 − H(w)) = 0,   y + w − ln(2a/α) − ln(1 − h(Y)) = 0.
///
/// (Eliminating w, as Y = γ a F(a g(Y)), is the same and useless at small s: with γ = 1 it then reads Y = Y to
/// leading order.)
struct JacobianClosure {
  let alpha: Double
  let scale: Double
  let aspect: Double
  /// H, over rows with their slopes, and h, over columns.
  let rows: ResolventAverage
  let columns: ResolventAverage

  struct Point {
    /// ln s.
    var place: Double
    var y: Complex<Double>
    var w: Complex<Double>
    /// d(y, w)/d ln s, from the point before.
    var slopes = (Complex<Double>(0), Complex<Double>(0))
  }

  /// Density per unit of s of the min(rows, columns) singular values.
  func density(_ point: Point) -> Double {
    let h = columns(point.y)
    let smaller = h.h.length < h.complement.length ? -h.h : h.complement
    // Outside the support at α = 2 a real solution comes with rounding.
    guard smaller.imaginary > 1e-12 * smaller.length else { return 0 }
    return 2 / .pi * smaller.imaginary * .exp(-point.place) / min(aspect, 1)
  }

  private func isInside(_ point: Point) -> Bool {
    let h = columns(point.y).h
    return h.imaginary < -1e-6 * h.length
  }

  /// The solution at ln s, from the one at a larger s if that leads there.
  func solve(at place: Double, after previous: Point?) -> Point? {
    var found: Point?
    // At α = 2 the way may cross the edge of the support, where two solutions meet.
    if let previous, place > previous.place - 0.4, alpha < 2 || isInside(previous) {
      let step = Complex(place - previous.place)
      let guess = (previous.y + previous.slopes.0 * step, previous.w + previous.slopes.1 * step)
      found = newton(guess, at: place, turn: 0, within: 12, reach: 0.5)
      // Of the solutions at α = 2 only one has a density.
      if alpha == 2, let one = found, !isInside(one) { found = nil }
    }
    guard var point = found ?? descend(to: place) else { return nil }
    if let previous, previous.place > place {
      let step = Complex(place - previous.place)
      point.slopes = ((point.y - previous.y) / step, (point.w - previous.w) / step)
    }
    return point
  }

  /// ln a(s e^{iφ}), a = e^{iπα/2} Γ(α) Γ(α/2)^{−2} (σ_w/s)^α: `turn` = φ takes s off the real axis; at π/2
  /// everything is real.
  private func logCoupling(_ place: Double, _ turn: Double) -> Complex<Double> {
    Complex(
      alpha * (.log(scale) - place) + .logGamma(alpha) - 2 * .logGamma(alpha / 2),
      alpha * (.pi / 2 - turn))
  }

  /// Newton's method; nil if a step at the start exceeds `reach`, or it does not close.
  private func newton(
    _ start: (Complex<Double>, Complex<Double>), at place: Double, turn: Double,
    within limit: Int, reach: Double
  ) -> Point? {
    var (y, w) = start
    let target = logCoupling(place, turn) + Complex(.log(2 / alpha))
    var last = Double.infinity
    for round in 0..<limit {
      let (h, big) = (columns(y), rows(w))
      // Where 1 − h is small the first equation in logarithms keeps its relative digits.
      let isSmall = h.complement.length < 0.5
      let first: Complex<Double>
      let (firstY, firstW): (Complex<Double>, Complex<Double>)
      if isSmall {
        first = .log(h.complement / big.complement) - Complex(.log(aspect))
        (firstY, firstW) = (-(h.slope / h.complement), big.slope / big.complement)
      } else {
        first = h.h - Complex(aspect) * big.h - Complex(1 - aspect)
        (firstY, firstW) = (h.slope, -(Complex(aspect) * big.slope))
      }
      var second = y + w - target - .log(h.complement)
      second.imaginary -= 2 * .pi * (second.imaginary / (2 * .pi)).rounded()
      let secondY = Complex<Double>(1) + h.slope / h.complement
      // (firstY firstW; secondY 1) (δy, δw) = (first, second).
      let determinant = firstY - firstW * secondY
      let stepY = (first - firstW * second) / determinant
      let stepW = second - secondY * stepY
      let size = max(stepY.length, stepW.length)
      guard size.isFinite else { return nil }
      if round == 0, size > reach { return nil }
      let damping = Complex(min(1, 1 / size))
      y -= damping * stepY
      w -= damping * stepW
      // Converged, or at the floor of rounding.
      if size < 1e-13 || (size < 1e-8 && size > last / 4) {
        return y.imaginary > -1e-9 ? Point(place: place, y: y, w: w) : nil
      }
      last = size
    }
    return nil
  }

  /// From the imaginary axis, where the solution is real and found by bisection, to the real one.
  private func descend(to place: Double) -> Point? {
    let start = realSolution(at: place)
    var current = (Complex(start.y), Complex(start.w))
    var (turn, step) = (Double.pi / 2, 0.2)
    while turn > 0 {
      let next = turn - step < 1e-6 ? 0 : turn - step
      if let better = newton(current, at: place, turn: next, within: 30, reach: 0.5) {
        (current, turn) = ((better.y, better.w), next)
        step = min(step * 1.5, max(turn * 0.6, 1e-6))
      } else {
        // Close to the edge of a support (α = 2) the last step is a square root.
        if turn < 1e-5 {
          return newton(current, at: place, turn: 0, within: 200, reach: .infinity)
        }
        step /= 3
        if step < 1e-9 { return nil }
      }
    }
    return Point(place: place, y: current.0, w: current.1)
  }

  /// On the imaginary axis the first equation rises in y, with w from the second.
  private func realSolution(at place: Double) -> (y: Double, w: Double) {
    let target = logCoupling(place, .pi / 2).real + .log(2 / alpha)
    func other(_ y: Double) -> Double {
      target + .log(columns(Complex(y)).complement.real) - y
    }
    func residual(_ y: Double) -> Double {
      let (h, big) = (columns(Complex(y)), rows(Complex(other(y))))
      if h.complement.real < 0.5 { return h.complement.real - aspect * big.complement.real }
      return 1 - aspect - h.h.real + aspect * big.h.real
    }
    var (low, high) = (-300.0, 300.0)
    while high - low > 1e-4 {
      let middle = (low + high) / 2
      if residual(middle) > 0 { high = middle } else { low = middle }
    }
    let y = (low + high) / 2
    return (y, other(y))
  }
}
