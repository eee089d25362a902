import Foundation
import PoiseMeanField
public import PoiseModel
public import PoiseNetworks
public import PoiseNumerics

/// Trains networks of an ensemble and says how well, how fast, and what became of their layers.
public struct TrainingRun: Sendable {
  /// Where training starts.
  public var ensemble: NetworkEnsemble
  public var data: TrainingData
  /// Hidden layers.
  public var depth: Int
  /// Units of each.
  public var width: Int
  public var plan: TrainingPlan
  /// Where the rate comes from, in words.
  public var rateRule: String
  /// Test accuracy that counts as trained.
  public var threshold: Double
  /// Networks, which differ in weights and in the order of the samples.
  public var networks: Int
  /// What is looked at between epochs; nil for losses and accuracies alone.
  public var observer: TrainingObserver?
  /// Whether stable laws are fitted to the weights before and after.
  public var fitsWeights: Bool
  /// Where networks are kept after every epoch; nil for nowhere.
  public var folder: String?

  /// - Throws: `outOfRange` for a threshold outside 0 to 1 or no networks.
  public init(
    _ ensemble: NetworkEnsemble, on data: TrainingData, depth: Int, width: Int, plan: TrainingPlan,
    rateRule: String = "as given", threshold: Double = 0.9, networks: Int = 1,
    observer: TrainingObserver? = nil, fitsWeights: Bool = false, folder: String? = nil
  ) throws(PoiseError) {
    guard (1...100_000).contains(networks) else {
      throw PoiseError(
        .outOfRange, quantity: "networks", value: "\(networks)", allowed: "1 to 100000")
    }
    self.ensemble = ensemble
    self.data = data
    self.depth = depth
    self.width = width
    self.plan = plan
    self.rateRule = rateRule
    self.threshold = try threshold.checked("threshold", in: 0...1)
    self.networks = networks
    self.observer = observer
    self.fitsWeights = fitsWeights
    self.folder = folder
    try Self.checkMemory(
      architecture(), batch: min(plan.batch, data.training.count))
  }

  /// Refuses networks that this machine cannot hold, before anything is allocated.
  ///
  /// - Throws: `outOfRange` if weights, their moments and a batch need more than half of the memory.
  static func checkMemory(_ shape: Architecture, batch: Int) throws(PoiseError) {
    // In floating point: the product of absurd sizes must not trap.
    var (weights, units) = (0.0, Double(shape.inputs + shape.outputs))
    var below = Double(shape.inputs)
    for width in shape.widths.map(Double.init) + [Double(shape.outputs)] {
      weights += width * (below + 1)
      units += 2 * width
      below = width
    }
    // Start and present values, two moments, a copy for checkpoints; signals and slopes of a batch.
    let bytes = 4 * (6 * weights + Double(max(batch, 64)) * units)
    let limit = Double(ProcessInfo.processInfo.physicalMemory) / 2
    guard bytes <= limit else {
      func gigabytes(_ bytes: Double) -> String { String(format: "%.3g GB", bytes / 1e9) }
      throw PoiseError(
        .outOfRange, quantity: "network of \(shape.depth) layers, width \(shape.widths.max() ?? 0)",
        value: "needs \(gigabytes(bytes))", allowed: "\(gigabytes(limit)) on this machine",
        suggestion: "a smaller --width, --depth or --batch")
    }
  }

  /// What every training takes for granted.
  public static let assumptions = [
    "fully connected networks in the standard parametrisation, one rate for all parameters",
    "no weight decay, clipping, normalisation or augmentation",
    "networks train in single precision",
    "errors are over networks, which differ in weights and order of the samples, not in the split",
  ]

  /// The state of all networks, for a progress line.
  public typealias Progress = @Sendable (_ words: String, _ done: Int, _ total: Int) -> Void

  func architecture() throws(PoiseError) -> Architecture {
    try Architecture(
      inputs: data.features, depth: depth, width: width, outputs: data.classes)
  }

  /// Trains all networks, several at a time.
  ///
  /// - Parameter jobs: threads; the result does not depend on it.
  /// - Throws: `cancelled`; `unreadable` for a checkpoint of another run; `unwritable`.
  public func run(
    jobs: Int, progress: Progress? = nil, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(PoiseError) -> TrainingResult {
    if let folder {
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw PoiseError(
          .unwritable, quantity: folder, value: error.localizedDescription,
          allowed: "a folder that can be written to")
      }
    }
    let counter = Counter()
    let total = networks * plan.epochs
    let threads = max(1, jobs / networks)
    let parts = try parallelMap(count: networks, jobs: jobs) {
      (index: Int) throws(PoiseError) -> Part in
      try train(index, jobs: threads, isCancelled: isCancelled) { epoch, words in
        progress?(networks == 1 ? words : "epochs", networks == 1 ? epoch : counter.next(), total)
      }
    }
    return result(parts)
  }

  /// One network.
  private struct Part: Sendable {
    var course: TrainingResult.Course
    var observations: [TrainingResult.Observation]
    var fits: [TrainingResult.WeightFit]
    var file: String?
  }

