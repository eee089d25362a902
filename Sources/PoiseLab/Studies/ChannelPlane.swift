import PoiseNumerics
import RealModule

/// Layers of finite networks in the bottleneck plane, and what labels and linear networks say.
struct ChannelPlane {
  let data: StudyData

  init(_ data: StudyData) { self.data = data }

  private static let page = "docs/theory/bottleneck.md"

  func statements() throws(PoiseError) -> [StudyStatement] {
    try linear() + curve() + nonlinear() + labels()
  }

  // MARK: linear networks, exact by determinants

  /// A mean over the networks of a point.
  private func mean(
    _ value: Double, _ error: Double, _ table: StudyTable, _ point: Int
  ) throws(PoiseError) -> Estimate {
    Estimate(value, standardError: error, samples: Int(try table.value("networks", at: point)))
  }

  /// Nats per neuron, layer by layer, of networks and of theory.
  private func information(
    _ weights: String
  ) throws(PoiseError) -> (networks: [Estimate], theory: [Double]) {
    let (table, theory) = (try data.part("linear"), try data.part("linear-theory"))
    let point = try table.point(["weights": weights])
    let width = try table.value("width", at: point)
    let values = try table.series("layers.informationX.lower", at: point)
    let errors = try table.series("layers.errorX", at: point)
    return (
      try values.indices.map { layer throws(PoiseError) in
        try mean(values[layer] / width, errors[layer] / width, table, point)
      },
      try theory.series("points.exact", at: theory.point(["weights": weights]))
    )
  }

  private func linear() throws(PoiseError) -> [StudyStatement] {
    let (orthogonal, gaussian) = (try information("orthogonal"), try information("gaussian"))
    let last = orthogonal.networks.count - 1
    let noise = try data.part("linear").value("noise-variance", at: 0)
    let channel = 0.5 * Double.log(onePlus: 1 / noise)
    return [
      StudyStatement(
        "linear, orthogonal: information lost after layer \(last + 1)",
        claim: "Norm-preserving linear networks lose nothing: layer \(last + 1) carries ½ ln(1 "
          + "+ 1/s).",
        source: "Weng et al. 2022; docs/theory/information.md, section 5",
        measured: Estimate(channel) - orthogonal.networks[last], is: .equal, 0, tolerance: 1e-9),
      StudyStatement(
        "linear: information, orthogonal − Gaussian, layer \(last + 1)",
        claim: "Gaussian linear networks of the same mean squared gain carry less, by a quarter "
          + "of a nat per neuron at least.",
        source: "Weng et al. 2022; docs/theory/information.md, section 5",
        // Both are drawn from the same seed.
        measured: Estimate(
          dependent: [(1, orthogonal.networks[last]), (-1, gaussian.networks[last])]),
        is: .atLeast, 0.25, tolerance: 0),
      StudyStatement(
        "linear, Gaussian: information, networks − theory",
        claim: "Gaussian linear networks carry what the limit of wide layers says, to 0.02 nats "
          + "per neuron; the worst layer.",
        source: "docs/theory/information.md, section 5",
        worstOf: zip(gaussian.networks, gaussian.theory).map { $0 - Estimate($1) },
        is: .equal, 0, tolerance: 0.02),
    ]
  }

  /// I(T; Y) over the most that I(T; x) allows.
  private func curve() throws(PoiseError) -> [StudyStatement] {
    let table = try data.part("linear")
    return try ["orthogonal", "gaussian"].map { weights throws(PoiseError) in
      let point = try table.point(["weights": weights])
      let relevant = try table.series("layers.informationY.lower", at: point)
      let errors = try table.series("layers.errorY", at: point)
      let most = try table.series("layers.most", at: point)
      let last = relevant.count - 1
      let isOn = weights == "orthogonal"
      return StudyStatement(
        "linear, \(weights): I(T; Y) / bottleneck curve",
        claim: isOn
          ? "Isometric linear layers lie on the bottleneck curve of a Y that weighs directions "
            + "alike."
          : "Gaussian linear layers lie below it, by a fifth at least.",
        source: "Weng et al. 2022; \(Self.page)",
        measured: try mean(relevant[last] / most[last], errors[last] / most[last], table, point),
        is: isOn ? .equal : .atMost, isOn ? 1 : 0.8,
        tolerance: isOn ? 1e-6 : 0)
    }
  }

