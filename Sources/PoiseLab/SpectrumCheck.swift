import PoiseData
import PoiseMeanField
public import PoiseModel
import PoiseNetworks
public import PoiseNumerics
import PoiseSpectra
import RealModule

/// Singular values of finite networks beside the law, at one width and at half of it.
///
/// The law is that of infinite width. A share that differs from it by more than its standard error
/// is no contradiction if the difference halves from width/2 to width, as one of order 1/width does.
public struct SpectrumCheck: Sendable {
  /// The law under test.
  public var ensemble: NetworkEnsemble
  /// N₀ … N_L of the larger networks.
  public var widths: [Int]
  /// Networks of each of the two sizes, at least 3.
  public var networks: Int
  /// Seed of everything random.
  public var seed: UInt64
  /// Threads.
  public var jobs: Int

  /// - Throws: `outOfRange` for fewer than 3 networks or a width below 16.
  public init(
    _ ensemble: NetworkEnsemble, depth: Int, width: Int, networks: Int, seed: UInt64, jobs: Int
  ) throws(PoiseError) {
    try self.init(
      ensemble, widths: [Int](repeating: width, count: depth + 1), networks: networks, seed: seed,
      jobs: jobs)
  }

  /// Layers of several widths.
  ///
  /// - Parameter widths: N₀ … N_L: the input and every layer.
  /// - Throws: `outOfRange` for fewer than 3 networks or a width below 16.
  public init(
    _ ensemble: NetworkEnsemble, widths: [Int], networks: Int, seed: UInt64, jobs: Int
  ) throws(PoiseError) {
    guard networks >= 3 else {
      throw PoiseError(
        .outOfRange, quantity: "networks", value: "\(networks)", allowed: "at least 3")
    }
    guard widths.count > 1 else {
      throw PoiseError(
        .outOfRange, quantity: "widths", value: "\(widths.count)",
        allowed: "the input and at least one layer")
    }
    if let width = widths.first(where: { !(16...8192).contains($0) }) {
      throw PoiseError(.outOfRange, quantity: "width", value: "\(width)", allowed: "16 to 8192")
    }
    self.ensemble = ensemble
    self.widths = widths
    self.networks = networks
    self.seed = seed
    self.jobs = jobs
  }

  private var depth: Int { widths.count - 1 }
  /// Singular values per network, zeros included.
  private var width: Int { widths[depth] }

  /// Builds networks of both widths and compares.
  ///
  /// - Parameters:
  ///   - inputMeanSquare: |x|²/N₀; nil for inputs that stay at the fixed point.
  ///   - progress: called with the number of networks done, of twice `networks`.
  public func run(
    inputMeanSquare: Double?, progress: (@Sendable (Int) -> Void)? = nil
  ) throws(PoiseError) -> SpectrumResult.Check {
    let isSquare = widths.allSatisfy { $0 == width }
    let spectrum = try SpectrumSurvey.spectrum(
      ensemble, depth, inputMeanSquare, isSquare ? nil : widths)
    let square =
      inputMeanSquare
      ?? (spectrum.lengths[0] - ensemble.biasVariance) / ensemble.weightVariance
    let edges = try binEdges(spectrum)
    let above = spectrum.survivals(atLogEigenvalues: edges.map { 2 * $0 })
    let theory = (1..<edges.count).map { above[$0 - 1] - above[$0] }
    let half = try histogram(edges, widths.map { max($0 / 2, 8) }, square) { progress?($0) }
    let whole = try histogram(edges, widths, square) { progress?(networks + $0) }
    return judge(spectrum, edges, theory, half, whole)
  }

  /// Bins of about equal mass; ends far outside.
  private func binEdges(_ spectrum: JacobianSpectrum) throws(PoiseError) -> [Double] {
    let bins = 24
    var edges: [Double] = []
    for index in 1..<bins {
      let share = spectrum.zeroMass + (1 - spectrum.zeroMass) * Double(index) / Double(bins)
      let edge = try spectrum.quantile(share)
      // An atom takes several shares at once: it becomes one bin.
      if edge.isFinite, edge - (edges.last ?? -.infinity) > 1e-3 { edges.append(edge - 1e-6) }
    }
    let low = (edges.first ?? 0) - 40 - 4 * Double(depth)
    let high = (edges.last ?? 0) + 5
    return [low] + edges + [high]
  }

