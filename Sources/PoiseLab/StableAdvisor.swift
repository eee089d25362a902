import PoiseHeavyTails
public import PoiseModel
import PoiseNetworks
public import PoiseNumerics
import RealModule

/// Answers "for which (α, σ_w) does a signal live through these layers?": from σ_c(N), exact, to where
/// small differences between inputs grow by more than e² over the depth.
public struct StableAdvisor: Sendable {
  /// φ, bounded and with φ(0) = 0.
  public let activation: Activation
  /// Hidden layers L.
  public let depth: Int
  /// Units N of each layer.
  public let width: Int
  /// Indices α that are asked about, 1 to 41 of them.
  public let alphas: [Double]
  /// Prepared inputs (row × feature) with their description.
  public let data: (inputs: Matrix<Double>, summary: DataSummary)?
  /// Networks that are fed with the data.
  public let networks: Int
  /// Seed of pools and networks.
  public let seed: UInt64
  /// Threads.
  public let jobs: Int
  /// P of λ: as many units as a layer has, within what a pool can be.
  public let pool: Int

  /// λ L at the upper end.
  static let largestGrowth = 2.0
  /// Largest scale that is tried.
  static let largestScale = 8.0

  /// - Throws: `noAnswer` for an unbounded φ or one without a fixed point at 0; `outOfRange`.
  public init(
    activation: Activation, depth: Int, width: Int, alphas: [Double],
    data: (inputs: Matrix<Double>, summary: DataSummary)? = nil, networks: Int = 20,
    seed: UInt64 = 1, jobs: Int = availableJobs
  ) throws(PoiseError) {
    // Also checks φ, width and depth.
    _ = try StablePhaseSurvey(activation: activation, width: width, depth: depth)
    guard activation.function.value(0) == 0 else {
      throw PoiseError(
        .noAnswer, quantity: "advice for stable weights with \(activation.name)",
        value: "h = 0 is no fixed point", allowed: "φ(0) = 0", suggestion: "tanh")
    }
    guard !alphas.isEmpty, alphas.count <= 41 else {
      throw PoiseError(
        .outOfRange, quantity: "--alpha", value: "\(alphas.count) values", allowed: "1 to 41")
    }
    self.activation = activation
    self.depth = depth
    self.width = width
    self.alphas = alphas
    self.data = data
    self.networks = networks
    self.seed = seed
    self.jobs = jobs
    pool = min(max(width, 1000), 20_000)
  }

  /// The whole answer.
  ///
  /// - Parameter progress: a stage, done, of all.
  public func answer(progress: Advisor.Progress? = nil) throws(PoiseError) -> StableAdviceResult {
    let counter = Counter()
    let windows = try parallelMap(count: alphas.count, jobs: jobs) {
      (index: Int) throws(PoiseError) -> StableAdviceResult.Window in
      let window = try window(alphas[index])
      progress?("windows", counter.next(), alphas.count)
      return window
    }
    progress?("plane", 0, 1)
    let plane = try plane(windows)
    let best = Self.best(windows)
    var measurement: StableAdviceResult.Measurement?
    if let data, networks > 0, let best, let scale = best.suggested {
      measurement = try measure(data.inputs, alpha: best.alpha, scale: scale) {
        progress?("networks", $0, networks)
      }
    }
    let words = StableAdviceSentences(advisor: self, windows: windows, best: best)
    return StableAdviceResult(
      activation: activation.name, depth: depth, width: width, pool: pool, data: data?.summary,
      headline: words.headline, reasons: words.reasons, promises: words.promises,
      caveats: words.caveats, windows: windows, plane: plane, measurement: measurement)
  }

  /// The widest window in ln σ_w; nil where all are closed.
  static func best(_ windows: [StableAdviceResult.Window]) -> StableAdviceResult.Window? {
    windows.filter { $0.suggested != nil }.max {
      ($0.upper ?? largestScale) / $0.lower < ($1.upper ?? largestScale) / $1.lower
    }
  }

