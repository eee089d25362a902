import PoiseNumerics

/// Does Poise's own advice train better? Its starts and its rate against common presets and against
/// slightly chaotic orthogonal starts.
///
/// The rate of each start is chosen on validation rows, and accuracy is reported of a test that had no
/// part in it. A rate at which any network diverged is not chosen.
public struct AdviceStudy: Study {
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
      "errors are over networks, not over splits",
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

  public func parts(_ profile: StudyProfile) -> [StudyPart] {
    let size = Size(profile)
    func part(
      _ activation: String, _ start: Start, depths: String, width: Int = 64, rates: String? = nil
    ) -> StudyPart {
      StudyPart(
        Self.partName(activation, start, width: width),
        "train --activation \(activation) \(start.options) --depth \(depths) --width \(width) "
          + "--test-rows 297 --validation-rows 300 --epochs \(size.epochs) "
          + "--networks \(size.networks) --rate \(rates ?? size.rates)")
    }
    var parts = Self.tanhStarts.map { part("tanh", $0, depths: size.tanhDepths) }
    guard profile != .smallest else { return parts }
    parts += Self.deepStarts.map { start in
      StudyPart(
        Self.deepName(start),
        "train --activation tanh \(start.options) --depth 200 --width 64 --test-rows 297 "
          + "--validation-rows 300 --epochs \(size.epochs) --networks \(size.networks) "
          + "--rate 0.003,0.01,advised")
    }
    parts.append(part("tanh", Self.nearlyLinear, depths: "100"))
    for activation in ["erf", "hard_tanh"] {
      parts += Self.smoothStarts.map { part(activation, $0, depths: size.otherDepths) }
    }
    for activation in ["relu", "gelu", "silu"] {
      parts += Self.unboundedStarts.map { part(activation, $0, depths: size.otherDepths) }
    }
    for width in size.widths {
      parts += [Self.advised, Self.xavier].map { part("tanh", $0, depths: "30", width: width) }
    }
    parts.append(
      StudyPart(
        "rate",
        "train --activation tanh --init advised --depth \(size.tanhDepths) --width 64 "
          + "--test-rows 297 --validation-rows 300 --epochs \(size.epochs) "
          + "--networks \(size.networks) --rate advised --rate-factor 0.25,0.5,1,2,4"))
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
        (rates, epochs, networks) = ("0.003,0.01,0.03,0.1,0.3,advised", 15, 3)
      case .cluster:
        (tanhDepths, otherDepths, widths) = ("10,20,30,64,100", "10,20,30,64,100", [128, 256])
        (rates, epochs, networks) = (
          "0.001,0.003,0.01,0.02,0.03,0.06,0.1,0.2,0.3,1,advised", 50, 20
        )
      }
    }
  }

  static let deepStarts = [advised, chaotic, orthogonal, xavier]

  static func deepName(_ start: Start) -> String { "deep-\(start.name)" }

  static func partName(_ activation: String, _ start: Start, width: Int = 64) -> String {
    "\(activation)-\(start.name)" + (width == 64 ? "" : "-\(width)")
  }

  /// A start at one depth, at the rate that validation chooses.
  struct Best {
    var rate: String
    var accuracy: Double
    var error: Double
    /// Median first epoch with test accuracy above 0.9; nil if half of the networks had none.
    var firstEpoch: Double?
    /// Accuracy at the advised rate, with its error.
    var advised: (accuracy: Double, error: Double)?
  }

  /// Chooses the rate of a start at a depth on validation rows.
  static func best(_ table: StudyTable, depth: String) throws(PoiseError) -> Best? {
    var found: (validation: Double, point: Int)?
    var advised: Int?
    for point in try table.points(["depth": depth]) where table.done.contains(point) {
      if try table.option("rate", at: point) == "advised" { advised = point }
      let diverged = try table.number("summary.diverged", at: point)
      guard diverged == 0, let validation = try table.optional("summary.validation", at: point)
      else { continue }
      if validation > found?.validation ?? -1 { found = (validation, point) }
    }
    guard let found else { return nil }
    func accuracy(_ point: Int) throws(PoiseError) -> (Double, Double) {
      (
        try table.number("summary.chosenAccuracy.value", at: point),
        try table.number("summary.chosenAccuracy.standardError", at: point)
      )
    }
    let (value, error) = try accuracy(found.point)
    return Best(
      rate: try table.option("rate", at: found.point), accuracy: value, error: error,
      firstEpoch: try table.optional("summary.firstEpoch", at: found.point),
      advised: try advised.map { point throws(PoiseError) in try accuracy(point) })
  }
}
