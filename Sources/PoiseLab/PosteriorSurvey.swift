public import PoiseModel
public import PoiseNumerics
import PoisePosterior
import RealModule

/// Posterior theory over a grid of settings.
public enum PosteriorSurvey {
  /// What is taken for granted, by activation.
  public static func assumptions(_ activation: Activation) -> [String] {
    DeepPosterior.assumptions
      + (activation.name == "linear"
        ? ["deep linear network: the exact mixture over s holds at every width"]
        : [
          "effective action (outer variant) for \(activation.name): an approximation; at two and "
            + "more hidden layers off by several per cent at any width"
        ])
  }

  /// One point of a record.
  /// - Throws: as `PosteriorTheory.init`.
  public static func point(
    _ theory: PosteriorTheory, coordinates: [Double] = []
  ) -> PosteriorResult.Point {
    let (priors, temperature) = (theory.setting.priors, theory.setting.temperature)
    let modes = theory.modes
    let m = modes.outputCount
    let unfitted = modes.unfitted(at: 0)
    let residual = (0..<m).reduce(0) { $0 + unfitted[$1, $1] }
    let strength = modes.labelStrength
    let regime =
      temperature > 0
      ? "noisy" : (modes.rank < modes.patternCount ? "least squares" : "interpolating")
    let (error, bias) = (theory.testError, theory.bias)
    var point = PosteriorResult.Point(
      patterns: modes.patternCount, widths: priors.widths, weightVariances: priors.variances,
      temperature: temperature, coordinates: coordinates, regime: regime, rank: modes.rank,
      conditionNumber: modes.conditionNumber,
      residualSquared: regime == "least squares" ? residual : 0,
      labelStrength: (0..<m).reduce(0) { $0 + strength[$1, $1] } / Double(m),
      orderParameters: [], scales: [], exactScale: nil, priorScale: .exp(priors.logPriorScale),
      stationaryPoints: [], testError: error, bias: bias, variance: error - bias,
      exactTestError: theory.exactTestError, processError: theory.processError,
      trainingError: theory.trainingError, signError: theory.signError,
      meanClassError: theory.meanClassError, logEvidence: nil, logEvidenceSaddle: nil,
      logEvidenceOneLoop: nil, quadratureError: nil)
    point.exactBias = theory.exactBias
    if let error = point.exactTestError, let bias = point.exactBias {
      point.exactVariance = error - bias
    }
    fill(&point, theory)
    point.exactTestErrorCase = point.exactTestError == nil ? point.exactScaleCase : nil
    point.processErrorCase = point.processError == nil ? "several outputs" : nil
    point.signErrorCase =
      point.signError == nil ? (m > 1 ? "several outputs" : "no signs to be wrong") : nil
    point.meanClassErrorCase = point.meanClassError == nil ? "labels are not ±1" : nil
    return point
  }

  private static func fill(_ point: inout PosteriorResult.Point, _ theory: PosteriorTheory) {
    switch theory.solution {
    case .one(let posterior, let mixture):
      let saddle = posterior.renormalization
      point.orderParameters = saddle.orderParameters
      point.scales = [saddle.scale]
      point.readoutParameter = saddle.orderParameters.last
      point.exactReadoutParameter = mixture?.meanOrderParameters.last
      point.exactScale = mixture?.meanScale
      point.exactScaleCase = mixture == nil ? "integral refused" : nil
      point.quadratureError = mixture?.quadratureError
      point.stationaryPoints = posterior.stationaryPoints.enumerated().map {
        PosteriorResult.StationaryPoint(
          scale: $1.scale, action: $1.action, isMinimum: $1.isMinimum,
          selected: $0 == posterior.selected)
      }
      point.logEvidence = mixture?.logEvidence
      point.logEvidenceSaddle = posterior.logEvidenceSaddle
      point.logEvidenceOneLoop = posterior.logEvidenceOneLoop
      if point.logEvidenceSaddle == nil { point.logEvidenceCase = "rank below the patterns" }
      if let order = equalWidths(theory) {
        point.errorWithWidth = words(order.withWidth)
        point.errorWithDepth = words(order.withDepth)
      }
    case .several(let posterior):
      let last = posterior.scales.count - 1
      point.orderParameters = posterior.orderParameters.row(last)
      point.scales = posterior.scales
      point.exactScaleCase = "several outputs"
      point.logEvidenceCase = "several outputs"
    }
  }

