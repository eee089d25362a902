public import PoiseNumerics

/// Lower bounds of the information that noisy layers carry, over weight variance, noise and depth: where
/// they are largest, and what they bound.
public struct BoundsStudy: Study {
  /// The study; it has no settings.
  public init() {}

  public var name: String { "bounds" }
  public var title: String { "Lower bounds of information and the edge of chaos" }
  public var question: String {
    "Are the lower bounds of the information between input and layer largest at the edge of "
      + "chaos, and do they bound it?"
  }
  public var assumptions: [String] {
    [
      "noise of variance s enters at every layer, where Tanner and Ughi call it the variance of "
        + "the biases; no frozen biases",
      "components of the input are independent and normal, of variance 1",
      "layers are wide and as wide as the input; weights are orthogonal where nothing else is said",
    ]
  }
  public var citations: [Citation] { [Citations.tannerUghi, Citations.poole] }

  /// With an edge of chaos at every noise; relu has none, only χ₁ = σ_w²/2.
  static let saturating = ["tanh", "erf", "hard_tanh"]

  /// The noise of the claim that maxima approach the edge.
  private static let approachNoise = 1e-3

  /// The ranges of a profile.
  private struct Scale {
    var activations = BoundsStudy.saturating
    var noise = "1e-4:1@25"
    var weights = "0.3:3.5#49"
    var depths = "4,16"
    var exactDepths = "2,4,8"
    var exactNoise = "1e-3,1e-2,1e-1"
    var exactWeights = "0.5,1,1.5,2,3"
    var fine = "0.3:3.3:0.02"
    var deep = "2,4,8,16,32,64"
    var deepNoise = "1e-5,1e-3,1e-2,1e-1"
    var width = 64
    var networks = 40
    var nested = 3

    init(_ profile: StudyProfile) {
      switch profile {
      case .smallest:
        activations = ["tanh"]
        (noise, weights, depths) = ("1e-3:1e-1@5", "0.5:3#7", "4")
        (exactDepths, exactNoise, exactWeights) = ("2", "1e-2,1e-1", "1,2")
        (fine, deep, deepNoise) = ("0.5:3.3:0.1", "4,32", "1e-3,1e-1")
        (width, networks, nested) = (16, 3, 2)
      case .laptop: break
      case .cluster:
        (noise, weights, depths) = ("1e-5:1@101", "0.3:3.5#161", "2,4,8,16,32")
        (exactDepths, exactWeights) = ("2,4,8,16", "0.3:3:0.3")
        (fine, deep) = ("0.3:3.3:0.01", "2:128@13")
        (width, networks) = (256, 200)
      }
    }
  }

  public func parts(_ profile: StudyProfile) -> [StudyPart] {
    let scale = Scale(profile)
    let names = scale.activations.joined(separator: ",")
    let every = "--noise every-layer"
    func fixed(_ name: String, _ line: String) -> StudyPart {
      StudyPart(name, line, fixed: ["weight-variance"], series: 400)
    }
    let linear =
      "--activation linear --weights orthogonal,gaussian --weight-variance 0.5,1,2 --depth 4 "
      + "\(every) --noise-variance 0.01"
    return [
      fixed(
        "map",
        "information --activation \(names),relu --weights orthogonal --weight-variance "
          + "\(scale.weights) --depth \(scale.depths) \(every) --noise-variance \(scale.noise) "
          + "--no-exact"),
      fixed(
        "exact",
        "information --activation \(names),relu --weights orthogonal,gaussian --weight-variance "
          + "\(scale.exactWeights) --depth \(scale.exactDepths) \(every) --noise-variance "
          + scale.exactNoise),
      fixed(
        "depth",
        "information --activation \(names) --weights orthogonal --weight-variance \(scale.fine) "
          + "--depth \(scale.deep) \(every) --noise-variance \(scale.deepNoise) --no-exact"),
      fixed(
        "relu",
        "information --activation relu --weights orthogonal --weight-variance 0.5:2.5:0.1 "
          + "--depth 4,16 \(every) --noise-variance 1e-3 --no-exact"),
      StudyPart("linear", "information \(linear) --no-exact"),
      StudyPart(
        "networks",
        "information bottleneck \(linear) --width \(scale.width) --networks \(scale.networks)"),
      StudyPart(
        "nested",
        "information --activation tanh --weights orthogonal,gaussian --weight-variance 2 "
          + "--depth \(scale.nested) \(every) --noise-variance 0.5 --width 32 --check "
          + "--networks \(scale.networks)"),
    ]
  }

