import PoiseMeanField
import PoiseModel
import PoiseNumerics
import PoisePosterior
import RealModule

/// The quantities of posterior theory that `poise verify` knows.
enum PosteriorQuantities {
  typealias Parameters = Verification.Parameters
  typealias Expected = Verification.Expected

  static let registry: [String: Verification.Compute] = [
    "scalarSaddleT0": scalarSaddle, "unequalSaddleT0": unequalSaddle,
    "linearRegression": { p throws(PoiseError) in
      let task = try Task(p)
      let linear = try task.linear()
      var values = try regression(
        task, linear.posterior, linear.points)
      if case .leastSquares = linear.posterior.regime { return values }
      let layers = try LayerKernels(linear.posterior, inputs: task.patterns)
      values["layerKernels"] = .array(layers.kernels.flatMap(\.elements))
      return values
    },
    "exactFiniteWidth": exact, "multiOutput": multiOutput,
    "nonlinearRegression": nonlinear, "allRoots": allRoots,
    "noisyLinearTeacher": { p throws(PoiseError) in
      try solved(
        SolvedTask.noisyLinearTeacher(
          inputLoad: p.number("alpha0"), signal: p.number("signal"), noise: p.number("noise"),
          variance: p.number("sigma2"), depth: p.integer("depth"), load: p.number("alpha")))
    },
    "template": { p throws(PoiseError) in
      try solved(
        SolvedTask.template(
          inputLoad: p.number("alpha0"), spread: p.number("spread"),
          variance: p.number("sigma2"), depth: p.integer("depth"), load: p.number("alpha")))
    },
  ]

  /// The parameters of a regression.
  private struct Task {
    let patterns: Matrix<Double>
    let labels: Matrix<Double>
    let tests: Matrix<Double>
    let testLabels: Matrix<Double>
    let priors: LayerPriors
    let temperature: Double

    init(_ p: Parameters) throws(PoiseError) {
      patterns = try p.matrix("patterns")
      labels = try p.matrix("labels")
      tests = try p.matrix("testPatterns")
      testLabels = try p.matrix("testLabels")
      priors = try LayerPriors(widths: p.integers("widths"), variances: p.numbers("sigma2"))
      temperature = try p.number("temperature")
      guard testLabels.rows == tests.rows, testLabels.columns == labels.columns else {
        throw PoiseError(
          .shapeMismatch, quantity: "parameter testLabels",
          value: "\(testLabels.rows) × \(testLabels.columns)",
          allowed: "\(tests.rows) × \(labels.columns)")
      }
    }

    func modes() throws(PoiseError) -> (modes: KernelModes, points: TestPoints) {
      let modes = try KernelModes(
        inputs: patterns, targets: labels, inputVariance: priors.inputVariance)
      return (modes, try modes.project(tests, inputVariance: priors.inputVariance))
    }

    func linear() throws(PoiseError) -> (posterior: DeepPosterior, points: TestPoints) {
      let (modes, points) = try modes()
      return (
        try DeepPosterior(modes: modes, priors: priors, temperature: temperature), points
      )
    }
  }

  private static func optional(_ value: Double?) -> Expected {
    value.map { .number($0) } ?? .missing
  }

  private static func scalarSaddle(_ p: Parameters) throws(PoiseError) -> [String: Expected] {
    let order = try EqualWidths(
      load: p.number("alpha"), variance: p.number("sigma2"), depth: p.integer("depth"),
      labelStrength: p.number("r0"))
    let deep = order.infinitelyDeep
    var limit: Double?
    if case .finite(let value) = deep.scale { limit = value }
    return [
      "u": .number(order.orderParameter), "s": optional(order.scale),
      "dLogUdLogAlpha": .number(order.logSlope),
      "widthSign": .number(Double(order.withWidth.rawValue)),
      "depthSign": .number(Double(order.withDepth.rawValue)),
      "sInfiniteDepth": optional(limit), "uInfiniteDepth": .number(deep.orderParameter),
    ]
  }

  private static func unequalSaddle(_ p: Parameters) throws(PoiseError) -> [String: Expected] {
    let count = try p.number("P").checked("parameter P", in: 1...1e7)
    let strength = try p.number("r0")
    let priors = try LayerPriors(
      widths: p.integers("widths"), variances: [1] + p.numbers("sigma2Upper"))
    let ones = [Double](repeating: 1, count: Int(count))
    let problem = try RenormalizationAction(
      eigenvalues: ones, labelPower: ones.map { $0 * strength }, priors: priors, temperature: 0)
    let point = try problem.stationaryPoints()[0]
    return [
      "q": .array(point.orderParameters), "s": .number(point.scale),
      "B": .number(point.balance),
    ]
  }

