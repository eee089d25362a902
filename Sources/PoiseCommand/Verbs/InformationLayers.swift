public import ArgumentParser
import Foundation
public import Poise
import PoiseReports

struct InformationLayersVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layers",
    abstract: "How much of the input does layer l still carry?",
    discussion: """
      Mutual information between the input and a noisy layer, per neuron: lower and upper bounds, the \
      asymptotically exact value of the replica formula, and what a linear estimator finds. One weight \
      variance gives every layer, a range the information against it at each depth named.

        poise information --activation tanh --weights orthogonal --weight-variance 0.7:4:0.1 \\
          --depth 2,4,8 --convention A --noise-variance 0.01 --output information
        poise information --activation tanh --weight-variance 1.5 --bias-variance 0.1 --depth 6 \\
          --noise output --noise-variance 0.01 --check

      Say where the noise enters. --noise every-layer: fresh noise in every layer (convention A, or C \
      beside biases). --noise output: at the layer observed alone (convention B). --bias-variance is \
      always a frozen offset. Without noise the information is infinite.

      Layers of different widths: --inputs 784 --width 400/200/100; nats are then per unit of the layer.

      Source: docs/theory/information.md; Tanner and Ughi 2021; Weng et al. 2022.
      """)

  enum Place: String, CaseIterable, ExpressibleByArgument {
    case everyLayer = "every-layer"
    case output
  }

  @OptionGroup(title: "Ensemble") var ensemble: EnsembleOptions
  @Option(
    parsing: .unconditional,
    help: "Hidden layers. A number, list or range. Default: 4.")
  var depth: String?
  @Option(help: "Where noise enters: every-layer, or output (of the layer observed).")
  var noise: Place?
  @Option(parsing: .unconditional, help: "s: variance of the noise, above 0.")
  var noiseVariance: Double?
  @Option(
    help: "A: noise at every layer, no frozen offset; B: at the output; C: every layer, offset.")
  var convention: String?
  @Option(parsing: .unconditional, help: "Mean square of an input component.")
  var inputSquare = 1.0
  @Option(help: "Law of an input component: gaussian or binary (±).")
  var inputLaw: InformationSurvey.InputLaw = .gaussian
  @Flag(
    inversion: .prefixedNo,
    help: "Whether the replica formula is solved, which takes nearly all of the time.")
  var exact = true
  @Flag(help: "Build finite networks, measure the same quantities, and compare.") var check = false
  @Flag(help: "With --data: the variance of a unit over these inputs in networks really built.")
  var measure = false
  @Option(parsing: .unconditional, help: "Networks to build.") var networks = 60
  @Option(
    parsing: .unconditional,
    help: "Units per layer, of the check and with --data; or one per layer as 80/50/30.")
  var width = "128"
  @Option(parsing: .unconditional, help: "Inputs, beside widths per layer. Default: the first.")
  var inputs: Int?
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let prepared = try data.load(seed: common.seed)
    let isOutput = noise == .output || convention?.uppercased() == "B"
    guard !measure || (prepared != nil && isOutput) else {
      throw PoiseError(
        .outOfRange, quantity: "--measure",
        value: prepared == nil ? "without --data" : "with noise at every layer",
        allowed: "beside --data and --noise output")
    }
    let shape = try shape(features: prepared?.inputs.columns)
    let ensembles = try ensemble.ensembles(fanIn: shape.width)
    let noise = try channelNoise(ensembles[0])
    var survey = try InformationSurvey(
      noise: noise, inputLaw: inputLaw, inputSquare: inputSquare, widths: shape.widths,
      jobs: common.threads())
    survey.isExact = exact
    let implied = shape.widths.map { "\($0.count - 1)" }
    let depth = depth ?? implied ?? "4"
    let depths = try Axis(depth, quantity: "--depth").layers("--depth")
    guard let deepest = depths.max(), deepest >= 1, deepest <= 1000 else {
      throw PoiseError(
        .outOfRange, quantity: "--depth", value: depth, allowed: "1 to 1000 hidden layers")
    }
    if let implied, deepest > Int(implied)! {
      throw PoiseError(
        .outOfRange, quantity: "--depth", value: depth,
        allowed: "at most \(implied), as the widths per layer say")
    }
    let store = try delivery.store()
    var results: [InformationResult] = []
    for group in byBias(ensembles) {
      // One variance: the whole profile. Several: the depths named.
      let layers = group.count == 1 ? Array(1...deepest) : depths.sorted()
      var result = try answer(survey, group, layers, store)
      let widths =
        shape.widths.map { Array($0[...deepest]) }
        ?? [Int](repeating: shape.width, count: deepest + 1)
      if let prepared {
        try single(group, "--data")
        var part = try survey.dataPart(group[0], prepared, widths: Array(widths[1...]))
        if measure {
          try survey.measure(
            &part, group[0], prepared, widths: Array(widths[1...]), networks: networks,
            seed: common.seed)
        }
        result.data = part
      }
      if check {
        try single(group, "--check")
        result.check = try compare(survey, group[0], widths: widths)
      }
      results.append(result)
    }
    let records = results.map {
      delivery.record(
        "information", .information($0), assumptions: NetworkChannel.assumptions,
        sources: NetworkChannel.sources)
    }
    var files: [[String]] = []
    for (index, record) in records.enumerated() {
      let folder = records.count == 1 ? nil : common.output.map { "\($0)/point-\(index + 1)" }
      files.append(try delivery.write(record, into: folder))
    }
    delivery.finish(store)
    var next = files.makeIterator()
    try delivery.print(records) {
      RecordText.render($0, style: Terminal.style, files: next.next() ?? [])
    }
    if results.contains(where: { $0.check?.verdict == .differs }) { throw ExitCode(1) }
  }

  /// The width of all layers, and n₀ … n_L where they differ.
  private func shape(features: Int?) throws(PoiseError) -> (width: Int, widths: [Int]?) {
    let sizes = try LayerValues.sizes(width, "--width")
    guard sizes.count > 1 || inputs != nil else { return (sizes[0], nil) }
    if let features, let inputs, inputs != features {
      throw PoiseError(
        .outOfRange, quantity: "--inputs", value: "\(inputs)",
        allowed: "\(features), the features of the data")
    }
    let first = try LayerValues.whole(Double(inputs ?? features ?? sizes[0]), "--inputs")
    // One width beside --inputs: all layers have it.
    let layers =
      sizes.count > 1
      ? sizes
      : [Int](
        repeating: sizes[0],
        count: try Axis(depth ?? "4", quantity: "--depth").layers("--depth").max() ?? 1)
    return (layers.last!, [first] + layers)
  }

  /// Noise as the options say; the letter of a convention must fit the rest.
  private func channelNoise(_ ensemble: NetworkEnsemble) throws(PoiseError) -> ChannelNoise {
    guard let noiseVariance else {
      throw PoiseError(
        .outOfRange, quantity: "--noise-variance", value: "not given", allowed: "a number above 0",
        suggestion: "--noise-variance 0.01")
    }
    let letter = convention?.uppercased()
    guard letter == nil || ["A", "B", "C"].contains(letter!) else {
      throw PoiseError(
        .unknownName, quantity: "--convention", value: convention!, allowed: "A, B, C")
    }
    let implied: Place? = letter.map { $0 == "B" ? .output : .everyLayer }
    guard let place = noise ?? implied else {
      throw PoiseError(
        .outOfRange, quantity: "--noise", value: "not given",
        allowed: "every-layer or output; or --convention A, B, C",
        suggestion: "--noise every-layer")
    }
    let result: ChannelNoise =
      place == .output ? .output(variance: noiseVariance) : .everyLayer(variance: noiseVariance)
    let actual = String(result.convention(biasVariance: ensemble.biasVariance))
    if let letter, letter != actual {
      throw PoiseError(
        .outOfRange, quantity: "--convention \(letter)",
        value: "with --noise \(place.rawValue) and bias variance \(ensemble.biasVariance)",
        allowed: "what these say, which is convention \(actual)",
        suggestion: "A has no frozen offset, C has one, B has noise at the output")
    }
    return result
  }

  private func byBias(_ ensembles: [NetworkEnsemble]) -> [[NetworkEnsemble]] {
    var groups: [[NetworkEnsemble]] = []
    for one in ensembles {
      if let index = groups.firstIndex(where: { $0[0].biasVariance == one.biasVariance }) {
        groups[index].append(one)
      } else {
        groups.append([one])
      }
    }
    return groups
  }

  private func single(_ group: [NetworkEnsemble], _ option: String) throws(PoiseError) {
    guard group.count == 1 else {
      throw PoiseError(
        .outOfRange, quantity: option, value: "\(group.count) weight variances",
        allowed: "a single weight variance")
    }
  }

  private func answer(
    _ survey: InformationSurvey, _ group: [NetworkEnsemble], _ layers: [Int],
    _ store: PointStore?
  ) throws(PoiseError) -> InformationResult {
    let progress = ProgressLine(quiet: common.quiet)
    defer { progress.finish() }
    let total = group.count * layers.count
    return try survey.run(group, layers: layers, store: store) {
      progress.report("points", $0, total)
    }
  }

  private func compare(
    _ survey: InformationSurvey, _ one: NetworkEnsemble, widths: [Int]
  ) throws(PoiseError) -> CheckResult {
    let progress = ProgressLine(quiet: common.quiet)
    defer { progress.finish() }
    let total = 2 * networks
    return try InformationCheck(
      survey.channel(one), widths: widths, networks: networks, seed: common.seed,
      jobs: common.threads()
    ).run { progress.report("networks", $0, total) }
  }
}

extension InformationSurvey.InputLaw: ExpressibleByArgument {}
