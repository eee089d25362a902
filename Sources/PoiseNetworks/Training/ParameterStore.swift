import PoiseModel
import PoiseNumerics

/// All weights and biases of a network in one buffer, and as many of an optimiser's moments beside it.
///
/// Layer k = 0 … depth; k = depth is the read-out. A layer is W (n_out × n_in, row-major), then b.
final class ParameterStore<Scalar: NetworkScalar> {
  let architecture: Architecture
  /// Where each layer begins; the last number is the count of all parameters.
  let offsets: [Int]
  let values: Scratch<Scalar>
  /// Velocity of SGD, or first and second moment of Adam, in the layout of `values`.
  let moments: [Scratch<Scalar>]

  init(_ network: FiniteNetwork<Scalar>, moments: Int) {
    architecture = network.architecture
    var (offsets, total) = ([Int](), 0)
    for layer in 0..<architecture.layerCount {
      let (rows, columns) = architecture.shape(ofLayer: layer)
      offsets.append(total)
      total += rows * (columns + 1)
    }
    self.offsets = offsets + [total]
    values = Scratch(total)
    self.moments = (0..<moments).map { _ in Scratch(total) }
    for moment in self.moments { moment.base.initialize(repeating: 0, count: total) }
    let layers = network.layers + (network.readout.map { [$0] } ?? [])
    for (index, layer) in layers.enumerated() { write(layer, at: index, into: values) }
  }

  var count: Int { offsets[architecture.layerCount] }

  func weights(_ layer: Int) -> UnsafeMutablePointer<Scalar> { values.base + offsets[layer] }

  func biases(_ layer: Int) -> UnsafeMutablePointer<Scalar> {
    values.base + biasOffset(layer)
  }

  func biasOffset(_ layer: Int) -> Int {
    let (rows, columns) = architecture.shape(ofLayer: layer)
    return offsets[layer] + rows * columns
  }

  /// The layers of one of the buffers.
  func layers(of buffer: Scratch<Scalar>) -> [FiniteNetwork<Scalar>.Layer] {
    (0..<architecture.layerCount).map { layer in
      let (rows, columns) = architecture.shape(ofLayer: layer)
      let weights = UnsafeBufferPointer(
        start: buffer.base + offsets[layer], count: rows * columns)
      let biases = UnsafeBufferPointer(start: buffer.base + biasOffset(layer), count: rows)
      return FiniteNetwork.Layer(
        weights: Matrix(rows: rows, columns: columns, elements: Array(weights)),
        biases: Array(biases))
    }
  }

  func write(_ layer: FiniteNetwork<Scalar>.Layer, at index: Int, into buffer: Scratch<Scalar>) {
    let count = layer.weights.elements.count
    layer.weights.elements.withUnsafeBufferPointer {
      (buffer.base + offsets[index]).update(from: $0.baseAddress!, count: count)
    }
    layer.biases.withUnsafeBufferPointer {
      (buffer.base + offsets[index] + count).update(
        from: $0.baseAddress!, count: layer.biases.count)
    }
  }
}
