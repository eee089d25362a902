import PoiseModel
import PoiseNetworks
import PoiseNumerics
import RealModule
import Testing

@Suite struct TrainingTests {
  private typealias Layers<Scalar: NetworkScalar> = [FiniteNetwork<Scalar>.Layer]

  private static let labels = [0, 2, 1, 1, 0, 2, 2, 1]

  private static func data<Scalar>(
    _ type: Scalar.Type = Double.self, columns: Int = 5, seed: UInt64 = 11
  ) throws -> LabelledInputs<Scalar> {
    try LabelledInputs(inputs: normalMatrix(8, columns, seed: seed), labels: labels, classes: 3)
  }

  private static func layers<Scalar>(_ network: FiniteNetwork<Scalar>) -> Layers<Scalar> {
    network.layers + [network.readout!]
  }

  /// All parameters in one list, weights before biases.
  private static func flat<Scalar>(_ layers: Layers<Scalar>) -> [Scalar] {
    layers.flatMap { $0.weights.elements + $0.biases }
  }

  /// The gradient of the mean loss of all rows: what one step of plain descent at rate 1 subtracts.
  private static func gradient(
    _ network: FiniteNetwork<Double>, _ data: LabelledInputs<Double>, _ loss: Loss
  ) throws -> [Double] {
    let plan = TrainingPlan(loss: loss, rate: 1, batch: data.count, epochs: 1)
    let trainer = try Trainer(network, on: data, plan: plan)
    _ = try trainer.runEpoch()
    return zip(flat(layers(network)), flat(layers(trainer.network))).map { $0 - $1 }
  }

  private static func loss(
    _ network: FiniteNetwork<Double>, _ data: LabelledInputs<Double>, _ loss: Loss
  ) throws -> Double {
    try Trainer(network, on: data, plan: TrainingPlan(loss: loss, rate: 1)).evaluate(data).loss
  }

  /// The network with one of its parameters, in the order of `flat`, moved.
  private static func moved(
    _ network: FiniteNetwork<Double>, _ index: Int, by step: Double
  ) throws -> FiniteNetwork<Double> {
    var (all, index) = (layers(network), index)
    for layer in all.indices {
      let weights = all[layer].weights.elements.count
      let count = weights + all[layer].biases.count
      if index < weights {
        all[layer].weights.elements[index] += step
        break
      } else if index < count {
        all[layer].biases[index - weights] += step
        break
      }
      index -= count
    }
    let readout = all.removeLast()
    return try FiniteNetwork(activation: network.activation, layers: all, readout: readout)
  }

  /// The first network none of whose preactivations lies within 1e-3 of a kink.
  private static func smoothNetwork(
    _ activation: Activation, _ data: LabelledInputs<Double>
  ) throws -> FiniteNetwork<Double> {
    for seed in 3..<UInt64(100) {
      let network = try testNetwork(activation, seed: seed)
      let values = try network.preactivations(data.inputs).flatMap(\.elements)
      let kinks = activation.function.kinks
      if values.allSatisfy({ h in kinks.allSatisfy { abs(h - $0) > 1e-3 } }) { return network }
    }
    throw PoiseError(.noAnswer, quantity: "seed", value: "none of a hundred", allowed: "")
  }

  @Test(arguments: testActivations, Loss.allCases) func gradientsAgreeWithDifferences(
    activation: Activation, loss: Loss
  ) throws {
    let data = try Self.data()
    let network = try Self.smoothNetwork(activation, data)
    let gradient = try Self.gradient(network, data, loss)
    let size = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(size > 1e-3)
    let step = 2e-5
    for index in gradient.indices {
      let up = try Self.loss(Self.moved(network, index, by: step), data, loss)
      let down = try Self.loss(Self.moved(network, index, by: -step), data, loss)
      #expect(abs((up - down) / (2 * step) - gradient[index]) < 1e-6 * max(1, size))
    }
  }

