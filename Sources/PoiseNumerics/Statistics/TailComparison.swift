import RealModule

/// The power law beside other laws on the same tail, x ≥ x_min, each with its own largest likelihood.
public struct TailComparison: Sendable, Equatable {
  /// One other law.
  public struct Alternative: Sendable, Equatable {
    /// `exponential`, `log-normal`, `truncated power law`.
    public let name: String
    /// lnL(power law) − lnL(other): above 0 for the power law.
    public let logLikelihoodRatio: Double
    /// Vuong's z; nil where the power law is a case of the other, or both agree everywhere.
    public let z: Double?
    /// Two-sided for Vuong's z; for the truncated law the probability of a larger gain where the
    /// power law is true, half that of χ² with one degree of freedom.
    public let pValue: Double?
    /// Fitted parameters, by name.
    public let parameters: [String: Double]
    /// Why there is no test, if there is none.
    public let remark: String?
  }

  public let alternatives: [Alternative]

  /// Compares on the tail of a fitted power law.
  /// - Throws: `notConverged`.
  public init(_ tail: PowerLawTail, _ sample: RealSample) throws(PoiseError) {
    let logs = PowerLawTail.descendingLogs(sample)
    let low = logs[tail.count - 1]
    let t = logs.prefix(tail.count).map { max(0, $0 - low) }
    let rate = tail.exponent - 1
    let power = t.map { Double.log(rate) - rate * $0 }
    alternatives = [
      Self.exponential(t, power), Self.logNormal(t, power, threshold: low),
      try Self.truncated(t, power, rate, least: tail.least),
    ]
  }

  // Densities are of t = ln(x/x_min), the same change of variable for all.

  /// λ e^(−λ(x − x_min)): with e = x/x_min, ln f = ln ℓ + t − ℓ (e − 1), ℓ = λ x_min = 1/⟨e − 1⟩.
  private static func exponential(_ t: [Double], _ power: [Double]) -> Alternative {
    let excess = t.map { Double.expMinusOne($0) }
    let mean = excess.reduce(0, +) / Double(t.count)
    guard mean.isFinite, mean > 0 else {
      return Alternative(
        name: "exponential", logLikelihoodRatio: .infinity, z: nil, pValue: nil, parameters: [:],
        remark: "the mean of the tail is beyond the range of numbers")
    }
    let other = zip(t, excess).map { -Double.log(mean) + $0 - $1 / mean }
    return vuong("exponential", power, other, ["rate over threshold": 1 / mean])
  }

  /// Normal t cut off below 0, by matching ⟨t⟩ and ⟨t²⟩: their ratio ⟨t²⟩/⟨t⟩² depends on b = μ/σ
  /// alone and rises to 2, the power law, as b → −∞.
  private static func logNormal(
    _ t: [Double], _ power: [Double], threshold: Double
  ) -> Alternative {
    let count = Double(t.count)
    let first = t.reduce(0, +) / count
    let second = t.reduce(0) { $0 + $1 * $1 } / count
    let ratio = second / (first * first)
    let root = try? bracketedRoot(from: -25, to: 60) { (b: Double) throws(PoiseError) in
      moments(b).second / (moments(b).first * moments(b).first) - ratio
    }
    guard let root else {
      return Alternative(
        name: "log-normal", logLikelihoodRatio: 0, z: nil, pValue: nil, parameters: [:],
        remark: "its largest likelihood is that of the power law itself")
    }
    let b = root.value
    let sigma = first / moments(b).first
    let constant =
      -0.5 * Double.log(2 * .pi) - .log(sigma) - .log(StandardNormal.cumulative(b))
    let other = t.map { t in
      let z = t / sigma - b
      return constant - z * z / 2
    }
    return vuong("log-normal", power, other, ["mu": threshold + b * sigma, "sigma": sigma])
  }

  /// ⟨t⟩/σ = b + λ and ⟨t²⟩/σ² = 1 + b (b + λ), λ = φ(b)/Φ(b).
  private static func moments(_ b: Double) -> (first: Double, second: Double) {
    let hazard =
      b < 0
      ? (2 / Double.pi).squareRoot() / StandardNormal.scaledErfc(-b * 0.5.squareRoot())
      : StandardNormal.density(b) / StandardNormal.cumulative(b)
    let first = b + hazard
    return (first, 1 + b * first)
  }

