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
    var measured: Estimate
    var corrected: Double
    var classic: Double

    /// A theoretical variance over the measured one.
    func ratio(_ theory: Double) -> Estimate {
      // d(t/m) = −t/m² dm.
      let factor = theory / measured.value
      return Estimate(sum: [
        (2 * factor, Estimate(1)), (-factor / measured.value, measured),
      ])
    }
  }

  private func layers(_ table: StudyTable, _ point: Int) throws(PoiseError) -> [Layer] {
    func series(_ name: String) throws(PoiseError) -> [Double] {
      try table.series("data.layers.\(name)", at: point)
    }
    let (measured, error) = (try series("measuredVariance"), try series("varianceError"))
    let (corrected, classic) = (try series("withinUnitVariance"), try series("length"))
    let networks = Int(try table.value("networks", at: point))
    return measured.indices.map {
      Layer(
        measured: Estimate(
          measured[$0] - Self.noise, standardError: error[$0], samples: networks),
        corrected: corrected[$0] - Self.noise, classic: classic[$0] - Self.noise)
    }
  }

  private func variance() throws(PoiseError) -> [StudyStatement] {
    let table = try data.part("inputs")
    var all: [StudyStatement] = []
    var classic: [Estimate] = []
    for inputs in try table.values(of: "data") {
      var ratios: [Estimate] = []
      for point in try table.points(["data": inputs]) {
        let layers = try layers(table, point)
        // Layers of a network move together.
        ratios.append(
          .dependentMean(layers.map { Estimate(sum: [(1 / $0.corrected, $0.measured)]) }))
        if let last = layers.last { classic.append(last.ratio(last.classic)) }
      }
      all.append(
        StudyStatement(
          "\(Self.word(inputs)): variance over inputs, measured / corrected",
          claim: "Over \(Self.word(inputs)) inputs a unit varies as corrected mean field says, "
            + "to 5 % on the average of six layers; the worst of three ensembles.",
          source: "Weng et al. 2022; docs/theory/corrected-mean-field.md", worstOf: ratios,
          is: .equal, 1, tolerance: 0.05))
    }
    all.append(
      StudyStatement(
        "all inputs: variance, classic / measured, layer 6",
        claim: "Classic mean field takes the variance over inputs for at least a fifth too "
          + "large at layer 6; the least of all inputs and ensembles.",
        source: "Weng et al. 2022; docs/theory/corrected-mean-field.md", worstOf: classic,
        is: .atLeast, 1.2, tolerance: 0))
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
    func measured(_ point: Int) throws(PoiseError) -> [Estimate] {
      let networks = Int(try table.value("networks", at: point))
      return zip(
        try table.series("\(path).measured", at: point),
        try table.series("\(path).standardError", at: point)
      ).map { Estimate($0, standardError: $1, samples: networks) }
    }
    var (gaps, excesses, leads): ([Estimate], [Estimate], [Estimate]) = ([], [], [])
    for point in 0..<table.count {
      let found = try measured(point)
      let theory = try table.series("\(path).theory", at: point)
      gaps += zip(found, theory).map { $0 - Estimate($1) }
      guard try table.option("weights", at: point) == "gaussian", let last = found.last else {
        continue
      }
      let classic = try table.series("points.classic", at: point)[found.count - 1]
      excesses.append(Estimate(classic + 0.5 * .log(Self.noise)) - last)
      let rival = try table.point([
        "weights": "orthogonal", "weight-variance": try table.option("weight-variance", at: point),
      ])
      // Both are drawn from the same seed.
      leads.append(Estimate(dependent: [(1, try measured(rival)[found.count - 1]), (-1, last)]))
    }
    return [
      StudyStatement(
        "½ ln det of covariance, measured − theory",
        claim: "The covariance of the units over inputs has the determinant that corrected "
          + "theory gives it, to 0.03 nats per neuron; the worst of all layers and ensembles.",
        source: "docs/theory/information.md, section 3", worstOf: gaps, is: .equal, 0,
        tolerance: 0.03),
      StudyStatement(
        "classic information − ceiling of networks, layer 6",
        claim: "½ ln(1 + q/s) of classic mean field exceeds by 0.2 nats per neuron the most "
          + "that Gaussian networks with the measured covariance could carry; the least of "
          + "three weight variances.",
        source: "Weng et al. 2022; docs/theory/information.md, section 6", worstOf: excesses,
        is: .atLeast, 0.2, tolerance: 0),
      StudyStatement(
        "ceiling, orthogonal − Gaussian, layer 6",
        claim: "Orthogonal networks have a higher ceiling than Gaussian ones of the same "
          + "variances; the least of three weight variances.",
        source: "docs/theory/information.md, section 6", worstOf: leads, is: .atLeast, 0,
        tolerance: 0),
    ]
  }

  // MARK: pictures

  func variancePanel() throws(PoiseError) -> StudyPanel {
    let table = try data.part("inputs")
    var curves: [StudyPanel.Curve] = []
    let weights = try table.values(of: "weight-variance")[0]
    // The first two: others would lie on the same lines and hide them.
    for (color, inputs) in try table.values(of: "data").prefix(2).enumerated() {
      let layers = try layers(
        table, table.point(["data": inputs, "weight-variance": weights]))
      let x = layers.indices.map { Double($0 + 1) }
      let word = Self.word(inputs)
      curves += [
        .init("corrected, \(word)", .line, color: color, x: x, y: layers.map(\.corrected)),
        .init(
          "networks, \(word)", .points, color: color, x: x, y: layers.map(\.measured.value),
          error: layers.map(\.measured.error)),
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