  // MARK: tanh networks, by linear readers

  private func nonlinear() throws(PoiseError) -> [StudyStatement] {
    let table = try data.part("plane")
    var all: [StudyStatement] = []
    for weights in ["orthogonal", "gaussian"] {
      let point = try table.point(["weights": weights])
      all += try [("linearX", "I(T; x)"), ("linearY", "I(T; Y)")].map {
        name, title throws(PoiseError) in
        let path = "check.series.\(name)"
        let measured = try table.series("\(path).measured", at: point)
        let theory = try table.series("\(path).theory", at: point)
        let error = try table.series("\(path).standardError", at: point)
        let last = measured.count - 1
        return StudyStatement(
          "tanh, \(weights): linear \(title), networks − theory",
          claim: "Layer \(last + 1) of \(weights) tanh networks stands in the bottleneck plane "
            + "where theory puts it: \(title) of a linear reader, to 0.02 nats per neuron.",
          source: Self.page,
          measured: try mean(measured[last] - theory[last], error[last], table, point), is: .equal,
          0,
          tolerance: 0.02)
      }
    }
    return all
  }

  // MARK: labels

  private func labels() throws(PoiseError) -> [StudyStatement] {
    let table = try data.part("labels")
    let point = table.count - 1
    let noise = try table.option("noise-variance", at: point)
    return try [("pairwiseLower", "lower"), ("pairwiseUpper", "upper")].map {
      name, word throws(PoiseError) in
      let path = "check.series.\(name)"
      let measured = try table.series("\(path).measured", at: point)
      let theory = try table.series("\(path).theory", at: point)
      let errors = try table.series("\(path).standardError", at: point)
      let gaps = try measured.indices.map { layer throws(PoiseError) in
        try mean(measured[layer] - theory[layer], errors[layer], table, point)
      }
      return StudyStatement(
        "digits, \(word) bound of I(T; x): networks − kernel",
        claim: "The kernel of corrected mean field gives the \(word) bound of what layers know "
          + "of digits, to 0.1 nats in all, at noise \(noise); the worst layer.",
        source: "docs/theory/corrected-mean-field.md",
        worstOf: gaps, is: .equal, 0, tolerance: 0.1)
    }
  }

  // MARK: picture

  func linearPanel() throws(PoiseError) -> StudyPanel {
    let table = try data.part("linear")
    let width = try table.value("width", at: 0)
    func series(_ name: String, _ weights: String) throws(PoiseError) -> [Double] {
      try table.series(name, at: table.point(["weights": weights])).map { $0 / width }
    }
    var curves = [
      StudyPanel.Curve(
        "bottleneck curve", .line, color: 6, x: try series("curveX", "orthogonal"),
        y: try series("curveY", "orthogonal"))
    ]
    for (color, weights) in ["orthogonal", "gaussian"].enumerated() {
      let x = try series("layers.informationX.lower", weights)
      curves.append(
        .init(
          "layers 1 to \(x.count), \(weights)", .points, color: color, x: x,
          y: try series("layers.informationY.lower", weights),
          error: try series("layers.errorY", weights)))
    }
    return StudyPanel(
      "plane",
      caption: "Layers of linear networks with σ_w² = 1 in the bottleneck plane, Y = x + noise. "
        + "Gaussian layers slide left and fall below the curve; all orthogonal layers are the "
        + "one point on it.",
      x: .init("I(T; x), nats per neuron"), y: .init("I(T; Y), nats per neuron"), curves: curves)
  }
}
