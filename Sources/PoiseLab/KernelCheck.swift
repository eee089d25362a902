public import PoiseMeanField
import PoiseModel
import PoiseNetworks
public import PoiseNumerics

/// Kernels of infinite width against networks: second moments of outputs, and Gram matrices of
/// gradients, at widths N and 2N, extrapolated to infinite width.
///
/// Each network gives the ratios of its mean entries, on and off the diagonal, to theory. The mean
/// ratio has a correction of order 1/N, which 2 r(2N) − r(N) removes; what is left is of the order
/// of (depth/2N)² and is allowed.
public struct KernelCheck: Sendable {
  /// The theory under test.
  public var kernel: NetworkKernel
  /// The inputs of the kernels (input × N₀).
  public var inputs: Matrix<Double>
  /// Networks of each of the two widths, 10 to 10⁶.
  public var networks: Int
  /// N of the narrower networks; the others have 2N.
  public var width: Int
  /// Seed of the networks.
  public var seed: UInt64
  /// Threads.
  public var jobs: Int
  private static let outputs = 4
  private static let titles = ["K_aa", "K_ab", "T_aa", "T_ab"]
  /// |z| that four right comparisons exceed with probability 1e-6 for many networks.
  private static let gaussianThreshold = 5.15

  /// - Throws: `outOfRange` for networks outside 10 to 10⁶.
  public init(
    _ kernel: NetworkKernel, inputs: Matrix<Double>, networks: Int, width: Int, seed: UInt64,
    jobs: Int
  ) throws(PoiseError) {
    guard (10...1_000_000).contains(networks) else {
      throw PoiseError(
        .outOfRange, quantity: "--networks", value: "\(networks)", allowed: "10 to 1000000")
    }
    (self.kernel, self.inputs, self.networks) = (kernel, inputs, networks)
    (self.width, self.seed, self.jobs) = (width, seed, jobs)
  }

  /// Builds the networks and compares.
  public func run() throws -> CheckResult {
    let (narrow, wide) = (try ratios(width), try ratios(2 * width))
    let rest = Double(kernel.depth * kernel.depth) / Double(4 * width * width)
    let theory = try means(2 * width)
    // Few networks have heavier tails than a Gaussian: the first term of Student's quantile.
    let t = Self.gaussianThreshold
    let threshold = t * (1 + (t * t + 1) / (4 * Double(networks - 1)))
    var series: [CheckResult.Series] = []
    for index in theory.indices where theory[index] != 0 {
      let (a, b) = (narrow[index], wide[index])
      let ratio = 2 * b.mean - a.mean
      let (ea, eb) = (a.standardError ?? 0, b.standardError ?? 0)
      let error = (4 * eb * eb + ea * ea).squareRoot() * abs(theory[index])
      let measured = ratio * theory[index]
      let allowance = rest * abs(theory[index - index % 2])
      series.append(
        .init(
          quantity: Self.titles[index], title: "mean \(Self.titles[index])",
          layers: [kernel.depth + 1], theory: [theory[index]], corrected: [theory[index]],
          allowance: [allowance], measured: [measured], standardError: [error],
          z: [(measured - theory[index]) / (error * error + allowance * allowance).squareRoot()]))
    }
    let worst = series.map { abs($0.z[0]) }.max() ?? 0
    let resolution =
      series.map { threshold * ($0.standardError[0] + $0.allowance[0]) / abs($0.theory[0]) }.min()
      ?? .infinity
    let verdict: CheckResult.Verdict =
      worst > threshold ? .differs : (resolution > 0.25 ? .inconclusive : .agrees)
    let words: [CheckResult.Verdict: String] = [
      .agrees: "agree", .differs: "differ", .inconclusive: "cannot be told apart",
    ]
    return CheckResult(
      networks: networks, width: width, rows: inputs.rows, seed: seed, series: series,
      worstZ: worst, threshold: threshold, falseAlarmRate: NetworkCheck.falseAlarmRate,
      comparisons: series.count, resolution: min(resolution, 1e300), verdict: verdict,
      statement: "Theory and networks of widths \(width) and \(2 * width), extrapolated, "
        + "\(words[verdict]!): largest |z| \(worst.rounded(to: 1)), allowed "
        + "\(threshold.rounded(to: 1)).")
  }

  /// Mean entries of theory: K on and off the diagonal, T in the standard parametrisation.
  private func means(_ width: Int) throws(PoiseError) -> [Double] {
    let standard = try NetworkKernel(
      of: kernel.ensemble, depth: kernel.depth, parametrization: .standard(width: width))
    let both = try standard.matrices(inputs, jobs: jobs)
    return Self.means(both.nngp) + Self.means(both.ntk)
  }

  private static func means(_ matrix: Matrix<Double>) -> [Double] {
    let count = matrix.rows
    let diagonal = (0..<count).reduce(0) { $0 + matrix[$1, $1] }
    let all = matrix.elements.reduce(0, +)
    let pairs = max(1, count * (count - 1))
    return [diagonal / Double(count), (all - diagonal) / Double(pairs)]
  }

  /// Measured over theory, per network, of the four means.
  private func ratios(_ width: Int) throws -> [RunningMoments] {
    let theory = try means(width)
    let architecture = try Architecture(
      inputs: inputs.columns, depth: kernel.depth, width: width, outputs: Self.outputs)
    let hasBiases = kernel.ensemble.biasVariance > 0
    let all = try parallelMap(count: networks, jobs: jobs) {
      (index: Int) throws(PoiseError) -> [Double] in
      let network = FiniteNetwork<Double>(
        sampling: kernel.ensemble, architecture: architecture, seed: seed, index: UInt64(index))
      let tangent = try EmpiricalNTK(of: network, inputs: inputs, includingBiases: hasBiases)
      let n = inputs.rows
      var ntk = Matrix<Double>(rows: n, columns: n)
      for output in 0..<Self.outputs {
        for a in 0..<n {
          for b in 0..<n {
            ntk[a, b] += tangent.kernel[output * n + a, output * n + b] / Double(Self.outputs)
          }
        }
      }
      var nngp = tangent.outputs.gram
      for entry in nngp.elements.indices { nngp.elements[entry] /= Double(Self.outputs) }
      return Self.means(nngp) + Self.means(ntk)
    }
    return theory.indices.map { part in
      RunningMoments(all.map { theory[part] != 0 ? $0[part] / theory[part] : 0 })
    }
  }
}
