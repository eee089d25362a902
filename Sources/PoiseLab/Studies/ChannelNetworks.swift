import PoiseNumerics
import RealModule

/// Mean field against networks of finite width: the variance of a unit over inputs, and the ceiling of
/// the information that it leaves.
struct ChannelNetworks {
  let data: StudyData

  init(_ data: StudyData) { self.data = data }

  /// Noise variance of both parts.
  private static let noise = 0.01

  func statements() throws(PoiseError) -> [StudyStatement] {
    try variance() + ceiling()
  }

  // MARK: the variance over given inputs

  /// What networks say of one layer, without the noise of the layer.
  private struct Layer {
    var measured: Double
    var error: Double
    var corrected: Double
    var classic: Double
  }

  private func layers(_ table: StudyTable, _ point: Int) throws(PoiseError) -> [Layer] {
    func series(_ name: String) throws(PoiseError) -> [Double] {
      try table.series("data.layers.\(name)", at: point)
    }
    let (measured, error) = (try series("measuredVariance"), try series("varianceError"))
    let (corrected, classic) = (try series("withinUnitVariance"), try series("length"))
    return measured.indices.map {
      Layer(
        measured: measured[$0] - Self.noise, error: error[$0],
        corrected: corrected[$0] - Self.noise, classic: classic[$0] - Self.noise)
    }
  }

  private func variance() throws(PoiseError) -> [StudyStatement] {
    let table = try data.part("inputs")
    var all: [StudyStatement] = []
    var least: (factor: Double, error: Double) = (.infinity, 0)
    for inputs in try table.values(of: "data") {
      var worst = (ratio: 1.0, error: 0.0)
      for point in try table.points(["data": inputs]) {
        let layers = try layers(table, point)
        // Layers of a network move together: the error of their average is at most their average error.
        let count = Double(layers.count)
        let ratio = layers.reduce(0) { $0 + $1.measured / $1.corrected } / count
        let error = layers.reduce(0) { $0 + $1.error / $1.corrected } / count
        if abs(ratio - 1) >= abs(worst.ratio - 1) { worst = (ratio, error) }
        if let last = layers.last {
          let factor = last.classic / last.measured
          if factor < least.factor { least = (factor, factor * last.error / last.measured) }
        }
      }
      all.append(
        StudyStatement(
          "\(Self.word(inputs)): variance over inputs, measured / corrected",
          claim: "Over \(Self.word(inputs)) inputs a unit varies as corrected mean field says, "
            + "to 5 % on the average of six layers; the worst of three ensembles.",
          source: "Weng et al. 2022; docs/theory/corrected-mean-field.md", measured: worst.ratio,
          error: worst.error, is: .equal, 1, tolerance: 0.05))
    }
    all.append(
      StudyStatement(
        "all inputs: variance, classic / measured, layer 6",
        claim: "Classic mean field takes the variance over inputs for at least a fifth too "
          + "large at layer 6; the least of all inputs and ensembles.",
        source: "Weng et al. 2022; docs/theory/corrected-mean-field.md", measured: least.factor,
        error: least.error, is: .atLeast, 1.2, tolerance: 0))
    return all
  }

  /// `sparse:256x64:0.1` as `sparse`.
  private static func word(_ data: String) -> String {
    data.split(separator: ":").first.map(String.init) ?? data
  }

  // MARK: the ceiling of the information

