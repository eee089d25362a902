import PoiseMeanField
public import PoiseModel
import PoiseNetworks
public import PoiseNumerics
import RealModule

/// Theory against finite networks that are really built, on given inputs.
///
/// Theory starts from each row's own length and each pair's own overlap, is averaged exactly as
/// the measurement is, and carries its correction of order 1/width; what that correction may be
/// off by is the allowance. The verdict has a stated false-alarm rate.
public struct NetworkCheck: Sendable {
  /// The ensemble under test.
  public var ensemble: NetworkEnsemble
  /// The shape; a read-out is ignored.
  public var architecture: Architecture
  /// Networks to build, at least 3.
  public var networks: Int
  /// Seed of the networks.
  public var seed: UInt64
  /// Threads.
  public var jobs: Int
  /// Networks of another ensemble than the one under test: an error planted by a test.
  var networksFrom: NetworkEnsemble?
  /// Chance that a right theory is called wrong, over all comparisons together.
  public static let falseAlarmRate = 1e-6
  /// Rows through which gradients are sent back.
  static let gradientRows = 64

  /// - Throws: `outOfRange` for fewer than 3 networks.
  public init(
    _ ensemble: NetworkEnsemble, architecture: Architecture, networks: Int, seed: UInt64,
    jobs: Int
  ) throws(PoiseError) {
    guard networks >= 3 else {
      throw PoiseError(
        .outOfRange, quantity: "networks", value: "\(networks)", allowed: "at least 3",
        suggestion: "50: a standard error needs several networks")
    }
    self.ensemble = ensemble
    self.architecture = architecture
    self.networks = networks
    self.seed = seed
    self.jobs = jobs
  }

