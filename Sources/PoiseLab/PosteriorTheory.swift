public import PoiseModel
public import PoiseNumerics
public import PoisePosterior

/// The network and the temperature of one point of a survey.
public struct PosteriorSetting: Sendable, Equatable {
  /// φ of the hidden layers; linear is exact.
  public var activation: Activation
  /// N_1 … N_L and σ_1² … σ_{L+1}².
  public var priors: LayerPriors
  /// T.
  public var temperature: Double

  /// The values together; T is checked where the theory is built.
  public init(activation: Activation, priors: LayerPriors, temperature: Double) {
    self.activation = activation
    self.priors = priors
    self.temperature = temperature
  }

  /// Whether the theory's kernel is exact.
  public var isLinear: Bool { activation.name == "linear" }
}

/// Posterior theory on one task: everything that a record, a check or a figure asks for.
public struct PosteriorTheory: Sendable {
  /// Training patterns and test points.
  public let task: PosteriorTask
  /// Network, priors and temperature.
  public let setting: PosteriorSetting
  /// One output or several.
  public let solution: Solution
  /// The test points in the modes of the training set.
  public let points: TestPoints

  /// What the theory gives, by the number of outputs.
  public enum Solution: Sendable {
    /// One output, with the exact mixture over s; nil where its integral was refused.
    case one(DeepPosterior, ExactMixture?)
    case several(MatrixPosterior)
  }

  /// - Throws: as `KernelModes`, `BaseKernel`, `DeepPosterior` and `MatrixPosterior`.
  public init(
    _ task: PosteriorTask, _ setting: PosteriorSetting, jobs: Int = 1
  ) throws(PoiseError) {
    self.task = task
    self.setting = setting
    let modes: KernelModes
    let variance = setting.priors.inputVariance
    if setting.isLinear {
      modes = try KernelModes(
        inputs: task.inputs, targets: task.targets, inputVariance: variance)
      points = try modes.project(task.testInputs, inputVariance: variance)
    } else {
      let base = try BaseKernel(
        activation: setting.activation, depth: setting.priors.depth,
        variances: setting.priors.variances, train: task.inputs, test: task.testInputs,
        jobs: jobs)
      modes = try KernelModes(kernel: base.train, targets: task.targets)
      points = try modes.project(cross: base.cross, diagonal: base.diagonal)
    }
    if task.targets.columns == 1 {
      let posterior = try DeepPosterior(
        modes: modes, priors: setting.priors, temperature: setting.temperature)
      solution = .one(posterior, try? posterior.exact())
    } else {
      solution = .several(
        try MatrixPosterior(
          modes: modes, priors: setting.priors, temperature: setting.temperature))
    }
  }

  /// The training set in its kernel's modes.
  public var modes: KernelModes {
    switch solution {
    case .one(let posterior, _): posterior.modes
    case .several(let posterior): posterior.modes
    }
  }

  private var labels: [Double] { task.testTargets.elements }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }

  /// Mean squared test error of one sampled network, at the saddle point.
  public var testError: Double {
    switch solution {
    case .one(let posterior, _):
      Self.mean(posterior.predict(points).errors(labels: labels))
    case .several(let posterior):
      Self.mean(posterior.predict(points).errors(labels: task.testTargets))
    }
  }

  /// The same averaged over the exact mixture; nil for several outputs.
  public var exactTestError: Double? {
    guard case .one(let posterior, let mixture?) = solution else { return nil }
    return Self.mean(posterior.predict(points, mixture: mixture).errors(labels: labels))
  }

  /// The part of `exactTestError` that averaging many networks leaves; nil for several outputs.
  public var exactBias: Double? {
    guard case .one(let posterior, let mixture?) = solution else { return nil }
    return posterior.predict(points, mixture: mixture).bias(labels: labels)
  }

  /// The part of `testError` that averaging many networks leaves.
  public var bias: Double {
    switch solution {
    case .one(let posterior, _): return posterior.predict(points).bias(labels: labels)
    case .several(let posterior):
      let mean = posterior.predict(points).mean.elements
      return zip(mean, labels).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        / Double(max(1, task.testTargets.rows))
    }
  }

  /// Test error of the infinitely wide network; nil for several outputs.
  public var processError: Double? {
    guard case .one(let posterior, _) = solution else { return nil }
    return Self.mean(posterior.gaussianProcessLimit(points).errors(labels: labels))
  }

  /// Probability that one sampled network puts a test point into the wrong class, by sign; nil for
  /// several outputs, other labels than ±1, or no variance.
  public var signError: Double? {
    guard case .one(let posterior, let mixture) = solution, task.isBinary else { return nil }
    let each =
      mixture.map { posterior.signErrors(points, labels: labels, mixture: $0) }
      ?? posterior.predict(points).signErrors(labels: labels)
    let known = each.compactMap { $0 }
    return known.count == each.count ? Self.mean(known) : nil
  }

  /// Share of test points on the wrong side of the averaged predictor (its largest output, for
  /// several); nil for labels other than ±1.
  public var meanClassError: Double? {
    guard task.isBinary else { return nil }
    switch solution {
    case .one(let posterior, _):
      let mean = posterior.predict(points).mean
      return Self.mean(zip(mean, labels).map { $0 * $1 > 0 ? 0 : 1 })
    case .several(let posterior):
      let mean = posterior.predict(points).mean
      return Self.mean(
        (0..<mean.rows).map { row in
          let (found, wanted) = (mean.row(row), task.testTargets.row(row))
          let best = found.indices.max { found[$0] < found[$1] }!
          return wanted[best] > 0 ? 0 : 1
        })
    }
  }

  /// Training error of one sampled network, by the exact mixture where there is one.
  public var trainingError: Double {
    switch solution {
    case .one(let posterior, let mixture?): posterior.trainingError(mixture: mixture)
    case .one(let posterior, nil): posterior.trainingError
    case .several(let posterior): posterior.trainingError
    }
  }
}
