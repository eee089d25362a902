import PoiseNumerics
import RealModule

/// Gaussian predictions at test points, one output.
public struct ScalarPrediction: Sendable, Equatable {
  /// f̄(x) = s k_xᵀ(sK + T)⁻¹Y; at T = 0 it does not depend on s.
  public let mean: [Double]
  /// V(x) = sK(x, x) − s² k_xᵀ(sK + T)⁻¹k_x ≥ 0.
  public let variance: [Double]

  /// (f̄ − y)² + V: the squared error of one sampled network, at each point.
  public func errors(labels: [Double]) -> [Double] {
    mean.indices.map { (mean[$0] - labels[$0]) * (mean[$0] - labels[$0]) + variance[$0] }
  }

  /// Mean of (f̄ − y)²: the error of the averaged predictor.
  public func bias(labels: [Double]) -> Double {
    mean.indices.reduce(0) { $0 + (mean[$1] - labels[$1]) * (mean[$1] - labels[$1]) }
      / Double(max(mean.count, 1))
  }

  /// Mean of V.
  public var meanVariance: Double { variance.reduce(0, +) / Double(max(variance.count, 1)) }

  /// Φ(−y f̄/√V), y = ±1: the probability that a sampled network has the wrong sign; nil at a
  /// point without variance.
  public func signErrors(labels: [Double]) -> [Double?] {
    mean.indices.map { index in
      guard variance[index] > 0 else { return nil }
      let margin = (labels[index] < 0 ? -1 : 1) * mean[index] / variance[index].squareRoot()
      return StandardNormal.cumulative(-margin)
    }
  }
}

extension DeepPosterior {
  /// Training error at a given s.
  func trainingError(scale s: Double) -> Double {
    let count = Double(modes.patternCount)
    guard temperature > 0 else {
      return modes.rank < modes.patternCount ? modes.unfitted()[0, 0] / count : 0
    }
    var sum = problem.outsidePower
    for index in problem.eigenvalues.indices {
      let share = temperature / (s * problem.eigenvalues[index] + temperature)
      sum += problem.labelPower[index] * share * share + temperature * (1 - share)
    }
    return sum / count
  }

  /// Predictions at a given s.
  func predict(_ points: TestPoints, scale s: Double) -> ScalarPrediction {
    let count = problem.modeCount
    let unseen = points.unseen(modes: count, isSaturated: modes.isSaturated)
    let slopes = meanWeights(scale: s)
    let spread = problem.eigenvalues.map { s * temperature / (s * $0 + temperature) }
    var (mean, variance) = ([Double](), [Double]())
    points.weights.withUnsafeElements { z in
      for row in 0..<points.count {
        let start = z.baseAddress! + row * points.weights.columns
        var (m, v) = (0.0, 0.0)
        for mode in 0..<count {
          m += slopes[mode] * start[mode]
          v += spread[mode] * start[mode] * start[mode]
        }
        mean.append(m)
        variance.append(v + s * unseen[row])
      }
    }
    return ScalarPrediction(mean: mean, variance: variance)
  }

  /// s √κ_i ŷ_i/(sκ_i + T): f̄ is their sum over the modes z of a test point.
  private func meanWeights(scale s: Double) -> [Double] {
    (0..<problem.modeCount).map { mode in
      let kappa = problem.eigenvalues[mode]
      let target = modes.targets[mode, 0]
      return temperature > 0
        ? s * kappa.squareRoot() * target / (s * kappa + temperature) : target / kappa.squareRoot()
    }
  }

  /// Predictions averaged over the exact mixture: the mean of f̄, and per point the mean of V plus
  /// the variance of f̄ over s.
  public func predict(_ points: TestPoints, mixture: ExactMixture) -> ScalarPrediction {
    guard temperature > 0 else {
      let unit = predict(points, scale: 1)
      return ScalarPrediction(
        mean: unit.mean, variance: unit.variance.map { $0 * mixture.meanScale })
    }
    let heavy = mixture.weights.indices.filter { mixture.weights[$0] > 1e-18 }
    let count = problem.modeCount
    var slopes = Matrix<Double>(rows: heavy.count, columns: count)
    var spread = [Double](repeating: 0, count: count)
    for (row, index) in heavy.enumerated() {
      let s = mixture.scales[index]
      for (mode, value) in meanWeights(scale: s).enumerated() {
        slopes[row, mode] = value
        spread[mode] +=
          mixture.weights[index] * s * temperature / (s * problem.eigenvalues[mode] + temperature)
      }
    }
    let z =
      points.weights.columns == count
      ? points.weights
      : Matrix(rows: points.count, columns: count) { out in
        for row in 0..<points.count {
          for mode in 0..<count { out[row * count + mode] = points.weights[row, mode] }
        }
      }
    let means = Matrix.product(z, slopes, transposeB: true)
    let unseen = points.unseen(modes: count, isSaturated: modes.isSaturated)
    var (mean, variance) = ([Double](), [Double]())
    for row in 0..<points.count {
      var average = 0.0
      for (column, index) in heavy.enumerated() {
        average += mixture.weights[index] * means[row, column]
      }
      var v = mixture.meanScale * unseen[row]
      for (column, index) in heavy.enumerated() {
        let distance = means[row, column] - average
        v += mixture.weights[index] * distance * distance
      }
      for mode in 0..<count { v += spread[mode] * z[row, mode] * z[row, mode] }
      mean.append(average)
      variance.append(v)
    }
    return ScalarPrediction(mean: mean, variance: variance)
  }

  /// Training error averaged over the exact mixture.
  public func trainingError(mixture: ExactMixture) -> Double {
    mixture.average { trainingError(scale: $0) }
  }

  /// Φ(−y f̄/√V) averaged over the exact mixture, at each point; nil at a point without variance.
  public func signErrors(
    _ points: TestPoints, labels: [Double], mixture: ExactMixture
  ) -> [Double?] {
    var sums = [Double?](repeating: 0, count: points.count)
    for index in mixture.weights.indices where mixture.weights[index] > 1e-14 {
      let each = predict(points, scale: mixture.scales[index]).signErrors(labels: labels)
      for row in sums.indices {
        sums[row] = each[row].flatMap { e in sums[row].map { $0 + mixture.weights[index] * e } }
      }
    }
    return sums
  }
}
