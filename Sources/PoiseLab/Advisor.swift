import PoiseData
import PoiseMeanField
public import PoiseModel
public import PoiseNetworks
public import PoiseNumerics
import RealModule

/// Answers "how shall I initialise this network for these data?": the recommendation, every preset
/// beside it, a learning rate, and a check on networks that are really built.
public struct Advisor: Sendable {
  /// The question.
  public struct Question: Sendable {
    /// φ.
    public var activation: Activation
    /// Hidden layers.
    public var depth: Int
    /// Units per hidden layer.
    public var width: Int
    /// Law of the weights, or nil to let theory choose between orthogonal and Gaussian.
    public var weights: WeightLaw?
    /// Outputs of a linear read-out; 0 for none.
    public var outputs: Int
    /// Prepared inputs, rows × features, with their description and number of classes.
    public var data: (inputs: Matrix<Double>, summary: DataSummary, classes: Int?)?
    /// Networks of the check; 0 for none.
    public var networks: Int
    /// Whether the inputs are rescaled so that the signal starts at q*.
    public var scalesInputs: Bool
    /// Seed of everything random.
    public var seed: UInt64
    /// Threads.
    public var jobs: Int

    /// Unless said otherwise: weights left to theory, no read-out, no data, a check with 50 networks.
    public init(
      activation: Activation, depth: Int, width: Int, weights: WeightLaw? = nil, outputs: Int = 0,
      data: (inputs: Matrix<Double>, summary: DataSummary, classes: Int?)? = nil,
      networks: Int = 50, scalesInputs: Bool = false, seed: UInt64 = 1, jobs: Int = availableJobs
    ) {
      self.activation = activation
      self.depth = depth
      self.width = width
      self.weights = weights
      self.outputs = outputs
      self.data = data
      self.networks = networks
      self.scalesInputs = scalesInputs
      self.seed = seed
      self.jobs = jobs
    }
  }

  /// What is being done, for a progress bar: a stage, done, of all.
  public typealias Progress = @Sendable (_ stage: String, _ done: Int, _ total: Int) -> Void

  /// The question that is answered.
  public let question: Question
  let recommendations: [Recommendation]
  let chosen: Recommendation?

  /// Finds the recommendation; nothing is built yet.
  /// - Throws: `outOfRange` for a depth below 1 or a width below 2.
  public init(_ question: Question) throws(PoiseError) {
    self.question = question
    _ = try Architecture(
      inputs: max(1, question.data?.summary.features ?? question.width), depth: question.depth,
      width: question.width, outputs: question.outputs)
    var laws: [WeightLaw] = [.orthogonal(variance: 1), .gaussian(variance: 1)]
    if case .uniform? = question.weights { laws.append(.uniform(variance: 1)) }
    var found: [Recommendation] = []
    for law in laws {
      if let one = try Recommendation.recommend(
        question.activation, depth: question.depth, weights: law)
      {
        found.append(one)
      }
    }
    recommendations = found
    // Where isometry is out of reach orthogonal networks still differ less from one another than
    // those of independent entries, and train better when deep: docs/studies/advice.
    let wanted = question.weights?.name ?? "orthogonal"
    chosen = found.first { $0.ensemble.weights.name == wanted }
  }

  /// The recommended ensemble; nil if the activation has no edge of chaos.
  public var ensemble: NetworkEnsemble? { chosen?.ensemble }

  /// The factor on the inputs that starts the signal at q*, if there is one and data were given.
  public var inputScale: Double? {
    guard let target = chosen?.stationaryInputMeanSquare, target > 0,
      let meanSquare = question.data?.summary.meanSquare, meanSquare > 0
    else { return nil }
    return (target / meanSquare).squareRoot()
  }

  /// The factor that is applied: `inputScale` if asked for, else 1.
  public var appliedScale: Double { question.scalesInputs ? inputScale ?? 1 : 1 }

  /// Number `index` of the recommended networks, with read-out if one was asked for.
  public func network(index: UInt64 = 0) throws(PoiseError) -> FiniteNetwork<Double>? {
    guard let ensemble else { return nil }
    return FiniteNetwork<Double>(
      sampling: ensemble, architecture: try architecture(outputs: question.outputs),
      seed: question.seed, index: index)
  }

  func architecture(outputs: Int) throws(PoiseError) -> Architecture {
    try Architecture(
      inputs: question.data?.summary.features ?? question.width, depth: question.depth,
      width: question.width, outputs: outputs)
  }

  /// The whole answer.
  /// - Throws: `cancelled` when `isCancelled` says so; `outOfRange` for what does not fit.
  public func answer(
    progress: Progress? = nil, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(PoiseError) -> AdviceResult {
    progress?("theory", 0, 1)
    var judged = try candidates()
    for (index, value) in informations(of: judged).enumerated() {
      judged[index].candidate.linearInformation = value
    }
    let plane = try plane(judged)
    let spectra = spectra(of: judged)
    progress?("learning rate", 0, 1)
    let rate = try learningRate()
    var check: CheckResult?
    if let ensemble, let data = question.data, question.networks > 0 {
      var inputs = data.inputs
      for index in inputs.elements.indices { inputs.elements[index] *= appliedScale }
      let total = question.networks
      check = try NetworkCheck(
        ensemble, architecture: try architecture(outputs: 0), networks: total,
        seed: question.seed, jobs: question.jobs
      ).run(
        inputs: inputs, progress: { progress?("networks", $0, total) }, isCancelled: isCancelled)
    }
    let words = AdviceWords(self, candidates: judged.map(\.candidate), rate: rate)
    return AdviceResult(
      activation: question.activation.name, depth: question.depth, width: question.width,
      outputs: question.outputs, data: question.data?.summary, headline: words.headline,
      reasons: words.reasons + [informationSentence(judged.map(\.candidate))].compactMap { $0 },
      caveats: words.caveats, candidates: judged.map(\.candidate),
      inputScale: inputScale, inputScaleCase: inputScale == nil ? words.scaleCase : nil,
      learningRate: rate, plane: plane, check: check,
      gradientProfiles: judged.map(\.profile), spectra: spectra)
  }

  /// The plane round all candidates, for the picture.
  private func plane(_ judged: [Judged]) throws(PoiseError) -> PhaseResult {
    let weights = judged.map(\.candidate.ensemble.weightVariance)
    let biases = judged.map(\.candidate.ensemble.biasVariance)
    let right = 1.25 * max(weights.max() ?? 1, 1.6)
    let top = 2 * max(biases.max() ?? 0, 0.1)
    var plane = try PhaseSurvey.map(
      question.activation, weights: ensemble?.weights.name ?? "gaussian",
      weightVariances: (1...64).map { right * Double($0) / 64 },
      biasVariances: (0..<41).map { top * Double($0) / 40 }, correlations: false,
      width: question.width, jobs: question.jobs)
    if let ensemble {
      plane.presets.append(
        MarkedPoint(
          name: "recommended", weightVariance: ensemble.weightVariance,
          biasVariance: ensemble.biasVariance, isRecommended: true))
    }
    return plane
  }
}