  private func ceiling() throws(PoiseError) -> [StudyStatement] {
    let table = try data.part("moments")
    let path = "check.series.covarianceLogDet"
    var worst: (gap: Double, error: Double) = (0, 0)
    var excess: (gap: Double, error: Double) = (.infinity, 0)
    var advantage: (gap: Double, error: Double) = (.infinity, 0)
    for point in 0..<table.count {
      let measured = try table.series("\(path).measured", at: point)
      let theory = try table.series("\(path).theory", at: point)
      let error = try table.series("\(path).standardError", at: point)
      for layer in measured.indices where abs(measured[layer] - theory[layer]) > abs(worst.gap) {
        worst = (measured[layer] - theory[layer], error[layer])
      }
      let last = measured.count - 1
      guard try table.option("weights", at: point) == "gaussian" else { continue }
      let most = measured[last] - 0.5 * .log(Self.noise)
      let gap = try table.series("points.classic", at: point)[last] - most
      if gap < excess.gap { excess = (gap, error[last]) }
      let rival = try table.point([
        "weights": "orthogonal", "weight-variance": try table.option("weight-variance", at: point),
      ])
      let lead = try table.series("\(path).measured", at: rival)[last] - measured[last]
      let other = try table.series("\(path).standardError", at: rival)[last]
      if lead < advantage.gap {
        advantage = (lead, (other * other + error[last] * error[last]).squareRoot())
      }
    }
    return [
      StudyStatement(
        "½ ln det of covariance, measured − theory",
        claim: "The covariance of the units over inputs has the determinant that corrected "
          + "theory gives it, to 0.03 nats per neuron; the worst of all layers and ensembles.",
        source: "docs/theory/information.md, section 3", measured: worst.gap, error: worst.error,
        is: .equal, 0, tolerance: 0.03),
      StudyStatement(
        "classic information − ceiling of networks, layer 6",
        claim: "½ ln(1 + q/s) of classic mean field exceeds by 0.2 nats per neuron the most "
          + "that Gaussian networks with the measured covariance could carry; the least of "
          + "three weight variances.",
        source: "Weng et al. 2022; docs/theory/information.md, section 6", measured: excess.gap,
        error: excess.error, is: .atLeast, 0.2, tolerance: 0),
      StudyStatement(
        "ceiling, orthogonal − Gaussian, layer 6",
        claim: "Orthogonal networks have a higher ceiling than Gaussian ones of the same "
          + "variances; the least of three weight variances.",
        source: "docs/theory/information.md, section 6", measured: advantage.gap,
        error: advantage.error, is: .atLeast, 0, tolerance: 0),
    ]
  }

  // MARK: pictures

  func variancePanel() throws(PoiseError) -> StudyPanel {
    let table = try data.part("inputs")
    var curves: [StudyPanel.Curve] = []
    let weights = try table.values(of: "weight-variance")[0]
    for (color, inputs) in try table.values(of: "data").prefix(3).enumerated() {
      let layers = try layers(
        table, table.point(["data": inputs, "weight-variance": weights]))
      let x = layers.indices.map { Double($0 + 1) }
      let word = Self.word(inputs)
      curves += [
        .init("corrected, \(word)", .line, color: color, x: x, y: layers.map(\.corrected)),
        .init(
          "networks, \(word)", .points, color: color, x: x, y: layers.map(\.measured),
          error: layers.map(\.error)),
        .init("classic, \(word)", .dashed, color: color, x: x, y: layers.map(\.classic)),
      ]
    }
    return StudyPanel(
      "variance",
      caption: "Variance of a unit over inputs, tanh, σ_w² = \(weights), σ_b² = 0.1: corrected "
        + "mean field, networks, and the classic q, which counts the frozen means of the units "
        + "too.",
      x: .init("layer"), y: .init("variance over inputs", low: 0), curves: curves)
  }

  func ceilingPanel() throws(PoiseError) -> StudyPanel {
    let table = try data.part("moments")
    let path = "check.series.covarianceLogDet"
    let shift = -0.5 * Double.log(Self.noise)
    var curves: [StudyPanel.Curve] = []
    for (color, weights) in ["orthogonal", "gaussian"].enumerated() {
      let point = try table.point(["weights": weights, "weight-variance": "1.5"])
      let x = try table.series("points.layer", at: point)
      curves += [
        .init(
          "ceiling, \(weights)", .line, color: color, x: x,
          y: try table.series("\(path).theory", at: point).map { $0 + shift }),
        .init(
          "networks, \(weights)", .points, color: color, x: x,
          y: try table.series("\(path).measured", at: point).map { $0 + shift },
          error: try table.series("\(path).standardError", at: point).map { $0 }),
      ]
      if weights == "gaussian" {
        curves.append(
          .init(
            "classic ½ ln(1 + q/s)", .dashed, color: 2, x: x,
            y: try table.series("points.classic", at: point).map { $0 }))
      }
    }
    return StudyPanel(
      "ceiling",
      caption: "The most that a layer could carry, ½ ln det(1 + C/s) per neuron: corrected "
        + "theory, networks extrapolated to infinite width, and the classic information, which "
        + "lies above it. tanh, σ_w² = 1.5, σ_b² = 0.1, s = 0.01.",
      x: .init("layer"), y: .init("nats per neuron"), curves: curves)
  }
}