  /// Several blocks of units to a layer, whose products are made one by one.
  @Test func wideLayersHaveTheSameGradient() throws {
    let data = try Self.data(columns: 40)
    let network = try testNetwork(
      .named("tanh"), inputs: 40, widths: [400, 410], outputs: 3, weights: .gaussian(variance: 1.3))
    let gradient = try Self.gradient(network, data, .crossEntropy)
    let size = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for index in stride(from: 0, to: gradient.count, by: 4001) {
      let up = try Self.loss(Self.moved(network, index, by: 1e-4), data, .crossEntropy)
      let down = try Self.loss(Self.moved(network, index, by: -1e-4), data, .crossEntropy)
      #expect(abs((up - down) / 2e-4 - gradient[index]) < 1e-6 * size)
    }
  }

  @Test func lossesHaveTheirKnownValues() throws {
    // A read-out of zeros: z = 0 whatever the rest is.
    let network = try testNetwork(.named("tanh"))
    let zero = try FiniteNetwork(
      activation: network.activation, layers: network.layers,
      readout: .init(weights: Matrix(rows: 3, columns: 6), biases: [0, 0, 0]))
    let data = try Self.data()
    #expect(abs(try Self.loss(zero, data, .crossEntropy) - Double.log(3)) < 1e-15)
    #expect(abs(try Self.loss(zero, data, .squared) - 0.5) < 1e-15)
    // Outputs (1000, 0, 0): right for class 0, off by 1000 nats for the others.
    let sure = try FiniteNetwork(
      activation: network.activation, layers: network.layers,
      readout: .init(weights: Matrix(rows: 3, columns: 6), biases: [1000, 0, 0]))
    #expect(abs(try Self.loss(sure, data, .crossEntropy) - 750) < 1e-9)
    let summary = try Trainer(sure, on: data, plan: TrainingPlan(rate: 1)).evaluate(data)
    #expect(summary.accuracy == 0.25)
  }

