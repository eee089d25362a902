import PoiseNumerics

/// Does Poise's own advice train better? Its starts and its rate against common presets and against
/// slightly chaotic orthogonal starts.
///
/// The rate of each start is chosen on validation rows, and accuracy is reported of a test that had no
/// part in it (``Best``).
public struct AdviceStudy: Study {
  /// The study; it has no settings.
  public init() {}

  public var name: String { "advice" }
  public var title: String { "Does the advice train better?" }
  public var question: String {
    "Who trains deep networks on the digits, how fast and how well, when every start has its best rate?"
  }
  public var assumptions: [String] {
    [
      "8 x 8 digits, 1200 rows to learn from, 300 to choose the rate by, 297 to test",
      "plain SGD, batches of 64, one rate for all layers, no schedule",
      "one small data set: differences below 0.01 of accuracy are ties",
      "errors are over networks, not over splits; those of different starts count as independent",
      "networks and split of seed 2: the statements, their margins and the advice for rectifiers were "
        + "revised after a first run with seed 1, and the verdict is on networks and a split that had no "
        + "part in that",
    ]
  }
  public var citations: [Citation] {
    [Citations.saxe, Citations.glorot, Citations.he, Citations.isometry, Citations.poise]
  }

  /// A way to start, as options of `poise train`.
  struct Start {
    /// As in the options of the part: one word.
    var name: String
    var options: String
    /// For keys and tables.
    var title: String
  }

  static let advised = Start(name: "advised", options: "--init advised", title: "Poise's advice")
  static let chaotic = Start(
    name: "chaotic", options: "--weights orthogonal --weight-variance 1.1025",
    title: "orthogonal, σ_w 1.05")
  static let orthogonal = Start(
    name: "orthogonal", options: "--init orthogonal", title: "orthogonal, gain 1")
  static let gaussian = Start(
    name: "gaussian", options: "--init advised --weights gaussian", title: "Gaussian, critical")
  static let xavier = Start(
    name: "xavier", options: "--init xavier_normal", title: "Xavier, normal")
  static let pytorch = Start(
    name: "pytorch", options: "--init pytorch_default", title: "PyTorch default")
  static let he = Start(name: "he", options: "--init he_normal", title: "He, normal")
  static let gain = Start(
    name: "gain", options: "--init orthogonal_gain", title: "orthogonal, gain of φ")
  /// Critical Gaussian weights whose Jacobian would have v = 0.25 at depth 100 if they were
  /// orthogonal: q* = 0.0193.
  static let nearlyLinear = Start(
    name: "linear",
    options: "--weights gaussian --weight-variance 1.037571525 --bias-variance 8.603483434e-6",
    title: "Gaussian, v 0.25")

  static let tanhStarts = [advised, chaotic, orthogonal, gaussian, xavier, pytorch]
  static let smoothStarts = [advised, chaotic, xavier, pytorch]
  static let unboundedStarts = [advised, he, gain, xavier, pytorch]

  static let deepStarts = [advised, chaotic, orthogonal, xavier]
  /// Odd activations that saturate, and unbounded ones.
  static let saturating = ["tanh", "erf", "hard_tanh"]
  static let rectifiers = ["relu", "gelu", "silu"]

  /// An activation as readers know it.
  static func title(_ activation: String) -> String {
    switch activation {
    case "relu": "ReLU"
    case "gelu": "GELU"
    case "silu": "SiLU"
    default: activation.replacing("_", with: " ")
    }
  }

  public func parts(_ profile: StudyProfile) -> [StudyPart] {
    let size = Size(profile)
    func part(
      _ activation: String, _ start: Start, depths: String, width: Int = 64
    ) -> StudyPart {
      StudyPart(
        Self.partName(activation, start, width: width),
        size.line(activation, start, depths, width: width, rates: "--rate \(size.rates)"))
    }
    var parts = Self.tanhStarts.map { part("tanh", $0, depths: size.tanhDepths) }
    guard profile != .smallest else { return parts }
    parts += Self.deepStarts.map { start in
      StudyPart(
        Self.deepName(start), size.line("tanh", start, "200", rates: "--rate 0.003,0.01,advised"))
    }
    parts.append(part("tanh", Self.nearlyLinear, depths: "100"))
    for activation in Self.saturating.dropFirst() {
      parts += Self.smoothStarts.map { part(activation, $0, depths: size.otherDepths) }
    }
    for activation in Self.rectifiers {
      parts += Self.unboundedStarts.map { part(activation, $0, depths: size.otherDepths) }
    }
    for width in size.widths {
      parts += [Self.advised, Self.xavier].map { part("tanh", $0, depths: "30", width: width) }
    }
    let factors = "--rate advised --rate-factor 0.25,0.5,1,2,4"
    parts.append(
      StudyPart(Self.factorPart, size.line("tanh", Self.advised, size.tanhDepths, rates: factors)))
    return parts
  }

  /// What depends on the profile.
  struct Size {
    var tanhDepths: String
    var otherDepths: String
    var widths: [Int]
    var rates: String
    var epochs: Int
    var networks: Int

    init(_ profile: StudyProfile) {
      switch profile {
      case .smallest:
        (tanhDepths, otherDepths, widths) = ("10", "10", [])
        (rates, epochs, networks) = ("0.03,advised", 2, 2)
      case .laptop:
        (tanhDepths, otherDepths, widths) = ("10,30,100", "10,30", [128, 256])
        (rates, epochs, networks) = ("0.003,0.01,0.03,0.1,0.3,advised", 15, 6)
      case .cluster:
        (tanhDepths, otherDepths, widths) = ("10,20,30,64,100", "10,20,30,64,100", [128, 256])
        (rates, epochs, networks) = (
          "0.001,0.003,0.01,0.02,0.03,0.06,0.1,0.2,0.3,1,advised", 50, 20
        )
      }
    }

    /// The command of a part.
    func line(
      _ activation: String, _ start: Start, _ depths: String, width: Int = 64, rates: String
    ) -> String {
      "train --activation \(activation) \(start.options) --depth \(depths) --width \(width) "
        + "--test-rows 297 --validation-rows 300 --epochs \(epochs) --networks \(networks) "
        + "--seed 2 --split-seed 2 \(rates)"
    }
  }

  /// The part with the advised rate times factors.
  static let factorPart = "rate"

  static func deepName(_ start: Start) -> String { "deep-\(start.name)" }

  static func partName(_ activation: String, _ start: Start, width: Int = 64) -> String {
    "\(activation)-\(start.name)" + (width == 64 ? "" : "-\(width)")
  }
}
