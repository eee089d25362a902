import PoiseModel
public import PoiseNumerics

/// What came of one pass through the training samples.
public enum EpochOutcome: Sendable, Equatable {
  /// The mean over the epoch of loss and hits of each batch before its step.
  case trained(LossSummary)
  /// The loss of a batch, before that step of the epoch, from 1, is not a finite number any more.
  case diverged(step: Int)
}

/// Trains one network: stochastic gradient descent in mini-batches, on up to `jobs` threads.
///
/// The order of the samples in epoch e of network i is the stream (seed, i), purpose e; so training
/// that goes on from a ``TrainingState`` gives the bits of training that was never interrupted, for any
/// number of threads.
public final class Trainer<Scalar: NetworkScalar> {
  /// How.
  public let plan: TrainingPlan
  /// Epochs that are complete.
  public private(set) var epoch = 0
  private let activation: Activation
  private let data: LabelledInputs<Scalar>
  private let index: UInt64
  private let store: ParameterStore<Scalar>
  private let pass: TrainingPass<Scalar>

  /// - Parameters:
  ///   - network: where training starts; its read-out has one output per class.
  ///   - index: number of the network in the run.
  ///   - jobs: threads for one network; the result does not depend on it.
  /// - Throws: `shapeMismatch` if network and data do not fit; `outOfRange` for a plan that is not
  ///   possible.
  public init(
    _ network: FiniteNetwork<Scalar>, on data: LabelledInputs<Scalar>, plan: TrainingPlan,
    index: UInt64 = 0, jobs: Int = 1
  ) throws(PoiseError) {
    try plan.check()
    let shape = network.architecture
    guard shape.outputs == data.classes, shape.inputs == data.inputs.columns else {
      throw PoiseError(
        .shapeMismatch, quantity: "network",
        value: "\(shape.inputs) inputs, \(shape.outputs) outputs",
        allowed: "\(data.inputs.columns) inputs and \(data.classes) outputs, as the data")
    }
    BLAS.useOneThread()
    self.plan = plan
    self.data = data
    self.index = index
    activation = network.activation
    store = ParameterStore(network, moments: plan.optimizer.moments)
    pass = TrainingPass(
      shape, activation: network.activation, loss: plan.loss,
      capacity: max(min(plan.batch, data.count), 64), jobs: jobs)
  }

  /// Steps of an epoch.
  public var stepsPerEpoch: Int { 1 + (data.count - 1) / plan.batch }

  /// The network as it is now.
  public var network: FiniteNetwork<Scalar> {
    var layers = store.layers(of: store.values)
    let readout = layers.removeLast()
    do throws(PoiseError) {
      return try FiniteNetwork(activation: activation, layers: layers, readout: readout)
    } catch {
      preconditionFailure("the shape of a network does not change: \(error.message)")
    }
  }

  /// One pass through the training samples.
  /// - Throws: `cancelled` when `isCancelled` says so before a step; the epoch is then lost: go on
  ///   from a state.
  public func runEpoch(isCancelled: () -> Bool = { false }) throws(PoiseError) -> EpochOutcome {
    var stream = RandomStream(
      seed: plan.seed, item: index,
      purpose: RandomStream.Purpose(kind: NetworkStream.trainingOrder.rawValue, index: epoch))
    let order = stream.permutation(of: data.count)
    let steps = stepsPerEpoch
    var (total, hits, seen) = (0.0, 0, 0)
    for step in 0..<steps {
      if isCancelled() {
        throw PoiseError(
          .cancelled, quantity: "training", value: "stopped in epoch \(epoch + 1)", allowed: "")
      }
      let rows = min(plan.batch, data.count - seen)
      gather(rows) { order[seen + $0] }
      pass.forward(store, rows: rows, keepsSlopes: true)
      let judged = pass.judge(rows: rows) { data.labels[order[seen + $0]] }
      guard judged.loss.isFinite else {
        return .diverged(step: step + 1)
      }
      let done = epoch * steps + step
      let factor = plan.schedule.factor(
        epoch: epoch, progress: Double(done) / (Double(steps) * Double(plan.epochs)))
      pass.backward(
        store, rows: rows,
        update: ParameterUpdate(optimizer: plan.optimizer, rate: plan.rate * factor, step: done))
      total += judged.loss
      hits += judged.hits
      seen += rows
    }
    epoch += 1
    return .trained(
      LossSummary(
        loss: total / Double(seen), accuracy: Double(hits) / Double(seen), samples: seen))
  }

  /// Loss and accuracy of the network as it is now; the loss may be infinite or NaN after divergence.
  ///
  /// - Throws: `shapeMismatch` for data of another shape.
  public func evaluate(_ other: LabelledInputs<Scalar>) throws(PoiseError) -> LossSummary {
    guard other.classes == data.classes, other.inputs.columns == data.inputs.columns else {
      throw PoiseError(
        .shapeMismatch, quantity: "data", value: "\(other.inputs.columns) inputs",
        allowed: "\(data.inputs.columns) inputs, as in training")
    }
    var (total, hits, seen) = (0.0, 0, 0)
    while seen < other.count {
      let rows = min(pass.capacity, other.count - seen)
      gather(rows, from: other) { seen + $0 }
      pass.forward(store, rows: rows, keepsSlopes: false)
      let judged = pass.judge(rows: rows) { other.labels[seen + $0] }
      total += judged.loss
      hits += judged.hits
      seen += rows
    }
    return LossSummary(
      loss: total / Double(seen), accuracy: Double(hits) / Double(seen), samples: seen)
  }

  /// Everything that training needs to go on.
  public var state: TrainingState<Scalar> {
    TrainingState(
      epoch: epoch, parameters: store.layers(of: store.values),
      moments: store.moments.map { store.layers(of: $0) })
  }

  /// Goes on from a state of the same network and plan.
  /// - Throws: `shapeMismatch` for a state of another shape or optimiser; `outOfRange` for an epoch
  ///   outside the plan.
  public func restore(_ state: TrainingState<Scalar>) throws(PoiseError) {
    guard (0...plan.epochs).contains(state.epoch) else {
      throw PoiseError(
        .outOfRange, quantity: "epoch of the state", value: "\(state.epoch)",
        allowed: "0 to \(plan.epochs)")
    }
    let buffers = [store.values] + store.moments
    let parts = [state.parameters] + state.moments
    guard parts.count == buffers.count, parts.allSatisfy({ fits($0) }) else {
      throw PoiseError(
        .shapeMismatch, quantity: "state of training",
        value: "\(state.parameters.count) layers, \(state.moments.count) moments",
        allowed: "the layers of the network and \(store.moments.count) moments of each")
    }
    for (buffer, layers) in zip(buffers, parts) {
      for (index, layer) in layers.enumerated() { store.write(layer, at: index, into: buffer) }
    }
    epoch = state.epoch
  }

  private func fits(_ layers: [FiniteNetwork<Scalar>.Layer]) -> Bool {
    layers.count == store.architecture.layerCount
      && layers.enumerated().allSatisfy { index, layer in
        let (rows, columns) = store.architecture.shape(ofLayer: index)
        return layer.weights.rows == rows && layer.weights.columns == columns
          && layer.biases.count == rows
      }
  }

  private func gather(
    _ rows: Int, from source: LabelledInputs<Scalar>? = nil, _ row: (Int) -> Int
  ) {
    let inputs = (source ?? data).inputs
    let width = inputs.columns
    inputs.elements.withUnsafeBufferPointer { elements in
      for target in 0..<rows {
        (pass.inputs + target * width).update(
          from: elements.baseAddress! + row(target) * width, count: width)
      }
    }
  }
}