  @Test func optimizersFollowTheirDefinition() throws {
    let data = try Self.data()
    let start = try testNetwork(.named("tanh"))
    for optimizer in [
      Optimizer.sgd(momentum: 0.9), .adam(beta1: 0.8, beta2: 0.95, epsilon: 1e-6),
    ] {
      let rate = 0.05
      let plan = TrainingPlan(optimizer: optimizer, rate: rate, batch: 8, epochs: 4)
      let trainer = try Trainer(start, on: data, plan: plan)
      var network = start
      var expected = Self.flat(Self.layers(start))
      var (first, second) = (expected.map { _ in 0.0 }, expected.map { _ in 0.0 })
      for step in 1...4 {
        let gradient = try Self.gradient(network, data, .crossEntropy)
        for (index, g) in gradient.enumerated() {
          switch optimizer {
          case .sgd(let momentum):
            first[index] = momentum * first[index] + g
            expected[index] -= rate * first[index]
          case .adam(let beta1, let beta2, let epsilon):
            first[index] = beta1 * first[index] + (1 - beta1) * g
            second[index] = beta2 * second[index] + (1 - beta2) * g * g
            let mean = first[index] / (1 - .pow(beta1, step))
            let square = second[index] / (1 - .pow(beta2, step))
            expected[index] -= rate * mean / (square.squareRoot() + epsilon)
          }
        }
        _ = try trainer.runEpoch()
        network = trainer.network
        let found = Self.flat(Self.layers(network))
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 })
      }
    }
  }

  @Test func singlePrecisionFollowsDouble() throws {
    for name in ["tanh", "erf", "hard_tanh", "relu", "gelu", "silu"] {
      let ensemble = try NetworkEnsemble(
        activation: .named(name), weights: .gaussian(variance: 1.5),
        biases: .gaussian(variance: 0.05))
      let single = FiniteNetwork<Float>(
        sampling: ensemble,
        architecture: try Architecture(inputs: 5, depth: 3, width: 32, outputs: 3), seed: 3,
        index: 0)
      let plan = TrainingPlan(optimizer: .sgd(momentum: 0.5), rate: 0.05, batch: 3, epochs: 10)
      let reference = try Trainer(FiniteNetwork<Double>(single), on: Self.data(), plan: plan)
      let trainer = try Trainer(single, on: Self.data(Float.self), plan: plan)
      for _ in 0..<plan.epochs {
        _ = try reference.runEpoch()
        _ = try trainer.runEpoch()
      }
      let exact = Self.flat(Self.layers(reference.network))
      let found = Self.flat(Self.layers(trainer.network)).map(Double.init)
      let size = exact.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let error = zip(exact, found).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      #expect(error < 1e-4 * size, "\(name): \(error / size)")
      #expect(error > 0)
    }
  }

  private static func wide(
    jobs: Int, optimizer: Optimizer, resumedAt epoch: Int? = nil
  ) throws -> (state: TrainingState<Float>, test: LossSummary) {
    let ensemble = try NetworkEnsemble(
      activation: .named("tanh"), weights: .orthogonal(variance: 1.1))
    let shape = try Architecture(inputs: 5, depth: 2, width: 600, outputs: 3)
    let start = FiniteNetwork<Float>(sampling: ensemble, architecture: shape, seed: 4, index: 2)
    let plan = TrainingPlan(
      optimizer: optimizer, rate: 0.01, schedule: .cosine, batch: 3, epochs: 4, seed: 9)
    let data = try Self.data(Float.self)
    var trainer = try Trainer(start, on: data, plan: plan, index: 2, jobs: jobs)
    for done in 0..<plan.epochs {
      if done == epoch {
        let state = trainer.state
        trainer = try Trainer(start, on: data, plan: plan, index: 2, jobs: jobs)
        try trainer.restore(state)
      }
      _ = try trainer.runEpoch()
    }
    return (trainer.state, try trainer.evaluate(data))
  }

  @Test(arguments: [Optimizer.sgd(momentum: 0), .sgd(momentum: 0.9), .adam()])
  func bitsDependNeitherOnThreadsNorOnInterruptions(optimizer: Optimizer) throws {
    let (first, test) = try Self.wide(jobs: 1, optimizer: optimizer)
    for (jobs, epoch) in [(2, nil), (5, nil), (1, 1), (2, 3)] as [(Int, Int?)] {
      let (other, otherTest) = try Self.wide(jobs: jobs, optimizer: optimizer, resumedAt: epoch)
      #expect(first.epoch == 4 && other.epoch == 4)
      #expect(first.parameters == other.parameters)
      #expect(first.moments == other.moments)
      #expect(test == otherTest)
    }
  }

  @Test func divergenceIsReported() throws {
    let network = try testNetwork(Activation(Quadratic()))
    let data = try Self.data()
    let plan = TrainingPlan(loss: .squared, rate: 100, batch: 2, epochs: 3)
    let trainer = try Trainer(network, on: data, plan: plan)
    guard case .diverged(let step) = try trainer.runEpoch() else {
      Issue.record("a rate of 100 trains")
      return
    }
    #expect((2...4).contains(step))
    #expect(trainer.epoch == 0)
    #expect(!(try trainer.evaluate(data).isFinite))
  }

  @Test func impossiblePlansAreRefused() throws {
    func code(_ change: (inout TrainingPlan) -> Void) -> PoiseError.Code? {
      var plan = TrainingPlan(rate: 0.1)
      change(&plan)
      return #expect(throws: PoiseError.self) {
        try Trainer(testNetwork(.named("tanh")), on: Self.data(), plan: plan)
      }?.code
    }
    #expect(code { $0.epochs = 0 } == .outOfRange)
    #expect(code { $0.epochs = .max } == .outOfRange)
    #expect(code { $0.batch = 0 } == .outOfRange)
    #expect(code { $0.rate = 0 } == .outOfRange)
    #expect(code { $0.schedule = .step(epochs: 0, factor: 0.5) } == .outOfRange)
    #expect(code { $0.schedule = .step(epochs: 1, factor: 2) } == .outOfRange)
  }

  @Test func cancellingStopsBetweenSteps() throws {
    let trainer = try Trainer(
      testNetwork(.named("tanh")), on: Self.data(), plan: TrainingPlan(rate: 0.1, batch: 2))
    var steps = 0
    let error = #expect(throws: PoiseError.self) {
      try trainer.runEpoch {
        steps += 1
        return steps > 2
      }
    }
    #expect(error?.code == .cancelled && trainer.epoch == 0)
  }

  @Test func schedulesChangeTheRate() throws {
    // One sample, one step an epoch: with a step that takes the rate to nothing the network stays.
    let data = try LabelledInputs<Double>(
      inputs: normalMatrix(1, 5), labels: [1], classes: 3)
    let plan = TrainingPlan(
      rate: 0.5, schedule: try .init(named: "step:1:1e-300"), batch: 1, epochs: 3)
    let trainer = try Trainer(testNetwork(.named("tanh")), on: data, plan: plan)
    _ = try trainer.runEpoch()
    let once = trainer.network.parameters
    _ = try trainer.runEpoch()
    #expect(trainer.network.parameters == once)
    // Half-way the cosine has come down to a half.
    func step(_ schedule: LearningRateSchedule, _ epochs: Int) throws -> [Double] {
      let start = try testNetwork(.named("tanh"))
      let trainer = try Trainer(
        start, on: data,
        plan: TrainingPlan(rate: 1e-6, schedule: schedule, batch: 1, epochs: epochs)
      )
      for _ in 0..<epochs { _ = try trainer.runEpoch() }
      return zip(Self.flat(Self.layers(start)), Self.flat(Self.layers(trainer.network)))
        .map { $0 - $1 }
    }
    // Of two steps the first is whole, the second half: three quarters of two whole ones.
    let (cosine, constant) = (try step(.cosine, 2), try step(.constant, 2))
    #expect(zip(cosine, constant).allSatisfy { abs($0 - 0.75 * $1) < 1e-10 })
    for name in ["step", "step:0:0.5", "step:2:0", "cosine:1", "linear", ""] {
      #expect(throws: PoiseError.self) { try LearningRateSchedule(named: name) }
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let network = try testNetwork(.named("tanh"))
    let data = try Self.data()
    func refused(_ plan: TrainingPlan) {
      #expect(throws: PoiseError.self) { try Trainer(network, on: data, plan: plan) }
    }
    refused(TrainingPlan(rate: 0))
    refused(TrainingPlan(rate: .infinity))
    refused(TrainingPlan(rate: 0.1, batch: 0))
    refused(TrainingPlan(rate: 0.1, epochs: 0))
    refused(TrainingPlan(optimizer: .sgd(momentum: 1), rate: 0.1))
    refused(TrainingPlan(optimizer: .adam(epsilon: 0), rate: 0.1))
    #expect(throws: PoiseError.self) {
      try LabelledInputs<Float>(inputs: normalMatrix(3, 5), labels: [0, 1], classes: 2)
    }
    #expect(throws: PoiseError.self) {
      try LabelledInputs<Float>(inputs: normalMatrix(2, 5), labels: [0, 2], classes: 2)
    }
    #expect(throws: PoiseError.self) {
      try Trainer(network, on: Self.data(columns: 6), plan: TrainingPlan(rate: 1))
    }
    let trainer = try Trainer(network, on: data, plan: TrainingPlan(rate: 1))
    var state = trainer.state
    state.moments = [state.parameters]
    #expect(throws: PoiseError.self) { try trainer.restore(state) }
    state = trainer.state
    state.epoch = 21
    #expect(throws: PoiseError.self) { try trainer.restore(state) }
  }
}
