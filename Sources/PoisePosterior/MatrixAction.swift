import PoiseNumerics
import RealModule

/// The action of the matrix order parameter U = U_1 (m × m) of m outputs at T > 0, all other layers
/// eliminated:
///
///     S(U) = Σ_k φ(λ_k) + ½ Σ_i [ln det(κ_iU + T) + ŷ_iᵀ(κ_iU + T)⁻¹ŷ_i],
///
/// λ_k the eigenvalues of U. All U_l commute at the saddle, so φ(λ) is the one-output prior action
/// at Π q_l = λ, and dφ/d ln λ = −b(λ)/2 with Π σ_{l+1}²(1 − b/N_l) = λ.
struct MatrixAction {
  let modes: KernelModes
  let priors: LayerPriors
  let temperature: Double
  let eigenvalues: [Double]
  /// ŷ (mode × output) of the modes that count.
  let targets: Matrix<Double>

  init(_ modes: KernelModes, priors: LayerPriors, temperature: Double) {
    self.modes = modes
    self.priors = priors
    self.temperature = temperature
    let count = modes.modeCount(at: temperature)
    eigenvalues = Array(modes.eigenvalues.prefix(count))
    targets = modes.targets.selecting(rows: Array(0..<count))
  }

  /// U = Q diag(e^h) Qᵀ; row k of `vectors` is e_k.
  struct Point {
    var logs: [Double]
    var vectors: Matrix<Double>
  }

  /// c with ln s(c) = ln λ: N_min (1 − e^c) = b.
  func parameter(logScale: Double) throws(PoiseError) -> Double {
    var (low, high) = (-1.0, 1.0)
    while priors.logScale(at: low) > logScale, low > -650 { low *= 2 }
    while priors.logScale(at: high) < logScale, high < 650 { high *= 2 }
    return try bracketedRoot(from: low, to: high) { c throws(PoiseError) in
      priors.logScale(at: c) - logScale
    }.value
  }

  /// ŷ in the eigenbasis of U (mode × direction).
  private func rotated(_ point: Point) -> Matrix<Double> {
    .product(targets, point.vectors, transposeB: true)
  }

  /// S, the patterns outside all modes included.
  func value(_ point: Point) throws(PoiseError) -> Double {
    let y = rotated(point)
    let outside = Double(modes.patternCount - eigenvalues.count)
    var sum = 0.0
    for (k, log) in point.logs.enumerated() {
      sum += try priors.priorAction(at: parameter(logScale: log))
      let scale = Double.exp(log)
      for i in eigenvalues.indices {
        let total = scale * eigenvalues[i] + temperature
        sum += (.log(total) + y[i, k] * y[i, k] / total) / 2
      }
      sum += outside / 2 * .log(temperature)
    }
    let rest = modes.unfitted(at: temperature)
    for k in 0..<rest.rows { sum += rest[k, k] / (2 * temperature) }
    return sum
  }

  /// dS/dH, H = ln U, in the eigenbasis of U: entries weighted by the divided differences of exp.
  func gradient(_ point: Point) throws(PoiseError) -> Matrix<Double> {
    let m = point.logs.count
    var y = rotated(point)
    var diagonal = [Double](repeating: 0, count: m)
    for k in 0..<m {
      let scale = Double.exp(point.logs[k])
      let c = try parameter(logScale: point.logs[k])
      diagonal[k] = Double(priors.narrowest) * .expMinusOne(c) / 2
      for i in eigenvalues.indices {
        let total = scale * eigenvalues[i] + temperature
        diagonal[k] += scale * eigenvalues[i] / total / 2
        y[i, k] *= eigenvalues[i].squareRoot() / total
      }
    }
    var result = Matrix.product(y, y, transposeA: true)
    for a in 0..<m {
      for b in 0..<m {
        result[a, b] *= -Self.dividedDifference(point.logs[a], point.logs[b]) / 2
      }
      result[a, a] += diagonal[a]
    }
    return result
  }

  /// (e^a − e^b)/(a − b).
  static func dividedDifference(_ a: Double, _ b: Double) -> Double {
    let half = (a - b) / 2
    let sinhc = abs(half) < 1e-4 ? 1 + half * half / 6 : Double.sinh(half) / half
    return .exp((a + b) / 2) * sinhc
  }

