import Foundation
import PoiseInformation
public import PoiseModel
import PoiseNetworks
public import PoiseNumerics

/// Places the layers of finite networks in the information plane of a Gaussian target, or of labels.
///
/// A linear network is exact, by determinants. Of another one `passes` noisy passes are drawn:
/// I(T; x) and I(T; Y) are bounded below by what is linearly visible (x and Y are Gaussian), I(T; x)
/// above by the log-determinant, and I(T; Y) above by the curve there.
public struct BottleneckSurvey: Sendable {
  /// Where the noise N(0, s) enters.
  public enum Noise: String, Sendable, CaseIterable {
    case everyLayer = "every-layer"
    case output
  }

  /// φ and the laws of weights and biases.
  public var ensemble: NetworkEnsemble
  /// Hidden layers L, 1 to 1000.
  public var depth: Int
  /// Units N of each layer, 2 to 4096.
  public var width: Int
  /// Where the noise enters.
  public var noise: Noise
  /// s, finite and above 0.
  public var noiseVariance: Double
  /// Networks that are averaged over, 1 to 10 000.
  public var networks: Int
  /// Seed of everything random.
  public var seed: UInt64
  /// Threads.
  public var jobs: Int

  /// Networks of another ensemble than the one under test: an error planted by a test.
  var networksFrom: NetworkEnsemble?

  /// Noisy passes through a network that is not linear; a check draws its own number.
  public var passes = 20_000

  /// - Throws: `outOfRange` for shapes or noise outside their ranges.
  public init(
    _ ensemble: NetworkEnsemble, depth: Int, width: Int, noise: Noise, noiseVariance: Double,
    networks: Int = 5, seed: UInt64 = 1, jobs: Int = 1
  ) throws(PoiseError) {
    guard noiseVariance.isFinite, noiseVariance > 0 else {
      throw PoiseError(
        .outOfRange, quantity: "--noise-variance", value: "\(noiseVariance)",
        allowed: "finite and above 0",
        suggestion: "without noise an injective layer carries infinite information")
    }
    guard (1...1000).contains(depth), (2...4096).contains(width), (1...10_000).contains(networks)
    else {
      throw PoiseError(
        .outOfRange, quantity: "depth, width, networks", value: "\(depth), \(width), \(networks)",
        allowed: "depth 1 to 1000, width 2 to 4096, networks 1 to 10000")
    }
    self.ensemble = ensemble
    self.depth = depth
    self.width = width
    self.noise = noise
    self.noiseVariance = noiseVariance
    self.networks = networks
    self.seed = seed
    self.jobs = jobs
  }

  /// What one network says of one layer.
  struct Reading: Sendable {
    var x: BottleneckResult.Range
    var y: BottleneckResult.Range
    var most: Double?
    var variance: Double
  }

  /// The average over networks, layer by layer; variances are those before a layer's own noise.
  func layers(
    _ readings: [[Reading]], _ theory: [CorrectedMeanField.Layer], ownNoise: Double = 0
  ) -> [BottleneckResult.Layer] {
    theory.indices.map { index in
      let all = readings.map { $0[index] }
      func mean(_ value: (Reading) -> Double) -> RunningMoments { RunningMoments(all.map(value)) }
      let most = all.compactMap(\.most)
      let variance = mean(\.variance)
      return BottleneckResult.Layer(
        layer: index + 1,
        informationX: .init(mean(\.x.lower).mean, mean(\.x.upper).mean),
        informationY: .init(mean(\.y.lower).mean, mean(\.y.upper).mean),
        errorX: mean { ($0.x.lower + $0.x.upper) / 2 }.standardError,
        errorY: mean { ($0.y.lower + $0.y.upper) / 2 }.standardError,
        most: most.isEmpty ? nil : RunningMoments(most).mean,
        classicVariance: theory[index].classicVariance - ownNoise,
        correctedVariance: theory[index].withinUnitVariance - ownNoise,
        measuredVariance: variance.mean,
        varianceError: variance.standardError)
    }
  }

  /// Network number `index`, on inputs of a dimension.
  func network(_ index: Int, inputs: Int) throws(PoiseError) -> FiniteNetwork<Double> {
    FiniteNetwork(
      sampling: networksFrom ?? ensemble,
      architecture: try Architecture(inputs: inputs, depth: depth, width: width), seed: seed,
      index: UInt64(index))
  }

  /// Unbiased variance over rows, averaged over columns.
  static func unitVariance(_ layer: Matrix<Double>) -> Double {
    let total = (0..<layer.columns).reduce(0.0) { sum, unit in
      sum + (RunningMoments((0..<layer.rows).lazy.map { layer[$0, unit] }).variance ?? 0)
    }
    return total / Double(layer.columns)
  }

  /// Labels of given data: pairwise bounds of h + N(0, s) at every layer.
  /// - Throws: `outOfRange` for noise at every layer, or data without labels.
  public func run(_ data: PreparedData) throws(PoiseError) -> BottleneckResult {
    let (labels, readings) = try labelReadings(data)
    let theory = try CorrectedMeanField(ensemble, inputs: data.inputs, depth: depth, jobs: jobs)
    let classes = Set(labels)
    let entropy = classes.reduce(0.0) { sum, label in
      let share = Double(labels.count { $0 == label }) / Double(labels.count)
      return sum - share * log(share)
    }
    return BottleneckResult(
      ensemble: EnsembleSummary(ensemble), depth: depth, width: width, noise: noise.rawValue,
      noiseVariance: noiseVariance, networks: networks,
      target: "the \(classes.count) labels of \(data.summary.name)", kind: "labels",
      mostInformationY: entropy, curveX: [], curveY: [],
      layers: layers(readings, theory.layers), data: data.summary)
  }

  /// The labels, and what every network tells of the rows and of them by layer.
  func labelReadings(
    _ data: PreparedData
  ) throws(PoiseError) -> (labels: [Int], readings: [[Reading]]) {
    guard noise == .output else {
      throw PoiseError(
        .outOfRange, quantity: "--noise every-layer", value: "with --data", allowed: "output",
        suggestion: "pairwise bounds need a layer that is a function of the input, plus noise")
    }
    guard let labels = data.labels else {
      throw PoiseError(
        .outOfRange, quantity: "--data \(data.summary.name)", value: "without labels",
        allowed: "data with labels", suggestion: "digits, or leave --data out for a Gaussian target"
      )
    }
    let readings = try parallelMap(count: networks, jobs: jobs) {
      (index: Int) throws(PoiseError) -> [Reading] in
      let network = try network(index, inputs: data.inputs.columns)
      return try network.preactivations(data.inputs).map { layer throws(PoiseError) in
        let x = try PairwiseBounds(centres: layer, noiseVariance: noiseVariance)
        let y = try LabelInformation(
          centres: layer, labels: labels, noiseVariance: noiseVariance)
        return Reading(
          x: .init(x.lower.nats, x.upper.nats), y: .init(y.lower, y.upper), most: nil,
          variance: Self.unitVariance(layer))
      }
    }
    return (labels, readings)
  }
}