  public func judge(_ data: StudyData) throws(PoiseError) -> StudyJudgement {
    var judgement = StudyJudgement()
    let depth = try data.part("depth")
    for activation in try depth.values(of: "activation") {
      judgement.statements += try argmax(depth, activation)
    }
    judgement.statements.append(try relu(data.part("relu")))
    judgement.statements += try sandwich(data.part("exact"))
    judgement.statements += try linear(data.part("linear"), data.part("networks"))
    judgement.statements += try nested(data.part("nested"))
    judgement.panels = try BoundsPanels.all(data)
    judgement.remarks = [
      "The best bound is the larger of two: that of entropy powers, which is tight for few "
        + "layers and little noise, and what a linear reader can decode. With depth the first "
        + "falls below the second, and its own maximum runs through the edge into the ordered "
        + "phase.",
      "Of relu nothing is largest: lengths grow with σ_w² and drown the noise, while the gain "
        + "cancels. Its χ₁ is 1 at σ_w² = 2 whatever the noise.",
    ]
    return judgement
  }

  // MARK: the largest bound

  /// σ_w² at which a bound is largest; nil where no bound is above zero.
  static func best(
    _ path: String, _ table: StudyTable, at point: Int
  ) throws(PoiseError) -> GridMaximum? {
    GridMaximum(
      try table.series("points.weightVariance", at: point), try table.series(path, at: point)
    ).flatMap { $0.value > 0 ? $0 : nil }
  }

  private func argmax(
    _ table: StudyTable, _ activation: String
  ) throws(PoiseError) -> [StudyStatement] {
    let depths = try table.values(of: "depth")
    var all: [StudyStatement] = []
    for noise in try table.values(of: "noise-variance") {
      func top(_ depth: String) throws(PoiseError) -> (maximum: GridMaximum, edge: Double)? {
        let point = try table.point([
          "activation": activation, "noise-variance": noise, "depth": depth,
        ])
        let edge = try table.number("edge", at: point)
        return try Self.best("points.lower", table, at: point).map { ($0, edge) }
      }
      let last = depths[depths.count - 1]
      let near = try top(last)
      all.append(
        Self.atEdge(
          "\(activation), s = \(noise): σ_w² of largest bound / edge",
          claim: "At \(last) layers of \(activation) and noise \(noise) the lower bound is "
            + "largest at the edge of chaos, to a tenth of its σ_w².", near?.maximum,
          edge: near?.edge ?? 1))
      // Approach is claimed once, where noise is small and depth has room to show it.
      guard Double(noise) == Self.approachNoise, depths.count > 1, let near,
        let far = try top(depths[0])
      else { continue }
      all.append(
        StudyStatement(
          "\(activation): distance to edge, \(last) layers\(near.maximum.words) less \(depths[0])"
            + far.maximum.words,
          claim: "At noise \(noise) the largest bound of \(activation) approaches the edge of "
            + "chaos as layers are added.",
          source: "docs/theory/information.md, section 6",
          measured: Self.distance(near.maximum, near.edge)
            - Self.distance(far.maximum, far.edge), is: .atMost, 0, tolerance: 0))
    }
    return all
  }

  /// |σ_w²/edge − 1| of a maximum.
  private static func distance(_ maximum: GridMaximum, _ edge: Double) -> Estimate {
    let sign: Double = maximum.place.value < edge ? -1 : 1
    return Estimate(sum: [(sign / edge, maximum.place), (-sign, Estimate(1))])
  }

  /// χ₁ = σ_w²/2 of relu is 1 at 2, whatever the noise.
  private func relu(_ table: StudyTable) throws(PoiseError) -> StudyStatement {
    let point = try table.point(["depth": "4"])
    let noise = try table.option("noise-variance", at: point)
    return Self.atEdge(
      "relu, s = \(noise): σ_w² of largest bound / 2",
      claim: "At 4 layers of relu the lower bound is largest where χ₁ = 1, to a tenth of its σ_w².",
      try Self.best("points.lower", table, at: point), edge: 2)
  }

