import Foundation
import PoiseMeanField
public import PoiseModel
public import PoiseNetworks
public import PoiseNumerics

/// Trains networks of an ensemble and says how well, how fast, and what became of their layers.
public struct TrainingRun: Sendable {
  /// Where training starts.
  public var ensemble: NetworkEnsemble
  /// What the networks learn from, are chosen by and are tested on.
  public var data: TrainingData
  /// Hidden layers.
  public var depth: Int
  /// Units of each.
  public var width: Int
  /// Loss, optimiser, rate and epochs.
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
    _ = try networksAtOnce(1)
  }

  /// Most networks to train at once: as many as there are threads for and memory.
  ///
  /// - Throws: `outOfRange` if one needs more than half of the memory, before anything is allocated.
  private func networksAtOnce(_ jobs: Int) throws(PoiseError) -> Int {
    try Self.networksAtOnce(
      architecture(), batch: min(plan.batch, data.training.count),
      moments: folder == nil ? nil : plan.optimizer.moments, atMost: min(jobs, networks))
  }

  /// - Parameter moments: numbers kept beside every weight when a network is written to a file; nil for
  ///   no file.
  static func networksAtOnce(
    _ shape: Architecture, batch: Int, moments: Int? = nil, atMost most: Int = 1
  ) throws(PoiseError) -> Int {
    // In floating point: the product of absurd sizes must not trap.
    var (weights, units) = (0.0, Double(shape.inputs + shape.outputs))
    var below = Double(shape.inputs)
    for width in shape.widths.map(Double.init) + [Double(shape.outputs)] {
      weights += width * (below + 1)
      units += 3 * width
      below = width
    }
    // Start and present values, two moments; signals, slopes and gradients of a batch.
    let floats = 5 * weights + Double(max(batch, 64)) * units
    // A file is made of the state, in single and in double precision.
    let copies = moments.map { Double(1 + $0) * weights } ?? 0
    let bytes = 4 * floats + 12 * copies
    let limit = Double(ProcessInfo.processInfo.physicalMemory) / 2
    guard bytes <= limit else {
      func gigabytes(_ bytes: Double) -> String { String(format: "%.3g GB", bytes / 1e9) }
      throw PoiseError(
        .outOfRange, quantity: "network of \(shape.depth) layers, width \(shape.widths.max() ?? 0)",
        value: "needs \(gigabytes(bytes))", allowed: "\(gigabytes(limit)) on this machine",
        suggestion: "a smaller --width, --depth or --batch")
    }
    return max(1, Int(min(Double(most), limit / bytes)))
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
    let dataSum = dataChecksum
    let parts = try parallelMap(count: networks, jobs: networksAtOnce(jobs)) {
      (index: Int) throws(PoiseError) -> Part in
      let checkpoint = folder.map {
        TrainingCheckpoint(
          path: "\($0)/network-\(index).safetensors", identity: identity(of: index, dataSum))
      }
      return try train(index, checkpoint, jobs: threads, isCancelled: isCancelled) { epoch, words in
        progress?(networks == 1 ? words : "epochs", networks == 1 ? epoch : counter.next(), total)
      }
    }
    return result(parts)
  }

  /// One network.
  private struct Part: Sendable {
    var course: TrainingResult.Course
    var observations: [TrainingResult.Observation] = []
    var fits: [TrainingResult.WeightFit] = []
    var file: String?
  }

  private func train(
    _ index: Int, _ checkpoint: TrainingCheckpoint?, jobs: Int, isCancelled: () -> Bool,
    report: (Int, String) -> Void
  ) throws(PoiseError) -> Part {
    let start = FiniteNetwork<Float>(
      sampling: ensemble, architecture: try architecture(), seed: plan.seed, index: UInt64(index))
    let trainer = try Trainer(
      start, on: data.training, plan: plan, index: UInt64(index), jobs: jobs)
    var part = Part(course: .init(start: try trainer.evaluate(data.test), network: index))
    if let (history, state) = try checkpoint?.read(like: trainer.state) {
      try checkpoint?.check(history, epochs: plan.epochs)
      try trainer.restore(state)
      part.course = history.course
      // A shorter run has looked at its last epoch, which is none of this one's.
      part.observations = history.observations.filter {
        observer?.wants(Int($0.epoch), of: plan.epochs) ?? false
      }
    } else if let one = try observer?.observe(start, network: index, epoch: 0) {
      part.observations.append(one)
    }
    while trainer.epoch < plan.epochs, part.course.divergedEpoch == nil {
      let words = try epoch(of: trainer, index, into: &part, isCancelled)
      guard let words else { break }
      try checkpoint?.write(
        trainer.state, epoch: trainer.epoch, course: part.course, observations: part.observations)
      report(trainer.epoch, words)
    }
    part.course.finish(threshold: threshold)
    let hasDiverged = part.course.outcome == .diverged
    if fitsWeights, !hasDiverged {
      part.fits = TrainingObserver.weightFits(start, trainer.network, network: index)
    }
    part.file = hasDiverged && part.course.trainingLoss.isEmpty ? nil : checkpoint?.path
    return part
  }

  /// One epoch with its tests; nil, and said so in the course, if the network diverges.
  private func epoch(
    of trainer: Trainer<Float>, _ index: Int, into part: inout Part, _ isCancelled: () -> Bool
  ) throws(PoiseError) -> String? {
    guard case .trained(let summary) = try trainer.runEpoch(isCancelled: isCancelled) else {
      part.course.divergedEpoch = Double(trainer.epoch + 1)
      return nil
    }
    let test = try trainer.evaluate(data.test)
    let validation = try data.validation.map { data throws(PoiseError) in
      try trainer.evaluate(data)
    }
    guard test.isFinite, validation?.isFinite ?? true else {
      part.course.divergedEpoch = Double(trainer.epoch)
      return nil
    }
    part.course.take(summary, test: test, validation: validation)
    if let observer, observer.wants(trainer.epoch, of: plan.epochs),
      let one = try observer.observe(trainer.network, network: index, epoch: trainer.epoch)
    {
      part.observations.append(one)
    }
    return Self.words(summary, test)
  }

  private static func words(_ training: LossSummary, _ test: LossSummary) -> String {
    func short(_ value: Double) -> String { String(format: "%.3f", value) }
    return "epochs, loss \(short(training.loss)), test accuracy \(short(test.accuracy))"
  }

  /// Of all inputs and labels.
  private var dataChecksum: UInt64 {
    var sum = Checksum()
    sum.add(Checksum.of(data.inputs.elements))
    for part in [data.training, data.validation, data.test].compactMap(\.self) {
      sum.add(UInt64(part.count))
      sum.add(Checksum.of(part.labels.map { Double($0) }))
    }
    for part in [data.validation, data.test].compactMap(\.self) {
      sum.add(Checksum.of(part.inputs.elements.map { Double($0) }))
    }
    return sum.value
  }

  /// Everything that decides the bits of a network and of what is recorded of it.
  private func identity(of index: Int, _ dataSum: UInt64) -> String {
    let observed = observer.map { "\($0.quantities) \($0.every) \($0.noiseVariance)" } ?? "none"
    // More epochs go on from fewer, unless the rate of every step depends on how many there are.
    var plan = plan
    if plan.schedule != .cosine { plan.epochs = 0 }
    let text =
      "\(ensemble.activation.name) \(ensemble.weights) \(ensemble.biases) \(depth) \(width) \(plan) "
      + "\(index) \(dataSum) \(observed)"
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
