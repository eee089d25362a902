public import PoiseNumerics
import RealModule

/// The action of the order parameters of one output, at any temperature and unequal widths:
///
///     S(q) = Σ_l (N_l/2)[q_l/σ_{l+1}² − 1 − ln(q_l/σ_{l+1}²)] + ½ Σ_i [ln(sκ_i + T) + ŷ_i²/(sκ_i + T)],
///     s = Π q_l.
///
/// Stationary where N_l (1 − q_l/σ_{l+1}²) = D(s) − E(s) ≡ B for every l: one unknown B for any
/// depth (`docs/theory/posterior.md`, section 2). At T = 0 the sums run over the modes of rank.
public struct RenormalizationAction: Sendable {
  /// Widths and variances.
  public let priors: LayerPriors
  /// T ≥ 0.
  public let temperature: Double
  /// κ_i > 0 of the modes that count.
  public let eigenvalues: [Double]
  /// ŷ_i².
  public let labelPower: [Double]
  /// Patterns outside these modes, and the square of the labels there.
  let outsideCount: Int
  let outsidePower: Double
  /// Σ ŷ_i²/κ_i = ρ r_0.
  let strength: Double
  /// Least and largest κ_i.
  private let extremes: (low: Double, high: Double)

  /// - Parameters:
  ///   - eigenvalues, labelPower: κ_i ≥ 0 and ŷ_i² ≥ 0 of all patterns; κ_i = 0 is allowed at T > 0.
  /// - Throws: `outOfRange` for T < 0 or numbers out of range; `noAnswer` where q collapses.
  public init(
    eigenvalues: [Double], labelPower: [Double], priors: LayerPriors, temperature: Double
  ) throws(PoiseError) {
    guard eigenvalues.count == labelPower.count, !eigenvalues.isEmpty else {
      throw PoiseError(
        .shapeMismatch, quantity: "label power", value: "\(labelPower.count) numbers",
        allowed: "one per eigenvalue (\(eigenvalues.count)), at least one")
    }
    for value in eigenvalues + labelPower { _ = try value.checked("spectrum", in: 0...1e200) }
    let kept = eigenvalues.indices.filter { eigenvalues[$0] > 0 }
    let dropped = eigenvalues.indices.filter { eigenvalues[$0] == 0 }
    try self.init(
      kept: kept.map { eigenvalues[$0] }, labelPower: kept.map { labelPower[$0] },
      outsideCount: dropped.count, outsidePower: dropped.reduce(0) { $0 + labelPower[$1] },
      priors: priors, temperature: temperature)
  }

  /// One output of a training set.
  public init(
    _ modes: KernelModes, priors: LayerPriors, temperature: Double
  ) throws(PoiseError) {
    let count = modes.modeCount(at: temperature)
    try self.init(
      kept: Array(modes.eigenvalues.prefix(count)),
      labelPower: (0..<count).map { modes.targets[$0, 0] * modes.targets[$0, 0] },
      outsideCount: modes.patternCount - count,
      outsidePower: modes.unfitted(at: temperature)[0, 0], priors: priors,
      temperature: temperature)
  }

  private init(
    kept: [Double], labelPower: [Double], outsideCount: Int, outsidePower: Double,
    priors: LayerPriors, temperature: Double
  ) throws(PoiseError) {
    self.priors = priors
    self.temperature = try Self.checked(temperature: temperature)
    eigenvalues = kept
    self.labelPower = labelPower
    self.outsideCount = outsideCount
    self.outsidePower = outsidePower
    strength = zip(kept, labelPower).reduce(0) { $0 + $1.1 / $1.0 }
    extremes = (kept.min() ?? 0, kept.max() ?? 0)
    guard strength.isFinite, !kept.isEmpty else {
      throw PoiseError(
        .noAnswer, quantity: "kernel of the patterns", value: "rank \(kept.count)",
        allowed: "at least one direction that a network can learn")
    }
    if temperature == 0, strength == 0, kept.count >= priors.narrowest {
      throw PoiseError(
        .noAnswer, quantity: "order parameter",
        value: "0: all labels vanish and the rank \(kept.count) reaches the narrowest width "
          + "\(priors.narrowest)",
        allowed: "labels that do not all vanish",
        suggestion: "a temperature above 0; at T = 0 the posterior is the zero function")
    }
  }

  /// T, if it is a possible one.
  static func checked(temperature: Double) throws(PoiseError) -> Double {
    guard temperature.isFinite, temperature >= 0, temperature <= 1e200 else {
      throw PoiseError(
        .outOfRange, quantity: "temperature", value: "\(temperature)",
        allowed: "T ≥ 0: it is the variance of the noise on the labels")
    }
    return temperature
  }

  /// ρ at T = 0, all modes above rounding at T > 0.
  public var modeCount: Int { eigenvalues.count }

  /// D(s) = Σ sκ/(sκ + T), the effective dimension, and E(s) = Σ ŷ² sκ/(sκ + T)².
  public func dimensions(logScale: Double) -> (effective: Double, energy: Double) {
    guard temperature > 0 else {
      return (Double(modeCount), strength * .exp(min(max(-logScale, -700), 700)))
    }
    let s = Double.exp(min(max(logScale, -600), 600))
    var (d, e) = (0.0, 0.0)
    for index in eigenvalues.indices {
      let x = s * eigenvalues[index]
      let inverse = 1 / (x + temperature)
      let share = x * inverse
      d += share
      e += labelPower[index] * share * inverse
    }
    return (d, e)
  }

