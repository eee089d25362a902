import PoiseModel
import PoiseNetworks
import PoiseNumerics
import RealModule

/// φ(x) = sin(x) + x/4 by the default, elementwise `evaluate` of the protocol.
struct Wave: ActivationFunction {
  var name: String { "wave" }
  var slopesAtInfinity: (minus: Double, plus: Double) { (0.25, 0.25) }
  func value(_ x: Double) -> Double { .sin(x) + x / 4 }
  func derivative(_ x: Double) -> Double { .cos(x) + 0.25 }
  func secondDerivative(_ x: Double) -> Double { -.sin(x) }
}

/// φ(x) = x² + x: lengths explode doubly exponentially.
struct Quadratic: ActivationFunction {
  var name: String { "quadratic" }
  var slopesAtInfinity: (minus: Double, plus: Double) { (-.infinity, .infinity) }
  func value(_ x: Double) -> Double { x * x + x }
  func derivative(_ x: Double) -> Double { 2 * x + 1 }
  func secondDerivative(_ x: Double) -> Double { 2 }
}

/// The whole catalogue, and one activation without kernels of its own.
let testActivations = Activation.catalogue + [Activation(Wave())]

/// A batch of independent standard normal entries.
func normalMatrix(_ rows: Int, _ columns: Int, seed: UInt64 = 11) -> Matrix<Double> {
  var stream = RandomStream(seed: seed, item: 0, purpose: .init(kind: 200, index: 0))
  var entries = [Double](repeating: 0, count: rows * columns)
  entries.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
  return Matrix(rows: rows, columns: columns, elements: entries)
}

/// A network of unequal widths with biases.
func testNetwork(
  _ activation: Activation, inputs: Int = 5, widths: [Int] = [7, 4, 6], outputs: Int = 3,
  weights: WeightLaw = .gaussian(variance: 1.6), seed: UInt64 = 3
) throws -> FiniteNetwork<Double> {
  let ensemble = try NetworkEnsemble(
    activation: activation, weights: weights, biases: .gaussian(variance: 0.2))
  let architecture = try Architecture(inputs: inputs, widths: widths, outputs: outputs)
  return FiniteNetwork(sampling: ensemble, architecture: architecture, seed: seed, index: 1)
}

/// Preactivations of one sample in every layer and the outputs, by plain loops.
func naiveForward(
  _ network: FiniteNetwork<Double>, _ input: [Double]
) -> (layers: [[Double]], outputs: [Double]) {
  func affine(_ layer: FiniteNetwork<Double>.Layer, _ x: [Double]) -> [Double] {
    (0..<layer.weights.rows).map { row in
      var sum = layer.biases[row]
      for column in x.indices { sum += layer.weights[row, column] * x[column] }
      return sum
    }
  }
  var (x, layers) = (input, [[Double]]())
  for layer in network.layers {
    layers.append(affine(layer, x))
    x = layers.last!.map(network.activation.function.value)
  }
  return (layers, network.readout.map { affine($0, x) } ?? [])
}

/// D^L W^L … D^{first+1} W^{first+1} at one sample, by plain products.
func naiveJacobian(
  _ network: FiniteNetwork<Double>, _ input: [Double], from first: Int = 0, through last: Int
) -> Matrix<Double> {
  let h = naiveForward(network, input).layers
  var jacobian = Matrix<Double>.identity(network.layers[first].weights.columns)
  for layer in first...last {
    jacobian = .product(network.layers[layer].weights, jacobian)
    for row in 0..<jacobian.rows {
      for column in 0..<jacobian.columns {
        jacobian[row, column] *= network.activation.function.derivative(h[layer][row])
      }
    }
  }
  return jacobian
}

func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
  abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}
