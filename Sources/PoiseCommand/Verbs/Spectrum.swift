import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct Spectrum: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How are the singular values of the end-to-end Jacobian distributed?",
    discussion: """
      The whole law at finite depth, by free probability: density in ln s, quantiles, moments,
      edges, atoms. Networks are isometric where v, the relative variance of s², stays below 1.
      Several depths give a series; ranges of weight variance and depth together, a map of v.

        poise spectrum --activation tanh --weights orthogonal --weight-variance 1.1025 \\
          --bias-variance 1.68e-4 --depth 4,16,64 --output spectrum
        poise spectrum --activation tanh --weights orthogonal --weight-variance 1:1.3#61 \\
          --bias-variance 1.68e-4 --depth 1:200@60 --output isometry

      Stable weights: the law of one layer, with its tails and lists of alpha and scale.

        poise spectrum --activation tanh --weights stable --alpha 1.5 --scale 1 --check \
          --output stable-spectrum

      Source: Pennington et al. 2018, arXiv:1802.09979; Belinschi et al. 2009, arXiv:0811.1587;
      `poise cite spectrum`.
      """)

  @OptionGroup(title: "Ensemble") var ensemble: EnsembleOptions
  @Option(
    parsing: .unconditional,
    help: """
      Hidden layers, 1 to 1000. A number, list or range (by points: rounded). Default: 16, and
      one layer of stable weights.
      """)
  var depth: String?
  @Option(
    parsing: .unconditional,
    help: "|x|²/N₀ of the inputs, from which lengths run; default: the fixed point.")
  var inputSquare: Double?
  @Option(
    parsing: .unconditional,
    help: "v that the critical variances named for every depth keep.")
  var isometry = 1.0
  @Option(parsing: .unconditional, help: "Points of the grid in ln s.") var points = 400
  @Flag(help: "Build finite networks, take their singular values, and compare.") var check = false
  @Option(parsing: .unconditional, help: "Networks to build for the check.") var networks = 50
  @Option(
    help: ArgumentHelp(
      """
      Units of the input and of every layer, as 400/200/300: the law of J Jᵀ of that shape. One \
      number: equal widths of a check, on which the law does not depend.
      """, valueName: "N"))
  var width = "256"
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    if ensemble.isStable, ensemble.preset == nil {
      let laws = try ensemble.ensembles(fanIn: 1)
      if isOneLayer(laws) { return try runLayer(laws) }
    }
    let delivery = Delivery(common: common)
    let shape = try shape()
    let store = try delivery.store()
    var results: [SpectrumResult] = []
    let groups = try ensemble.ensembles(fanIn: shape.fanIn)
    if shape.depths.count > 1, Set(groups.map(\.weightVariance)).count > 1 {
      results = try maps(groups, shape.depths, store)
    } else {
      for one in groups {
        var result = try survey(one, shape, store)
        if check { result.check = try compare(one, shape) }
        results.append(result)
      }
    }
    let records = results.map {
      delivery.record(
        "spectrum", .spectrum($0), assumptions: JacobianSpectrum.assumptions,
        sources: JacobianSpectrum.sources)
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

  /// Depths, and the widths N₀ … N_L if they were given one by one.
  private struct Shape {
    var depths: [Int]
    var widths: [Int]?
    /// Of a check, where all are equal.
    var width: Int

    var fanIn: Int { widths?.first ?? width }
  }

  private func shape() throws(PoiseError) -> Shape {
    let parts = width.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, numbers.allSatisfy({ (1...1_000_000).contains($0) }) else {
      throw PoiseError(
        .outOfRange, quantity: "--width", value: width,
        allowed: "a whole number, or one for the input and each layer",
        suggestion: "--width 400/200/300")
    }
    guard numbers.count > 1 else {
      return Shape(
        depths: try Axis(depth ?? "16", quantity: "--depth").layers("--depth"),
        width: numbers[0])
    }
    let layers = numbers.count - 1
    if let depth, try Axis(depth, quantity: "--depth").integers("--depth") != [layers] {
      throw PoiseError(
        .shapeMismatch, quantity: "--depth", value: depth,
        allowed: "\(layers), as --width \(width) names the input and \(layers) layers")
    }
    return Shape(depths: [layers], widths: numbers, width: numbers[0])
  }

  /// One map for each bias variance.
  private func maps(
    _ ensembles: [NetworkEnsemble], _ depths: [Int], _ store: PointStore?
  ) throws(PoiseError) -> [SpectrumResult] {
    guard !check, inputSquare == nil else {
      throw PoiseError(
        .outOfRange, quantity: check ? "--check" : "--input-square",
        value: "with ranges of weight variance and depth",
        allowed: "a single weight variance, or a single depth")
    }
    var biases: [Double] = []
    for one in ensembles where !biases.contains(one.biasVariance) {
      biases.append(one.biasVariance)
    }
    return try biases.map { bias throws(PoiseError) in
      let columns = ensembles.filter { $0.biasVariance == bias }
      return SpectrumResult(
        ensemble: EnsembleSummary(columns[0]), curves: [],
        map: try IsometrySurvey.map(columns, depths: depths, jobs: common.threads(), store: store),
        isometric: try line(columns[0], depths, store))
    }
  }

  private func line(
    _ one: NetworkEnsemble, _ depths: [Int], _ store: PointStore?
  ) throws(PoiseError) -> [IsometricPoint]? {
    // Gaussian weights have v ≥ depth wherever they are.
    guard case .orthogonal = one.weights else { return nil }
    return try IsometrySurvey.line(
      one.activation, depths: depths, relativeVariance: isometry, jobs: common.threads(),
      store: store)
  }

  private func compare(
    _ one: NetworkEnsemble, _ shape: Shape
  ) throws(PoiseError) -> SpectrumResult.Check {
    guard shape.depths.count == 1 else {
      throw PoiseError(
        .outOfRange, quantity: "--check", value: "\(shape.depths.count) depths",
        allowed: "a single depth")
    }
    let progress = ProgressLine(quiet: common.quiet)
    defer { progress.finish() }
    let total = 2 * networks
    let equal = [Int](repeating: shape.width, count: shape.depths[0] + 1)
    return try SpectrumCheck(
      one, widths: shape.widths ?? equal, networks: networks, seed: common.seed,
      jobs: common.threads()
    ).run(inputMeanSquare: inputSquare, progress: { progress.report("networks", $0, total) })
  }

  private func survey(
    _ one: NetworkEnsemble, _ shape: Shape, _ store: PointStore?
  ) throws(PoiseError) -> SpectrumResult {
    let (points, square) = (points, inputSquare)
    let curves = try parallelMap(count: shape.depths.count, jobs: common.threads()) {
      (index: Int) throws(PoiseError) in
      try store.value(
        "\(one.weightVariance) \(one.biasVariance) \(shape.depths[index])"
      ) { () throws(PoiseError) -> SpectrumResult.Curve in
        try SpectrumSurvey.curve(
          one, depth: shape.depths[index], inputMeanSquare: square, widths: shape.widths,
          points: points)
      }
    }
    return SpectrumResult(
      ensemble: EnsembleSummary(one), curves: curves, isometric: try line(one, shape.depths, store))
  }
}
