public import PoiseData
import PoiseInformation
public import PoiseNumerics

/// Estimates the mutual information of two sets of samples by a named method.
public struct EstimateSurvey: Sendable {
  /// How.
  public enum Method: String, Sendable, CaseIterable {
    case ksg1, ksg2, pairwise, logdet
  }

  /// Which estimate, or which pair of bounds.
  public var method: Method
  /// k of the nearest neighbours.
  public var neighbours: Int
  /// s, the noise of Y: needed by `pairwise`, makes `logdet` the bound of a noisy layer.
  public var noiseVariance: Double?
  /// Whether ties are broken by a jitter of 1e-10 instead of refused.
  public var jitters: Bool
  /// Seed of the jitter and of the parting of samples behind standard errors; nearest neighbours only.
  public var seed: UInt64
  /// Threads.
  public var jobs: Int

  /// Values are checked by the run, which refuses what its method cannot use.
  public init(
    method: Method, neighbours: Int = 3, noiseVariance: Double? = nil, jitters: Bool = false,
    seed: UInt64 = 1, jobs: Int = 1
  ) {
    self.method = method
    self.neighbours = neighbours
    self.noiseVariance = noiseVariance
    self.jitters = jitters
    self.seed = seed
    self.jobs = jobs
  }

  /// - Throws: as the estimators; `outOfRange` for a missing or superfluous noise variance.
  public func run(_ x: Dataset, _ y: Dataset) throws(PoiseError) -> EstimateResult {
    guard x.count == y.count else {
      throw PoiseError(
        .shapeMismatch, quantity: "rows of \(y.name)", value: "\(y.count)",
        allowed: "\(x.count), as in \(x.name): row i of both is sample i")
    }
    let (values, meaning) = try estimate(x, y)
    let isNeighbours = method == .ksg1 || method == .ksg2
    return EstimateResult(
      method: method.rawValue, x: x.name, y: y.name, samples: x.count, dimensionsX: x.dimension,
      dimensionsY: y.dimension, neighbours: isNeighbours ? neighbours : nil,
      noiseVariance: noiseVariance, jitter: isNeighbours && jitters ? 1e-10 : nil, values: values,
      meaning: meaning)
  }

  private func estimate(
    _ x: Dataset, _ y: Dataset
  ) throws(PoiseError) -> (values: [EstimateResult.Value], meaning: String) {
    switch method {
    case .ksg1, .ksg2:
      guard noiseVariance == nil else {
        throw PoiseError(
          .outOfRange, quantity: "--noise-variance", value: "with \(method.rawValue)",
          allowed: "pairwise or logdet", suggestion: "leave it out: the noise is in the samples")
      }
      let estimator = try NeighbourInformation(
        method == .ksg1 ? .cubes : .rectangles, neighbours: neighbours,
        ties: jitters ? .jitter(seed: seed) : .refuse)
      let found = try estimator.estimate(x.inputs, y.inputs, seed: seed, jobs: jobs)
      return ([Self.value("estimate", found)], "I(X; Y) of the densities behind the samples")
    case .pairwise:
      guard let noiseVariance else {
        throw PoiseError(
          .outOfRange, quantity: "--noise-variance", value: "not given",
          allowed: "a variance above 0 for --method pairwise",
          suggestion: "the variance of the noise that is added to every column of Y")
      }
      let bounds = try PairwiseBounds(
        centres: y.inputs, noiseVariance: noiseVariance, jobs: jobs)
      return (
        [Self.value("lower bound", bounds.lower), Self.value("upper bound", bounds.upper)],
        "what Y + N(0, s) tells of which row of X was given"
      )
    case .logdet:
      guard let noiseVariance else {
        let found = try GaussianInformation.estimate(x.inputs, y.inputs)
        return (
          [Self.value("estimate", found)],
          "I(X; Y) as if jointly Gaussian: else the linearly visible part"
        )
      }
      let found = try LogDetInformation(y.inputs, noiseVariance: noiseVariance)
      let law =
        found.corrected.map { Self.value("upper bound, of their law", $0) }
        ?? EstimateResult.Value(
          name: "upper bound, of their law", nats: nil, natsCase: "undetermined", bits: nil,
          standardError: nil, warnings: ["too few samples for so many columns above the noise"])
      return (
        [law, Self.value("upper bound, of these samples", found.sampled)],
        "most that Y + N(0, s) can tell of X, Gaussian entropy in place of that of Y"
      )
    }
  }

  private static func value(_ name: String, _ found: InformationEstimate) -> EstimateResult.Value {
    EstimateResult.Value(
      name: name, nats: found.nats, bits: found.bits, standardError: found.standardError,
      warnings: found.warnings)
  }
}
