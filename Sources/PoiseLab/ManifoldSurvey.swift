public import PoiseModel
import PoiseNetworks
public import PoiseNumerics
import RealModule

/// A circle of inputs followed through networks with stable weights: how unevenly it is stretched, how it bends,
/// how many dimensions it fills, and how extended the singular vectors of its last layer are.
public struct ManifoldSurvey: Sendable {
  /// φ.
  public var activation: Activation
  /// σ_b.
  public var biasScale: Double
  /// Units N of each layer, 8 to 4096.
  public var width: Int
  /// Hidden layers L, 1 to 1000.
  public var depth: Int
  /// Points on the circle.
  public var points: Int
  /// Networks that are averaged over, 2 to 10 000.
  public var networks: Int
  /// Radius; nil for N^{1/α}, at which preactivations of the first layer have scale σ_w or so.
  public var radius: Double?
  /// Subtract means from covariances.
  public var isCentred: Bool
  /// q of D_q.
  public var order: Double
  /// Seed of everything random.
  public var seed: UInt64

  /// - Throws: `outOfRange` for a width outside 8 to 4096, a depth outside 1 to 1000, points outside 32 to 2000,
  ///   fewer than 2 networks, q outside 0 to 20.
  public init(
    activation: Activation, biasScale: Double = 0, width: Int = 300, depth: Int = 30,
    points: Int = 200, networks: Int = 5, radius: Double? = nil, isCentred: Bool = true,
    order: Double = 2, seed: UInt64 = 1
  ) throws(PoiseError) {
    for (name, value, range) in [
      ("--width", width, 8...4096), ("--depth", depth, 1...1000), ("--points", points, 32...2000),
      ("--networks", networks, 2...10_000),
    ] where !range.contains(value) {
      throw PoiseError(
        .outOfRange, quantity: name, value: "\(value)",
        allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
    self.activation = activation
    self.biasScale = biasScale
    self.width = width
    self.depth = depth
    self.points = points
    self.networks = networks
    self.radius = try radius?.checked("radius", in: 1e-12...1e12)
    self.isCentred = isCentred
    self.order = try order.checked("--order", in: 0...20)
    self.seed = seed
  }

  /// What this measurement takes for granted.
  public static let assumptions = [
    "networks of the stated width, drawn at random; errors are over networks",
    "the circle lies along two coordinates of the input",
  ]
  /// Where it comes from.
  public static let sources = [
    "Qu, Wardak, Gong 2022, arXiv:2203.12967", "Poole et al. 2016, arXiv:1606.05340",
  ]

  /// D_q below this part of an extended vector's counts as localised.
  static let localized = 0.8
  private static let groups = 12

  /// Seconds that a number of (α, σ_w) take on one thread, to be said beforehand.
  public func seconds(points cells: Int) -> Double {
    let products = 6.0 * Double(points * width * width) + 2 * Double(points * points * width)
    let layer = products / 1.2e10 + 4e-8 * Double(points * width + width * width)
    // A single point has its Gaussian counterpart beside it.
    return Double(max(cells, 2) * networks * depth) * layer
  }

  /// One point with its Gaussian counterpart, or the map over several.
  ///
  /// - Parameter progress: called with the number of networks done, of all.
  /// - Throws: `outOfRange`; `noAnswer` where signals overflow or the circle shrinks to a point.
  public func run(
    alphas: [Double], scales: [Double], jobs: Int = 1,
    progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws(PoiseError) -> ManifoldResult {
    var result = ManifoldResult(
      activation: activation.name, biasScale: biasScale, width: width, depth: depth,
      points: points, networks: networks, radius: radius, isCentred: isCentred, order: order,
      extended: MultifractalDimension.extended(order: order, count: width), profiles: [],
      alphas: [], scales: [], cells: [])
    let counter = Counter()
    guard alphas.count * scales.count > 1 else {
      let (alpha, scale) = (alphas[0], scales[0])
      let laws = alpha == 2 ? [2] : [alpha, 2]
      let total = laws.count * networks
      let runs = try parallelMap(count: total, jobs: jobs) { (index: Int) throws(PoiseError) in
        let one = try pass(
          laws[index / networks], scale, network: index % networks, isWhole: true)
        progress?(counter.next(), total)
        return one
      }
      result.profiles = laws.indices.map {
        profile(laws[$0], scale, Array(runs[$0 * networks..<($0 + 1) * networks]))
      }
      return result
    }
    (result.alphas, result.scales) = (alphas, scales)
    let total = alphas.count * scales.count * networks
    let runs = try parallelMap(count: total, jobs: jobs) { (index: Int) throws(PoiseError) in
      let cell = index / networks
      let one = try pass(
        alphas[cell / scales.count], scales[cell % scales.count], network: index % networks,
        isWhole: false)
      progress?(counter.next(), total)
      return one
    }
    result.cells = (0..<alphas.count * scales.count).map { cell in
      let here = runs[cell * networks..<(cell + 1) * networks].compactMap(\.layers.last)
      return ManifoldResult.Cell(
        alpha: alphas[cell / scales.count], scale: scales[cell % scales.count],
        variation: MeasuredValue(RunningMoments(here.map(\.variation))),
        dimension: MeasuredValue(RunningMoments(here.map(\.dimension))),
        outputDimension: MeasuredValue(RunningMoments(here.map(\.outputDimension))))
    }
    return result
  }

  /// The numbers of one layer of one network.
  private struct LayerNumbers: Sendable {
    var variation = 0.0
    var logLength = 0.0
    var logCurvature = 0.0
    var logTurns = 0.0
    var dimension = 0.0
    var outputDimension = 0.0
    var correlationDimension: Double?
  }

  /// Group means over ranks.
  private struct VectorNumbers: Sendable {
    var logSingularValues: [Double] = []
    var right: [Double] = []
    var left: [Double] = []
    var logModuli: [Double] = []
    var eigenvectors: [Double] = []
    var localizedShare = 0.0
  }

  private struct Pass: Sendable {
    var layers: [LayerNumbers] = []
    var vectors = VectorNumbers()
    var projection: [Double] = []
    var projectedShares: [Double] = []
  }

  private func pass(
    _ alpha: Double, _ scale: Double, network index: Int, isWhole: Bool
  ) throws(PoiseError) -> Pass {
    let biases: BiasLaw = biasScale == 0 ? .none : .stable(alpha: alpha, scale: biasScale)
    let sample = NetworkSample(
      of: try NetworkEnsemble(
        activation: activation, weights: .stable(alpha: alpha, scale: scale), biases: biases),
      architecture: try Architecture(inputs: width, depth: depth, width: width), seed: seed,
      index: UInt64(index))
    let circle = try CircularManifold(
      points: points, radius: radius ?? .pow(Double(width), 1 / alpha))
    var pass = Pass()
    var last: Matrix<Double>?
    try circle.forEachImage(in: sample) { image throws(PoiseError) in
      guard isWhole || image.layer == depth else { return }
      pass.layers.append(try numbers(image, isWhole: isWhole))
      if image.layer == depth { last = image.preactivations }
    }
    guard isWhole, let last else { return pass }
    pass.vectors = try vectors(sample, at: last.row(0))
    if index == 0 {
      let components = try PrincipalComponents(of: last, centred: isCentred)
      let projected = components.projected(last, onto: min(3, components.variances.count))
      pass.projection = (0..<points).flatMap { point in
        (0..<3).map { $0 < projected.columns ? projected[point, $0] : 0 }
      }
      let sum = components.variances.reduce(0, +)
      pass.projectedShares = components.variances.prefix(3).map { sum > 0 ? $0 / sum : 0 }
    }
    return pass
  }

  private func numbers(
    _ image: CircularManifold.Image, isWhole: Bool
  ) throws(PoiseError) -> LayerNumbers {
    let sizes = [image.length, image.meanCurvature, image.totalCurvature]
    guard sizes.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw PoiseError(
        .noAnswer, quantity: "image of the circle in layer \(image.layer)",
        value: image.length > 1 ? "too long for a number" : "a point",
        allowed: "a network whose signals neither vanish nor overflow",
        suggestion: "a scale nearer to 1, or fewer layers")
    }
    var numbers = LayerNumbers()
    numbers.variation = image.variation
    let h = image.preactivations
    numbers.dimension = PrincipalComponents.effectiveDimension(of: h, centred: isCentred)
    var output = h
    for place in output.elements.indices {
      output.elements[place] = activation.function.value(output.elements[place])
    }
    numbers.outputDimension = PrincipalComponents.effectiveDimension(
      of: output, centred: isCentred)
    guard isWhole else { return numbers }
    numbers.logLength = .log(image.length)
    numbers.logCurvature = .log(image.meanCurvature)
    numbers.logTurns = .log(image.totalCurvature / (2 * .pi))
    numbers.correlationDimension = try? CorrelationDimension(of: h, shares: 0.02...0.2).value
    return numbers
  }

  /// Singular vectors and eigenvectors of D W of the last layer at one input.
  private func vectors(
    _ sample: NetworkSample, at preactivations: [Double]
  ) throws(PoiseError) -> VectorNumbers {
    let layer: FiniteNetwork<Double>.Layer = sample.layer(depth - 1)
    let slopes = preactivations.map { activation.function.derivative($0) }
    let jacobian = try NetworkJacobian(weights: [layer.weights], slopes: [slopes]).matrix()
    let singular = try SingularVectorDimensions(of: jacobian, order: order)
    let eigen = try EigenvectorDimensions(of: jacobian, order: order)
    let moduli = eigen.eigenvalues.map { Double.hypot($0.real, $0.imaginary) }
    let ranks = moduli.indices.sorted { moduli[$0] > moduli[$1] }
    var numbers = VectorNumbers()
    func means(_ value: (Int) -> Double) -> [Double] {
      (0..<Self.groups).map { group in
        let (first, next) = (group * width / Self.groups, (group + 1) * width / Self.groups)
        let values = (first..<max(next, first + 1)).map { value(min($0, width - 1)) }
        return values.reduce(0, +) / Double(values.count)
      }
    }
    // Values that are 0 take part as the smallest number.
    func logarithm(_ value: Double) -> Double { .log(max(value, .leastNormalMagnitude)) }
    numbers.logSingularValues = means { logarithm(singular.singularValues[$0]) }
    numbers.right = means { singular.right[$0] }
    numbers.left = means { singular.left[$0] }
    numbers.logModuli = means { logarithm(moduli[ranks[$0]]) }
    numbers.eigenvectors = means { eigen.dimensions[ranks[$0]] }
    numbers.localizedShare = singular.share(
      below: Self.localized * MultifractalDimension.extended(order: order, count: width))
    return numbers
  }

  private func profile(
    _ alpha: Double, _ scale: Double, _ passes: [Pass]
  ) -> ManifoldResult.Profile {
    func mean(_ value: (Pass) -> Double) -> MeasuredValue {
      MeasuredValue(RunningMoments(passes.map(value)))
    }
    let layers = (0..<depth).map { layer in
      let correlations = passes.compactMap { $0.layers[layer].correlationDimension }
      return ManifoldResult.Layer(
        layer: layer + 1, variation: mean { $0.layers[layer].variation },
        logLength: mean { $0.layers[layer].logLength },
        logCurvature: mean { $0.layers[layer].logCurvature },
        logTurns: mean { $0.layers[layer].logTurns },
        dimension: mean { $0.layers[layer].dimension },
        outputDimension: mean { $0.layers[layer].outputDimension },
        correlationDimension: correlations.isEmpty
          ? nil : MeasuredValue(RunningMoments(correlations)))
    }
    let vectors = (0..<Self.groups).map { group in
      ManifoldResult.VectorGroup(
        logSingularValue: mean { $0.vectors.logSingularValues[group] }.value,
        right: mean { $0.vectors.right[group] }, left: mean { $0.vectors.left[group] },
        logModulus: mean { $0.vectors.logModuli[group] }.value,
        eigenvectors: mean { $0.vectors.eigenvectors[group] })
    }
    return ManifoldResult.Profile(
      name: alpha == 2 ? "gaussian" : "stable", alpha: alpha, scale: scale, layers: layers,
      vectors: vectors,
      localizedShare: mean { $0.vectors.localizedShare }, projection: passes[0].projection,
      projectedShares: passes[0].projectedShares)
  }
}
