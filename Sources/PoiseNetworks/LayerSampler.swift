import PoiseModel
import PoiseNumerics
import RealModule

/// Purposes of the random streams of one network; the index is the layer. The item is the network.
enum NetworkStream: UInt8 {
  case weights = 1
  case biases = 2
  case cotangents = 3
  case directions = 4
  case powerIteration = 5
  case trainingOrder = 6

  func stream(seed: UInt64, network: UInt64, layer: Int = 0) -> RandomStream {
    RandomStream(
      seed: seed, item: network, purpose: RandomStream.Purpose(kind: rawValue, index: layer))
  }

  /// `count` independent N(0, deviation²) numbers, drawn in `Double` and then rounded, so that a
  /// `Float` network is the rounded `Double` network of the same seed.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  static func fillNormal<Scalar: NetworkScalar>(
    _ target: UnsafeMutablePointer<Scalar>, count: Int, deviation: Double,
    from stream: inout RandomStream
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: chunk) { buffer in
      for start in stride(from: 0, to: count, by: chunk) {
        let part = UnsafeMutableBufferPointer(rebasing: buffer[0..<min(chunk, count - start)])
        stream.fillNormal(part)
        Scalar.round(part.count, deviation, part.baseAddress!, target + start)
      }
    }
  }

  /// `count` independent numbers uniform on ±bound.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  static func fillUniform<Scalar: NetworkScalar>(
    _ target: UnsafeMutablePointer<Scalar>, count: Int, bound: Double,
    from stream: inout RandomStream
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: chunk) { buffer in
      for start in stride(from: 0, to: count, by: chunk) {
        let part = UnsafeMutableBufferPointer(rebasing: buffer[0..<min(chunk, count - start)])
        stream.fillUniform(part)
        for index in part.indices { part[index] = 2 * part[index] - 1 }
        Scalar.round(part.count, bound, part.baseAddress!, target + start)
      }
    }
  }

  /// `count` independent numbers of a stable law.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  static func fillStable<Scalar: NetworkScalar>(
    _ target: UnsafeMutablePointer<Scalar>, count: Int, law: StableLaw,
    from stream: inout RandomStream
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: chunk) { buffer in
      for start in stride(from: 0, to: count, by: chunk) {
        let part = UnsafeMutableBufferPointer(rebasing: buffer[0..<min(chunk, count - start)])
        law.fill(part, from: &stream)
        // Single precision ends at 3.4e38; what lies beyond stays there instead of at infinity.
        let bound = Double(Scalar.greatestFiniteMagnitude)
        for index in part.indices { part[index] = max(-bound, min(bound, part[index])) }
        Scalar.round(part.count, 1, part.baseAddress!, target + start)
      }
    }
  }

  /// The symmetric law E e^(itX) = exp(−|σt|^α/(2n)) of a validated ensemble, α < 2.
  static func entryLaw(alpha: Double, scale: Double, units: Double) -> StableLaw? {
    try? StableLaw(alpha: alpha, scale: scale * .pow(2 * units, -1 / alpha))
  }

  private static let chunk = 2048
}

/// Draws any layer of network `index` of an ensemble, independent of all other layers.
struct LayerSampler: Sendable {
  let ensemble: NetworkEnsemble
  let architecture: Architecture
  let seed: UInt64
  let index: UInt64

  /// Writes W (n_out × n_in, row-major) of a layer, entries of the law of the ensemble.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func fillWeights<Scalar: NetworkScalar>(
    _ layer: Int, _ target: UnsafeMutablePointer<Scalar>
  ) {
    let (rows, columns) = architecture.shape(ofLayer: layer)
    let scale = (ensemble.weightVariance / Double(columns)).squareRoot()
    var stream = NetworkStream.weights.stream(seed: seed, network: index, layer: layer)
    switch ensemble.weights {
    case .gaussian:
      NetworkStream.fillNormal(target, count: rows * columns, deviation: scale, from: &stream)
    case .uniform:
      let bound = 3.0.squareRoot() * scale
      NetworkStream.fillUniform(target, count: rows * columns, bound: bound, from: &stream)
    case .orthogonal:
      // Haar entries have variance 1/max(n_in, n_out).
      let gain = scale * Double(max(rows, columns)).squareRoot()
      fillHaar(target, rows: rows, columns: columns, gain: gain, stream: &stream)
    case .stable(let alpha, let width, let fan):
      let units = fan == .in ? Double(columns) : (Double(rows) * Double(columns)).squareRoot()
      if alpha == 2 {
        let deviation = (width * width / units).squareRoot()
        NetworkStream.fillNormal(
          target, count: rows * columns, deviation: deviation, from: &stream)
      } else if let law = NetworkStream.entryLaw(alpha: alpha, scale: width, units: units) {
        NetworkStream.fillStable(target, count: rows * columns, law: law, from: &stream)
      } else {
        // The scale is below the smallest number.
        target.update(repeating: 0, count: rows * columns)
      }
    }
  }

  /// Writes b (n_out) of a layer.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func fillBiases<Scalar: NetworkScalar>(_ layer: Int, _ target: UnsafeMutablePointer<Scalar>) {
    let rows = architecture.shape(ofLayer: layer).rows
    guard ensemble.biasVariance > 0 else {
      target.update(repeating: 0, count: rows)
      return
    }
    var stream = NetworkStream.biases.stream(seed: seed, network: index, layer: layer)
    if case .stable(let alpha, let scale) = ensemble.biases, alpha < 2,
      let law = NetworkStream.entryLaw(alpha: alpha, scale: scale, units: 1)
    {
      NetworkStream.fillStable(target, count: rows, law: law, from: &stream)
      return
    }
    let deviation = ensemble.biasVariance.squareRoot()
    NetworkStream.fillNormal(target, count: rows, deviation: deviation, from: &stream)
  }
}

extension Architecture {
  /// Shape of the weights of layer k = 0 … depth − 1, and of the read-out at k = depth.
  func shape(ofLayer layer: Int) -> (rows: Int, columns: Int) {
    (
      rows: layer == depth ? outputs : widths[layer],
      columns: layer == 0 ? inputs : widths[layer - 1]
    )
  }

  /// Number of weight matrices: the depth, and one more if there is a read-out.
  var layerCount: Int { depth + (outputs > 0 ? 1 : 0) }
  var widest: Int { max(widths.max()!, outputs) }
}
