import PoiseModel
import PoiseNumerics

/// One layer as the hot loops see it; valid only inside `withLayer`.
struct LayerView<Scalar: NetworkScalar> {
  /// W (rows × columns).
  let weights: UnsafePointer<Scalar>
  /// b (rows), or nil where all are zero.
  let biases: UnsafePointer<Scalar>?
  let rows: Int
  let columns: Int
}

/// Where a pass gets its layers from: a network in memory, or layers drawn when needed.
protocol LayerSource<Scalar> {
  associatedtype Scalar: NetworkScalar
  var activation: Activation { get }
  var architecture: Architecture { get }
  func withLayer(_ index: Int, _ body: (LayerView<Scalar>) -> Void)
}

extension FiniteNetwork: LayerSource {
  func withLayer(_ index: Int, _ body: (LayerView<Scalar>) -> Void) {
    let layer = index == architecture.depth ? readout! : layers[index]
    layer.weights.withUnsafeElements { weights in
      layer.biases.withUnsafeBufferPointer { biases in
        body(
          LayerView(
            weights: weights.baseAddress!, biases: biases.baseAddress!,
            rows: layer.weights.rows, columns: layer.weights.columns))
      }
    }
  }
}

/// Draws the layers of network samples into memory that is reused from network to network.
///
/// With `retaining`, a layer is drawn once per network and kept for the way back; without, only
/// one layer exists at a time.
final class LayerStream<Scalar: NetworkScalar>: LayerSource {
  private var sample: NetworkSample
  private let retaining: Bool
  private let memory: Scratch<Scalar>
  private let offsets: [Int]
  private var drawn: [Bool]

  init(_ sample: NetworkSample, retaining: Bool) {
    self.sample = sample
    self.retaining = retaining
    let architecture = sample.architecture
    let sizes = (0..<architecture.layerCount).map { layer in
      let (rows, columns) = architecture.shape(ofLayer: layer)
      return rows * (columns + 1)
    }
    var (offsets, total) = ([Int](), 0)
    for size in sizes {
      offsets.append(retaining ? total : 0)
      total += size
    }
    self.offsets = offsets
    drawn = [Bool](repeating: false, count: sizes.count)
    memory = Scratch(retaining ? total : sizes.max()!)
  }

  var activation: Activation { sample.ensemble.activation }
  var architecture: Architecture { sample.architecture }

  /// Goes on to another network of the same shape.
  func restart(with sample: NetworkSample) {
    precondition(sample.architecture == architecture, "the shape of a stream is fixed")
    self.sample = sample
    for index in drawn.indices { drawn[index] = false }
  }

  func withLayer(_ index: Int, _ body: (LayerView<Scalar>) -> Void) {
    let (rows, columns) = architecture.shape(ofLayer: index)
    let weights = memory.base + offsets[index]
    let biases = weights + rows * columns
    if !retaining || !drawn[index] {
      sample.sampler.fillWeights(index, weights)
      sample.sampler.fillBiases(index, biases)
      drawn[index] = true
    }
    body(
      LayerView(
        weights: weights, biases: sample.ensemble.biasVariance > 0 ? biases : nil, rows: rows,
        columns: columns))
  }
}
