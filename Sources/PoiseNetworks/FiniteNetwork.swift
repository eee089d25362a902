public import PoiseModel
public import PoiseNumerics

/// One fully connected network with all its weights:
///
///     h¹ = W¹x + b¹,   hˡ = Wˡ φ(hˡ⁻¹) + bˡ,   output = R φ(h^L) + r  (if there is a read-out)
///
/// Batches are matrices (sample × unit). Layer index k = 0 … depth − 1 holds W^{k+1}.
public struct FiniteNetwork<Scalar: NetworkScalar>: Sendable {
  /// Weights and biases of one layer.
  public struct Layer: Sendable, Equatable {
    /// W (n_out × n_in).
    public var weights: Matrix<Scalar>
    /// b (n_out).
    public var biases: [Scalar]

    /// - Parameters:
    ///   - weights: W (n_out × n_in).
    ///   - biases: b (n_out); the shapes are not checked here.
    public init(weights: Matrix<Scalar>, biases: [Scalar]) {
      self.weights = weights
      self.biases = biases
    }
  }

  /// φ.
  public let activation: Activation
  /// The shape, read-out included.
  public let architecture: Architecture
  /// Hidden layers; their number and shapes are those of `architecture`.
  public private(set) var layers: [Layer]
  /// The linear read-out R, r, or nil.
  public private(set) var readout: Layer?

  /// A network from given layers.
  /// - Throws: `shapeMismatch` if a layer does not fit the one below it, or biases do not fit
  ///   their weights; `outOfRange` for no layers or a width below 2.
  public init(
    activation: Activation, layers: [Layer], readout: Layer? = nil
  ) throws(PoiseError) {
    let inputs = layers.first?.weights.columns ?? 1
    architecture = try Architecture(
      inputs: inputs, widths: layers.map(\.weights.rows), outputs: readout?.weights.rows ?? 0)
    self.activation = activation
    self.layers = layers
    self.readout = readout
    let all = layers + (readout.map { [$0] } ?? [])
    for (index, layer) in all.enumerated() {
      let (rows, columns) = architecture.shape(ofLayer: index)
      guard layer.weights.columns == columns, layer.biases.count == rows else {
        let weights = "weights \(layer.weights.rows) × \(layer.weights.columns)"
        throw PoiseError(
          .shapeMismatch, quantity: "layers.\(index)",
          value: "\(weights) with \(layer.biases.count) biases",
          allowed: "weights \(rows) × \(columns) with \(rows) biases")
      }
    }
  }

  /// Network number `index` of an ensemble.
  ///
  /// Each layer has its own streams for weights and biases, so that every layer is the same
  /// whichever others are drawn. Numbers are drawn in double precision; a `Float` network is
  /// the rounded `Double` network of the same seed and index (orthogonal: up to rounding).
  public init(
    sampling ensemble: NetworkEnsemble, architecture: Architecture, seed: UInt64, index: UInt64
  ) {
    let sample = NetworkSample(
      of: ensemble, architecture: architecture, seed: seed, index: index)
    activation = ensemble.activation
    self.architecture = architecture
    layers = (0..<architecture.depth).map { sample.layer($0) }
    readout = architecture.outputs > 0 ? sample.layer(architecture.depth) : nil
  }
}

extension FiniteNetwork where Scalar == Double {
  /// A network of single precision with the same numbers.
  public init(_ single: FiniteNetwork<Float>) {
    func widened(_ layer: FiniteNetwork<Float>.Layer) -> Layer {
      let weights = layer.weights
      return Layer(
        weights: Matrix(
          rows: weights.rows, columns: weights.columns, elements: weights.elements.map(Double.init)),
        biases: layer.biases.map(Double.init))
    }
    activation = single.activation
    architecture = single.architecture
    layers = single.layers.map(widened)
    readout = single.readout.map(widened)
  }
}

extension FiniteNetwork {
  /// One named array of parameters, row-major.
  public struct Parameter: Sendable, Equatable {
    /// `layers.k.weight` (n_out × n_in) or `layers.k.bias` (n_out); k = depth is the read-out.
    public let name: String
    /// The dimensions, outermost first.
    public let shape: [Int]
    /// The entries, row by row.
    public let values: [Scalar]
  }

  /// All parameters by layer, weights before biases, the read-out last.
  public var parameters: [Parameter] {
    (layers + (readout.map { [$0] } ?? [])).enumerated().flatMap { index, layer in
      let weights = layer.weights
      return [
        Parameter(
          name: "layers.\(index).weight", shape: [weights.rows, weights.columns],
          values: weights.elements),
        Parameter(
          name: "layers.\(index).bias", shape: [layer.biases.count], values: layer.biases),
      ]
    }
  }
}

/// The recipe of one network: enough to draw any of its layers at any time, and to measure it
/// without ever holding all its weights.
public struct NetworkSample: Sendable {
  /// The law.
  public var ensemble: NetworkEnsemble { sampler.ensemble }
  /// The shape.
  public var architecture: Architecture { sampler.architecture }
  /// The seed of the run.
  public var seed: UInt64 { sampler.seed }
  /// The number of the network in the run.
  public var index: UInt64 { sampler.index }
  let sampler: LayerSampler

  /// A network of which nothing is drawn yet: layers come when asked for.
  ///
  /// - Parameters:
  ///   - seed: of the run.
  ///   - index: number of the network in the run.
  public init(
    of ensemble: NetworkEnsemble, architecture: Architecture, seed: UInt64, index: UInt64
  ) {
    sampler = LayerSampler(
      ensemble: ensemble, architecture: architecture, seed: seed, index: index)
  }

  /// Layer k = 0 … depth − 1, or the read-out at k = depth.
  public func layer<Scalar: NetworkScalar>(_ index: Int) -> FiniteNetwork<Scalar>.Layer {
    precondition(index >= 0 && index < architecture.layerCount, "no such layer")
    BLAS.useOneThread()
    let (rows, columns) = architecture.shape(ofLayer: index)
    let scratch = Scratch<Scalar>(rows * columns)
    sampler.fillWeights(index, scratch.base)
    let weights = Array(UnsafeBufferPointer(start: scratch.base, count: rows * columns))
    sampler.fillBiases(index, scratch.base)
    let biases = Array(UnsafeBufferPointer(start: scratch.base, count: rows))
    return FiniteNetwork.Layer(
      weights: Matrix(rows: rows, columns: columns, elements: weights), biases: biases)
  }
}
