public import PoiseNumerics

/// What deep networks will have learned: kernel renormalisation against exact averages at finite width and
/// against samples of the posterior.
public struct RenormalizationStudy: Study {
  /// The study; it has no settings.
  public init() {}

  public var name: String { "renormalization" }
  public var title: String { "Learning in deep linear networks by kernel renormalisation" }
  public var question: String {
    "Do the order parameters of kernel renormalisation give error, bias, variance and layer kernels of "
      + "networks that have learned, at any width, depth and temperature?"
  }
  public var assumptions: [String] {
    [
      "weights are drawn from the posterior of Gaussian priors and Gaussian label noise T",
      "inputs are Gaussian and labels those of a noisy linear teacher (|w|²/N₀ = 1, noise "
        + "\(Self.labelNoise.significant(3))), "
        + "digits for the layer kernels",
      "for relu the effective action of one factor per layer, an approximation from two layers on",
    ]
  }
  public var citations: [Citation] { Citations.forVerb("posterior") }

  /// The ranges of a profile.
  struct Scale {
    var inputs = 200
    var patterns = 100
    var widths = "10,25,50,100,200,400"
    var lineWidths = "5,7,10,15,25,35,50,70,100,140,200,280,400,600"
    var depths = "1,2,3,5"
    var lineDepths = "1,2,3,4,5,7,10"
    var deepWidth = 200
    var curve = "20:380:20"
    var sampledCurve = "20,60,100,140,180,240,300"
    var seeds = "1:8:1"
    var draws = 4000
    var kernels = (patterns: 100, depth: 4, width: 100)
    var relu = (inputs: 30, widths: "40,80,160", lines: "20,30,40,60,80,120,160,300", draws: 3000)

    init(_ profile: StudyProfile) {
      switch profile {
      case .smallest:
        (inputs, patterns, widths) = (20, 10, "5,10,20")
        (lineWidths, depths, lineDepths) = ("5,10,20,40", "1,2", "1,2,3")
        (deepWidth, curve, sampledCurve) = (10, "5:30:5", "4,8")
        (seeds, draws) = ("1:4:1", 1000)
        kernels = (10, 2, 20)
        relu = (6, "10,20", "10,20", 400)
      case .laptop: break
      case .cluster:
        (inputs, patterns) = (800, 400)
        widths = "40,100,200,400,800,1600"
        lineWidths = "20,30,40,60,100,140,200,280,400,560,800,1100,1600,2400"
        (depths, lineDepths, deepWidth) = ("1,2,3,5,8", "1,2,3,4,5,6,8,10,15", 800)
        (curve, sampledCurve) = ("80:1520:80", "80,240,400,560,720,960,1200")
        (seeds, draws) = ("1:32:1", 20000)
        kernels = (400, 4, 400)
        relu = (100, "133,266,532", "66,100,133,200,266,400,532,1000", 10000)
      }
    }

    /// Options of the teacher.
    var teacher: String { "--data teacher:\(inputs)" }
    /// N = P.
    var middle: Int { patterns }
  }

  /// Variance of the label noise of teachers, where a part says nothing else: that of the verb.
  static let labelNoise = 0.25
  /// Noise of the samples that stand for T = 0, where no chain moves.
  static let cold = "0.02"
  /// Prior variances below, near and above the one at which width does not matter.
  static let variances = "0.5,1.15,1.5"

