import PoiseNumerics
import PoisePosterior
import Testing

@Suite struct PosteriorRefusalTests {
  @Test func temperatureBelowZero() throws {
    let task = RandomTask(seed: 1, patterns: 4, inputs: 6)
    #expect(throws: PoiseError.self) { try task.posterior([5], temperature: -0.1) }
    #expect(throws: PoiseError.self) { try task.posterior([5], temperature: .nan) }
  }

  @Test func moreOutputsThanUnits() throws {
    let task = RandomTask(seed: 1, patterns: 8, inputs: 9)
    let labels = Matrix(
      rows: 8, columns: 3, elements: (0..<24).map { Double(($0 * 7) % 5) - 2 })
    let modes = try KernelModes(inputs: task.inputs, targets: labels, inputVariance: 1)
    let error = #expect(throws: PoiseError.self) {
      try MatrixPosterior(
        modes: modes, priors: LayerPriors(widths: [9, 2], variances: [1]), temperature: 0)
    }
    #expect(error?.message.contains("narrowest hidden width, 2") == true)
  }

  /// One pattern twice with different labels: least squares, and the rank found is told.
  @Test func contradiction() throws {
    let inputs = Matrix(rows: 3, columns: 4, elements: [1, 2, 0, 1, 0, 1, 1, 1, 1, 2, 0, 1])
    let labels = Matrix(rows: 3, columns: 1, elements: [1, 1, -1])
    let modes = try KernelModes(inputs: inputs, targets: labels, inputVariance: 1)
    let priors = try LayerPriors(widths: [6, 6], variances: [1])
    let posterior = try DeepPosterior(modes: modes, priors: priors, temperature: 0)
    guard case .leastSquares(2, let residual) = posterior.regime else {
      Issue.record("rank 2 of 3")
      return
    }
    // The labels 1, −1 of one pattern meet at 0.
    #expect(abs(residual - 2) < 1e-12)
    let points = try modes.project(inputs, inputVariance: 1)
    let mean = posterior.predict(points).mean
    #expect(abs(mean[0]) < 1e-12 && abs(mean[1] - 1) < 1e-12)
    #expect(abs(posterior.trainingError - 2.0 / 3) < 1e-12)
    #expect(try DeepPosterior(modes: modes, priors: priors, temperature: 0.1).regime == .noisy)
  }

  @Test func zeroLabelsAndZeroInputs() throws {
    let task = RandomTask(seed: 2, patterns: 6, inputs: 9)
    let silent = Matrix<Double>(rows: 6, columns: 1)
    let modes = try KernelModes(inputs: task.inputs, targets: silent, inputVariance: 1)
    let wide = try DeepPosterior(
      modes: modes, priors: LayerPriors(widths: [12], variances: [2]), temperature: 0)
    // u = σ²(1 − α).
    #expect(abs(wide.renormalization.scale - 1) < 1e-13)
    let error = #expect(throws: PoiseError.self) {
      try DeepPosterior(
        modes: modes, priors: LayerPriors(widths: [5], variances: [2]), temperature: 0)
    }
    #expect(error?.message.contains("rank 6") == true)
    #expect(throws: PoiseError.self) {
      try KernelModes(
        inputs: Matrix(rows: 3, columns: 2), targets: Matrix(rows: 3, columns: 1, repeating: 1),
        inputVariance: 1)
    }
    let warm = try DeepPosterior(
      modes: modes, priors: LayerPriors(widths: [5, 5], variances: [2]), temperature: 0.1)
    #expect(warm.renormalization.scale > 0)
  }

  @Test func shapes() throws {
    #expect(throws: PoiseError.self) { try LayerPriors(widths: [], variances: [1]) }
    #expect(throws: PoiseError.self) { try LayerPriors(widths: [3], variances: [1, 2, 3]) }
    #expect(throws: PoiseError.self) { try LayerPriors(widths: [3], variances: [1, 0]) }
    #expect(throws: PoiseError.self) {
      try SolvedTask.noisyLinearTeacher(
        inputLoad: 1, signal: 1, noise: 0.1, variance: 1, depth: 2, load: 1)
    }
  }
}
