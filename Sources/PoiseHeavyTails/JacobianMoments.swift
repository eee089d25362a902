import PoiseModel
public import PoiseNumerics
import RealModule

extension StableJacobianLaw {
  /// Share of the singular values in [from, to], by Gauss panels in ln s.
  ///
  /// - Parameters: in the range of `density(_:)`.
  public func mass(from lower: Double, to upper: Double) throws(PoiseError) -> Double {
    try integral(from: lower, to: upper) { _ in 1 }
  }

  /// ∫₀^s* s² f(s) ds: the delocalised susceptibility where s* is the mobility edge.
  ///
  /// The whole ⟨s²⟩ diverges for α < 2: this part of it is what extended singular vectors carry.
  /// - Parameter edge: s*.
  public func meanSquare(below edge: Double) throws(PoiseError) -> Double {
    try integral(from: 1e-4 * min(scale, edge), to: edge) { $0 * $0 }
  }

  /// The part of E ln s² in [from, to].
  public func meanLogSquare(from lower: Double, to upper: Double) throws(PoiseError) -> Double {
    try integral(from: lower, to: upper) { 2 * .log($0) }
  }

  /// ∫ weight(s) f(s) ds.
  func integral(
    from lower: Double, to upper: Double, _ weight: (Double) -> Double
  ) throws(PoiseError) -> Double {
    guard lower > 0, upper > lower else { return 0 }
    let (a, b) = (Double.log(lower), Double.log(upper))
    let panels = max(1, Int((4 * (b - a)).rounded(.up)))
    let half = (b - a) / Double(2 * panels)
    let rule = GaussLegendre.sixteen
    var (places, weights) = ([Double](), [Double]())
    for panel in 0..<panels {
      let middle = a + half * Double(2 * panel + 1)
      for (node, share) in zip(rule.nodes, rule.weights) {
        places.append(.exp(middle + half * node))
        weights.append(half * share)
      }
    }
    let values = try densities(places)
    var sum = 0.0
    for index in places.indices {
      sum += weights[index] * values[index] * places[index] * weight(places[index])
    }
    return sum
  }
}

/// E ln s² of one square layer: growth of volumes, exp of which is the geometric gain per layer.
///
/// ln |det D W| = Σ ln |φ′(hᵢ)| + ln |det W| separates exactly, so E ln s² = E ln φ′(h)² + 2 ln σ_w + g(α) with
/// g(2) = −1 and g(α) from the law of W alone. Where E ln φ′² diverges (tanh at α ≤ 1: it falls like
/// e^{−2|h|} and E |h| is infinite) the gain is 0.
public struct GeometricGain: Sendable {
  /// α.
  public let alpha: Double
  /// g(α): E ln s² of W at σ_w = 1.
  public let weightsAlone: Double

  /// - Throws: `outOfRange` for α outside [0.1, 2].
  public init(alpha: Double) throws(PoiseError) {
    self.alpha = alpha
    guard alpha < 2 else {
      weightsAlone = -1
      return
    }
    let law = try StableJacobianLaw(alpha: alpha, scale: 1)
    let (low, high) = (1e-5, Double.exp(min(18, 30 / alpha)))
    let middle = try law.meanLogSquare(from: low, to: high)
    // f is flat at 0; f = B s^{−1−α} beyond.
    let below = 2 * (try law.density(low)) * low * (.log(low) - 1)
    let above =
      2 * law.tailConstant * .pow(high, -alpha) * (.log(high) / alpha + 1 / (alpha * alpha))
    weightsAlone = middle + below + above
  }

  /// E ln s² of the Jacobian at the fixed point; −∞ where the gain is 0.
  /// - Throws: `noAnswer` without a fixed point.
  public func meanLogSquare(of theory: HeavyTailMeanField) throws(PoiseError) -> Double {
    let slopes = theory.meanLogSlope(logScale: try theory.fixedLength().logScale)
    return 2 * slopes + 2 * .log(theory.scale) + weightsAlone
  }
}

extension HeavyTailMeanField {
  /// B₂ of networks whose D is that of their own W: f(s) → B₂ s^{−2−α} at the fixed point,
  ///
  ///     B₂ = α C σ_w^α (p_h(0)/|φ′(0)|) ∫ |φ′(x)|^{1+α} dx.
  ///
  /// A weight W ≫ 1 gives a singular value W φ′(Wφ_j) unless it saturates its unit, so only inputs
  /// |φ_j| ≲ 1/W count. `StableJacobianLaw`, with independent D, has the slower s^{−1−α}.
  /// - Throws: `noAnswer` without a fixed point, at α = 2, or unless φ(0) = 0, φ′(0) ≠ 0.
  public func networkTailConstant() throws(PoiseError) -> Double {
    let function = activation.function
    let slope = abs(function.derivative(.leastNormalMagnitude))
    guard alpha < 2, function.value(0) == 0, slope > 0, biasScale == 0 else {
      throw PoiseError(
        .noAnswer, quantity: "tail of the singular values of a network", value: "no power law here",
        allowed: "alpha below 2, φ(0) = 0 and φ′(0) ≠ 0, no biases")
    }
    var integral = 0.0
    for index in rule.nodes.indices {
      let x = Double.exp(rule.nodes[index])
      for side in [x, -x] {
        integral += rule.weights[index] * x * .pow(abs(function.derivative(side)), 1 + alpha)
      }
    }
    // p_h(0) = Γ(1 + 1/α) 2^{1/α}/(π S).
    let scale = try fixedLength().logScale
    let centre = Double.gamma(1 + 1 / alpha) * .exp2(1 / alpha) / .pi * .exp(-scale)
    return alpha * StableTail.probability(alpha) * .pow(self.scale, alpha) * centre / slope
      * integral
  }
}