  /// That the place of a maximum in units of the edge is 1 to a tenth.
  private static func atEdge(
    _ quantity: String, claim: String, _ maximum: GridMaximum?, edge: Double
  ) -> StudyStatement {
    let source = "Tanner and Ughi 2021, abstract"
    return maximum?.statement(
      quantity, claim: claim, source: source, times: 1 / edge, is: 1, tolerance: 0.1)
      ?? StudyStatement(
        quantity, claim: claim, source: source, untested: "no bound above 0", is: .equal, 1,
        tolerance: 0.1)
  }

  // MARK: what is bounded

  private func sandwich(_ table: StudyTable) throws(PoiseError) -> [StudyStatement] {
    try table.values(of: "activation").map { activation throws(PoiseError) in
      var excesses: [Estimate] = []
      for point in try table.points(["activation": activation]) {
        let bound = try table.series("points.lower", at: point)
        let exact = try table.series("points.exact", at: point)
        for (low, value) in zip(bound, exact) where value.isFinite {
          excesses.append(Estimate(low - value))
        }
      }
      return StudyStatement(
        "\(activation): largest bound − exact, nats per neuron",
        claim: "At none of \(excesses.count) places is the lower bound of \(activation) above the "
          + "replica value.",
        source: "docs/theory/information.md, sections 3 and 4", worstOf: excesses, is: .atMost, 0,
        tolerance: 1e-6)
    }
  }

  /// Linear networks of finite width have exact information, by determinants.
  private func linear(
    _ theory: StudyTable, _ networks: StudyTable
  ) throws(PoiseError) -> [StudyStatement] {
    let width = try networks.value("width", at: 0)
    let count = Int(try networks.value("networks", at: 0))
    return try ["orthogonal", "gaussian"].map { weights throws(PoiseError) in
      var gaps: [Estimate] = []
      for variance in try networks.values(of: "weight-variance") {
        let place = ["weights": weights, "weight-variance": variance]
        let (one, other) = (try theory.point(place), try networks.point(place))
        let bounds = try theory.series("points.lower", at: one)
        let exact = try networks.series("layers.informationX.lower", at: other)
        let errors = try networks.series("layers.errorX", at: other)
        for layer in bounds.indices {
          let mean = Estimate(exact[layer], standardError: errors[layer], samples: count)
          gaps.append(Estimate(sum: [(1, Estimate(bounds[layer])), (-1 / width, mean)]))
        }
      }
      let isExact = weights == "orthogonal"
      return StudyStatement(
        "\(weights), linear: bound − networks, nats per neuron",
        claim: "Linear networks with \(weights) weights, of \(Int(width)) units, carry the "
          + "lower bound"
          + (isExact ? " exactly." : " of wide layers, to 0.02 nats per neuron."),
        source: "docs/theory/information.md, section 3", worstOf: gaps, is: .equal, 0,
        tolerance: isExact ? 1e-6 : 0.02)
    }
  }

  /// Networks of a few units, whose information nested Monte Carlo gives without any theory.
  private func nested(_ table: StudyTable) throws(PoiseError) -> [StudyStatement] {
    try ["orthogonal", "gaussian"].map { weights throws(PoiseError) in
      let point = try table.point(["weights": weights])
      let path = "check.series.information"
      let layers = try table.series("\(path).layers", at: point)
      let last = layers.count - 1
      let bound = try table.series("points.lower", at: point)[Int(layers[last]) - 1]
      return StudyStatement(
        "\(weights), few units: measured − bound, layer \(Int(layers[last]))",
        claim: "Networks of a few tanh units carry no less than the lower bound of wide layers, "
          + "to the 0.02 nats per neuron by which so narrow ones differ.",
        source: "docs/theory/information.md, section 4",
        measured: Estimate(
          try table.series("\(path).measured", at: point)[last] - bound,
          standardError: try table.series("\(path).standardError", at: point)[last],
          samples: Int(try table.value("networks", at: point))), is: .atLeast, 0, tolerance: 0.02)
    }
  }
}
