public import PoiseNumerics
import RealModule

/// What a deep network with m outputs will have learned: the order parameters are commuting
/// matrices U_l (m × m), and the kernel of the outputs is U_1 ⊗ K.
///
/// At T = 0 each eigendirection of the label strength R obeys the equation of one output; at T > 0
/// U is found by Newton's method and its eigenbasis is not that of R. Corrections are O(m²L/N).
public struct MatrixPosterior: Sendable {
  /// The training set in the eigenbasis of its kernel.
  public let modes: KernelModes
  /// Widths and variances.
  public let priors: LayerPriors
  /// T ≥ 0.
  public let temperature: Double
  /// Eigenvalues of U = U_1, ascending.
  public let scales: [Double]
  /// Row k is the eigenvector of `scales[k]`.
  public let directions: Matrix<Double>
  /// q_l (direction × layer): U_l has eigenvalues Π_{j ≥ l} q_j.
  public let orderParameters: Matrix<Double>
  /// S; nil at T = 0, where each direction has its own.
  public let action: Double?

  /// Most outputs at T > 0: the Newton matrix grows as m⁴.
  public static let mostOutputs = 24

  /// - Throws: `outOfRange` for T < 0, more outputs than the narrowest layer has units, or more than
  ///   `mostOutputs` at T > 0; `noAnswer` where a direction collapses; `notConverged`.
  public init(
    modes: KernelModes, priors: LayerPriors, temperature: Double
  ) throws(PoiseError) {
    let m = modes.outputCount
    self.modes = modes
    self.priors = priors
    self.temperature = try RenormalizationAction.checked(temperature: temperature)
    guard m <= priors.narrowest else {
      throw PoiseError(
        .outOfRange, quantity: "outputs", value: "\(m)",
        allowed: "at most the narrowest hidden width, \(priors.narrowest)",
        suggestion: "wider layers: \(m) outputs cannot be independent of fewer units")
    }
    guard m <= Self.mostOutputs || temperature == 0 else {
      throw PoiseError(
        .outOfRange, quantity: "outputs", value: "\(m)",
        allowed: "at most \(Self.mostOutputs) at T > 0", suggestion: "temperature 0")
    }
    var point: MatrixAction.Point
    if temperature == 0 {
      point = try Self.coldPoint(modes, priors)
      action = nil
    } else {
      let problem = MatrixAction(modes, priors: priors, temperature: temperature)
      (point, action) = try Self.warmPoint(problem)
    }
    let order = point.logs.indices.sorted { point.logs[$0] < point.logs[$1] }
    scales = order.map { .exp(point.logs[$0]) }
    directions = point.vectors.selecting(rows: order)
    let problem = MatrixAction(modes, priors: priors, temperature: temperature)
    var q = Matrix<Double>(rows: m, columns: priors.depth)
    for (row, k) in order.enumerated() {
      let c = try problem.parameter(logScale: point.logs[k])
      for (layer, log) in priors.logOrderParameters(at: c).each.enumerated() {
        q[row, layer] = .exp(log)
      }
    }
    orderParameters = q
  }

  /// T = 0: the eigenbasis of R.
  private static func coldPoint(
    _ modes: KernelModes, _ priors: LayerPriors
  ) throws(PoiseError) -> MatrixAction.Point {
    let strength = try modes.labelStrength.symmetricEigendecomposition()
    var logs: [Double] = []
    for value in strength.values {
      // Rounding of a direction without labels.
      let r = value > 1e-14 * strength.values.last! ? value : 0
      let ones = [Double](repeating: 1, count: modes.rank)
      let problem = try RenormalizationAction(
        eigenvalues: ones, labelPower: ones.map { $0 * r }, priors: priors, temperature: 0)
      logs.append(try problem.stationaryPoints()[0].logScale)
    }
    return MatrixAction.Point(logs: logs, vectors: strength.vectors)
  }

