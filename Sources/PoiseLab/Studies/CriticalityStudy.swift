public import PoiseNumerics

/// Whether heavy-tailed weights give an extended critical regime, and what it is worth in training.
public struct CriticalityStudy: Study {
  /// A file with labels in place of the digits; nil for those.
  public let data: String?

  /// - Parameter data: a file with labels, not checked here; nil for the digits.
  public init(data: String? = nil) { self.data = data }

  public var name: String { "criticality" }
  public var title: String { "Extended criticality of heavy-tailed networks" }
  public var question: String {
    "Do heavy-tailed weights widen the range of scales at which deep networks are critical and train?"
  }
  public var assumptions: [String] {
    [
      "stable weights of scale σ_w (2 fan-in)^(−1/α), read-out too; no biases; α = 2 is Gaussian",
      "plain stochastic gradient descent, one rate for all layers; no clipping or normalisation",
      "rates and epochs chosen on validation rows, accuracies those of test rows",
      "errors are over seeds, each with its own split, weights and order of samples",
    ]
  }
  public var citations: [Citation] { [Citations.qu, Citations.poole] }

  public func on(_ data: String) throws(PoiseError) -> any Study {
    guard !data.isEmpty, !data.contains(where: \.isWhitespace) else {
      throw PoiseError(
        .outOfRange, quantity: "--data", value: "\"\(data)\"", allowed: "a path without blanks",
        suggestion: "a link to the file under another name")
    }
    return CriticalityStudy(data: data)
  }

  /// Test accuracy from which a network counts as trained.
  static let threshold = 0.8

  /// Sizes of a profile.
  struct Plan {
    var width = 64
    var depth = 10
    var deep = 30
    var alphas = "1:2:0.2"
    var fewAlphas = "1.2,1.6,2"
    var scales = "0.25:3:0.25"
    var fewScales = "0.5,1,1.5,2,3"
    /// Rates to choose from, and the one that stands alone.
    var rates = "0.01,0.03,0.1,0.3,1"
    var fixedRate = 0.01
    /// Rates of the deep networks, and of those that are looked into.
    var deepRates = "0.003,0.01,0.03,0.1"
    var observedRate = 0.03
    var seeds = 10
    var deepSeeds = 6
    var layerSeeds = 8
    var epochs = 20
    var deepEpochs = 15
    var batch = 64
    /// Networks through which circles of inputs are followed.
    var circleWidth = 200
    var circleDepth = 20
    var circleNetworks = 8
    /// Scale at which layers are looked at.
    var scale = 1.5
    /// Rows for the test, for validation, and at most to learn from; nil for the verb's own.
    var testRows: Int? = 297
    var validationRows = 300
    var trainingRows: Int? = 1200
  }

  func plan(_ profile: StudyProfile) -> Plan {
    var plan = Plan()
    switch profile {
    case .laptop: break
    case .smallest:
      plan.depth = 4
      plan.deep = 8
      plan.alphas = "1.2,1.6,2"
      plan.scales = "0.5,1.5,3"
      plan.fewAlphas = "1.6,2"
      plan.fewScales = "1.5"
      plan.rates = "0.03,0.1"
      plan.fixedRate = 0.03
      plan.deepRates = "0.03"
      (plan.seeds, plan.deepSeeds, plan.layerSeeds) = (2, 2, 2)
      (plan.epochs, plan.deepEpochs) = (2, 2)
      (plan.circleWidth, plan.circleDepth, plan.circleNetworks) = (64, 5, 2)
    case .cluster:
      plan.width = 784
      plan.alphas = "1:2:0.1"
      plan.fewAlphas = "1.2,1.4,1.6,1.8,2"
      plan.fewScales = "0.5:3:0.5"
      plan.rates = "0.001,0.003,0.01,0.03,0.1"
      plan.fixedRate = 0.001
      (plan.seeds, plan.deepSeeds, plan.layerSeeds) = (20, 10, 10)
      (plan.epochs, plan.deepEpochs) = (650, 650)
      (plan.circleWidth, plan.circleDepth, plan.circleNetworks) = (784, 40, 50)
      guard data != nil else { break }
      plan.batch = 1024
      (plan.testRows, plan.validationRows, plan.trainingRows) = (nil, 10_000, nil)
    }
    return plan
  }

