import PoiseInformation
import PoiseModel
import PoiseNetworks
import PoiseNumerics
import RealModule

/// The information itself on networks of a few units, by nested Monte Carlo, beside the replica formula.
///
/// The formula is for wide layers; at n units it is off by order 1/n (0.05 nats/n measured), for which
/// (0.05 + I/2)/n counts as one standard deviation: a coarse check of the whole value, beside the fine
/// checks of its ingredients.
struct NestedCheck {
  let channel: NetworkChannel
  /// n₀ … n_L of the networks asked for.
  let widths: [Int]
  let networks: Int
  let seed: UInt64
  let jobs: Int

  /// Layers that are measured at most, and nats of a layer that nested sums can resolve.
  private static let (most, nats) = (3, 2.2)

  /// Measured and exact information of the first layers, on the smallest networks with the same ratios of
  /// widths; nil where even these carry too much.
  func series() throws(PoiseError) -> CheckResult.Series? {
    var series = CheckResult.Series("information", "information, nats per neuron")
    for layer in 1...min(widths.count - 1, Self.most) {
      let part = Array(widths[...layer])
      let exact = try channel.replicaInformation(atLayer: layer, widths: part).information.nats
      let ratios = Self.reduced(part)
      let nats = Int((Self.nats / max(exact * Double(ratios.last!), 1e-9)).rounded(.down))
      let factor = min(8 / ratios.max()!, nats)
      let sizes = ratios.map { factor * $0 }
      guard sizes.min()! >= 2 else { continue }
      let moments = RunningMoments(try measure(sizes))
      series.append(
        moments.mean, moments.standardError ?? 0, theory: exact,
        allowance: (0.05 + 0.5 * exact) / Double(sizes.min()!))
      series.layers[series.layers.count - 1] = layer
    }
    return series.layers.isEmpty ? nil : series
  }

  /// Divided by what they have in common.
  static func reduced(_ widths: [Int]) -> [Int] {
    var common = widths[0]
    for width in widths {
      var rest = width
      while rest != 0 { (common, rest) = (rest, common % rest) }
    }
    return widths.map { $0 / common }
  }

  /// Nats per neuron of every network.
  private func measure(_ sizes: [Int]) throws(PoiseError) -> [Double] {
    let shape = try Architecture(inputs: sizes[0], widths: Array(sizes[1...]))
    let method = try NestedMonteCarlo(
      noiseVariance: channel.noise.variance, outer: 40, inner: 1000)
    return try parallelMap(count: networks, jobs: jobs) {
      (index: Int) throws(PoiseError) -> Double in
      let network = FiniteNetwork<Double>(
        sampling: channel.ensemble, architecture: shape, seed: seed,
        index: UInt64(index) + (1 << 41))
      let pass = NoisyPass(network, channel)
      let estimate = try method.estimate(
        seed: seed &+ UInt64(index) &* 0x9E37_79B9,
        input: { pass.input(&$0) }, centre: { pass.centre($0, &$1) })
      return estimate.nats / Double(sizes.last!)
    }
  }
}

extension NoisyPass {
  /// One input.
  func input(_ stream: inout RandomStream) -> [Double] {
    (0..<network.architecture.inputs).map { _ in component(&stream) }
  }

  /// The last layer before its own noise, with fresh noise in the layers below if they have any.
  func centre(_ input: [Double], _ stream: inout RandomStream) -> [Double] {
    var hasInnerNoise = false
    if case .everyLayer = channel.noise { hasInnerNoise = true }
    let deviation = channel.noise.variance.squareRoot()
    var signal = input
    for (index, layer) in network.layers.enumerated() {
      let columns = signal.count
      var next = layer.biases
      for unit in next.indices {
        for column in 0..<columns {
          next[unit] += layer.weights.elements[unit * columns + column] * signal[column]
        }
      }
      if index + 1 < network.layers.count {
        for unit in next.indices {
          if hasInnerNoise { next[unit] += deviation * stream.normal() }
          next[unit] = network.activation.function.value(next[unit])
        }
      }
      signal = next
    }
    return signal
  }
}
