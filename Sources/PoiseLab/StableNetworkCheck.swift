public import PoiseHeavyTails
import PoiseModel
public import PoiseNumerics
import RealModule

/// Builds chains of layers with stable weights at three widths and follows three signals through each:
/// one at the scale asked for, whose length is compared with q*; one at 0.85 σ_c(N), which must die; one kept
/// so small (so large, for an unbounded φ) that its growth is exact.
public struct StableNetworkCheck: Sendable {
  let theory: HeavyTailMeanField
  /// N/4, N/2 and N.
  public let widths: [Int]
  let seed: UInt64

  /// Layers of a chain: 400 after those in which lengths settle.
  static let layers = 400
  /// Above this multiple of σ_c(N) lengths of width N are near q*.
  static let clearance = 1.25

  /// - Parameter width: the largest width N; the others are N/4 and N/2.
  /// - Throws: `outOfRange` below 200, where nothing could be claimed, or above 8000.
  public init(_ theory: HeavyTailMeanField, width: Int = 1000, seed: UInt64 = 1) throws(PoiseError)
  {
    guard (200...8000).contains(width) else {
      throw PoiseError(
        .outOfRange, quantity: "width of the check", value: "\(width)",
        allowed: "200 to 8000: narrower layers say nothing about wide ones", suggestion: "1000")
    }
    self.theory = theory
    self.seed = seed
    widths = [width / 4, width / 2, width]
  }

  /// Seconds on one thread, by the measured cost of a stable number with all that is done to it.
  public var seconds: Double {
    Double(Self.layers) * 60e-9
      * zip(widths, Self.chains).reduce(0) { $0 + Double($1.0 * $1.0 * $1.1) }
  }

  /// More chains where they are cheap.
  private static let chains = [4, 2, 2]

