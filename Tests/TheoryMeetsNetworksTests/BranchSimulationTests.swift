import Poise
import RealModule
import Testing

/// Dropout and residual branches against a direct simulation written here: the sampled weights are
/// Poise's, the recursion is not.
@Suite struct BranchSimulationTests {
  /// Two copies of one input with independent masks end at the predicted correlation (erf,
  /// p = 0.95), though without dropout they would stay equal for ever.
  @Test func dropout() throws {
    let (width, depth, networks, keep, seed) = (256, 24, 24, 0.95, UInt64(51))
    let ensemble = try NetworkEnsemble(
      activation: .erf, weights: .gaussian(variance: 1.21), biases: .gaussian(variance: 0.04))
    let theory = try MeanField(of: ensemble, keep: keep)
    let point = try theory.fixedPoint()
    #expect(abs(point.correlation - 0.5783989175340963) < 1e-9)
    let architecture = try Architecture(inputs: width, depth: depth, width: width)
    var (lengths, correlations) = (RunningMoments(), RunningMoments())
    for index in 0..<networks {
      let network = FiniteNetwork<Double>(
        sampling: ensemble, architecture: architecture, seed: seed, index: UInt64(index))
      var masks = RandomStream(
        seed: seed, item: UInt64(index), purpose: RandomStream.Purpose(kind: 200, index: 0))
      var signals = [[Double]](repeating: (0..<width).map { _ in masks.normal() }, count: 2)
      signals[1] = signals[0]
      var (q, c, count) = (0.0, 0.0, 0.0)
      for (number, layer) in network.layers.enumerated() {
        signals = signals.map { apply(layer, $0) }
        if number >= depth - 8 {
          let (aa, bb) = (dot(signals[0], signals[0]), dot(signals[1], signals[1]))
          q += (aa + bb) / 2
          c += dot(signals[0], signals[1]) / (aa * bb).squareRoot()
          count += 1
        }
        for copy in 0..<2 {
          for unit in 0..<width {
            let isKept = masks.uniform() < keep
            let value = ensemble.activation.function.value(signals[copy][unit])
            signals[copy][unit] = isKept ? value / keep : 0
          }
        }
      }
      lengths.add(q / count)
      correlations.add(c / count)
    }
    // Beside the sampling error, corrections of order 1/width of a few units.
    let (lengthError, error) = (lengths.standardError ?? 1, correlations.standardError ?? 1)
    #expect(lengthError < 0.02 * point.length && error < 0.02)
    #expect(
      abs(lengths.mean - point.length) < 5 * lengthError + 4 * point.length / Double(width),
      "seed \(seed): q = \(lengths.mean) ± \(lengthError), predicted \(point.length)")
    #expect(
      abs(correlations.mean - point.correlation) < 5 * error + 4 / Double(width),
      "seed \(seed): c = \(correlations.mean) ± \(error), predicted \(point.correlation)")
  }

  /// h' = a h + W φ(h) + b, tanh, a = 0.9: the length after 20 layers and the growth of a tangent.
  @Test func residual() throws {
    let (width, depth, networks, branch, seed) = (256, 20, 24, 0.9, UInt64(52))
    let ensemble = try NetworkEnsemble(
      activation: .tanh, weights: .gaussian(variance: 1.44), biases: .gaussian(variance: 0.09))
    let map = try MeanField(of: ensemble, keep: 1, residual: branch).lengthMap
    let first = ensemble.weightVariance + ensemble.biasVariance
    let predicted = map.iterate(from: first, layers: depth - 1)
    let growth = predicted.dropLast().reduce(0) { $0 + Double.log(map.chi1($1)) }
    let architecture = try Architecture(inputs: width, depth: depth, width: width)
    var (lengths, tangents) = (RunningMoments(), RunningMoments())
    for index in 0..<networks {
      let network = FiniteNetwork<Double>(
        sampling: ensemble, architecture: architecture, seed: seed, index: UInt64(index))
      var stream = RandomStream(
        seed: seed, item: UInt64(index), purpose: RandomStream.Purpose(kind: 201, index: 0))
      let input = (0..<width).map { _ in stream.normal() }
      let norm = dot(input, input).squareRoot()
      var signal = apply(network.layers[0], input.map { $0 / norm })
      var tangent = (0..<width).map { _ in stream.normal() }
      let start = dot(tangent, tangent)
      for layer in network.layers.dropFirst() {
        let function = ensemble.activation.function
        let moved = multiply(
          layer, zip(signal, tangent).map { function.derivative($0) * $1 })
        tangent = zip(tangent, moved).map { branch * $0 + $1 }
        let added = apply(layer, signal.map { function.value($0) })
        signal = zip(signal, added).map { branch * $0 + $1 }
      }
      lengths.add(dot(signal, signal))
      tangents.add(dot(tangent, tangent) / start)
    }
    let (lengthError, error) = (lengths.standardError ?? 1, tangents.standardError ?? 1)
    let last = predicted[depth - 1]
    #expect(
      abs(lengths.mean - last) < 5 * lengthError + 4 * last / Double(width),
      "seed \(seed): q = \(lengths.mean) ± \(lengthError), predicted \(last)")
    let relative = error / tangents.mean
    #expect(relative < 0.1)
    #expect(
      abs(Double.log(tangents.mean) - growth) < 5 * relative + 8 / Double(width),
      "seed \(seed): ln χ = \(Double.log(tangents.mean)) ± \(relative), predicted \(growth)")
  }

  private func multiply(_ layer: FiniteNetwork<Double>.Layer, _ x: [Double]) -> [Double] {
    let columns = layer.weights.columns
    return layer.weights.elements.withUnsafeBufferPointer { w in
      x.withUnsafeBufferPointer { x in
        (0..<layer.weights.rows).map { row in
          var sum = 0.0
          for column in 0..<columns { sum += w[row * columns + column] * x[column] }
          return sum
        }
      }
    }
  }

  private func apply(_ layer: FiniteNetwork<Double>.Layer, _ x: [Double]) -> [Double] {
    zip(multiply(layer, x), layer.biases).map { $0 + $1 }
  }

  /// Mean of the products: |h|²/N for equal arguments.
  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / Double(a.count)
  }
}