  private static func allRoots(_ p: Parameters) throws(PoiseError) -> [String: Expected] {
    let priors = try LayerPriors(
      widths: p.integers("widths"), variances: [1] + p.numbers("sigma2Upper"))
    let problem = try RenormalizationAction(
      eigenvalues: p.numbers("kernelEigenvalues"), labelPower: p.numbers("labelPower"),
      priors: priors, temperature: p.number("temperature"))
    let points = try problem.stationaryPoints()
    let least = points.indices.min { points[$0].action < points[$1].action }!
    return [
      "s": .array(points.map(\.scale)), "q": .array(points.flatMap(\.orderParameters)),
      "action": .array(points.map(\.action)), "selected": .number(Double(least)),
    ]
  }

  private static func regression(
    _ task: Task, _ posterior: DeepPosterior, _ points: TestPoints
  ) throws(PoiseError) -> [String: Expected] {
    let prediction = posterior.predict(points)
    let labels = task.testLabels.elements
    let errors = prediction.errors(labels: labels)
    let signs = prediction.signErrors(labels: labels).compactMap { $0 }
    let point = posterior.renormalization
    var values: [String: Expected] = [
      "q": .array(point.orderParameters), "s": .number(point.scale),
      "mean": .array(prediction.mean), "variance": .array(prediction.variance),
      "error": .array(errors),
      "meanError": .number(errors.reduce(0, +) / Double(max(errors.count, 1))),
      "signErrorProbability": signs.count == errors.count ? .array(signs) : .missing,
      "rank": .number(Double(posterior.modes.rank)), "r0": .number(posterior.labelStrength),
      "B": .number(point.balance), "trainError": .number(posterior.trainingError),
      "action": .number(point.action),
      "logEvidenceSaddle": optional(posterior.logEvidenceSaddle),
      "logEvidenceOneLoop": optional(posterior.logEvidenceOneLoop),
    ]
    if case .leastSquares(_, let residual) = posterior.regime {
      values["residualSquared"] = .number(residual)
    }
    return values
  }

  private static func nonlinear(_ p: Parameters) throws(PoiseError) -> [String: Expected] {
    let task = try Task(p)
    let base = try BaseKernel(
      activation: .named(p.text("activation")), depth: task.priors.depth,
      variances: task.priors.variances, train: task.patterns, test: task.tests)
    let modes = try KernelModes(kernel: base.train, targets: task.labels)
    let points = try modes.project(cross: base.cross, diagonal: base.diagonal)
    let posterior = try DeepPosterior(
      modes: modes, priors: task.priors, temperature: task.temperature)
    var values = try regression(task, posterior, points)
    values["baseKernelTrain"] = .array(base.train.elements)
    values["baseKernelCross"] = .array(base.cross.transposed.elements)
    values["priorKernelTrain"] = .array(base.train.elements.map { $0 * base.priorFactor })
    return values
  }

  private static func exact(_ p: Parameters) throws(PoiseError) -> [String: Expected] {
    let task = try Task(p)
    let (posterior, points) = try task.linear()
    let mixture = try posterior.exact()
    let prediction = posterior.predict(points, mixture: mixture)
    return [
      "logEvidence": optional(mixture.logEvidence), "meanS": .number(mixture.meanScale),
      "meanInverseS": optional(mixture.meanInverseScale),
      "meanLogS": .number(mixture.meanLogScale), "meanQ": .array(mixture.meanOrderParameters),
      "mean": .array(prediction.mean),
      "error": .array(prediction.errors(labels: task.testLabels.elements)),
      "variance": .array(prediction.variance),
      "sSaddle": .number(posterior.renormalization.scale),
    ]
  }

  private static func multiOutput(_ p: Parameters) throws(PoiseError) -> [String: Expected] {
    let task = try Task(p)
    let (modes, points) = try task.modes()
    let posterior = try MatrixPosterior(
      modes: modes, priors: task.priors, temperature: task.temperature)
    let prediction = posterior.predict(points)
    let strength = modes.labelStrength
    return [
      "R": .array(strength.elements),
      "rEigenvalues": .array(try strength.symmetricEigendecomposition().values),
      "U": .array(posterior.scale.elements), "uEigenvalues": .array(posterior.scales),
      "mean": .array(prediction.mean.elements),
      "covariance": .array(prediction.covariance.flatMap(\.elements)),
      "error": .array(prediction.errors(labels: task.testLabels)),
    ]
  }

  private static func solved(_ task: SolvedTask) -> [String: Expected] {
    [
      "r0": .number(task.order.labelStrength), "u": .number(task.order.orderParameter),
      "bias": .number(task.bias), "variance": .number(task.predictionVariance),
      "error": .number(task.error), "signError": optional(task.signError),
    ]
  }
}
