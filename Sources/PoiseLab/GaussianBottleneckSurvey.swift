import PoiseInformation
import PoiseNetworks
import PoiseModel
public import PoiseNumerics
import RealModule

extension BottleneckSurvey {
  /// x ~ N(0, I) of the width of the layers, Y = B x + N(0, ρ) with `targets` rows.
  ///
  /// - Parameters:
  ///   - targets: dimension of Y; nil for Y = x + noise, which weighs all directions alike.
  ///   - targetNoise: ρ > 0.
  public func run(targets: Int?, targetNoise: Double) throws(PoiseError) -> BottleneckResult {
    let (question, readings) = try gaussianReadings(targets: targets, targetNoise: targetNoise)
    let inner = noise == .everyLayer ? noiseVariance : 0
    let theory = try CorrectedMeanField(
      ensemble, meanSquare: 1, overlap: 0, noiseVariance: inner, depth: depth)
    let layers = layers(readings, theory.layers, ownNoise: inner)
    let most = 1.05 * (layers.map(\.informationX.upper).max() ?? 1)
    let curve = try question.bottleneck.curve(upTo: most, count: 201)
    let words =
      targets.map { "Y = B x + N(0, \(targetNoise)), B \($0) × \(width) Gaussian" }
      ?? "Y = x + N(0, \(targetNoise))"
    return BottleneckResult(
      ensemble: EnsembleSummary(ensemble), depth: depth, width: width, noise: noise.rawValue,
      noiseVariance: noiseVariance, networks: networks, target: words, kind: "gaussian",
      mostInformationY: question.bottleneck.relevantInformation,
      curveX: curve.map(\.informationX), curveY: curve.map(\.informationY), layers: layers)
  }

  /// The question, and what every network answers by layer.
  func gaussianReadings(
    targets: Int?, targetNoise: Double
  ) throws(PoiseError) -> (question: GaussianTarget, readings: [[Reading]]) {
    guard width <= 512 else {
      throw PoiseError(
        .outOfRange, quantity: "--width", value: "\(width)",
        allowed: "2 to 512 for a Gaussian target", suggestion: "40: the plane is about directions")
    }
    if let targets, !(1...4096).contains(targets) {
      throw PoiseError(
        .outOfRange, quantity: "--targets", value: "\(targets)", allowed: "1 to 4096")
    }
    let map = target(targets)
    let question = try GaussianTarget(
      inputCovariance: .identity(width), map: map, noiseVariance: targetNoise)
    let isLinear = ensemble.activation == .linear
    let readings = try parallelMap(count: networks, jobs: jobs) {
      (index: Int) throws(PoiseError) -> [Reading] in
      let network = try network(index, inputs: width)
      return isLinear
        ? try exact(network, question)
        : try sampled(network, index, question, map, targetNoise)
    }
    return (question, readings)
  }

  /// B: the identity, or Gaussian entries of variance 1/width.
  private func target(_ targets: Int?) -> Matrix<Double> {
    guard let targets else { return .identity(width) }
    var stream = RandomStream(
      seed: seed, item: 0, purpose: RandomStream.Purpose(kind: 0x4A, index: 0))
    var map = Matrix<Double>(rows: targets, columns: width)
    map.withUnsafeMutableElements { stream.fillNormal($0) }
    map.elements = map.elements.map { $0 / Double(width).squareRoot() }
    return map
  }

  private func exact(
    _ network: FiniteNetwork<Double>, _ question: GaussianTarget
  ) throws(PoiseError) -> [Reading] {
    var gain = Matrix<Double>.identity(width)
    var inner = Matrix<Double>(rows: width, columns: width)
    return try network.layers.map { layer throws(PoiseError) in
      gain = Matrix.product(layer.weights, gain)
      inner = Matrix.product(
        Matrix.product(layer.weights, inner), layer.weights, transposeB: true)
      var noisy = inner
      for unit in 0..<width { noisy[unit, unit] += noiseVariance }
      if noise == .everyLayer { inner = noisy }
      let point = try question.position(gain: gain, noise: noisy)
      let square =
        gain.elements.reduce(0) { $0 + $1 * $1 }
        + (0..<width).reduce(0) { $0 + noisy[$1, $1] - noiseVariance }
      return Reading(
        x: .init(point.informationX, point.informationX),
        y: .init(point.informationY, point.informationY), most: point.most,
        variance: square / Double(width))
    }
  }

  private func sampled(
    _ network: FiniteNetwork<Double>, _ index: Int, _ question: GaussianTarget,
    _ map: Matrix<Double>, _ targetNoise: Double
  ) throws(PoiseError) -> [Reading] {
    let rows = passes
    func normal(_ columns: Int, _ purpose: Int) -> Matrix<Double> {
      var stream = RandomStream(
        seed: seed, item: UInt64(index), purpose: .init(kind: 0x4B, index: purpose))
      var result = Matrix<Double>(rows: rows, columns: columns)
      result.withUnsafeMutableElements { stream.fillNormal($0) }
      return result
    }
    func add(_ noise: Matrix<Double>, _ variance: Double, to signal: inout Matrix<Double>) {
      let deviation = variance.squareRoot()
      signal.withUnsafeMutableElements { s in
        noise.withUnsafeElements { n in for i in s.indices { s[i] += deviation * n[i] } }
      }
    }
    let x = normal(width, 0)
    var y = Matrix.product(x, map, transposeB: true)
    add(normal(map.rows, 1), targetNoise, to: &y)
    var below = x
    var readings: [Reading] = []
    for (number, layer) in network.layers.enumerated() {
      var signal = Matrix.product(below, layer.weights, transposeB: true)
      signal.withUnsafeMutableElements { s in
        for i in s.indices { s[i] += layer.biases[i % width] }
      }
      let variance = Self.unitVariance(signal)
      let roof = try LogDetInformation(signal, noiseVariance: noiseVariance)
      let centre = signal
      add(normal(width, number + 2), noiseVariance, to: &signal)
      let low = max(0, try GaussianInformation.estimate(x, signal).nats)
      let high = max(low, (roof.corrected ?? roof.sampled).nats)
      let most = try question.bottleneck.point(informationX: high).informationY
      let lowY = min(most, max(0, try GaussianInformation.estimate(signal, y).nats))
      readings.append(
        Reading(x: .init(low, high), y: .init(lowY, most), most: most, variance: variance))
      below = noise == .everyLayer ? signal : centre
      let function = network.activation.function
      below.withUnsafeMutableElements { b in
        function.evaluate(
          UnsafePointer(b.baseAddress!), count: b.count, value: b.baseAddress!, derivative: nil)
      }
    }
    return readings
  }
}