  public func parts(_ profile: StudyProfile) -> [StudyPart] {
    let scale = Scale(profile)
    let task = "posterior error \(scale.teacher) --patterns \(scale.patterns)"
    let check = "--check --draws \(scale.draws)"
    let middle = scale.middle
    return [
      StudyPart(
        "width",
        "\(task) --depth 2 --width \(scale.widths) --weight-variance \(Self.variances) "
          + "--temperature \(Self.cold) \(check)"),
      StudyPart(
        "width-lines",
        "\(task) --depth 2 --width \(scale.lineWidths) --weight-variance \(Self.variances) "
          + "--temperature 0,\(Self.cold)"),
      StudyPart(
        "flat",
        "\(task) --depth 1,2,3 --width \(middle / 2),\(2 * middle) "
          + "--weight-variance 0.6:1.6:0.025 --temperature 0"),
      StudyPart(
        "depth",
        "\(task) --depth \(scale.depths) --width \(scale.deepWidth) --weight-variance 0.3,1,2.5 "
          + "--temperature \(Self.cold) --check --draws \(scale.draws / 2)"),
      StudyPart(
        "depth-lines",
        "\(task) --depth \(scale.lineDepths) --width \(middle / 2),\(scale.deepWidth) "
          + "--weight-variance 0.3,0.5,1,1.5,2.5,4 --temperature 0,\(Self.cold)"),
      StudyPart(
        "patterns",
        "posterior error \(scale.teacher) --patterns \(scale.curve) --depth 2 --width \(middle) "
          + "--weight-variance 0.5 --temperature 0,0.1 --seed \(scale.seeds)"),
      StudyPart(
        "patterns-sampled",
        "posterior error \(scale.teacher) --patterns \(scale.sampledCurve) --depth 2 "
          + "--width \(middle) --weight-variance 0.5 --temperature 0.1 --check "
          + "--draws \(scale.draws / 2)"),
      StudyPart(
        "variance",
        "\(task) --depth 2 --width \(middle) --weight-variance 0.1,0.2,0.3,0.5,0.7,1,1.5,2,3 "
          + "--temperature 0,0.1,0.5"),
      StudyPart(
        "variance-sampled",
        "\(task) --depth 2 --width \(middle) --weight-variance 0.2,0.5,1,2 "
          + "--temperature 0.1,0.5 --check --draws \(scale.draws / 2)"),
      StudyPart(
        "temperature",
        "\(task) --depth 2 --width \(middle / 2) --weight-variance 1 "
          + "--temperature 0.02,0.05,0.1,0.2,0.5,1,2 \(check)"),
      StudyPart(
        "kernels",
        "posterior kernels --data digits --classes 0,1 --patterns \(scale.kernels.patterns) "
          + "--depth \(scale.kernels.depth) --width \(scale.kernels.width) --weight-variance 1 "
          + "--temperature 0.1 \(check)", fixed: ["classes"]),
      StudyPart(
        "relu",
        "\(Self.relu(scale)) --width \(scale.relu.widths) --check --draws \(scale.relu.draws)"),
      StudyPart("relu-lines", "\(Self.relu(scale)) --width \(scale.relu.lines)"),
    ]
  }

  private static func relu(_ scale: Scale) -> String {
    "posterior error --activation relu --data teacher:\(scale.relu.inputs) --noise 0.04 "
      + "--patterns \(scale.relu.inputs) --depth 1,2 --weight-variance 1 --temperature 0.05"
  }

  public func judge(_ data: StudyData) throws(PoiseError) -> StudyJudgement {
    var judgement = StudyJudgement()
    for name in ["width", "depth", "patterns-sampled", "variance-sampled", "temperature"] {
      judgement.statements += try RenormalizationSamples.statements(data.part(name))
    }
    judgement.statements += try RenormalizationClaims.width(data)
    judgement.statements += try RenormalizationClaims.depth(data)
    judgement.statements += try RenormalizationClaims.patterns(data.part("patterns"))
    judgement.statements += try RenormalizationClaims.variance(data.part("variance"))
    judgement.statements += try RenormalizationLayers.kernels(data.part("kernels"))
    judgement.statements += try RenormalizationLayers.relu(data.part("relu"))
    judgement.panels = try RenormalizationPanels.all(data)
    judgement.remarks = [
      "Samples at T = \(Self.cold) stand for T = 0, where the networks that meet every label form a "
        + "surface on which no independent sampler here moves; they are compared with theory at "
        + "their own T.",
      "Averages over the exact mixture hold at any width; the saddle point, which is the theory of the "
        + "paper, is off by the order of depth/width.",
    ]
    let open = try [
      "width", "depth", "patterns-sampled", "variance-sampled", "temperature", "relu",
    ]
    .map { name throws(PoiseError) in try RenormalizationSamples.unconverged(data.part(name)) }
    .reduce(0, +)
    if open > 0 {
      judgement.remarks.append(
        "\(open) sampled settings have not converged (R̂ ≥ 1.01 or fewer than 400 effective draws) and "
          + "are left out of comparisons and pictures.")
    }
    return judgement
  }
}