  private static func vuong(
    _ name: String, _ power: [Double], _ other: [Double], _ parameters: [String: Double]
  ) -> Alternative {
    let test = VuongTest(power, other)
    let ratio = zip(power, other).reduce(0) { $0 + $1.0 - $1.1 }
    return Alternative(
      name: name, logLikelihoodRatio: test?.logLikelihoodRatio ?? ratio, z: test?.z,
      pValue: test?.pValue, parameters: parameters,
      remark: test == nil ? "no difference to test" : nil)
  }

  /// f ∝ x^−γ e^(−λx): with ℓ = λ x_min, ln f = −a t − ℓ e^t − ln Z(a, ℓ).
  private static func truncated(
    _ t: [Double], _ power: [Double], _ rate: Double, least: Double
  ) throws(PoiseError) -> Alternative {
    let name = "truncated power law"
    let count = Double(t.count)
    let first = t.reduce(0, +) / count
    let largest = Double.exp(t.max() ?? 0)
    let mean = t.reduce(0) { $0 + .exp($1) } / count
    guard largest < 1e150 else {
      return Alternative(
        name: name, logLikelihoodRatio: 0, z: nil, pValue: nil, parameters: [:],
        remark: "the tail spans more than 150 decades")
    }
    let lowest = -20 - Double.log(largest)
    let maximizer = LikelihoodMaximizer(
      lower: [-20, lowest], upper: [rate + 1e-9, 5], stepLimit: [1 + rate, 2],
      differenceStep: [1e-4, 1e-4])
    let outcome = try maximizer.maximize(from: [0.9 * rate, -.log(largest)]) {
      (p: [Double]) throws(PoiseError) in
      let cut = Double.exp(p[1])
      let m = TruncatedMoments(rate: p[0], cut: cut)
      return LikelihoodPoint(
        value: count * (-p[0] * first - cut * mean - m.logNorm),
        gradient: [count * (m.log - first), count * cut * (m.size - mean)],
        scoreSquares: [
          count * m.logVariance, count * cut * m.covariance, count * cut * m.covariance,
          count * cut * cut * m.sizeVariance,
        ])
    }
    let gain = outcome.point.value - power.reduce(0, +)
    guard gain > 1e-6, outcome.parameters[1] > lowest else {
      return Alternative(
        name: name, logLikelihoodRatio: 0, z: nil, pValue: 1, parameters: [:],
        remark: "its largest likelihood is that of the power law itself")
    }
    return Alternative(
      name: name, logLikelihoodRatio: -gain, z: nil, pValue: Double.erfc(gain.squareRoot()) / 2,
      parameters: [
        "exponent": 1 + outcome.parameters[0], "rate": .exp(outcome.parameters[1]) / least,
      ], remark: nil)
  }
}

/// Moments of t and e^t under e^(−a t − ℓ e^t)/Z, t ≥ 0.
private struct TruncatedMoments {
  var logNorm = 0.0
  var log = 0.0
  var size = 0.0
  var logVariance = 0.0
  var covariance = 0.0
  var sizeVariance = 0.0

  private static let rule = GaussLegendre(20)

  init(rate: Double, cut: Double) {
    // Beyond `end` the exponent has fallen by 45 from its largest.
    let peak = rate < -cut ? Double.log(-rate / cut) : 0
    let height = -rate * peak - cut * .exp(peak)
    var end = peak + 1
    while height + rate * end + cut * .exp(end) < 45, end < 1e4 { end *= 1.3 }
    let panels = 16
    var sums = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for panel in 0..<panels {
      // Panels grow towards the far end: the density falls fastest near 0.
      let left = end * Double(panel * panel) / Double(panels * panels)
      let right = end * Double((panel + 1) * (panel + 1)) / Double(panels * panels)
      for (node, weight) in zip(Self.rule.nodes, Self.rule.weights) {
        let t = (left + right) / 2 + (right - left) / 2 * node
        let e = Double.exp(t)
        let w = weight * (right - left) / 2 * Double.exp(-rate * t - cut * e - height)
        sums.0 += w
        sums.1 += w * t
        sums.2 += w * e
        sums.3 += w * t * t
        sums.4 += w * t * e
        sums.5 += w * e * e
      }
    }
    logNorm = Double.log(sums.0) + height
    log = sums.1 / sums.0
    size = sums.2 / sums.0
    logVariance = max(0, sums.3 / sums.0 - log * log)
    covariance = sums.4 / sums.0 - log * size
    sizeVariance = max(0, sums.5 / sums.0 - size * size)
  }
}
