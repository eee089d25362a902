import PoiseHeavyTails
import PoiseModel
import PoiseNetworks
import PoiseNumerics
import RealModule

/// Signals that go through the same random layers of one square network with stable weights, drawn one
/// after another: the deepest chain needs the memory of one layer.
struct StableChain {
  let activation: Activation
  let alpha: Double
  let width: Int
  private let sample: NetworkSample

  /// - Parameter item: number of the network.
  init(
    _ activation: Activation, alpha: Double, width: Int, depth: Int, seed: UInt64, item: UInt64
  ) throws(PoiseError) {
    self.activation = activation
    self.alpha = alpha
    self.width = width
    sample = NetworkSample(
      of: try NetworkEnsemble(activation: activation, weights: .stable(alpha: alpha, scale: 1)),
      architecture: try Architecture(inputs: width, depth: depth, width: width), seed: seed,
      index: item)
  }

  /// W of a layer at σ_w = 1.
  func weights(_ layer: Int) -> Matrix<Double> {
    let layer: FiniteNetwork<Double>.Layer = sample.layer(layer)
    return layer.weights
  }

  /// Products of one matrix with several vectors.
  func products(_ weights: Matrix<Double>, _ vectors: [[Double]]) -> [[Double]] {
    var columns = Matrix<Double>(rows: width, columns: vectors.count)
    for (index, vector) in vectors.enumerated() {
      for row in 0..<width { columns.elements[row * vectors.count + index] = vector[row] }
    }
    let product = Matrix.product(weights, columns).elements
    return vectors.indices.map { index in
      (0..<width).map { product[$0 * vectors.count + index] }
    }
  }

  func activate(_ vector: [Double], times factor: Double = 1) -> [Double] {
    vector.map { activation.function.value(factor * $0) }
  }

  /// (1/N) Σ |x|^α.
  func meanPower(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + .pow(abs($1), alpha) } / Double(width)
  }
}
