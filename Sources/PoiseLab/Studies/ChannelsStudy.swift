public import PoiseNumerics

/// What random networks carry as channels: corrected mean field, isometry, the bottleneck plane.
public struct ChannelsStudy: Study {
  /// The study; it has no settings.
  public init() {}

  public var name: String { "channels" }
  public var title: String { "Random networks as channels" }
  public var question: String {
    "What does a layer still know of its input? Corrected against classic mean field, the place "
      + "of isometry, orthogonal against Gaussian weights, and the bottleneck plane, each on "
      + "networks really built where that can be done."
  }
  public var assumptions: [String] {
    [
      "weights and biases are drawn once and known; information is between input and noisy layer",
      "noise of variance s enters at the layer looked at alone, or at every layer where that is "
        + "said",
      "theory is for wide layers; networks have the widths that the commands name",
    ]
  }
  public var citations: [Citation] {
    [Citations.weng, Citations.chechik, Citations.pairwise, Citations.isometry]
  }

  /// The ranges of a profile.
  private struct Scale {
    var inputs = "digits,gaussian:256x64,binary:256x64,sparse:256x64:0.1,clustered:256x64:4"
    /// Rows of the digits, in both parts that read them; nil for the verb's own.
    var rows: Int?
    var width = 256
    var networks = 64
    var check = 128
    var checked = "0.8,1.5,3"
    var grid = "0.64,0.8,0.9,1,1.1,1.2,1.3,1.4,1.6,1.96,2.89,4,9"
    var depths = "4,8"
    var noise = "1e-2,1e-4,1e-6"
    var deep = "16"
    var deepGrid = "1,1.1,1.15,1.2,1.25,1.3,1.4,1.96"
    var activations = "tanh,erf,relu"
    var compared = "2,4,8"
    var plane = (width: 32, networks: 40)
    var linear = (width: 64, networks: 40)

    init(_ profile: StudyProfile) {
      switch profile {
      case .smallest:
        (inputs, rows) = ("digits", 32)
        (width, networks, check) = (32, 8, 32)
        (grid, depths, noise) = ("0.8,1,1.2,1.44,1.96,4", "2,4", "1e-2")
        (deep, deepGrid) = ("6", "1,1.2,1.44,1.96")
        (activations, compared) = ("tanh", "2")
        checked = "1.5"
        plane = (width: 16, networks: 8)
        linear = (width: 16, networks: 8)
      case .laptop: break
      case .cluster:
        (width, networks, check) = (1000, 100, 512)
        (depths, noise) = ("4,8,16", "1e-2,1e-3,1e-4,1e-5,1e-6")
        (deep, deepGrid) = ("32", "1,1.05,1.1,1.13,1.15,1.17,1.2,1.25,1.3,1.44")
        (activations, compared) = ("tanh,erf,relu,hard_tanh,gelu,softsign", "2,4,8,16")
        plane = (width: 64, networks: 100)
        linear = (width: 256, networks: 100)
      }
    }
  }

  public func parts(_ profile: StudyProfile) -> [StudyPart] {
    let scale = Scale(profile)
    let output = "--noise output --noise-variance"
    let rows = scale.rows.map { " --rows \($0)" } ?? ""
    return [
      StudyPart(
        "inputs",
        "information --activation tanh,tanh,relu --weight-variance 1.5,3,2 --bias-variance 0.1 "
          + "--data \(scale.inputs)\(rows) --prepare scale --depth 6 \(output) 0.01 --width "
          + "\(scale.width) --measure --networks \(scale.networks) --no-exact",
        zip: [["activation", "weight-variance"]]),
      StudyPart(
        "moments",
        "information --activation tanh --weights gaussian,orthogonal --weight-variance "
          + "\(scale.checked) --bias-variance 0.1 --depth 6 \(output) 0.01 --width "
          + "\(scale.check) --check --networks \(scale.networks)"),
      StudyPart(
        "maximum",
        "information --activation tanh --weights orthogonal --weight-variance \(scale.grid) "
          + "--depth \(scale.depths) \(output) \(scale.noise)", fixed: ["weight-variance"]),
      StudyPart(
        "deep",
        "information --activation tanh --weights orthogonal --weight-variance \(scale.deepGrid) "
          + "--depth \(scale.deep) \(output) 1e-6", fixed: ["weight-variance"]),
      StudyPart(
        "weights",
        "information --activation \(scale.activations) --weights orthogonal,gaussian "
          + "--weight-variance 1,2,3 --depth \(scale.compared) --noise output,every-layer "
          + "--noise-variance 1e-2,1", fixed: ["weight-variance"]),
      StudyPart(
        "linear",
        "information bottleneck --activation linear --weights orthogonal,gaussian "
          + "--weight-variance 1 --depth 6 \(output) 0.1 --width \(scale.linear.width) "
          + "--networks \(scale.linear.networks)", series: 201),
      StudyPart(
        "linear-theory",
        "information --activation linear --weights orthogonal,gaussian --weight-variance 1 "
          + "--depth 6 \(output) 0.1"),
      StudyPart(
        "plane",
        "information bottleneck --activation tanh --weights orthogonal,gaussian "
          + "--weight-variance 1.5 --depth 3 --noise every-layer --noise-variance 0.1 --width "
          + "\(scale.plane.width) --networks \(scale.plane.networks) --check --passes 1000"),
      StudyPart(
        "labels",
        "information bottleneck --activation tanh --weight-variance 1.5 --bias-variance 0.1 "
          + "--depth 6 \(output) 1,10 --width \(scale.width) --networks \(scale.networks) "
          + "--check --data digits\(rows)"),
    ]
  }

  public func judge(_ data: StudyData) throws(PoiseError) -> StudyJudgement {
    let (networks, plane) = (ChannelNetworks(data), ChannelPlane(data))
    let maximum = ChannelMaximum(data)
    return StudyJudgement(
      statements: try networks.statements() + maximum.statements() + plane.statements(),
      panels: try [
        networks.variancePanel(), networks.ceilingPanel(), maximum.panel(), plane.linearPanel(),
      ],
      remarks: [
        "At finite noise more gain lifts the signal over the noise, so that the information of "
          + "tanh networks is largest far on the chaotic side. The maximum moves to isometry as "
          + "noise falls, and then as layers are added. At given gain isometry is best at any "
          + "noise.",
        "Of networks that are not linear only second moments can be measured at this size. The "
          + "ceiling is ½ ln det(1 + C/s) per neuron, which no law of that covariance exceeds.",
      ])
  }
}
