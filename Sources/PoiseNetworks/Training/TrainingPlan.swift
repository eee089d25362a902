import PoiseNumerics

/// How a network is trained.
public struct TrainingPlan: Sendable, Equatable {
  /// What is made small.
  public var loss: Loss
  /// How.
  public var optimizer: Optimizer
  /// η at the start; above 0.
  public var rate: Double
  /// How η changes.
  public var schedule: LearningRateSchedule
  /// Samples of a step; the last step of an epoch takes what is left.
  public var batch: Int
  /// Passes through the training samples; 1 to 2²⁴.
  public var epochs: Int
  /// Seed of the order of the samples.
  public var seed: UInt64

  /// A plan; what is not possible is refused by ``Trainer``.
  ///
  /// - Parameters:
  ///   - rate: finite and above 0.
  ///   - batch: at least 1.
  ///   - epochs: 1 to 2²⁴.
  public init(
    loss: Loss = .crossEntropy, optimizer: Optimizer = .sgd(momentum: 0), rate: Double,
    schedule: LearningRateSchedule = .constant, batch: Int = 64, epochs: Int = 20,
    seed: UInt64 = 1
  ) {
    self.loss = loss
    self.optimizer = optimizer
    self.rate = rate
    self.schedule = schedule
    self.batch = batch
    self.epochs = epochs
    self.seed = seed
  }

  func check() throws(PoiseError) {
    try optimizer.check()
    try schedule.check()
    guard rate > 0, rate.isFinite else {
      throw PoiseError(
        .outOfRange, quantity: "learning rate", value: "\(rate)", allowed: "finite and above 0")
    }
    guard batch >= 1 else {
      throw PoiseError(.outOfRange, quantity: "batch", value: "\(batch)", allowed: "at least 1")
    }
    // The number of an epoch is that of a random stream.
    guard (1...1 << 24).contains(epochs) else {
      throw PoiseError(
        .outOfRange, quantity: "epochs", value: "\(epochs)", allowed: "1 to \(1 << 24)")
    }
  }
}
