import RealModule

/// A log-likelihood at one point: value, gradient, and Σ sᵢ sᵢᵀ of the scores of single numbers.
struct LikelihoodPoint: Sendable {
  var value: Double
  var gradient: [Double]
  /// Σ sᵢ sᵢᵀ, row by row.
  var scoreSquares: [Double]
}

/// The largest log-likelihood in a box, by steps with Σ s sᵀ in place of the Hessian (Berndt, Hall,
/// Hall and Hausman 1974) at first, and with the differenced Hessian where that is slow.
struct LikelihoodMaximizer {
  /// Ends of the box.
  var lower: [Double]
  var upper: [Double]
  /// Largest change of each parameter in one step.
  var stepLimit: [Double]
  /// Small change of each parameter for differences of the gradient.
  var differenceStep: [Double]
  /// Stops when the step expects to gain less: half the squared distance to the maximum in
  /// standard errors.
  var tolerance = 1e-8
  var iterationLimit = 60

  struct Outcome {
    var parameters: [Double]
    var point: LikelihoodPoint
    var iterations: Int
    var converged: Bool
    /// Whether each parameter ended at an end of the box.
    var isBound: [Bool]
  }

  /// - Throws: `noAnswer` if the likelihood vanishes at the start; what `evaluate` throws.
  func maximize(
    from start: [Double], _ evaluate: ([Double]) throws(PoiseError) -> LikelihoodPoint
  ) throws(PoiseError) -> Outcome {
    let count = start.count
    var parameters = (0..<count).map { min(max(start[$0], lower[$0]), upper[$0]) }
    var point = try evaluate(parameters)
    guard point.value.isFinite else {
      throw PoiseError(
        .noAnswer, quantity: "likelihood", value: "0 at the start of the search",
        allowed: "a start with a likelihood above 0")
    }
    var curvature: [Double]? = nil
    var stalled = false
    for iteration in 1...iterationLimit {
      if iteration > 7, iteration % 4 == 0 || stalled {
        curvature = try information(at: parameters, evaluate)
      }
      let free = freeParameters(parameters, point.gradient)
      let step = solve(curvature ?? point.scoreSquares, point.gradient, free)
      let expected = (0..<count).reduce(0) { $0 + step[$1] * point.gradient[$1] / 2 }
      if expected < tolerance || free.isEmpty {
        return finished(parameters, point, iteration, true)
      }
      let clipped = clip(step)
      var factor = 1.0
      var accepted = false
      while factor > 1e-5 {
        let trial = (0..<count).map {
          min(max(parameters[$0] + factor * clipped[$0], lower[$0]), upper[$0])
        }
        let next = try evaluate(trial)
        if next.value.isFinite, next.value > point.value {
          (parameters, point, accepted) = (trial, next, true)
          break
        }
        factor /= factor > 0.1 ? 2 : 5
      }
      if !accepted {
        // No way up along this step: rounding of the sum, or a bad model of the curvature.
        if stalled || expected < 1e-6 + 1e-13 * abs(point.value) {
          return finished(parameters, point, iteration, expected < 1e-3)
        }
        stalled = true
      } else {
        stalled = factor < 0.2
      }
    }
    return finished(parameters, point, iterationLimit, false)
  }

  private func finished(
    _ parameters: [Double], _ point: LikelihoodPoint, _ iterations: Int, _ converged: Bool
  ) -> Outcome {
    Outcome(
      parameters: parameters, point: point, iterations: iterations, converged: converged,
      isBound: parameters.indices.map {
        parameters[$0] <= lower[$0] || parameters[$0] >= upper[$0]
      })
  }

  /// Parameters that may move: not those whose gradient presses them against their end.
  private func freeParameters(_ parameters: [Double], _ gradient: [Double]) -> [Int] {
    parameters.indices.filter { index in
      if lower[index] == upper[index] { return false }
      if parameters[index] <= lower[index] { return gradient[index] > 0 }
      if parameters[index] >= upper[index] { return gradient[index] < 0 }
      return true
    }
  }

  /// The observed information −∂²lnL by central differences of the gradient, symmetrised; towards
  /// the inside where the box is near.
  func information(
    at parameters: [Double], _ evaluate: ([Double]) throws(PoiseError) -> LikelihoodPoint
  ) throws(PoiseError) -> [Double] {
    let count = parameters.count
    var result = [Double](repeating: 0, count: count * count)
    for index in 0..<count where lower[index] < upper[index] {
      var (left, right) = (parameters, parameters)
      left[index] = max(lower[index], parameters[index] - differenceStep[index])
      right[index] = min(upper[index], parameters[index] + differenceStep[index])
      let low = try evaluate(left).gradient
      let high = try evaluate(right).gradient
      for other in 0..<count {
        let slope = -(high[other] - low[other]) / (right[index] - left[index]) / 2
        result[index * count + other] += slope
        result[other * count + index] += slope
      }
    }
    return result
  }

  /// H⁻¹ g over the free parameters, each eigenvalue by its size and none below 1e-9 of the largest
  /// in units of the step limits.
  private func solve(_ matrix: [Double], _ gradient: [Double], _ free: [Int]) -> [Double] {
    let count = gradient.count
    var step = [Double](repeating: 0, count: count)
    guard !free.isEmpty else { return step }
    var scaled = Matrix<Double>(rows: free.count, columns: free.count)
    for (row, i) in free.enumerated() {
      for (column, j) in free.enumerated() {
        scaled[row, column] = matrix[i * count + j] * stepLimit[i] * stepLimit[j]
      }
    }
    guard let eigen = try? scaled.symmetricEigendecomposition() else { return step }
    let floor = max(1e-9 * (eigen.values.map { abs($0) }.max() ?? 0), 1e-12)
    for k in 0..<free.count {
      let vector = eigen.vectors.row(k)
      var along = 0.0
      for (row, i) in free.enumerated() { along += vector[row] * gradient[i] * stepLimit[i] }
      along /= max(abs(eigen.values[k]), floor)
      for (row, i) in free.enumerated() { step[i] += along * vector[row] * stepLimit[i] }
    }
    return step
  }

  private func clip(_ step: [Double]) -> [Double] {
    let excess = step.indices.map { abs(step[$0]) / stepLimit[$0] }.max() ?? 0
    return excess > 1 ? step.map { $0 / excess } : step
  }
}

/// Small symmetric positive matrices.
enum SmallInverse {
  /// The inverse over the given rows, zero elsewhere; nil unless positive definite there.
  static func positive(_ matrix: [Double], rows: [Int]) -> [Double]? {
    var count = 0
    while count * count < matrix.count { count += 1 }
    guard !rows.isEmpty else { return nil }
    let scale = rows.map { matrix[$0 * count + $0] }
    guard scale.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    var small = Matrix<Double>(rows: rows.count, columns: rows.count)
    for (row, i) in rows.enumerated() {
      for (column, j) in rows.enumerated() {
        small[row, column] = matrix[i * count + j] / (scale[row] * scale[column]).squareRoot()
      }
    }
    guard let eigen = try? small.symmetricEigendecomposition(), eigen.values[0] > 1e-10 else {
      return nil
    }
    var inverse = [Double](repeating: 0, count: matrix.count)
    for k in 0..<rows.count {
      let vector = eigen.vectors.row(k)
      for (row, i) in rows.enumerated() {
        for (column, j) in rows.enumerated() {
          inverse[i * count + j] +=
            vector[row] * vector[column] / eigen.values[k]
            / (scale[row] * scale[column]).squareRoot()
        }
      }
    }
    return inverse
  }
}