  private func window(_ alpha: Double) throws(PoiseError) -> StableAdviceResult.Window {
    let theory = try HeavyTailMeanField(activation: activation, alpha: alpha, scale: 1)
    let lower = try theory.deathScale(width: width).scale
    var window = StableAdviceResult.Window(alpha: alpha, lower: lower, verdict: "open")
    let wanted = Self.largestGrowth / Double(depth)
    var found: [(place: Double, excess: Double, error: Double)] = []
    func excess(_ place: Double) throws(PoiseError) -> Double {
      let one = try PopulationDynamics(of: theory.with(scale: .exp(place)), pool: pool, seed: seed)
        .lyapunovExponent()
      found.append((place, one.value - wanted, one.standardError))
      return one.value - wanted
    }
    // The same random numbers at every scale: λ is nearly smooth in it.
    var (low, high) = (Double.log(lower), Double.log(lower))
    let top = Double.log(Self.largestScale)
    if try excess(low) < 0 {
      repeat {
        low = high
        high = min(top, high + 0.35)
      } while try excess(high) < 0 && high < top
      if found.last!.excess < 0 {
        window.upperCase = "beyond \(Int(Self.largestScale))"
      } else {
        for _ in 0..<5 {
          let middle = (low + high) / 2
          if try excess(middle) > 0 { high = middle } else { low = middle }
        }
        let upper = Double.exp((low + high) / 2)
        let slope = Self.slope(found, near: (low + high) / 2)
        window.upper = upper
        window.upperError =
          upper * ((high - low) / 2 + (slope > 0 ? found.last!.error / slope : 0))
      }
    } else {
      window.upper = lower
      window.verdict = "closed"
      return window
    }
    let upper = window.upper ?? Self.largestScale
    window.verdict = upper / lower < 1.2 ? "narrow" : "open"
    // No further than a factor of two from death: beyond, units saturate without need.
    let suggested = (lower * min(upper, 4 * lower)).squareRoot()
    window.suggested = suggested
    if case .settles(let point) = try theory.with(scale: suggested).outcome() {
      window.logLength = point.logLength
      window.settlingDepth = point.settlingDepth
    } else {
      window.logLengthCase = "dies"
    }
    return window
  }

  /// dλ/d ln σ_w between the two places that enclose the root most widely within a step.
  private static func slope(
    _ found: [(place: Double, excess: Double, error: Double)], near root: Double
  ) -> Double {
    let close = found.filter { abs($0.place - root) < 0.36 }.sorted { $0.place < $1.place }
    guard let first = close.first, let last = close.last, last.place > first.place else { return 0 }
    return (last.excess - first.excess) / (last.place - first.place)
  }

  /// A plane that shows the windows, with their upper ends as a boundary.
  private func plane(
    _ windows: [StableAdviceResult.Window]
  ) throws(PoiseError) -> StablePhaseResult {
    let (low, high) = (alphas.min() ?? 1, alphas.max() ?? 2)
    let columns = high - low > 1e-6 ? 21 : 1
    let top = 1.15 * windows.reduce(1.5) { max($0, $1.upper ?? $1.lower) }
    var plane = try StablePhaseSurvey(activation: activation, width: width, depth: depth).run(
      alphas: (0..<columns).map { low + (high - low) * Double($0) / Double(max(columns - 1, 1)) },
      scales: (1...40).map { 0.1 + (top - 0.1) * Double($0) / 40 }, jobs: jobs)
    plane.boundaries.append(
      StablePhaseResult.Boundary(
        name: "chaos", definition: "small differences grow by e² over \(depth) layers: λ L = 2",
        settings: "160 layers after 40", sizeName: "pool", size: pool,
        points: windows.map {
          .init(
            alpha: $0.alpha, scale: $0.upper, error: $0.upperError, scaleCase: $0.upperCase)
        }))
    return plane
  }

  /// q in the last layer of networks fed with the data.
  private func measure(
    _ inputs: Matrix<Double>, alpha: Double, scale: Double,
    _ progress: @escaping @Sendable (Int) -> Void
  ) throws(PoiseError) -> StableAdviceResult.Measurement {
    let theory = try HeavyTailMeanField(activation: activation, alpha: alpha, scale: scale)
    var expected = 0.0
    if case .settles(let point) = try theory.outcome() { expected = point.length }
    let ensemble = try NetworkEnsemble(
      activation: activation, weights: .stable(alpha: alpha, scale: scale))
    let architecture = try Architecture(inputs: inputs.columns, depth: depth, width: width)
    let counter = Counter()
    let lengths = try parallelMap(count: networks, jobs: jobs) {
      (index: Int) throws(PoiseError) -> Double in
      let sample = NetworkSample(
        of: ensemble, architecture: architecture, seed: seed, index: UInt64(index))
      var signal = inputs
      for layer in 0..<depth {
        let next: FiniteNetwork<Double>.Layer = sample.layer(layer)
        signal = Matrix.product(signal, next.weights.transposed)
        for place in signal.elements.indices {
          signal.elements[place] = activation.function.value(signal.elements[place])
        }
      }
      progress(counter.next())
      let power = signal.elements.reduce(0) { $0 + .pow(abs($1), alpha) }
      return .pow(scale, alpha) * power / Double(signal.elements.count)
    }
    let moments = RunningMoments(lengths)
    let alive = lengths.count { $0 > 1e-4 * max(expected, 1e-12) }
    let agrees = 10 * alive >= 9 * networks
    let error = moments.standardError ?? 0
    return StableAdviceResult.Measurement(
      alpha: alpha, scale: scale, networks: networks, rows: inputs.rows, alive: alive,
      length: moments.mean, lengthError: error, theory: expected,
      verdict: agrees ? .agrees : .differs,
      statement: "Of \(networks) networks with α = \(alpha.significant(3)), σ_w = "
        + "\(scale.significant(3)) the signal of the data lives in \(alive) at layer \(depth); q there "
        + "is \(moments.mean.significant(3)) ± \(error.significant(1)), at infinite width q* = "
        + "\(expected.significant(3)).")
  }
}