  private func train(
    _ index: Int, jobs: Int, isCancelled: () -> Bool, report: (Int, String) -> Void
  ) throws(PoiseError) -> Part {
    let start = FiniteNetwork<Float>(
      sampling: ensemble, architecture: try architecture(), seed: plan.seed, index: UInt64(index))
    let trainer = try Trainer(
      start, on: data.training, plan: plan, index: UInt64(index), jobs: jobs)
    let checkpoint = folder.map {
      TrainingCheckpoint(
        path: "\($0)/network-\(index).safetensors", identity: identity(of: index))
    }
    let before = try trainer.evaluate(data.test)
    var course = TrainingResult.Course(start: before, network: index)
    var observations: [TrainingResult.Observation] = []
    if let (history, state) = try checkpoint?.read(like: trainer.state) {
      try trainer.restore(state)
      (course, observations) = (history.course, history.observations)
    } else if let one = try observer?.observe(start, network: index, epoch: 0) {
      observations.append(one)
    }
    while trainer.epoch < plan.epochs, course.divergedEpoch == nil {
      guard case .trained(let summary) = try trainer.runEpoch(isCancelled: isCancelled) else {
        course.divergedEpoch = Double(trainer.epoch + 1)
        break
      }
      let test = try trainer.evaluate(data.test)
      let validation = try data.validation.map { data throws(PoiseError) in
        try trainer.evaluate(data)
      }
      guard test.isFinite, validation?.isFinite ?? true else {
        course.divergedEpoch = Double(trainer.epoch)
        break
      }
      course.take(summary, test: test, validation: validation)
      if let observer, observer.wants(trainer.epoch, of: plan.epochs),
        let one = try observer.observe(trainer.network, network: index, epoch: trainer.epoch)
      {
        observations.append(one)
      }
      try checkpoint?.write(
        trainer.state,
        .init(
          identity: checkpoint?.identity ?? "", epoch: trainer.epoch, course: course,
          observations: observations))
      report(trainer.epoch, Self.words(summary, test))
    }
    course.finish(threshold: threshold)
    let hasDiverged = course.outcome == .diverged
    return Part(
      course: course, observations: observations,
      fits: fitsWeights && !hasDiverged
        ? try TrainingObserver.weightFits(start, trainer.network, network: index) : [],
      file: hasDiverged && course.trainingLoss.isEmpty ? nil : checkpoint?.path)
  }

  private static func words(_ training: LossSummary, _ test: LossSummary) -> String {
    func short(_ value: Double) -> String { String(format: "%.3f", value) }
    return "epochs, loss \(short(training.loss)), test accuracy \(short(test.accuracy))"
  }

  /// Everything that decides the bits of a network and of what is recorded of it.
  private func identity(of index: Int) -> String {
    var sum = Checksum()
    sum.add(Checksum.of(data.inputs.elements))
    sum.add(Checksum.of(data.training.labels.map { Double($0) }))
    sum.add(Checksum.of(data.test.inputs.elements.map { Double($0) }))
    sum.add(Checksum.of((data.validation?.inputs.elements ?? []).map { Double($0) }))
    let observed = observer.map { "\($0.quantities) \($0.every) \($0.noiseVariance)" } ?? "none"
    // More epochs go on from fewer, unless the rate of every step depends on how many there are.
    var plan = plan
    if plan.schedule != .cosine { plan.epochs = 0 }
    let text =
      "\(ensemble.activation.name) \(ensemble.weights) \(ensemble.biases) \(depth) \(width) \(plan) "
      + "\(index) \(sum.value) \(observed)"
    return PointIdentity(of: text).description
  }

  private func result(_ parts: [Part]) -> TrainingResult {
    let observations = parts.flatMap(\.observations)
    let last = observations.map(\.epoch).max() ?? 0
    let momentum: Double? = if case .sgd(let value) = plan.optimizer { value } else { nil }
    return TrainingResult(
      ensemble: ensemble.words, activation: ensemble.activation.name, depth: depth, width: width,
      data: data.summary, trainingRows: data.training.count,
      validationRows: data.validation?.count ?? 0, testRows: data.test.count,
      classes: data.classes, loss: plan.loss.rawValue, optimizer: plan.optimizer.name,
      momentum: momentum, rate: plan.rate, rateRule: rateRule, schedule: plan.schedule.name,
      batch: plan.batch, epochs: plan.epochs, threshold: threshold,
      summary: TrainingResult.Summary(of: parts.map(\.course)), courses: parts.map(\.course),
      observations: observations,
      observedStart: TrainingResult.LayerMeans(of: observations, epoch: 0),
      observedEnd: last > 0 ? TrainingResult.LayerMeans(of: observations, epoch: last) : nil,
      noiseVariance: observer.flatMap {
        $0.quantities.contains(.information) ? $0.noiseVariance : nil
      }, weightFits: parts.flatMap(\.fits), files: parts.compactMap(\.file))
  }
}

extension NetworkEnsemble {
  /// The law in words and numbers.
  var words: String {
    func short(_ value: Double) -> String { String(format: "%.4g", value) }
    switch weights {
    case .stable(let alpha, let scale, let fan):
      let bias: Double = if case .stable(_, let scale) = biases { scale } else { 0 }
      return "stable weights, α = \(short(alpha)), σ_w = \(short(scale))"
        + (fan == .in ? "" : ", geometric fan") + ", σ_b = \(short(bias))"
    default:
      return "\(weights.name) weights, σ_w² = \(short(weightVariance)), "
        + "σ_b² = \(short(biasVariance))"
    }
  }
}