  /// The point at H + δ, δ symmetric in the eigenbasis of H.
  func moved(_ point: Point, by delta: Matrix<Double>) throws(PoiseError) -> Point {
    var shifted = delta
    for k in point.logs.indices { shifted[k, k] += point.logs[k] }
    let decomposition = try shifted.symmetricEigendecomposition()
    return Point(
      logs: decomposition.values, vectors: .product(decomposition.vectors, point.vectors))
  }
}

extension MatrixAction {
  /// A minimum of S by Newton's method in H: Hessian by central differences of the gradient, its
  /// eigenvalues taken positive, steps halved until S falls.
  ///
  /// - Throws: `notConverged` if the gradient does not vanish.
  func minimum(from start: Point) throws(PoiseError) -> Point {
    var point = start
    var value = try self.value(point)
    let scale = Double(priors.narrowest + eigenvalues.count)
    for _ in 0..<200 {
      let gradient = try self.gradient(point)
      let largest = gradient.elements.reduce(0) { max($0, abs($1)) }
      if largest < 1e-14 * scale { return point }
      var step = try newtonStep(point, gradient)
      let length = step.elements.reduce(0) { max($0, abs($1)) }
      if length < 2e-15 { return point }
      if length > 1 { for index in step.elements.indices { step.elements[index] /= length } }
      var halvings = 0
      while true {
        let next = try moved(point, by: step)
        let nextValue = try self.value(next)
        if nextValue <= value + 1e-12 * abs(value) || halvings > 40 {
          if length < 1e-9, nextValue >= value - 1e-13 * abs(value), largest < 1e-11 * scale {
            return next
          }
          (point, value) = (next, nextValue)
          break
        }
        for index in step.elements.indices { step.elements[index] /= 2 }
        halvings += 1
      }
    }
    throw PoiseError(
      .notConverged, quantity: "matrix order parameter", value: "200 Newton steps",
      allowed: "a smooth minimum", suggestion: "a higher temperature")
  }

  private func newtonStep(
    _ point: Point, _ gradient: Matrix<Double>
  ) throws(PoiseError) -> Matrix<Double> {
    let m = point.logs.count
    let pairs = (0..<m).flatMap { a in (a..<m).map { (a, $0) } }
    let epsilon = 1e-5
    // Coordinates: H_aa and √2 H_ab, orthonormal for the trace product.
    func unit(_ pair: (Int, Int), _ size: Double) -> Matrix<Double> {
      var delta = Matrix<Double>(rows: m, columns: m)
      let entry = pair.0 == pair.1 ? size : size / 2.0.squareRoot()
      delta[pair.0, pair.1] = entry
      delta[pair.1, pair.0] = entry
      return delta
    }
    func coordinates(_ g: Matrix<Double>) -> [Double] {
      pairs.map { $0.0 == $0.1 ? g[$0.0, $0.1] : 2.0.squareRoot() * g[$0.0, $0.1] }
    }
    var hessian = Matrix<Double>(rows: pairs.count, columns: pairs.count)
    for (column, pair) in pairs.enumerated() {
      var sides: [[Double]] = []
      for size in [epsilon, -epsilon] {
        let other = try moved(point, by: unit(pair, size))
        // Back into the basis of `point`.
        let turn = Matrix.product(other.vectors, point.vectors, transposeB: true)
        let inner = Matrix.product(try self.gradient(other), turn)
        sides.append(coordinates(.product(turn, inner, transposeA: true)))
      }
      for row in pairs.indices {
        hessian[row, column] = (sides[0][row] - sides[1][row]) / (2 * epsilon)
      }
    }
    for row in pairs.indices {
      for column in 0..<row {
        let mean = (hessian[row, column] + hessian[column, row]) / 2
        hessian[row, column] = mean
        hessian[column, row] = mean
      }
    }
    let eigen = try hessian.symmetricEigendecomposition()
    let g = coordinates(gradient)
    let floor = 1e-8 * eigen.values.reduce(0) { max($0, abs($1)) }
    var step = [Double](repeating: 0, count: pairs.count)
    for (k, value) in eigen.values.enumerated() {
      let vector = eigen.vectors.row(k)
      let along = zip(vector, g).reduce(0) { $0 + $1.0 * $1.1 }
      for row in step.indices { step[row] -= along / max(abs(value), floor) * vector[row] }
    }
    var result = Matrix<Double>(rows: m, columns: m)
    for (index, pair) in pairs.enumerated() {
      let entry = pair.0 == pair.1 ? step[index] : step[index] / 2.0.squareRoot()
      result[pair.0, pair.1] = entry
      result[pair.1, pair.0] = entry
    }
    return result
  }
}
