import PoiseModel
import PoiseNumerics
import RealModule

/// A Gaussian preactivation of variance q split into a frozen unit mean m ~ N(0, q − d) and a part
/// of variance d about it: the average of φ, its variance, its regression gain g_m = E φ′ on the
/// inner part and the distortion k_m = Var φ − g_m² d, for every m.
struct GaussianSplit {
  /// One unit mean.
  struct Unit {
    let mean: Double
    let weight: Double
    /// Var φ(m + √d z).
    let variance: Double
    /// g_m = E φ′(m + √d z).
    let gain: Double
    /// k_m, as the mean square of a residual: no cancellation.
    let distortion: Double
  }

  let units: [Unit]

  init(_ activation: Activation, total q: Double, inner d: Double) {
    let shape = FunctionShape(activation)
    let deviation = d.squareRoot()
    let frozen = q - d
    let outer = GaussianGrid(
      variance: frozen > 4e-16 * q ? frozen : 0, shape: shape, smear: deviation,
      folds: shape.folds, step: 0.1)
    var inner = GaussianGrid(variance: d, shape: shape)
    units = outer.nodes.indices.map { index in
      let mean = outer.nodes[index]
      if !shape.kinks.isEmpty {
        inner = GaussianGrid(
          variance: d,
          shape: shape.shifted(by: -mean, within: GaussianGrid.reach * deviation))
      }
      return Self.unit(
        activation, inner, mean: mean, weight: outer.weights[index], deviation: deviation)
    }
  }

  /// Σ over units of a quantity.
  func average(_ quantity: (Unit) -> Double) -> Double {
    units.reduce(0) { $0 + $1.weight * quantity($1) }
  }

  private static func unit(
    _ activation: Activation, _ inner: GaussianGrid, mean: Double, weight: Double,
    deviation: Double
  ) -> Unit {
    let count = inner.nodes.count
    let points = inner.nodes.map { mean + $0 }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { values in
      activation.function.evaluate(
        points, count: count, value: values.baseAddress!, derivative: nil)
      var (average, gain) = (0.0, 0.0)
      for index in 0..<count { average += inner.weights[index] * values[index] }
      let d = deviation * deviation
      for index in 0..<count {
        gain += inner.weights[index] * (values[index] - average) * inner.nodes[index]
      }
      if d > 0 { gain /= d }
      var (variance, distortion) = (0.0, 0.0)
      for index in 0..<count {
        let deviation = values[index] - average
        let residual = deviation - gain * inner.nodes[index]
        variance += inner.weights[index] * deviation * deviation
        distortion += inner.weights[index] * residual * residual
      }
      return Unit(
        mean: mean, weight: weight, variance: variance, gain: gain, distortion: distortion)
    }
  }
}
