public import PoiseInformation
import PoiseModel
import PoiseNetworks
public import PoiseNumerics
import RealModule

/// What a theory of information says of second moments, on finite networks that are really built: q, c, v
/// and ½ ln det of the covariance of every layer.
///
/// Networks of the width asked for and of half of it give the limit of infinite width by 2m(N) − m(N/2),
/// which removes the correction of order 1/width without knowing it; a twentieth of that correction is
/// allowed for the next order. The information itself is measured by nested Monte Carlo on networks of
/// a few units (`NestedCheck`).
public struct InformationCheck: Sendable {
  /// The channel under test.
  public var channel: NetworkChannel
  /// Layers L, 1 to 100.
  public var depth: Int
  /// Units of the input and of every layer of the wider networks, n₀ … n_L.
  public var widths: [Int]
  /// Networks that are drawn, at least 3.
  public var networks: Int
  /// Seed of everything random.
  public var seed: UInt64
  /// Threads.
  public var jobs: Int
  /// Networks of another channel than the one under test: an error planted by a test.
  var networksFrom: NetworkChannel?

  /// - Throws: `outOfRange` for fewer than 3 networks, a width outside 32 to 1024, or a depth outside 1
  ///   to 100.
  public init(
    _ channel: NetworkChannel, depth: Int, width: Int, networks: Int, seed: UInt64, jobs: Int
  ) throws(PoiseError) {
    guard (1...100).contains(depth) else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "1 to 100 for a check")
    }
    try self.init(
      channel, widths: [Int](repeating: width, count: depth + 1), networks: networks, seed: seed,
      jobs: jobs)
  }

  /// Of networks of given widths n₀ … n_L, which have to be even: half of each is built too.
  /// - Throws: as above.
  public init(
    _ channel: NetworkChannel, widths: [Int], networks: Int, seed: UInt64, jobs: Int
  ) throws(PoiseError) {
    guard networks >= 3 else {
      throw PoiseError(
        .outOfRange, quantity: "networks", value: "\(networks)", allowed: "at least 3")
    }
    if let width = widths.first(where: { !(32...1024).contains($0) || $0 % 2 != 0 }) {
      throw PoiseError(
        .outOfRange, quantity: "width of a check", value: "\(width)", allowed: "even, 32 to 1024",
        suggestion: "128: networks of half the width are built too")
    }
    guard (2...101).contains(widths.count) else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(widths.count - 1)",
        allowed: "1 to 100 for a check")
    }
    self.channel = channel
    depth = widths.count - 1
    self.widths = widths
    self.networks = networks
    self.seed = seed
    self.jobs = jobs
  }

  /// The quantities, in the order in which networks are measured.
  private enum Quantity: String, CaseIterable {
    case length, overInputs, overNoise, covarianceLogDet

    var title: String {
      switch self {
      case .length: "length q"
      case .overInputs: "variance over inputs c"
      case .overNoise: "variance over noise v"
      case .covarianceLogDet: "½ ln det of the covariance, per neuron"
      }
    }
  }

  /// Builds networks of both widths, measures and compares.
  ///
  /// - Parameter progress: called with the number of networks done, of twice `networks`.
  /// - Throws: as `NetworkChannel.bounds`.
  public func run(progress: (@Sendable (Int) -> Void)? = nil) throws(PoiseError) -> CheckResult {
    let bounds = try channel.bounds(toLayer: depth, widths: widths)
    var theory: [[Double]] = []
    for layer in 1...depth {
      let variances = try channel.variances(toLayer: layer)[layer - 1]
      theory.append([
        variances.total, variances.overInputs, variances.overNoise,
        bounds[layer - 1].covarianceLogDet,
      ])
    }
    let half = try measure(widths.map { $0 / 2 }) { progress?($0) }
    let whole = try measure(widths) { progress?(networks + $0) }
    var series: [CheckResult.Series] = []
    for (index, quantity) in Quantity.allCases.enumerated() {
      // Noise at the output alone: v is s, whatever the network.
      if quantity == .overNoise, case .output = channel.noise { continue }
      series.append(
        compare(
          quantity, theory.map { $0[index] }, half.map { $0.map { $0[index] } },
          whole.map { $0.map { $0[index] } }))
    }
    let small = NestedCheck(
      channel: channel, widths: widths, networks: min(networks, 12), seed: seed, jobs: jobs)
    if let nested = try small.series() { series.append(nested) }
    return try Self.verdict(
      series, of: 1, "variance over inputs", networks: networks, width: widths.last!,
      rows: NoisyPass.rowsPerUnit * widths.max()!, seed: seed)
  }

  /// (network × layer × quantity).
  private func measure(
    _ widths: [Int], _ done: @Sendable (Int) -> Void
  ) throws(PoiseError) -> [[[Double]]] {
    let counter = Counter()
    let source = networksFrom ?? channel
    let shape = try Architecture(inputs: widths[0], widths: Array(widths[1...]))
    return try parallelMap(count: networks, jobs: jobs) {
      (index: Int) throws(PoiseError) -> [[Double]] in
      let network = FiniteNetwork<Double>(
        sampling: source.ensemble, architecture: shape, seed: seed,
        index: UInt64(index) + (widths == self.widths ? 0 : 1 << 40))
      var stream = RandomStream(
        seed: seed, item: UInt64(index),
        purpose: RandomStream.Purpose(kind: 0xF1, index: widths.last!))
      let layers = try NoisyPass(network, source).measure(&stream)
      done(counter.next())
      return layers
    }
  }

  private func compare(
    _ quantity: Quantity, _ theory: [Double], _ half: [[Double]], _ whole: [[Double]]
  ) -> CheckResult.Series {
    var series = CheckResult.Series(quantity.rawValue, quantity.title)
    for layer in theory.indices {
      series.append(
        extrapolating: whole.map { $0[layer] }, half.map { $0[layer] }, theory: theory[layer])
    }
    return series
  }

  /// The verdict over all series; `of` is the one by whose errors its sharpness is told.
  static func verdict(
    _ series: [CheckResult.Series], of sharp: Int, _ name: String, networks: Int, width: Int,
    rows: Int, seed: UInt64
  ) throws(PoiseError) -> CheckResult {
    let comparisons = series.reduce(0) { $0 + $1.z.count }
    let threshold = try StudentT.twoSidedQuantile(
      NetworkCheck.falseAlarmRate / Double(comparisons), degreesOfFreedom: Double(networks - 1))
    let worst = series.flatMap(\.z).map { abs($0) }.max() ?? 0
    let sharpest = series[sharp]
    let resolution =
      sharpest.layers.indices.map { layer in
        let (error, allowance) = (sharpest.standardError[layer], sharpest.allowance[layer])
        return threshold * (error * error + allowance * allowance).squareRoot()
          / max(abs(sharpest.theory[layer]), 1e-300)
      }.max() ?? 0
    let verdict: CheckResult.Verdict =
      worst > threshold ? .differs : (resolution > 0.5 ? .inconclusive : .agrees)
    let numbers =
      "largest |z| \(worst.rounded(to: 2)) of \(comparisons) comparisons, allowed "
      + threshold.rounded(to: 2)
    let error = (100 * resolution).rounded(to: 1)
    let statement =
      switch verdict {
      case .agrees:
        "Theory and \(networks) networks agree: \(numbers). An error of \(error) % in the \(name) "
          + "would show."
      case .differs: "Theory and \(networks) networks differ: \(numbers)."
      case .inconclusive:
        "\(networks) networks cannot tell: \(numbers), but only an error above \(error) % in the "
          + "\(name) would show. Try more networks or a larger width."
      }
    return CheckResult(
      networks: networks, width: width, rows: rows, seed: seed, series: series, worstZ: worst,
      threshold: threshold, falseAlarmRate: NetworkCheck.falseAlarmRate, comparisons: comparisons,
      resolution: resolution, verdict: verdict, statement: statement)
  }
}

