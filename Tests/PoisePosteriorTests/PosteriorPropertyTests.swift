import PoiseNumerics
import PoisePosterior
import RealModule
import Testing

@Suite struct PosteriorPropertyTests {
  /// Signs of the phases are those of differences in width and depth, at random parameters.
  @Test func phases() throws {
    var stream = RandomStream(seed: 9, item: 0, purpose: .init(kind: 0xF0, index: 1))
    var (grows, falls) = (0, 0)
    for _ in 0..<400 {
      let load = Double.exp(3 * stream.uniform() - 2)
      let variance = Double.exp(2 * stream.uniform() - 1)
      let strength = Double.exp(3 * stream.uniform() - 1.5)
      let depth = 1 + stream.integer(below: 6)
      func at(_ load: Double, _ depth: Int) throws -> EqualWidths {
        try EqualWidths(load: load, variance: variance, depth: depth, labelStrength: strength)
      }
      let here = try at(load, depth)
      let wider = try at(load * 0.999, depth)
      let slope = (wider.orderParameter - here.orderParameter) * Double(here.withWidth.rawValue)
      #expect(slope >= 0)
      let deeper = try at(load, depth + 1)
      let change = (deeper.scale! - here.scale!) * Double(here.withDepth.rawValue)
      #expect(change >= 0)
      if here.withDepth == .grows { grows += 1 } else { falls += 1 }
      // d ln u/d ln α by differences.
      let up = try at(load * 1.0001, depth)
      let down = try at(load / 1.0001, depth)
      let numeric = Double.log(up.orderParameter / down.orderParameter) / (2 * .log(1.0001))
      #expect(abs(numeric - here.logSlope) < 1e-6)
      // Corrections fall as 1/L, the slower the nearer to divergence.
      let slack = load - 1 + 1 / variance
      if case .finite(let limit) = here.infinitelyDeep.scale, slack > 0.1 {
        let deep = try at(load, 100_000)
        #expect(relativeDifference(deep.scale!, limit) < 0.02)
      }
    }
    #expect(grows > 50 && falls > 50)
  }

  /// ∫ p(Y) dY = 1 for one pattern: all normalisations of the exact mixture.
  @Test(arguments: [[3], [2, 5], [4, 1, 9]]) func evidenceIsADensity(widths: [Int]) throws {
    let variances = [0.8] + widths.map { 0.5 + 1 / Double($0) }
    let priors = try LayerPriors(widths: widths, variances: variances)
    // y = sinh x: tails heavier than any Gaussian's.
    let step = 0.1
    var sum = 0.0
    for index in -130...130 {
      let x = Double(index) * step
      let modes = try KernelModes(
        inputs: Matrix(rows: 1, columns: 2, elements: [1, 0.5]),
        targets: Matrix(rows: 1, columns: 1, elements: [Double.sinh(x)]), inputVariance: 0.8)
      let mixture = try DeepPosterior(modes: modes, priors: priors, temperature: 0.3).exact()
      sum += step * .cosh(x) * .exp(mixture.logEvidence!)
    }
    #expect(abs(sum - 1) < 1e-8)
  }

  /// The step of the quadrature and the tilt do not show; a collapsed and a learned state coexist.
  @Test func quadratureError() throws {
    for (seed, widths) in [(1, [1]), (2, [1, 40]), (3, [300, 2, 7]), (4, [5, 5, 5, 5, 5])] {
      let task = RandomTask(seed: UInt64(seed), patterns: 6, inputs: 9)
      for temperature in [0.0, 1e-3, 0.4] {
        let mixture = try task.posterior(widths, temperature: temperature).exact()
        #expect(mixture.quadratureError < 1e-9, "\(widths) \(temperature)")
        #expect(abs(mixture.weights.reduce(0, +) - 1) < 1e-12)
      }
    }
  }

  /// ⟨q_l⟩ of the identity against draws of q, whose mean needs no identity; ⟨s⟩ against the grid.
  @Test(arguments: [0, 0.1]) func draws(temperature: Double) throws {
    let task = RandomTask(seed: 8, patterns: 20, inputs: 30)
    let posterior = try task.posterior([12, 7, 30], [1, 0.6, 1.5, 0.9], temperature: temperature)
    let mixture = try posterior.exact()
    var stream = RandomStream(seed: 5, item: 1, purpose: .init(kind: 0xF0, index: 2))
    let q = try OrderParameterDraws(posterior.problem, around: posterior.renormalization)
      .draw(count: 20_000, from: &stream)
    for layer in 0..<3 {
      let moments = RunningMoments((0..<q.rows).map { q[$0, layer] })
      let z = (moments.mean - mixture.meanOrderParameters[layer]) / moments.standardError!
      #expect(abs(z) < 4.9, "layer \(layer)")
      #expect(moments.standardError! < 0.006 * moments.mean)
    }
    let s = RunningMoments((0..<q.rows).map { q.row($0).reduce(1, *) })
    #expect(abs(s.mean - mixture.meanScale) < 4.9 * s.standardError!)
  }

  /// Singular values of small data and eigenvalues of large data give the same modes.
  @Test func twoRoutes() throws {
    let task = RandomTask(seed: 12, patterns: 40, inputs: 25)
    let direct = try task.posterior([30], temperature: 0)
    guard case .leastSquares(let rank, let residual) = direct.regime else {
      Issue.record("40 patterns in 25 dimensions are least squares")
      return
    }
    #expect(rank == 25 && residual > 0)
    var kernel = task.inputs.gram
    for index in kernel.elements.indices { kernel.elements[index] /= 25 }
    let general = try DeepPosterior(
      modes: KernelModes(kernel: kernel, targets: task.labels), priors: direct.priors,
      temperature: 0)
    #expect(general.modes.rank == 25)
    #expect(
      relativeDifference(general.renormalization.scale, direct.renormalization.scale) < 1e-11)
    let points = try direct.modes.project(task.tests, inputVariance: 1)
    #expect(direct.predict(points).variance.allSatisfy { $0 == 0 })
    #expect(direct.logEvidenceSaddle == nil)
    #expect(try direct.exact().logEvidence == nil)
  }

  /// Weight norms obey the sum rule of the exact rotation: |a|² and rows along v̂ only.
  @Test func noDataNoChange() throws {
    let task = RandomTask(seed: 13, patterns: 5, inputs: 40)
    let hot = try task.posterior([20, 10], [1, 2, 3], temperature: 1e9)
    let norms = WeightNorms(hot, inputDimension: 40).squares
    for (value, prior) in zip(norms, [800.0, 400, 30]) {
      #expect(relativeDifference(value, prior) < 1e-6)
    }
  }
}