  public func parts(_ profile: StudyProfile) -> [StudyPart] {
    let plan = plan(profile)
    let stable = "--activation tanh --weights stable"
    let grid =
      profile == .smallest ? "--alpha 1:2#3 --scale 0.25:3#5" : "--alpha 1:2#11 --scale 0.25:3#23"
    let circle =
      "tails geometry --activation tanh --width \(plan.circleWidth) --points 150 "
      + "--networks \(plan.circleNetworks)"
    let widths =
      plan.width == plan.circleWidth ? "\(plan.width)" : "\(plan.width),\(plan.circleWidth)"
    return [
      StudyPart(
        "phase",
        "phase \(stable) \(grid) --width \(widths) --depth \(plan.depth) "
          + "--boundaries lyapunov,multifractal --boundary-alpha "
          + "\(profile == .smallest ? "1.5,2" : profile == .laptop ? "1:2#6" : "1:2#11") "
          + "--pool 1000 --yes",
        fixed: ["alpha", "scale", "boundary-alpha", "boundaries"], series: 400),
      StudyPart(
        "circle-map",
        "\(circle) --depth \(plan.circleDepth) --alpha \(plan.alphas) --scale \(plan.scales) --yes",
        fixed: ["alpha", "scale"], series: 400),
      StudyPart(
        "circle-layers",
        "\(circle) --depth \(plan.circleDepth * 3 / 2) --alpha "
          + "\(plan.fewAlphas.split(separator: ",").dropLast().joined(separator: ",")) "
          + "--scale \(Self.text(plan.scale)) --yes"),
      training(
        "training", stable, plan, alphas: plan.alphas, scales: plan.scales, depth: plan.depth,
        rates: plan.rates, seeds: plan.seeds, epochs: plan.epochs),
      training(
        "deep", stable, plan, alphas: plan.fewAlphas, scales: plan.fewScales, depth: plan.deep,
        rates: plan.deepRates, seeds: plan.deepSeeds, epochs: plan.deepEpochs),
      training(
        "layers", stable, plan, alphas: plan.fewAlphas, scales: plan.fewScales, depth: plan.depth,
        rates: Self.text(plan.observedRate), seeds: plan.layerSeeds, epochs: plan.epochs,
        observing: true),
    ]
  }

  private func training(
    _ name: String, _ stable: String, _ plan: Plan, alphas: String, scales: String, depth: Int,
    rates: String, seeds: Int, epochs: Int, observing: Bool = false
  ) -> StudyPart {
    var line = "train \(stable) --alpha \(alphas) --scale \(scales) --depth \(depth)"
    line += " --width \(plan.width) --rate \(rates) --seed 1:\(seeds):1 --split-seed 1:\(seeds):1"
    line += " --epochs \(epochs) --batch \(plan.batch) --threshold \(Self.text(Self.threshold))"
    if let data { line += " --data \(data)" }
    if let rows = plan.testRows { line += " --test-rows \(rows)" }
    line += " --validation-rows \(plan.validationRows)"
    if let rows = plan.trainingRows { line += " --training-rows \(rows)" }
    if observing {
      line += " --observe dimension,fractality --observe-every \(epochs) --fit-weights"
    }
    return StudyPart(
      name, line, zip: [["seed", "split-seed"]], fixed: observing ? ["observe"] : [])
  }

  private static func text(_ value: Double) -> String { SweepAxis.canonical("\(value)") }

  public func judge(_ data: StudyData) throws(PoiseError) -> StudyJudgement {
    let plan = plan(data.profile)
    let phase = try CriticalityPlane(data.part("phase"))
    let circle = try CircleMap(data.part("circle-map"))
    let scan = try TrainingScan(data.part("training"))
    let deep = try TrainingScan(data.part("deep"))
    let layers = try LayerScan(data.part("layers"))
    let fixed = try scan.everywhere(plan.fixedRate)
    var judgement = StudyJudgement()
    judgement.statements =
      phase.statements(width: plan.circleWidth) + circle.statements() + layers.statements()
      + scan.statements(fixed: fixed, threshold: Self.threshold)
      + deep.depthStatements()
    let lines = phase.lines(width: plan.width)
    judgement.panels =
      scan.panels(fixed: fixed, threshold: Self.threshold, lines: lines)
      + [deep.depthPanel(against: scan), phase.panel(width: plan.circleWidth)]
      + [circle.panel(lines: phase.lines(width: plan.circleWidth))]
      + (try CircleMap.layerPanels(data.part("circle-layers")))
      + (try layers.panels(scale: plan.scale))
    judgement.remarks = [
      "Data: \(self.data ?? "8 × 8 digits"). A network counts as trained from a test accuracy of "
        + "\(Self.text(Self.threshold)) on. The rate that stands alone is \(Self.text(plan.fixedRate)); "
        + "tuned rates are chosen for every (α, σ_w) among \(plan.rates) by validation rows. "
        + "Excess: the mean over α < 2 less the value at α = 2.",
      scan.rateRemark(), scan.luckRemark(threshold: Self.threshold), layers.remark(),
    ]
    if self.data == nil {
      judgement.remarks.append(
        "The paper trains on MNIST (width 784, batches of 1024, 650 epochs): `poise reproduce "
          + "criticality --profile cluster --data train-images-idx3-ubyte`.")
    }
    return judgement
  }
}