extension CheckResult.Series {
  init(_ quantity: String, _ title: String) {
    self.init(
      quantity: quantity, title: title, layers: [], theory: [], corrected: [], allowance: [],
      measured: [], standardError: [], z: [])
  }

  /// One more layer, its networks extrapolated to infinite width from N and N/2 by 2m(N) − m(N/2).
  mutating func append(extrapolating whole: [Double], _ half: [Double], theory value: Double) {
    let (wide, narrow) = (RunningMoments(whole), RunningMoments(half))
    let shift = wide.mean - narrow.mean
    let (a, b) = (wide.standardError ?? 0, narrow.standardError ?? 0)
    // Of what the shift may be off by, only what is not noise itself.
    let certain = max(0, abs(shift) - 2 * (a * a + b * b).squareRoot())
    append(
      wide.mean + shift, (4 * a * a + b * b).squareRoot(), theory: value,
      allowance: 0.05 * certain + 1e-9 * abs(value))
  }

  /// One more layer.
  mutating func append(
    _ mean: Double, _ error: Double, theory value: Double, allowance extra: Double
  ) {
    let scale = (error * error + extra * extra).squareRoot()
    layers.append(layers.count + 1)
    theory.append(value)
    corrected.append(value)
    allowance.append(extra)
    measured.append(mean)
    standardError.append(error)
    z.append(scale > 0 ? (mean - value) / scale : 0)
  }
}
