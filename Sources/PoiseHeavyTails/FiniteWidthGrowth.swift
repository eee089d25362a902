public import PoiseModel
public import PoiseNumerics
import RealModule

/// Growth of ‖φ(h)‖_α per layer in a network of finite width whose φ is linear on each side of 0: exact.
///
/// Given a vector y, W y has independent entries of scale σ_w (‖y‖_α^α/N)^{1/α} whatever its direction. So
/// ln ‖φ(h)‖_α performs a random walk with independent steps and mean
///
///     ln σ_w + m_N,   m_N = (1/α) E ln[(1/N) Σᵢ Xᵢ],   X = |φ(W̃)|^α,   E e^{itW̃} = e^{−|t|^α/2}.
///
/// At α < 2, m_N grows without bound, like (1/α) ln(C ln N): that is why nothing is ordered in the limit, and
/// why everything below σ_c(N) = e^{−m_N}/|φ′(0)| dies in a network that exists.
///
/// The average is no Monte Carlo: E ln S = ∫₀^∞ (e^{−t} − E e^{−tS}) dt/t with E e^{−tS} = L(t/N)^N and
/// 1 − L(s) = E[1 − e^{−s X}] by quadrature on the logarithmic axis.
public struct FiniteWidthGrowth: Sendable, Equatable {
  /// m_N; given survival, for a φ that is 0 on one side.
  public let meanLogGrowth: Double
  /// Error estimate of m_N: the difference between two steps of the outer rule, and the table's.
  public let error: Double
  /// Chance per layer that all units fall on a side where φ = 0: 2^{−N} for ReLU, else 0.
  public let extinction: Double
  /// α.
  public let alpha: Double
  /// N.
  public let width: Int

  /// ln σ_w + m_N: mean growth of the logarithm of a signal per layer.
  public func rate(scale: Double) -> Double { .log(scale) + meanLogGrowth }

  /// σ_c(N) = e^{−m_N}: the scale at which a signal neither grows nor dies.
  public var criticalScale: Double { .exp(-meanLogGrowth) }

  /// Growth of signals too small to feel the curvature of φ: slopes φ′(0±).
  ///
  /// - Parameter width: N, from 1.
  /// - Throws: `noAnswer` if φ(0) ≠ 0 or φ′(0) = 0; `outOfRange` for α or N.
  public init(
    atOriginOf activation: Activation, density: LogStableDensity, width: Int
  ) throws(PoiseError) {
    let function = activation.function
    let small = Double.leastNormalMagnitude
    let slopes = (abs(function.derivative(-small)), abs(function.derivative(small)))
    guard function.value(0) == 0, slopes.0 + slopes.1 > 0 else {
      throw PoiseError(
        .noAnswer, quantity: "growth of small signals through \(activation.name)",
        value: "φ(0) = \(function.value(0)), φ′(0) = \(slopes.1)",
        allowed: "φ(0) = 0 and φ′(0) ≠ 0: the origin must be a fixed point",
        suggestion: "the length map, which has a fixed point of its own")
    }
    try self.init(slopes: slopes, density: density, width: width)
  }

  /// Growth of signals so large that only the slopes of φ at ±∞ count.
  ///
  /// - Throws: `noAnswer` if both slopes are 0 or one is infinite: lengths settle, or grow faster.
  public init(
    atInfinityOf activation: Activation, density: LogStableDensity, width: Int
  ) throws(PoiseError) {
    let (minus, plus) = activation.function.slopesAtInfinity
    guard minus.isFinite, plus.isFinite, minus != 0 || plus != 0 else {
      throw PoiseError(
        .noAnswer, quantity: "growth of large signals through \(activation.name)",
        value: "slopes \(minus), \(plus) at infinity", allowed: "finite slopes, not both 0",
        suggestion: "the length map, if φ is bounded")
    }
    try self.init(slopes: (abs(minus), abs(plus)), density: density, width: width)
  }