  /// - Parameters:
  ///   - jobs: threads; the result does not depend on them.
  ///   - progress: called with chains done, of all.
  /// - Throws: `noAnswer` where no quantity of this φ is exact.
  public func run(
    jobs: Int = 1, progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws(PoiseError) -> TailsCheck {
    let fixed: HeavyTailMeanField.FixedLength? =
      if case .settles(let point) = try theory.outcome() { point } else { nil }
    let growths = try widths.map { width throws(PoiseError) in
      try TailsSurvey.growth(theory, width: width)
    }
    guard fixed != nil || growths.contains(where: { $0 != nil }) else {
      throw PoiseError(
        .noAnswer, quantity: "--check of \(theory.activation.name)", value: "no exact quantity",
        allowed: "a bounded activation, or one that is linear far out", suggestion: "tanh or relu")
    }
    // The widest first: no thread is left with it at the end.
    let tasks = widths.indices.reversed().flatMap { index in
      (0..<Self.chains[index]).map { (index, $0) }
    }
    let counter = Counter()
    let walks = try parallelMap(count: tasks.count, jobs: jobs) {
      (task: Int) throws(PoiseError) -> Walk in
      let (index, number) = tasks[task]
      let walk = try walk(widths[index], number, fixed, growths[index])
      progress?(counter.next(), tasks.count)
      return walk
    }
    var rows: [TailsCheck.Row] = []
    for (index, width) in widths.enumerated() {
      let mine = zip(tasks, walks).filter { $0.0.0 == index }.map(\.1)
      rows += self.rows(width, mine, fixed, growths[index])
    }
    return judge(rows.sorted { Self.order($0) < Self.order($1) }, fixed, growths.last ?? nil)
  }

  private static func order(_ row: TailsCheck.Row) -> Int {
    (["length", "growth", "death"].firstIndex(of: row.quantity) ?? 3) * 1_000_000 + row.width
  }

  /// What one chain saw.
  private struct Walk: Sendable {
    /// Means of q over batches of layers.
    var lengths: [Double] = []
    /// Independent steps of ln of the norm.
    var steps: [Double] = []
    /// log₁₀ q of the dying signal in the end.
    var end: Double?
  }

  private func walk(
    _ width: Int, _ number: Int, _ fixed: HeavyTailMeanField.FixedLength?,
    _ growth: FiniteWidthGrowth?
  ) throws(PoiseError) -> Walk {
    let settling = min(100, max(4, fixed?.settlingDepth ?? 4))
    let discarded = fixed == nil ? 0 : Int(5 * settling)
    let batch = max(10, Int(2 * settling))
    let chain = try StableChain(
      theory.activation, alpha: theory.alpha, width: width, depth: discarded + Self.layers,
      seed: seed, item: UInt64(width) << 8 | UInt64(number))
    let (alpha, scale) = (theory.alpha, theory.scale)
    let bias = Double.pow(theory.biasScale, alpha)
    let isLarge = !TailsSurvey.isBounded(theory.activation)
    let far = isLarge ? 1e60 : 1e-60
    var biases = RandomStream(
      seed: seed, item: UInt64(width) << 8 | UInt64(number), purpose: .init(kind: 0x52, index: 0))
    let biasLaw = try StableLaw(alpha: alpha, scale: .exp2(-1 / alpha))
    // Signals start as rows of the first matrix would leave them: not special in any direction.
    let start = (0..<width).map { Double($0 % 2 == 0 ? 1 : -1) }
    var (signal, dying, steady) = (start, start, start.map { far * $0 })
    let deathFactor = (growth?.criticalScale).map { 0.85 * $0 }
    var (walk, sum, counted) = (Walk(), 0.0, 0)
    for layer in 0..<discarded + Self.layers {
      let next = chain.products(chain.weights(layer), [signal, dying, steady])
      let previous = chain.meanPower(steady)
      var h = next[0].map { scale * $0 }
      if theory.biasScale > 0 {
        let shifts = biasLaw.sample(count: width, from: &biases)
        for index in h.indices { h[index] += theory.biasScale * shifts[index] }
      }
      signal = chain.activate(h)
      if fixed != nil, layer >= discarded {
        sum += .pow(scale, alpha) * chain.meanPower(signal) + bias
        counted += 1
        if counted == batch {
          walk.lengths.append(sum / Double(batch))
          (sum, counted) = (0, 0)
        }
      }
      if let deathFactor, !isLarge { dying = chain.activate(next[1], times: deathFactor) }
      if growth != nil {
        steady = chain.activate(next[2], times: scale)
        let power = chain.meanPower(steady)
        guard power > 0, power.isFinite else { continue }
        walk.steps.append(.log(power / previous) / alpha)
        let shrink = far / .pow(power, 1 / alpha)
        for index in steady.indices { steady[index] *= shrink }
      }
    }
    if deathFactor != nil, !isLarge {
      walk.end = .log10(max(chain.meanPower(dying), 1e-300))
    }
    return walk
  }

  private func rows(
    _ width: Int, _ walks: [Walk], _ fixed: HeavyTailMeanField.FixedLength?,
    _ growth: FiniteWidthGrowth?
  ) -> [TailsCheck.Row] {
    var rows: [TailsCheck.Row] = []
    if let fixed, fixed.length > 0 {
      let moments = RunningMoments(walks.flatMap(\.lengths))
      let isJudged = isClear(growth) && width == widths.last
      let error = moments.standardError ?? .infinity
      let deviation = moments.mean / fixed.length - 1
      let limit = max(4 * error / fixed.length, 0.06)
      rows.append(
        TailsCheck.Row(
          quantity: "length", width: width, scale: theory.scale, layers: Self.layers * walks.count,
          theory: fixed.length, measured: moments.mean, standardError: error,
          deviation: deviation, limit: isJudged ? limit : nil,
          passes: !isJudged || abs(deviation) < limit))
    }
    guard let growth else { return rows }
    let moments = RunningMoments(walks.flatMap(\.steps))
    let error = moments.standardError ?? .infinity
    let expected = growth.rate(scale: theory.scale)
    let deviation = moments.mean - expected
    rows.append(
      TailsCheck.Row(
        quantity: "growth", width: width, scale: theory.scale, layers: moments.count,
        theory: expected, measured: moments.mean, standardError: error, deviation: deviation,
        limit: 4.5 * error, passes: abs(deviation) < 4.5 * error))
    if let last = walks.compactMap(\.end).max() {
      rows.append(
        TailsCheck.Row(
          quantity: "death", width: width, scale: 0.85 * growth.criticalScale,
          layers: Self.layers, theory: -12, measured: last, standardError: nil,
          deviation: last + 12, limit: 0, passes: last < -12))
    }
    return rows
  }

  /// Whether the scale is well above σ_c(N), so that lengths have to be near q*.
  private func isClear(_ growth: FiniteWidthGrowth?) -> Bool {
    guard let growth else { return true }
    return theory.scale >= Self.clearance * growth.criticalScale
  }

  private func judge(
    _ rows: [TailsCheck.Row], _ fixed: HeavyTailMeanField.FixedLength?,
    _ growth: FiniteWidthGrowth?
  ) -> TailsCheck {
    var rows = rows
    let lengths = rows.indices.filter { rows[$0].quantity == "length" }
    var texts: [String] = []
    if let first = lengths.first, let last = lengths.last, let width = widths.last {
      let (a, b) = (rows[first], rows[last])
      let size = "\((100 * abs(b.deviation)).significant(2)) %"
      if isClear(growth) {
        // Nearer to q* than at a quarter of the width, within what both means allow.
        let errors = ((a.standardError ?? 0) + (b.standardError ?? 0)) / b.theory
        let shrinks = abs(b.deviation) < abs(a.deviation) + 4 * errors
        if !shrinks { rows[last].passes = false }
        texts.append(
          "q at width \(width) is \(size) off q*"
            + (shrinks
              ? ", no further than at width \(widths[0])" : ", further than at \(widths[0])"))
      } else {
        texts.append(
          "σ_w is not well above σ_c(\(width)), so q (\(size) off q*) is not judged")
      }
    }
    let growths = rows.filter { $0.quantity == "growth" }
    if let worst = growths.map({ abs($0.deviation) / ($0.standardError ?? 1) }).max() {
      texts.append("growth is exact within \(worst.significant(2)) standard errors")
    }
    let deaths = rows.filter { $0.quantity == "death" }
    if !deaths.isEmpty {
      texts.append(
        deaths.allSatisfy(\.passes)
          ? "every chain at 0.85 σ_c(N) is dead after \(Self.layers) layers"
          : "some chains at 0.85 σ_c(N) are alive after \(Self.layers) layers")
    }
    let agrees = rows.allSatisfy(\.passes)
    return TailsCheck(
      widths: widths, seed: seed, rows: rows, verdict: agrees ? .agrees : .differs,
      statement: "Theory and networks \(agrees ? "agree" : "differ"): "
        + texts.joined(separator: "; ") + ".")
  }
}
