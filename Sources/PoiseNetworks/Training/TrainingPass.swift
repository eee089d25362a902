import PoiseModel
import PoiseNumerics

/// Forward and backward pass of a batch through a network whose parameters change, with the memory
/// of both.
///
///     h¹ = W¹x + b¹,  hˡ = Wˡφ(hˡ⁻¹) + bˡ,  z = Rφ(h^L) + r
///     δ_z = ∂loss/∂z,  δˡ = φ′(hˡ) ∘ (W^{l+1})ᵀδ^{l+1}
///
/// Rows of every buffer are samples. Nothing is allocated between steps.
final class TrainingPass<Scalar: NetworkScalar> {
  let architecture: Architecture
  let function: any ActivationFunction
  let loss: Loss
  /// Most rows of a batch.
  let capacity: Int
  let blocks: UnitBlocks
  /// x, then φ(hˡ) of all layers, then z.
  private let signals: [Scratch<Scalar>]
  /// φ′(hˡ).
  private let slopes: [Scratch<Scalar>]
  /// δ of the layer and of the one below.
  private let deltas: [Scratch<Scalar>]
  private let gradient: Scratch<Scalar>
  private let ones: Scratch<Scalar>
  private let outputs: Scratch<Double>
  private let errors: Scratch<Double>

  init(
    _ architecture: Architecture, activation: Activation, loss: Loss, capacity: Int, jobs: Int
  ) {
    self.architecture = architecture
    function = activation.function
    self.loss = loss
    self.capacity = capacity
    blocks = UnitBlocks(jobs: jobs)
    let widths = [architecture.inputs] + architecture.widths + [architecture.outputs]
    signals = widths.map { Scratch(capacity * $0) }
    slopes = architecture.widths.map { Scratch(capacity * $0) }
    deltas = (0..<2).map { _ in Scratch(capacity * widths.max()!) }
    let largest = (0..<architecture.layerCount).map { layer in
      let (rows, columns) = architecture.shape(ofLayer: layer)
      return max(rows * columns, rows)
    }
    gradient = Scratch(largest.max()!)
    ones = Scratch(capacity)
    ones.base.initialize(repeating: 1, count: capacity)
    outputs = Scratch(capacity * architecture.outputs)
    errors = Scratch(capacity * architecture.outputs)
  }

  /// Where the inputs of a batch are to be written (row × input).
  var inputs: UnsafeMutablePointer<Scalar> { signals[0].base }

  /// Sends the inputs through the network.
  func forward(_ store: ParameterStore<Scalar>, rows: Int, keepsSlopes: Bool) {
    for layer in 0..<architecture.layerCount {
      let (units, columns) = architecture.shape(ofLayer: layer)
      let (below, target) = (signals[layer].base, signals[layer + 1].base)
      let (weights, biases) = (store.weights(layer), store.biases(layer))
      let isHidden = layer < architecture.depth
      let slope = isHidden && keepsSlopes ? slopes[layer].base : nil
      blocks.forEach(units) { block in
        let first = block.lowerBound
        for row in 0..<rows {
          (target + row * units + first).update(from: biases + first, count: block.count)
        }
        Scalar.gemm(
          ProductShape(rows: rows, columns: block.count, inner: columns, transposeB: true), 1,
          below, columns, weights + first * columns, columns, 1, target + first, units)
        guard isHidden else { return }
        // A block that is the whole layer is one run of memory.
        let (runs, length) = block.count == units ? (1, rows * units) : (rows, block.count)
        for run in 0..<runs {
          let start = run * units + first
          Scalar.evaluate(
            function, target + start, count: length, value: target + start,
            derivative: slope.map { $0 + start })
        }
      }
    }
  }

  /// Loss and hits of the outputs; fills ∂(mean loss)/∂z.
  func judge(rows: Int, labels: (Int) -> Int) -> (loss: Double, hits: Int) {
    let classes = architecture.outputs
    let z = signals[architecture.layerCount].base
    Scalar.widen(rows * classes, z, outputs.base)
    var (total, hits) = (0.0, 0)
    for row in 0..<rows {
      let output = UnsafeMutableBufferPointer(start: outputs.base + row * classes, count: classes)
      let error = UnsafeMutableBufferPointer(start: errors.base + row * classes, count: classes)
      let label = labels(row)
      var best = 0
      for index in 1..<max(classes, 1) where output[index] > output[best] { best = index }
      if best == label { hits += 1 }
      total += loss.value(output, label: label, gradient: error)
    }
    Scalar.round(rows * classes, 1 / Double(rows), errors.base, deltas[0].base)
    return (total, hits)
  }

  /// Moves all parameters by the gradient of the batch that was judged last.
  func backward(_ store: ParameterStore<Scalar>, rows: Int, update: ParameterUpdate<Scalar>) {
    var (delta, next) = (deltas[0].base, deltas[1].base)
    for layer in (0..<architecture.layerCount).reversed() {
      let (units, inputs) = architecture.shape(ofLayer: layer)
      if layer > 0 {
        // Before the weights move: δ below is made of the old ones.
        let slope = slopes[layer - 1].base
        let weights = store.weights(layer)
        let (from, to) = (delta, next)
        blocks.forEach(inputs) { block in
          let first = block.lowerBound
          Scalar.gemm(
            ProductShape(rows: rows, columns: block.count, inner: units), 1, from, units,
            weights + first, inputs, 0, to + first, inputs)
          let (runs, length) = block.count == inputs ? (1, rows * inputs) : (rows, block.count)
          for run in 0..<runs {
            Scalar.multiply(length, slope + run * inputs + first, to + run * inputs + first)
          }
        }
      }
      update.apply(
        store, layer: layer, rows: rows, delta: delta, below: signals[layer].base,
        ones: ones.base, gradient: gradient.base, blocks: blocks)
      swap(&delta, &next)
    }
  }
}
