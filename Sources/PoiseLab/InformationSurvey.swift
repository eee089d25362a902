public import PoiseInformation
import PoiseMeanField
public import PoiseModel
public import PoiseNumerics
import RealModule

/// Information of network channels for records.
public struct InformationSurvey: Sendable {
  /// The law of a component of the input.
  public enum InputLaw: String, Sendable, CaseIterable {
    case gaussian, binary

    func prior(meanSquare: Double) throws(PoiseError) -> InputPrior {
      switch self {
      case .gaussian: try .gaussian(variance: meanSquare)
      case .binary: try .binary(meanSquare.squareRoot())
      }
    }
  }

  /// Where noise enters, and its variance s > 0.
  public var noise: ChannelNoise
  /// The law of a component of the input, of mean square σ_x².
  public var inputLaw: InputLaw
  /// σ_x².
  public var inputSquare: Double
  /// n₀ … n_L where widths differ; nil for layers as wide as the input.
  public var widths: [Int]?
  /// Threads.
  public var jobs: Int
  /// Whether the replica formula is solved: nearly all of the time, bounds take little.
  public var isExact = true

  /// - Throws: `noAnswer` for noise 0; `outOfRange`.
  public init(
    noise: ChannelNoise, inputLaw: InputLaw = .gaussian, inputSquare: Double = 1,
    widths: [Int]? = nil, jobs: Int
  ) throws(PoiseError) {
    self.noise = noise
    self.widths = widths
    self.inputLaw = inputLaw
    self.inputSquare = try inputSquare.checked("input mean square", in: 1e-6...1e6)
    self.jobs = jobs
    _ = try channel(
      NetworkEnsemble(activation: .linear, weights: .orthogonal(variance: 1)))
  }

  /// The channel of an ensemble.
  public func channel(_ ensemble: NetworkEnsemble) throws(PoiseError) -> NetworkChannel {
    try NetworkChannel(
      ensemble, inputs: inputLaw.prior(meanSquare: inputSquare), noise: noise)
  }

  /// Bounds and exact information of some layers of ensembles that differ in the weight variance only.
  ///
  /// - Parameters:
  ///   - store: keeps finished points of a run that may be interrupted.
  ///   - progress: called with the number of points done.
  /// - Throws: `outOfRange` for layers below 1 or above 1000, or no ensembles; `noAnswer` where lengths
  ///   diverge.
  public func run(
    _ ensembles: [NetworkEnsemble], layers: [Int], store: PointStore? = nil,
    progress: (@Sendable (Int) -> Void)? = nil
  ) throws(PoiseError) -> InformationResult {
    guard let first = ensembles.first, !layers.isEmpty else {
      throw PoiseError(
        .outOfRange, quantity: "information", value: "no ensemble or layer", allowed: "at least one"
      )
    }
    let most = widths.map { $0.count - 1 } ?? 1000
    if let layer = layers.first(where: { !(1...most).contains($0) }) {
      throw PoiseError(.outOfRange, quantity: "layer", value: "\(layer)", allowed: "1 to \(most)")
    }
    let pairs = ensembles.flatMap { one in layers.map { (ensemble: one, layer: $0) } }
    let counter = Counter()
    let points = try parallelMap(count: pairs.count, jobs: jobs) {
      (index: Int) throws(PoiseError) -> InformationResult.Point in
      let (one, layer) = pairs[index]
      let point = try store.value(
        "\(one.weightVariance) \(one.biasVariance) \(layer)"
      ) { () throws(PoiseError) -> InformationResult.Point in try self.point(one, layer: layer) }
      progress?(counter.next())
      return point
    }
    let bias = first.biasVariance + (edgeCountsNoise ? noise.variance : 0)
    let edge = try edge(first, bias: bias, near: ensembles)
    return InformationResult(
      ensemble: EnsembleSummary(first), noise: noise.name, noiseVariance: noise.variance,
      convention: String(noise.convention(biasVariance: first.biasVariance)),
      inputLaw: inputLaw.rawValue, inputSquare: inputSquare, points: points, edge: edge,
      edgeCase: edge == nil ? "no edge of chaos" : nil, edgeBiasVariance: bias, widths: widths)
  }

  /// Noise at every layer adds to the lengths as a bias does.
  private var edgeCountsNoise: Bool { if case .everyLayer = noise { true } else { false } }

  private func edge(
    _ ensemble: NetworkEnsemble, bias: Double, near ensembles: [NetworkEnsemble]
  ) throws(PoiseError) -> Double? {
    let points = try EdgeOfChaos(ensemble.activation).points(biasVariance: bias)
    let (low, high) = (
      ensembles.map(\.weightVariance).min()!, ensembles.map(\.weightVariance).max()!
    )
    let middle = (low + high) / 2
    return points.map(\.weightVariance).min { abs($0 - middle) < abs($1 - middle) }
  }

  /// One layer of one ensemble.
  func point(
    _ ensemble: NetworkEnsemble, layer: Int
  ) throws(PoiseError) -> InformationResult.Point {
    let channel = try channel(ensemble)
    let widths = widths.map { Array($0[...layer]) }
    let bounds = try channel.bounds(atLayer: layer, widths: widths)
    let variances = try channel.variances(toLayer: layer)[layer - 1]
    var exact: ReplicaInformation?
    var reason: String?
    do throws(PoiseError) {
      if isExact {
        exact = try channel.replicaInformation(atLayer: layer, widths: widths)
      } else {
        reason = "not asked for"
      }
    } catch {
      guard error.code == .notConverged else { throw error }
      reason = "replica equations did not settle"
    }
    let lower = bounds.bestLower
    return InformationResult.Point(
      weightVariance: ensemble.weightVariance, layer: layer, length: variances.total,
      overInputs: variances.overInputs, overNoise: variances.overNoise, lower: bounds.lower.nats,
      lowerMethod: (lower?.value ?? 0) > 0 ? lower!.method.rawValue : "zero",
      entropyPower: bounds.entropyPower, entropyPowerStructured: bounds.entropyPowerStructured,
      linear: bounds.linearEstimator, exact: exact?.information.nats, exactCase: reason,
      exactOther: exact?.other?.nats, upper: bounds.upper.nats,
      upperMethod: bounds.bestUpper.method.rawValue,
      classic: 0.5 * .log(onePlus: variances.total / noise.variance))
  }
}
