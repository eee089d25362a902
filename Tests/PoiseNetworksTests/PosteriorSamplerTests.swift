import Foundation
import PoiseModel
import PoiseNetworks
import PoiseNumerics
import Testing

@Suite struct PosteriorSamplerTests {
  static func task(
    patterns: Int = 12, inputs n: Int = 9, outputs: Int = 1, widths: [Int] = [7, 5],
    temperature: Double = 0.2, activation: String = "linear"
  ) throws -> SamplingTask {
    var stream = RandomStream(seed: 4, item: 0, purpose: .init(kind: 0xF1, index: 0))
    func draw(_ rows: Int, _ columns: Int) -> Matrix<Double> {
      Matrix(rows: rows, columns: columns) { stream.fillNormal($0) }
    }
    return try SamplingTask(
      inputs: draw(patterns, n), targets: draw(patterns, outputs), testInputs: draw(6, n),
      testTargets: draw(6, outputs), widths: widths,
      variances: (0...widths.count).map { 0.8 + 0.3 * Double($0) }, temperature: temperature,
      activation: .named(activation))
  }

  /// Same draws for any number of threads; a run cut in two and continued through JSON has the bits of
  /// the whole.
  @Test(arguments: ["linear", "tanh"]) func resumes(activation: String) throws {
    let task = try Self.task(activation: activation)
    func run(_ warmup: Int, _ draws: Int, _ states: [ChainState]? = nil, jobs: Int) throws
      -> ChainRun
    {
      if activation == "linear" {
        return try ChainRun(warmup: warmup, draws: draws, resuming: states, jobs: jobs) {
          chain, state throws(PoiseError) in
          try GibbsChain(task, seed: 11, chain: chain, resuming: state)
        }
      }
      return try ChainRun(warmup: warmup, draws: draws, resuming: states, jobs: jobs) {
        chain, state throws(PoiseError) in
        try HamiltonianChain(task, warmup: 10, seed: 11, chain: chain, resuming: state)
      }
    }
    let whole = try run(5, 20, jobs: 1)
    #expect(try run(5, 20, jobs: 2).traces == whole.traces)
    let first = try run(5, 8, jobs: 2)
    let stored = try JSONEncoder().encode(first.states)
    let states = try JSONDecoder().decode([ChainState].self, from: stored)
    let second = try run(5, 12, states, jobs: 1)
    for chain in 0..<2 {
      let joined = first.traces[chain].elements + second.traces[chain].elements
      #expect(joined == whole.traces[chain].elements)
    }
    #expect(second.states == whole.states)
    #expect(throws: PoiseError.self) {
      var broken = states
      broken[0].weights[0].removeLast()
      _ = try run(5, 12, broken, jobs: 1)
    }
  }

  /// Gibbs and Hamiltonian sampling share nothing but the potential; several outputs, and more
  /// patterns than units.
  @Test(arguments: [1, 2]) func twoSamplersAgree(outputs: Int) throws {
    let task = try Self.task(outputs: outputs, widths: [6, 8], temperature: 0.5)
    let gibbs = try ChainRun(warmup: 200, draws: 3000, jobs: 2) {
      chain, state throws(PoiseError) in try GibbsChain(task, seed: 1, chain: chain)
    }
    let hamiltonian = try ChainRun(warmup: 300, draws: 3000, jobs: 2) {
      chain, state throws(PoiseError) in
      try HamiltonianChain(task, warmup: 300, seed: 2, chain: chain)
    }
    for name in ["training error", "test error"] {
      let (a, b) = (try #require(gibbs.estimate(name)), try #require(hamiltonian.estimate(name)))
      #expect(a.isConverged && b.effectiveSize > 400 && b.splitRHat < 1.03, "\(a) \(b)")
      let error = (a.standardError * a.standardError + b.standardError * b.standardError)
        .squareRoot()
      #expect(abs(a.mean - b.mean) < 4.9 * error, "\(name): \(a.mean) \(b.mean) ± \(error)")
      #expect(error < 0.05 * a.mean)
    }
  }

  /// Every weight of the direct sampler fits the labels at T = 0, whatever q; the map is the product of
  /// the layers; lengths are those of q.
  @Test func directDraws() throws {
    let task = try Self.task(patterns: 6, temperature: 0)
    let sampler = try DirectSampler(task, seed: 3)
    for index in 0..<20 {
      let q = [0.5 + 0.1 * Double(index), 1.3]
      let draw = sampler.draw(index, orderParameters: q)
      let fitted = Matrix.product(task.inputs, draw.map, transposeB: true)
      let miss = zip(fitted.elements, task.targets.elements).map { abs($0 - $1) }.max()!
      #expect(miss < 1e-10)
      var product = draw.weights[2]
      for layer in [1, 0] { product = Matrix.product(product, draw.weights[layer]) }
      let scale = Double(9 * 7 * 5).squareRoot()
      let gap = zip(product.elements, draw.map.elements).map { abs($0 / scale - $1) }.max()!
      #expect(gap < 1e-12)
      let square = draw.weights[2].elements.reduce(0) { $0 + $1 * $1 }
      #expect(abs(square / 5 - 1.3) < 1e-12)
    }
    #expect(throws: PoiseError.self) { try DirectSampler(Self.task(outputs: 2), seed: 1) }
    #expect(throws: PoiseError.self) { try GibbsChain(task, seed: 1, chain: 0) }
  }

  /// An autoregressive series of known autocorrelation time, and chains that disagree.
  @Test func diagnostics() throws {
    let rho = 0.8
    let chains = (0..<4).map { chain in
      var stream = RandomStream(
        seed: 6, item: UInt64(chain), purpose: .init(kind: 0xF1, index: 1))
      var x = stream.normal()
      return (0..<20_000).map { _ in
        x = rho * x + (1 - rho * rho).squareRoot() * stream.normal()
        return x
      }
    }
    let good = ChainEstimate(name: "x", chains: chains)
    // (1 + ρ)/(1 − ρ) = 9.
    #expect(abs(good.autocorrelationTime / 9 - 1) < 0.12)
    #expect(good.isConverged && good.warning == nil && abs(good.deviation - 1) < 0.05)
    #expect(abs(good.mean) < 4.5 * good.standardError)
    let shifted = chains.enumerated().map { index, chain in chain.map { $0 + Double(index) } }
    let bad = ChainEstimate(name: "x", chains: shifted)
    #expect(!bad.isConverged && bad.splitRHat > 1.3 && bad.warning?.contains("R̂") == true)
    let constant = ChainEstimate(name: "c", chains: [[1, 1, 1, 1], [1, 1, 1, 1]])
    #expect(constant.standardError == 0 && constant.splitRHat == 1)
  }
}
