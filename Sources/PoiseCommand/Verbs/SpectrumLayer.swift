import ArgumentParser
import Poise
import PoiseReports

extension Spectrum {
  /// Stable weights have the law of one layer; those of α = 2 are Gaussian, and any depth has a law.
  func isOneLayer(_ laws: [NetworkEnsemble]) -> Bool {
    depth == nil || laws.contains { !$0.weightVariance.isFinite }
  }

  /// The law of one layer with stable weights.
  func runLayer(_ laws: [NetworkEnsemble]) throws {
    let delivery = Delivery(common: common)
    try refuseDepthAndInput()
    let (columns, rows) = try layerShape()
    let (alphas, scales, biases) = Self.axes(laws)
    guard biases.count == 1, let bias = biases.first else {
      throw PoiseError(
        .outOfRange, quantity: "--bias-scale", value: "\(biases.count) values", allowed: "one value"
      )
    }
    let activation = try ensemble.function()
    guard !check || alphas.count * scales.count == 1 else {
      throw PoiseError(
        .outOfRange, quantity: "--check", value: "\(alphas.count * scales.count) laws",
        allowed: "a single alpha and scale")
    }
    let survey = LayerSpectrumSurvey(
      activation: activation, biasScale: bias, aspect: Double(rows) / Double(columns),
      points: points)
    let store = try delivery.store()
    var result = try survey.run(
      alphas: alphas, scales: scales, jobs: common.threads(), store: store)
    if check {
      let progress = ProgressLine(quiet: common.quiet)
      defer { progress.finish() }
      let total = 2 * networks
      result.check = try LayerSpectrumCheck(
        activation: activation, alpha: alphas[0], scale: scales[0], biasScale: bias, rows: rows,
        columns: columns, matrices: networks, seed: common.seed, jobs: common.threads()
      ).run { progress.report("matrices", $0, total) }
    }
    let record = delivery.record(
      "spectrum", .layerSpectrum(result), assumptions: StableJacobianLaw.assumptions,
      sources: StableJacobianLaw.sources + ["docs/theory/heavy-tails.md"])
    let files = try delivery.write(record)
    delivery.finish(store)
    try delivery.print(record) { RecordText.render($0, style: Terminal.style, files: files) }
    if result.check?.verdict == .differs { throw ExitCode(1) }
  }

  private func refuseDepthAndInput() throws(PoiseError) {
    if let depth, depth != "1" {
      throw PoiseError(
        .outOfRange, quantity: "--depth", value: depth,
        allowed: "1 for stable weights of alpha below 2: the law of a product is not known",
        suggestion: "poise tails for growth with depth")
    }
    guard inputSquare == nil else {
      throw PoiseError(
        .outOfRange, quantity: "--input-square", value: "together with stable weights",
        allowed: "the fixed point: stable layers settle whatever the input")
    }
  }

  /// Units of the input and of the layer.
  private func layerShape() throws(PoiseError) -> (columns: Int, rows: Int) {
    let parts = width.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, (1...2).contains(numbers.count),
      numbers.allSatisfy({ (1...1_000_000).contains($0) })
    else {
      throw PoiseError(
        .outOfRange, quantity: "--width", value: width,
        allowed: "with stable weights one layer: a whole number, or input/layer",
        suggestion: "--width 800")
    }
    let (columns, rows) = (numbers[0], numbers[numbers.count - 1])
    guard ensemble.fan != "geometric" || rows == columns else {
      throw PoiseError(
        .outOfRange, quantity: "--fan geometric", value: "with --width \(width)",
        allowed: "--fan in for a layer that is not square")
    }
    return (columns, rows)
  }

  /// The distinct α, σ_w and σ_b.
  private static func axes(
    _ laws: [NetworkEnsemble]
  ) -> (alphas: [Double], scales: [Double], biases: [Double]) {
    func distinct(_ values: [Double]) -> [Double] {
      values.reduce(into: []) { list, value in if !list.contains(value) { list.append(value) } }
    }
    var (alphas, scales, biases) = ([Double](), [Double](), [Double]())
    for law in laws {
      guard case .stable(let alpha, let scale, _) = law.weights else { continue }
      alphas.append(alpha)
      scales.append(scale)
      if case .stable(_, let bias) = law.biases { biases.append(bias) } else { biases.append(0) }
    }
    return (distinct(alphas), distinct(scales), distinct(biases))
  }
}
