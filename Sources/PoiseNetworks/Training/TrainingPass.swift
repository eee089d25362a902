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
  private let lanes: Lanes
  /// Blocks of the inputs, of the units of each layer, and of the outputs.
  private let blocks: [[Range<Int>]]
  /// The blocks of all layers, the last layer first.
  private let updates: [(layer: Int, block: Range<Int>)]
  /// x, then φ(hˡ) of all layers, then z.
  private let signals: [Scratch<Scalar>]
  /// φ′(hˡ).
  private let slopes: [Scratch<Scalar>]
  /// δˡ, then δ_z.
  private let deltas: [Scratch<Scalar>]
  private let ones: Scratch<Scalar>
  /// Room for the gradient of a block, by lane.
  private let gradients: [Scratch<Scalar>]
  private let outputs: Scratch<Double>
  private let errors: Scratch<Double>

  init(
    _ architecture: Architecture, activation: Activation, loss: Loss, capacity: Int, jobs: Int
  ) {
    self.architecture = architecture
    function = activation.function
    self.loss = loss
    self.capacity = capacity
    lanes = Lanes(count: jobs)
    let widths = [architecture.inputs] + architecture.widths + [architecture.outputs]
    let blocks = widths.map(UnitBlocks.of)
    self.blocks = blocks
    updates = (0..<architecture.layerCount).reversed().flatMap { layer in
      blocks[layer + 1].map { (layer, $0) }
    }
    signals = widths.map { Scratch(capacity * $0) }
    slopes = architecture.widths.map { Scratch(capacity * $0) }
    deltas = widths.dropFirst().map { Scratch(capacity * $0) }
    let largest = zip(blocks.dropFirst(), widths).map { blocks, inputs in
      blocks.map(\.count).max()! * inputs
    }
    gradients = (0..<jobs).map { _ in Scratch(largest.max()!) }
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
      let blocks = blocks[layer + 1]
      lanes.forEach(blocks.count) { piece, _ in
        let block = blocks[piece]
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
    Scalar.round(rows * classes, 1 / Double(rows), errors.base, deltas[architecture.depth].base)
    return (total, hits)
  }

  /// Moves all parameters by the gradient of the batch that was judged last.
  ///
  /// First all δ, then all layers at once: no thread waits for another between layers.
  func backward(_ store: ParameterStore<Scalar>, rows: Int, update: ParameterUpdate<Scalar>) {
    for layer in (1..<architecture.layerCount).reversed() {
      let (units, inputs) = architecture.shape(ofLayer: layer)
      let (from, to) = (deltas[layer].base, deltas[layer - 1].base)
      let (weights, slope) = (store.weights(layer), slopes[layer - 1].base)
      let blocks = blocks[layer]
      lanes.forEach(blocks.count) { piece, _ in
        let block = blocks[piece]
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
    lanes.forEach(updates.count) { piece, lane in
      let (layer, block) = updates[piece]
      update.apply(
        store, layer: layer, block: block, rows: rows, delta: deltas[layer].base,
        below: signals[layer].base, ones: ones.base, gradient: gradients[lane].base)
    }
  }
}