  /// Builds the networks, measures them and compares.
  ///
  /// - Parameters:
  ///   - inputs: rows × features.
  ///   - progress: called with the number of networks done.
  ///   - isCancelled: asked before every layer.
  /// - Throws: `shapeMismatch` for inputs that do not fit; `noAnswer` where lengths overflow.
  public func run(
    inputs: Matrix<Double>, progress: (@Sendable (Int) -> Void)? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(PoiseError) -> CheckResult {
    let theory = try InputPropagation(
      ensemble, inputs: inputs, depth: architecture.depth, jobs: jobs)
    let rows = min(Self.gradientRows, inputs.rows)
    let measured = try EnsembleMeasurements.measure(
      networksFrom ?? ensemble, architecture: architecture, inputs: inputs, networks: networks,
      seed: seed, jobs: jobs, options: MeasurementOptions(gradientRows: rows), progress: progress,
      isCancelled: isCancelled)
    if let layer = measured.divergedAtLayer.compactMap({ $0 }).min() {
      throw PoiseError(
        .noAnswer, quantity: "preactivations", value: "overflow at layer \(layer)",
        allowed: "networks whose signals stay finite", suggestion: "a smaller weight variance")
    }
    return try compare(theory, measured, inputs: inputs, gradientRows: rows)
  }

  private func compare(
    _ theory: InputPropagation, _ measured: EnsembleMeasurements, inputs: Matrix<Double>,
    gradientRows: Int
  ) throws(PoiseError) -> CheckResult {
    let overlaps =
      theory.meanOverlap.isEmpty
      ? theory.meanLength.map { _ in 0.0 } : theory.meanOverlap
    let corrections = try FiniteWidth(
      of: ensemble, inputs: architecture.inputs, widths: architecture.widths,
      lengths: theory.meanLength, overlaps: overlaps)
    var series = [
      makeSeries(
        "length", "length q", theory.meanLength, corrections.lengthShift, measured.length,
        scales: theory.meanLength)
    ]
    if !theory.meanOverlap.isEmpty {
      series.append(
        makeSeries(
          "overlap", "overlap k of pairs", theory.meanOverlap, corrections.overlapShift,
          measured.overlap, scales: theory.meanLength,
          extra: zip(theory.meanLength, theory.meanOverlap).map {
            theory.truncationError + overlapAllowance(length: $0, overlap: $1)
          }))
    }
    // A gradient that vanished exactly (all units of a layer dead) has no logarithm to average.
    let dead = measured.logGradient.count { !$0.allSatisfy(\.isFinite) }
    if architecture.depth > 1, dead == 0 {
      series.append(try gradientSeries(theory, corrections, measured, rows: gradientRows))
    }
    var result = verdict(series, rows: inputs.rows)
    if dead > 0 {
      result.statement +=
        " Gradients were not compared: in \(dead) of the networks some vanish exactly."
    }
    return result
  }

  /// Where φ′ jumps, the second derivatives behind the overlap's correction are sharp near c = 1
  /// and known only to about a per cent of the gap q − k.
  private func overlapAllowance(length: Double, overlap: Double) -> Double {
    ensemble.activation.function.slopeJumps.isEmpty ? 0 : 0.01 * abs(length - overlap)
  }

  private func gradientSeries(
    _ theory: InputPropagation, _ corrections: FiniteWidth, _ measured: EnsembleMeasurements,
    rows: Int
  ) throws(PoiseError) -> CheckResult.Series {
    let depth = architecture.depth
    var growth = [Double](repeating: 0, count: depth)
    for layer in stride(from: depth - 2, through: 0, by: -1) {
      let mean = theory.logChi1[layer].prefix(rows).reduce(0, +) / Double(rows)
      growth[layer] = growth[layer + 1] + mean
    }
    let shift = try GradientShift(
      of: ensemble, widths: architecture.widths, lengths: theory.meanLength,
      corrections: corrections
    )
    // The random cotangent's own norm is divided out.
    let relative = measured.logGradient.map { profile in
      profile.map { $0 - profile[depth - 1] }
    }
    return makeSeries(
      "gradient", "squared gradient ln |gˡ|²/|g^L|²", Array(growth.dropLast()),
      Array(shift.shift.dropLast()), relative.map { Array($0.dropLast()) },
      extra: shift.memory.dropLast().map { $0 > 0 ? 0.25 * $0 : -0.1 * $0 }, isLogarithm: true)
  }

  private func makeSeries(
    _ quantity: String, _ title: String, _ theory: [Double], _ shift: [Double],
    _ measured: [[Double]], scales: [Double] = [], extra: [Double] = [],
    isLogarithm: Bool = false
  ) -> CheckResult.Series {
    var series = CheckResult.Series(
      quantity: quantity, title: title, layers: Array(1...theory.count), theory: theory,
      corrected: [], allowance: [], measured: [], standardError: [], z: [])
    for layer in theory.indices {
      let moments = RunningMoments(measured.map { $0[layer] })
      let error = moments.standardError ?? 0
      // One standard deviation of what the next order may be: a twentieth of the correction, and
      // a quarter of its square in units of the quantity itself.
      let unit = isLogarithm ? 1 : max(abs(theory[layer]), 1e-300)
      let allowance =
        0.05 * abs(shift[layer]) + 0.25 * shift[layer] * shift[layer] / unit
        + (extra.isEmpty ? 0 : extra[layer])
      // The corrections themselves are computed to eight digits.
      let rounding = 1e-8 * (isLogarithm ? 1 : scales[layer])
      let scale = (error * error + allowance * allowance + rounding * rounding).squareRoot()
      let corrected = theory[layer] + shift[layer]
      series.corrected.append(corrected)
      series.allowance.append(allowance)
      series.measured.append(moments.mean)
      series.standardError.append(error)
      series.z.append(scale > 0 ? (moments.mean - corrected) / scale : 0)
    }
    return series
  }

  private func verdict(_ series: [CheckResult.Series], rows: Int) -> CheckResult {
    let comparisons = series.reduce(0) { $0 + $1.z.count }
    let threshold =
      (try? StudentT.twoSidedQuantile(
        Self.falseAlarmRate / Double(comparisons), degreesOfFreedom: Double(networks - 1))) ?? 10
    let worst = series.flatMap(\.z).map { abs($0) }.max() ?? 0
    let lengths = series[0]
    let resolutions = lengths.layers.indices.map { layer in
      let (error, allowance) = (lengths.standardError[layer], lengths.allowance[layer])
      return threshold * (error * error + allowance * allowance).squareRoot()
        / max(abs(lengths.corrected[layer]), 1e-300)
    }.sorted()
    let resolution = resolutions[resolutions.count / 2]
    // A correction that is itself uncertain by more than a factor e^½ compares nothing.
    let blurred = series.contains { one in
      one.quantity == "gradient" && (one.allowance.max() ?? 0) > 0.5
    }
    let verdict: CheckResult.Verdict =
      worst > threshold ? .differs : (resolution > 0.25 || blurred ? .inconclusive : .agrees)
    let numbers = "largest |z| \(worst.rounded(to: 2)) of \(comparisons) comparisons"
    let statement =
      switch verdict {
      case .agrees:
        "Theory and \(networks) networks agree: \(numbers), allowed \(threshold.rounded(to: 2)). "
          + "An error of \(max(100 * resolution, 0.1).rounded(to: 1)) % in the length would show."
      case .differs:
        "Theory and \(networks) networks differ: \(numbers), allowed \(threshold.rounded(to: 2)). "
          + "The corrections of order depth/width may be too large here: try a larger width."
      case .inconclusive:
        "\(networks) networks cannot tell: \(numbers), but "
          + (blurred
            ? "the corrections of order depth/width to the gradient are as large as itself. "
            : "only an error above \((100 * resolution).rounded(to: 0)) % in the length would show. ")
          + "Try more networks or a larger width."
      }
    return CheckResult(
      networks: networks, width: architecture.widths.last!, rows: rows, seed: seed,
      series: series, worstZ: worst, threshold: threshold, falseAlarmRate: Self.falseAlarmRate,
      comparisons: comparisons, resolution: resolution, verdict: verdict, statement: statement)
  }
}

extension Double {
  /// The number with a given count of decimals, for sentences.
  func rounded(to decimals: Int) -> String {
    let scale = Double.pow(10, decimals)
    let value = (self * scale).rounded() / scale
    return decimals == 0 && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