  /// ½ Σ [ln(sκ + T) + ŷ²/(sκ + T)] over all patterns; at T = 0 over the modes of rank.
  public func likelihoodAction(logScale: Double) -> Double {
    let s = Double.exp(min(max(logScale, -600), 600))
    // One logarithm for eight factors, where their product cannot leave the range of numbers.
    let isModerate =
      s * extremes.low + temperature > 1e-38 && s * extremes.high + temperature < 1e38
    let group = isModerate ? 7 : 0
    var (sum, product) = (0.0, 1.0)
    for index in eigenvalues.indices {
      let value = s * eigenvalues[index] + temperature
      sum += labelPower[index] / value
      product *= value
      if index & group == group {
        sum += .log(product)
        product = 1
      }
    }
    sum += .log(product)
    if temperature > 0 {
      sum += Double(outsideCount) * .log(temperature) + outsidePower / temperature
    }
    return sum / 2
  }

  /// D − E − B at 1 − B/N_min = e^c: positive above the largest root, negative below the least.
  func imbalance(at c: Double) -> Double {
    let (d, e) = dimensions(logScale: priors.logScale(at: c))
    return d - e + Double(priors.narrowest) * .expMinusOne(c)
  }

  /// c in an interval that holds every root: B ≥ −max E, and D < B where s is small.
  func bracket() throws(PoiseError) -> ClosedRange<Double> {
    let least = Double(priors.narrowest)
    if temperature == 0 {
      var (low, high) = (-1.0, 1.0)
      while imbalance(at: low) >= 0, low > -650 { low *= 2 }
      while imbalance(at: high) <= 0, high < 650 { high *= 2 }
      return low...high
    }
    // E ≤ Σ ŷ²/4T, by x/(x + T)² ≤ 1/4T.
    let power = labelPower.reduce(0, +)
    let high = Double.log(onePlus: power / (4 * temperature * least)) + 1e-6
    var low = -Double.log(2)
    let total = eigenvalues.reduce(0, +)
    if Double(modeCount) < 0.99 * least {
      // D ≤ ρ < N_min.
      low = min(low, .log(1 - Double(modeCount) / least) - 1e-6)
    } else {
      while .exp(min(priors.logScale(at: low), 600)) * total / temperature > least / 2, low > -650 {
        low -= 1
      }
    }
    return low...max(high, low + 1e-3)
  }
}

extension RenormalizationAction {
  /// Every stationary point, s ascending; the physical one is that of least action.
  ///
  /// At T = 0 there is one. At T > 0 with several layers a collapsed state (q near its prior, nothing
  /// learned) and a learned one may coexist: a transition of first order.
  ///
  /// - Throws: `notConverged` if none is found, which would be a fault of this program.
  public func stationaryPoints() throws(PoiseError) -> [Renormalization] {
    let range = try bracket()
    var roots: [Double] = []
    if temperature == 0 {
      roots = [try root(in: range)]
    } else {
      // ln s moves by at most L per unit of c, and D, E on the scale 1 of ln s.
      let wanted = (range.upperBound - range.lowerBound) * Double(priors.depth) / 0.05
      let count = Int(min(max(wanted, 200), 4000))
      let step = (range.upperBound - range.lowerBound) / Double(count)
      let nodes = (0...count).map { range.lowerBound + Double($0) * step }
      let values = nodes.map { imbalance(at: $0) }
      for index in 0..<count {
        if values[index] == 0 {
          roots.append(nodes[index])
        } else if (values[index] < 0) != (values[index + 1] < 0), values[index + 1] != 0 {
          roots.append(try root(in: nodes[index]...nodes[index + 1]))
        } else if index > 0, let turn = turningPoint(nodes, values, index) {
          roots.append(try root(in: nodes[index - 1]...turn))
          roots.append(try root(in: turn...nodes[index + 1]))
        }
      }
    }
    guard !roots.isEmpty else {
      throw PoiseError(
        .notConverged, quantity: "saddle point", value: "none for c in \(range)",
        allowed: "a finite spectrum of moderate range")
    }
    return roots.sorted().map { Renormalization(self, at: $0) }
  }

  private func root(in range: ClosedRange<Double>) throws(PoiseError) -> Double {
    try bracketedRoot(from: range.lowerBound, to: range.upperBound) { c throws(PoiseError) in
      imbalance(at: c)
    }.value
  }

  /// Where the imbalance turns back across zero between three nodes of one sign; nil if it does not.
  private func turningPoint(_ nodes: [Double], _ values: [Double], _ index: Int) -> Double? {
    let sign = values[index] < 0 ? -1.0 : 1.0
    let middle = sign * values[index]
    guard sign * values[index - 1] > middle, sign * values[index + 1] > middle, middle > 0 else {
      return nil
    }
    var (low, high) = (nodes[index - 1], nodes[index + 1])
    for _ in 0..<60 {
      let (a, b) = (low + 0.382 * (high - low), low + 0.618 * (high - low))
      let (fa, fb) = (sign * imbalance(at: a), sign * imbalance(at: b))
      if fa < 0 { return a }
      if fb < 0 { return b }
      if fa < fb { high = b } else { low = a }
    }
    return nil
  }
}