  /// T > 0: the lower of the minima reached from the T = 0 solution and from the prior.
  private static func warmPoint(
    _ problem: MatrixAction
  ) throws(PoiseError) -> (MatrixAction.Point, Double) {
    let m = problem.modes.outputCount
    var starts = [
      MatrixAction.Point(
        logs: [Double](repeating: problem.priors.logPriorScale, count: m),
        vectors: .identity(m))
    ]
    if let cold = try? coldPoint(problem.modes, problem.priors),
      cold.logs.allSatisfy({ abs($0) < 300 })
    {
      starts.append(cold)
    }
    var best: (MatrixAction.Point, Double)?
    var failure: PoiseError?
    for start in starts {
      do throws(PoiseError) {
        let point = try problem.minimum(from: start)
        let value = try problem.value(point)
        if best.map({ value < $0.1 - 1e-9 * abs(value) }) ?? true { best = (point, value) }
      } catch {
        failure = error
      }
    }
    guard let best else { throw failure! }
    return best
  }

  /// U = U_1 (m × m).
  public var scale: Matrix<Double> { matrix(scales) }

  /// U_l (m × m), l = 1 … L: ⟨aaᵀ⟩ = N_L U_L.
  public func scale(ofLayer layer: Int) -> Matrix<Double> {
    matrix(scales.indices.map { suffixProduct(direction: $0, layer: layer) })
  }

  /// Π_{j ≥ l} q_j of one direction.
  func suffixProduct(direction: Int, layer: Int) -> Double {
    (layer - 1..<priors.depth).reduce(1) { $0 * orderParameters[direction, $1] }
  }

  private func matrix(_ values: [Double]) -> Matrix<Double> {
    var weighted = directions
    for k in values.indices {
      for column in 0..<directions.columns { weighted[k, column] *= values[k] }
    }
    return .product(weighted, directions, transposeA: true)
  }

  /// Predictions at test points.
  public func predict(_ points: TestPoints) -> MatrixPrediction {
    let count = modes.modeCount(at: temperature)
    let m = scales.count
    let unseen = points.unseen(modes: count, isSaturated: modes.isSaturated)
    let y = Matrix.product(modes.targets, directions, transposeB: true)
    var means = Matrix<Double>(rows: points.count, columns: m)
    var variances = means
    for row in 0..<points.count {
      for k in 0..<m {
        var (mean, variance) = (0.0, scales[k] * unseen[row])
        for mode in 0..<count {
          let (z, kappa) = (points.weights[row, mode], modes.eigenvalues[mode])
          let total = scales[k] * kappa + temperature
          mean +=
            z * y[mode, k]
            * (temperature > 0 ? scales[k] * kappa.squareRoot() / total : 1 / kappa.squareRoot())
          variance += z * z * scales[k] * temperature / total
        }
        means[row, k] = mean
        variances[row, k] = variance
      }
    }
    let covariance = (0..<points.count).map { matrix(variances.row($0)) }
    return MatrixPrediction(mean: .product(means, directions), covariance: covariance)
  }

  /// Mean over patterns of the squared training error, summed over outputs.
  public var trainingError: Double {
    let count = modes.modeCount(at: temperature)
    let rest = modes.unfitted(at: temperature)
    var sum = (0..<rest.rows).reduce(0) { $0 + rest[$1, $1] }
    guard temperature > 0 else {
      return modes.rank < modes.patternCount ? sum / Double(modes.patternCount) : 0
    }
    let y = Matrix.product(modes.targets, directions, transposeB: true)
    for k in scales.indices {
      for mode in 0..<count {
        let share = temperature / (scales[k] * modes.eigenvalues[mode] + temperature)
        sum += y[mode, k] * y[mode, k] * share * share + temperature * (1 - share)
      }
    }
    return sum / Double(modes.patternCount)
  }
}

/// Gaussian predictions at test points, m outputs.
public struct MatrixPrediction: Sendable {
  /// test × output.
  public let mean: Matrix<Double>
  /// Covariance of the outputs (output × output) at each point.
  public let covariance: [Matrix<Double>]

  /// Σ over outputs of (f̄ − y)² plus the trace of the covariance, at each point.
  public func errors(labels: Matrix<Double>) -> [Double] {
    covariance.indices.map { row in
      (0..<mean.columns).reduce(0) { sum, k in
        let distance = mean[row, k] - labels[row, k]
        return sum + distance * distance + covariance[row][k, k]
      }
    }
  }
}