  /// - Parameter slopes: |a₋| and |a₊| of φ.
  init(
    slopes: (minus: Double, plus: Double), density: LogStableDensity, width: Int
  ) throws(PoiseError) {
    guard width >= 1, width <= 1_000_000_000 else {
      throw PoiseError(
        .outOfRange, quantity: "width", value: "\(width)", allowed: "1 to 1000000000")
    }
    alpha = density.alpha
    self.width = width
    // X = (a |W|)^α: pull out the larger slope, so that one of the two laws is L itself.
    let largest = max(slopes.minus, slopes.plus)
    let smaller = min(slopes.minus, slopes.plus)
    let ratio = smaller == 0 ? -Double.infinity : density.alpha * .log(smaller / largest)
    extinction = smaller == 0 ? .exp2(-Double(width)) : 0
    let transform = LaplaceExponent(density)
    let (mean, error) = transform.meanLogarithm(
      count: Double(width), logRatio: ratio, extinction: extinction)
    meanLogGrowth = .log(largest) + mean / density.alpha
    self.error = error / density.alpha
  }

  /// Where the formula comes from.
  public static let sources = ["docs/theory/heavy-tails.md, section 3"]
}

/// 1 − L(s) = E[1 − e^{−s|W̃|^α}] on the logarithmic axis of s.
private struct LaplaceExponent {
  let density: LogStableDensity
  /// v = ln x and (1 − e^{−x^α}) x^{−α} at the nodes.
  let nodes: [Double]
  let values: [Double]
  static let start = -37.0

  init(_ density: LogStableDensity) {
    self.density = density
    // Panels of width ½ in α v, where the transform varies.
    let alpha = density.alpha
    var (nodes, values) = ([Double](), [Double]())
    var corner = Self.start / alpha
    while corner < 85 / alpha {
      let half = 0.5 / max(alpha, 1)
      for (node, weight) in zip(GaussLegendre.sixteen.nodes, GaussLegendre.sixteen.weights) {
        let v = corner + half * (1 + node)
        let power = Double.exp(alpha * v)
        nodes.append(v)
        values.append(half * weight * -Double.expMinusOne(-power) / power)
      }
      corner += 2 * half
    }
    self.nodes = nodes
    self.values = values
  }

  /// 1 − L at ln s.
  func complement(_ logArgument: Double) -> Double {
    let shift = logArgument / density.alpha
    if logArgument > 40 { return 1 - tailOfTransform(logArgument) }
    var sum = density.weightedIntegral(to: nodes[0] - shift)
    for index in nodes.indices { sum += values[index] * density(nodes[index] - shift) }
    return min(1, .exp(logArgument) * sum)
  }

  /// L(s) → 2 p(0) Γ(1 + 1/α) s^{−1/α}.
  private func tailOfTransform(_ logArgument: Double) -> Double {
    let alpha = density.alpha
    let centre = density(density.lower) * .exp(-(1 + alpha) * density.lower)
    return min(1, centre * .gamma(1 + 1 / alpha) * .exp(-logArgument / alpha))
  }

  /// E ln[(1/N) Σ X], X = |W̃|^α with a fair coin's factor e^logRatio, given that the sum is not 0.
  func meanLogarithm(
    count: Double, logRatio: Double, extinction: Double
  ) -> (value: Double, error: Double) {
    let step = 0.125
    let first = -45.0
    // L(t/N)^N falls like t^{−N/α}, with extinction like 2^{−N} t^{−1/α}: up to where that is 1e-17.
    let power = extinction > 1e-17 ? 1 : count
    let last = max(8, .log(count) + 40 * density.alpha / power) + 4
    var sums = (0.0, 0.0)
    var index = 0
    while first + step * Double(index) <= last {
      let tau = first + step * Double(index)
      let argument = tau - .log(count)
      let one = complement(argument)
      let other =
        logRatio == -.infinity ? 0 : (logRatio == 0 ? one : complement(argument + logRatio))
      let logPower = count * .log(onePlus: -(one + other) / 2)
      let survivors = (.exp(logPower) - extinction) / (1 - extinction)
      // e^{−t} − L^N without cancellation at small t.
      let t = Double.exp(tau)
      let difference =
        extinction == 0 && t < 1
        ? .exp(-t) * -Double.expMinusOne(logPower + t)
        : .exp(-t) - survivors
      if index % 2 == 0 { sums.0 += difference } else { sums.1 += difference }
      index += 1
    }
    let fine = step * (sums.0 + sums.1)
    let coarse = 2 * step * sums.0
    return (fine, abs(fine - coarse) + 1e-12 * max(1, abs(fine)))
  }
}
