import ArgumentParser
import Foundation
import Poise

/// The network of a posterior: every number may be a list or a range, values per layer are joined by /.
struct PosteriorNetworkOptions: ParsableArguments {
  @Option(help: ArgumentHelp("φ of the hidden layers; linear is exact.", valueName: "name"))
  var activation = "linear"
  @Option(parsing: .unconditional, help: "Hidden layers. A number, list or range.")
  var depth: String?
  @Option(
    parsing: .unconditional,
    help: "Units of the hidden layers: a number, list or range, or one per layer as 80/50/30.")
  var width = "200"
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      σ²: prior variance of the weights, entries σ²/fan-in. A number, list or range, or one per layer \
      of weights, read-out last, as 1/0.7/1.3/1.5.
      """, valueName: "range"))
  var weightVariance = "1"
  @Option(
    parsing: .unconditional,
    help: "T ≥ 0: variance of the noise on the labels; 0 meets every label. Number, list or range.")
  var temperature = "0"

  /// One setting with its coordinates.
  struct Place: Sendable {
    var patterns: Int
    var setting: PosteriorSetting
    var coordinates: [Double]
  }

  struct Grid: Sendable {
    var activation: Activation
    /// Names of what varies, outermost first.
    var axes: [String]
    var places: [Place]
  }

  /// Most settings of one run.
  static let limit = 20_000

  /// All settings, the last axis running fastest.
  func grid(patterns: String) throws -> Grid {
    let function = try Activation.named(activation)
    let layered = width.contains("/") || weightVariance.contains("/")
    let widths = width.contains("/") ? try LayerValues.numbers(width, "--width") : nil
    let variances =
      weightVariance.contains("/")
      ? try LayerValues.numbers(weightVariance, "--weight-variance") : nil
    let implied = widths?.count ?? variances.map { $0.count - 1 }
    if layered, let depth, depth != "\(implied!)" {
      throw PoiseError(
        .outOfRange, quantity: "--depth", value: depth,
        allowed: "\(implied!), as the values per layer say")
    }
    let depths =
      try implied.map { Axis(Double($0)) } ?? Axis(depth ?? "1", quantity: "--depth")
    let all: [(name: String, axis: Axis)] = [
      ("temperature", try Axis(temperature, quantity: "--temperature")),
      ("depth", depths),
      (
        "weight variance",
        try variances == nil ? Axis(weightVariance, quantity: "--weight-variance") : Axis(1)
      ),
      ("patterns", try Axis(patterns, quantity: "--patterns")),
      ("width", try widths == nil ? Axis(width, quantity: "--width") : Axis(1)),
    ]
    let varying = all.filter { $0.axis.values.count > 1 }
    let count = all.reduce(1.0) { $0 * Double($1.axis.values.count) }
    guard count <= Double(Self.limit), varying.count <= 2 else {
      throw PoiseError(
        .outOfRange, quantity: "settings", value: "\(Int(count)) over \(varying.count) ranges",
        allowed: "at most \(Self.limit) settings over at most two ranges")
    }
    // The longest range is drawn along the axis below.
    let axes = varying.sorted { $0.axis.values.count < $1.axis.values.count }
    var places: [Place] = []
    for outer in axes.count > 1 ? axes[0].axis.values : [0] {
      for inner in axes.last?.axis.values ?? [0] {
        func value(_ name: String) -> Double {
          if axes.count > 1, axes[0].name == name { return outer }
          if axes.last?.name == name { return inner }
          return all.first { $0.name == name }!.axis.values[0]
        }
        let depth = try LayerValues.whole(value("depth"), "--depth")
        guard (1...10_000).contains(depth) else {
          throw PoiseError(
            .outOfRange, quantity: "--depth", value: "\(depth)", allowed: "1 to 10000")
        }
        let layers =
          try widths.map { try $0.map { try LayerValues.whole($0, "--width") } }
          ?? [Int](repeating: try LayerValues.whole(value("width"), "--width"), count: depth)
        let priors = try LayerPriors(
          widths: layers, variances: variances ?? [value("weight variance")])
        places.append(
          Place(
            patterns: try LayerValues.whole(value("patterns"), "--patterns"),
            setting: PosteriorSetting(
              activation: function, priors: priors, temperature: value("temperature")),
            coordinates: zip(axes.map(\.name), axes.count > 1 ? [outer, inner] : [inner]).map {
              ["depth", "patterns", "width"].contains($0) ? $1.rounded() : $1
            }))
      }
    }
    return Grid(activation: function, axes: axes.map(\.name), places: places)
  }
}

/// The learning task.
struct PosteriorDataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      digits (built in), a labelled file (.csv, .npy, .npz, MNIST IDX, CIFAR-10 .bin), teacher:N0 \
      (noisy linear teacher), or template:N0 (Gaussian centres with random labels).
      """, valueName: "data"))
  var data = "digits"
  @Option(
    help: ArgumentHelp(
      "Classes to tell apart: two give labels −1, +1, more one output each. Default: all.",
      valueName: "a,b"))
  var classes: String?
  @Option(parsing: .unconditional, help: "P: patterns to learn. A number, list or range.")
  var patterns = "100"
  @Option(parsing: .unconditional, help: "Test points set aside.") var tests = 200
  @Option(help: "How raw values are scaled: standardize (per feature), scale (one factor), raw.")
  var prepare: PreparedData.Preparation = .standardize
  @Option(parsing: .unconditional, help: "teacher: |w|²/N₀.") var signal = 1.0
  @Option(parsing: .unconditional, help: "teacher: variance of the noise on the labels.")
  var noise = 0.25
  @Option(parsing: .unconditional, help: "template: γ, how far tests are from their centres.")
  var spread = 0.3

  func pool(seed: UInt64) throws -> PosteriorPool {
    func dimension(_ text: Substring) throws -> Int {
      guard let value = Int(text) else {
        throw PoiseError(
          .outOfRange, quantity: "--data", value: data,
          allowed: "teacher:N0 or template:N0 with a whole number")
      }
      return value
    }
    if data.hasPrefix("teacher:") {
      return try .teacher(
        dimension: dimension(data.dropFirst(8)), signal: signal, noiseVariance: noise,
        tests: tests, seed: seed)
    }
    if data.hasPrefix("template:") {
      return try .template(
        dimension: dimension(data.dropFirst(9)), spread: spread, tests: tests, seed: seed)
    }
    let wanted = try classes.map {
      try Axis($0, quantity: "--classes").integers("--classes")
    }
    return try PosteriorPool(
      data, preparation: prepare, classes: wanted, tests: tests, seed: seed)
  }
}

/// Sampling the posterior.
struct PosteriorCheckOptions: ParsableArguments {
  @Flag(help: "Sample the posterior, measure the same quantities, and compare.")
  var check = false
  @Option(parsing: .unconditional, help: "Draws that are kept of each chain.") var draws = 4000
  @Option(parsing: .unconditional, help: "Chains, at least 2.") var chains = 2
  @Option(
    help: ArgumentHelp(
      """
      Keeps the chains of one setting at T > 0 in this file: the same command goes on where a run was \
      ended, and more --draws lengthen it.
      """, valueName: "file"))
  var chainsFile: String?

  /// - Parameter settings: how many settings will be sampled.
  func sampler(settings: Int, seed: UInt64, jobs: Int) throws -> PosteriorCheck? {
    if chainsFile != nil, !check || settings != 1 {
      throw PoiseError(
        .outOfRange, quantity: "--chains-file",
        value: check ? "with \(settings) settings" : "without --check",
        allowed: "--check of a single setting")
    }
    guard check else { return nil }
    return try PosteriorCheck(
      chains: chains, draws: draws, chainsFile: chainsFile, seed: seed, jobs: jobs)
  }
}
