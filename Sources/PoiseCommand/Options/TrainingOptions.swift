import ArgumentParser
import Poise

/// What networks learn from, and what they are judged by.
struct TrainingDataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Labelled data: digits (built in), clustered:ROWSxDIM:CLUSTERS, or a file (.csv#LABELCOLUMN, MNIST \
      IDX, CIFAR-10 .bin).
      """, valueName: "data"))
  var data = "digits"

  @Option(
    help: ArgumentHelp("A test set of its own, such as t10k-images-idx3-ubyte.", valueName: "data"))
  var testData: String?

  @Option(parsing: .unconditional, help: "Rows of the test. Default: a sixth of the data.")
  var testRows: Int?

  @Option(
    parsing: .unconditional,
    help: "Rows set aside to choose rates and epochs by; reported, never learnt from.")
  var validationRows = 0

  @Option(parsing: .unconditional, help: "Most rows to learn from. Default: all that are left.")
  var trainingRows: Int?

  @Option(
    help: """
      How raw values are scaled, by the statistics of the rows learnt from: standardize (per feature), \
      scale (one factor), raw.
      """)
  var prepare: PreparedData.Preparation = .standardize

  @Option(help: "Seed of the split into training, validation and test.")
  var splitSeed: UInt64 = 1

  func load() throws(PoiseError) -> TrainingData {
    try TrainingData(
      data, test: testData, preparation: prepare, testRows: testRows,
      validationRows: validationRows, trainingRows: trainingRows, seed: splitSeed)
  }
}

/// How networks are trained.
struct TrainingOptions: ParsableArguments {
  @Option(help: "cross-entropy or squared (½ |z − one-hot|²).")
  var loss = Loss.crossEntropy.rawValue

  @Option(help: "sgd or adam.") var optimizer = "sgd"

  @Option(parsing: .unconditional, help: "Momentum of sgd, 0 ..< 1.") var momentum = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Learning rate: a number, or advised (2/λ_max of the tangent kernel; 0.01/L for adam).",
      valueName: "rate"))
  var rate = "advised"

  @Option(parsing: .unconditional, help: "A factor on the rate.") var rateFactor = 1.0

  @Option(help: "constant, cosine, or step:EPOCHS:FACTOR.") var schedule = "constant"

  @Option(parsing: .unconditional, help: "Samples of a step.") var batch = 64

  @Option(parsing: .unconditional, help: "Passes through the data.") var epochs = 20

  @Option(parsing: .unconditional, help: "Test accuracy that counts as trained.")
  var threshold = 0.9

  @Option(
    parsing: .unconditional,
    help: "Networks, which differ in weights and order of the samples; trained side by side.")
  var networks = 1

  func chosenLoss() throws(PoiseError) -> Loss {
    guard let chosen = Loss(rawValue: loss) else {
      throw PoiseError(
        .unknownName, quantity: "--loss", value: loss,
        allowed: Loss.allCases.map(\.rawValue).joined(separator: ", "),
        suggestion: ["mse", "l2"].contains(loss.lowercased()) ? "--loss squared" : "")
    }
    return chosen
  }

  func chosenOptimizer() throws(PoiseError) -> Optimizer {
    switch optimizer {
    case "sgd": return .sgd(momentum: momentum)
    case "adam":
      guard momentum == 0 else {
        throw PoiseError(
          .outOfRange, quantity: "--momentum", value: "\(momentum) with adam",
          allowed: "beside --optimizer sgd")
      }
      return .adam()
    default:
      throw PoiseError(
        .unknownName, quantity: "--optimizer", value: optimizer, allowed: "sgd, adam")
    }
  }

  func plan(rate: Double, seed: UInt64) throws(PoiseError) -> TrainingPlan {
    guard rateFactor > 0, rateFactor.isFinite else {
      throw PoiseError(
        .outOfRange, quantity: "--rate-factor", value: "\(rateFactor)",
        allowed: "finite and above 0")
    }
    return TrainingPlan(
      loss: try chosenLoss(), optimizer: try chosenOptimizer(), rate: rate,
      schedule: try LearningRateSchedule(named: schedule), batch: batch, epochs: epochs,
      seed: seed)
  }
}

/// What is looked at between epochs.
struct ObservableOptions: ParsableArguments {
  @Option(
    help: """
      Looked at between epochs, layer by layer: length, dimension (effective), fractality (D_2 of \
      singular vectors), jacobian, information; a list a,b.
      """)
  var observe: String?

  @Option(parsing: .unconditional, help: "Epochs from one look to the next.") var observeEvery = 1

  @Option(
    parsing: .unconditional, help: "Variance of the noise behind the bounds of information.")
  var noiseVariance = 1.0

  @Flag(help: "Fit stable laws to the weights of every layer before and after.")
  var fitWeights = false

  func observer(on data: TrainingData) throws(PoiseError) -> TrainingObserver? {
    guard let observe else { return nil }
    let quantities = try observe.split(separator: ",").map { word throws(PoiseError) in
      guard let quantity = TrainingObserver.Quantity(rawValue: String(word)) else {
        throw PoiseError(
          .unknownName, quantity: "--observe", value: String(word),
          allowed: TrainingObserver.Quantity.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return quantity
    }
    return try TrainingObserver(
      quantities, every: observeEvery, noiseVariance: noiseVariance, on: data)
  }
}
