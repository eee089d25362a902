import PoiseModel
import PoiseNumerics
import PoisePosterior
import RealModule
import Testing

@Suite struct PosteriorLimitTests {
  /// L = 1, T = 0: u/σ² = ½[(1−α) + √((1−α)² + 4α r_0/σ²)].
  @Test(arguments: [0.1, 0.9, 1, 1.7, 12], [0.01, 1, 40])
  func oneLayerIsQuadratic(load: Double, strength: Double) throws {
    let order = try EqualWidths(load: load, variance: 1.3, depth: 1, labelStrength: strength)
    let b = 1 - load
    let root = 0.65 * (b + (b * b + 4 * load * strength / 1.3).squareRoot())
    #expect(relativeDifference(order.orderParameter, root) < 1e-12)
  }

  /// Few patterns: the prior. Narrow layers: u^L → r_0. Equality σ^{2L} = r_0: u = σ² at any width.
  @Test func ends() throws {
    let wide = try EqualWidths(load: 0, variance: 0.7, depth: 3, labelStrength: 5)
    #expect(wide.orderParameter == 0.7)
    let narrow = try EqualWidths(load: 1e9, variance: 0.7, depth: 3, labelStrength: 5)
    #expect(relativeDifference(narrow.scale ?? 0, 5) < 1e-8)
    let flat = try EqualWidths(load: 3, variance: 1.5, depth: 2, labelStrength: 2.25)
    #expect(relativeDifference(flat.orderParameter, 1.5) < 1e-13)
    #expect(flat.withWidth == .flat && abs(flat.logSlope) < 1e-13)
    let silent = try EqualWidths(load: 0.4, variance: 2, depth: 2, labelStrength: 0)
    #expect(relativeDifference(silent.orderParameter, 1.2) < 1e-15)
    #expect(throws: PoiseError.self) {
      try EqualWidths(load: 1.2, variance: 2, depth: 2, labelStrength: 0)
    }
  }

  /// The general solver at T = 0 and at a small T, and the equation of equal widths, agree.
  @Test func coldLimit() throws {
    let task = RandomTask(seed: 3, patterns: 12, inputs: 30)
    let cold = try task.posterior([20, 20], [0.8], temperature: 0)
    let order = try EqualWidths(
      load: 0.6, variance: 0.8, depth: 2, labelStrength: cold.labelStrength)
    #expect(relativeDifference(cold.renormalization.scale, order.scale ?? 0) < 1e-12)
    let cool = try task.posterior([20, 20], [0.8], temperature: 1e-9)
    #expect(relativeDifference(cold.renormalization.scale, cool.renormalization.scale) < 1e-7)
    #expect(cold.trainingError < 1e-25 && cool.trainingError < 2e-9)
    #expect(cold.regime == .interpolating)
  }

  /// Infinite width: saddle, exact mixture and Gaussian process are one.
  @Test func wideLimit() throws {
    let task = RandomTask(seed: 4, patterns: 10, inputs: 15)
    let posterior = try task.posterior([100_000_000, 100_000_000], [1.2], temperature: 0.1)
    let points = try posterior.modes.project(task.tests, inputVariance: 1.2)
    let process = posterior.gaussianProcessLimit(points)
    let saddle = posterior.predict(points)
    let exact = posterior.predict(points, mixture: try posterior.exact())
    for index in process.mean.indices {
      #expect(relativeDifference(saddle.variance[index], process.variance[index]) < 1e-6)
      #expect(relativeDifference(exact.variance[index], process.variance[index]) < 1e-6)
    }
  }

  /// A linear φ in the general formulas is the linear network.
  @Test func linearActivation() throws {
    let task = RandomTask(seed: 5, patterns: 8, inputs: 12)
    let variances = [1.1, 0.6, 1.7, 0.9]
    let priors = try LayerPriors(widths: [9, 14, 7], variances: variances)
    let base = try BaseKernel(
      activation: .named("linear"), depth: 3, variances: variances, train: task.inputs,
      test: task.tests)
    let general = try DeepPosterior(
      modes: KernelModes(kernel: base.train, targets: task.labels), priors: priors,
      temperature: 0.2)
    let linear = try task.posterior([9, 14, 7], variances, temperature: 0.2)
    #expect(
      relativeDifference(general.renormalization.scale, linear.renormalization.scale) < 1e-11)
    let a = general.predict(
      try general.modes.project(cross: base.cross, diagonal: base.diagonal))
    let b = linear.predict(try linear.modes.project(task.tests, inputVariance: 1.1))
    for index in a.mean.indices {
      #expect(abs(a.mean[index] - b.mean[index]) < 1e-11)
      #expect(abs(a.variance[index] - b.variance[index]) < 1e-11)
    }
  }

  /// One output by the matrix theory is the scalar theory; two independent ones are not mixed up.
  @Test(arguments: [0, 0.2]) func oneOutputOfMany(temperature: Double) throws {
    let task = RandomTask(seed: 6, patterns: 9, inputs: 20)
    let scalar = try task.posterior([15, 30], [1, 0.7, 1.4], temperature: temperature)
    let matrix = try MatrixPosterior(
      modes: scalar.modes, priors: scalar.priors, temperature: temperature)
    #expect(relativeDifference(matrix.scales[0], scalar.renormalization.scale) < 1e-11)
    let points = try scalar.modes.project(task.tests, inputVariance: 1)
    let (a, b) = (matrix.predict(points), scalar.predict(points))
    for index in b.mean.indices {
      #expect(abs(a.mean[index, 0] - b.mean[index]) < 1e-11)
      #expect(abs(a.covariance[index][0, 0] - b.variance[index]) < 1e-11)
    }
    #expect(relativeDifference(matrix.trainingError, scalar.trainingError) < 1e-10)
    let one = try LayerKernels(scalar, inputs: task.inputs)
    let many = try LayerKernels(matrix, inputs: task.inputs)
    let gap = zip(one.kernels[1].elements, many.kernels[1].elements).map { abs($0 - $1) }.max()!
    #expect(gap < 1e-10)
  }
}