  private struct Histogram {
    var shares: [RunningMoments]
    var zeros = RunningMoments()
    var variance = RunningMoments()
  }

  private func histogram(
    _ edges: [Double], _ widths: [Int], _ meanSquare: Double, _ done: @Sendable (Int) -> Void
  ) throws(PoiseError) -> Histogram {
    let shape = try Architecture(inputs: widths[0], widths: Array(widths.dropFirst()))
    let width = widths[depth]
    let raw = try SyntheticInputs.gaussian(
      rows: 1, dimension: widths[0], scale: 1, seed: seed
    ).scaledToUnitMeanSquare().dataset
    let input = raw.inputs.elements.map { $0 * max(meanSquare, 0).squareRoot() }
    let counter = Counter()
    let values = try parallelMap(count: networks, jobs: jobs) {
      (index: Int) throws(PoiseError) in
      let network = FiniteNetwork<Double>(
        sampling: ensemble, architecture: shape, seed: seed, index: UInt64(index))
      let found = try network.jacobian(at: input).logSingularValues()
      done(counter.next())
      return found
    }
    var result = Histogram(
      shares: [RunningMoments](repeating: RunningMoments(), count: edges.count - 1))
    for found in values {
      var counts = [Int](repeating: 0, count: edges.count - 1)
      for value in found.logarithms {
        if let bin = edges.lastIndex(where: { $0 <= value }), bin < counts.count {
          counts[bin] += 1
        }
      }
      for (bin, count) in counts.enumerated() {
        result.shares[bin].add(Double(count) / Double(width))
      }
      // All that are missing of N_L: where the input is narrower, some have no place to come from.
      result.zeros.add(Double(width - found.logarithms.count) / Double(width))
      let squares = found.logarithms.map { Double.exp(2 * $0) }
      let mean = squares.reduce(0, +) / Double(width)
      let second = squares.reduce(0) { $0 + $1 * $1 } / Double(width)
      if mean > 0, second.isFinite { result.variance.add(second / (mean * mean) - 1) }
    }
    return result
  }

  private func judge(
    _ spectrum: JacobianSpectrum, _ edges: [Double], _ theory: [Double], _ half: Histogram,
    _ whole: Histogram
  ) -> SpectrumResult.Check {
    func deviation(_ histogram: Histogram) -> Double {
      zip(histogram.shares, theory).reduce(0) { $0 + abs($1.0.mean - $1.1) }
    }
    let errors = whole.shares.map { $0.standardError ?? 0 }
    let z = theory.indices.map { bin -> Double in
      // A bin whose counts never vary still has the granularity of one value.
      let error = max(errors[bin], 1 / Double(width * networks))
      return abs(whole.shares[bin].mean - theory[bin]) / error
    }
    let (total, before, worst) = (deviation(whole), deviation(half), z.max() ?? 0)
    let noise = errors.reduce(0, +)
    let agrees = worst < 4.5 || total < 2 * noise || total < 0.7 * before
    let verdict: CheckResult.Verdict = agrees ? .agrees : .differs
    let statement =
      "The histogram of \(networks) networks of width \(width) \(verdict.rawValue) with the law: "
      + "their shares differ by \(total.significant(2)) in all over \(theory.count) bins "
      + "(\(before.significant(2)) at half the width, noise \(noise.significant(2))); "
      + "v measured \((whole.variance.mean).significant(3)), "
      + "theory \(spectrum.relativeVariance.significant(3))."
    return SpectrumResult.Check(
      networks: networks, width: width, seed: seed, edges: edges, theory: theory,
      measured: whole.shares.map(\.mean), standardError: errors,
      zeroTheory: spectrum.zeroMass, zeroMeasured: whole.zeros.mean,
      variance: [
        spectrum.relativeVariance, whole.variance.mean, whole.variance.standardError ?? 0,
      ], totalDeviation: total, halfWidthDeviation: before, worstZ: worst, verdict: verdict,
      statement: statement)
  }
}