  private static func words(_ trend: EqualWidths.Trend) -> String {
    switch trend {
    case .falls: "falls"
    case .flat: "flat"
    case .grows: "grows"
    }
  }

  /// The equal-width theory of a point at T = 0; nil where widths or variances differ.
  static func equalWidths(_ theory: PosteriorTheory) -> EqualWidths? {
    let priors = theory.setting.priors
    guard theory.setting.temperature == 0, theory.setting.isLinear, theory.modes.outputCount == 1,
      Set(priors.widths).count == 1, Set(priors.variances).count == 1
    else { return nil }
    return try? EqualWidths(
      load: Double(theory.modes.rank) / Double(priors.narrowest), variance: priors.inputVariance,
      depth: priors.depth, labelStrength: theory.modes.labelStrength[0, 0])
  }

  /// Boundaries of the phases around a point; nil where the equal-width theory does not apply.
  public static func phaseMap(_ theory: PosteriorTheory) -> PosteriorResult.PhaseMap? {
    guard let order = equalWidths(theory) else { return nil }
    let strength = order.variance * order.labelStrength
    let (low, high) = (min(0.1, order.variance / 3), max(4, order.variance * 2))
    let top = max(3, 2 * strength)
    var (width, depth) = ([[Double]](), [[Double]]())
    for index in 0...200 {
      let variance = low * .exp(Double(index) / 200 * .log(high / low))
      let value = Double.exp(Double(order.depth + 1) * .log(variance))
      if value <= top { width.append([variance, value]) }
      let across = (1 - (1 - order.load) * variance) / max(order.load, 1e-300)
      if across >= 0, across <= top { depth.append([variance, across]) }
    }
    return PosteriorResult.PhaseMap(
      load: order.load, depth: order.depth, widthBoundary: width, depthBoundary: depth,
      variance: order.variance, labelStrength: strength)
  }

  /// Kernels of the layers of a deep linear network; patterns ordered by their label, in blocks where
  /// there are more than 48.
  /// - Throws: `noAnswer` for other activations.
  public static func layerProfile(
    _ theory: PosteriorTheory
  ) throws(PoiseError) -> PosteriorResult.LayerProfile {
    guard theory.setting.isLinear else {
      throw PoiseError(
        .noAnswer, quantity: "layer kernels", value: "activation \(theory.setting.activation)",
        allowed: "linear: the effective action has no kernels of single layers")
    }
    let priors = theory.setting.priors
    let layers: LayerKernels
    var norms: [Double] = []
    switch theory.solution {
    case .one(let posterior, _):
      layers = try LayerKernels(posterior, inputs: theory.task.inputs)
      norms = WeightNorms(posterior, inputDimension: theory.task.inputs.columns).squares
    case .several(let posterior):
      layers = try LayerKernels(posterior, inputs: theory.task.inputs)
    }
    let labels = (0..<theory.task.targets.rows).map { theory.task.targets[$0, 0] }
    let order = labels.indices.sorted { (labels[$0], $0) < (labels[$1], $1) }
    let size = min(48, order.count)
    let blocks = (0..<size).map { block in
      Array(order[block * order.count / size..<(block + 1) * order.count / size])
    }
    var factor = 1.0
    var kernels: [[Double]] = []
    for (layer, kernel) in ([layers.input] + layers.kernels).enumerated() {
      if layer > 0 { factor *= priors.variances[layer - 1] }
      var values: [Double] = []
      for a in blocks {
        for b in blocks {
          let sum = a.reduce(0) { total, row in b.reduce(total) { $0 + kernel[row, $1] } }
          values.append(sum / Double(a.count * b.count) / factor)
        }
      }
      kernels.append(values)
    }
    let alignment = layers.alignment(with: labels)
    var factors = [1.0]
    for variance in priors.variances.dropLast() { factors.append(factors.last! * variance) }
    let sizes = [theory.task.inputs.columns] + priors.widths + [theory.task.targets.columns]
    let tops = blocks.map { labels[$0[0]] }
    return PosteriorResult.LayerProfile(
      size: size, kernels: kernels,
      boundaries: (1..<max(1, size)).filter { tops[$0] != tops[$0 - 1] && theory.task.isBinary },
      alignment: alignment, priorAlignment: factors.map { $0 * alignment[0] },
      weightNorms: norms,
      priorWeightNorms: (0...priors.depth).map {
        Double(sizes[$0] * sizes[$0 + 1]) * priors.variances[$0]
      })
  }
}
