import PoiseNumerics
public import PoiseModel

extension Activation {
  /// E φ², μ₁ = E φ′², μ₂ = E φ′⁴ and E u φ φ′/q over u ~ N(0, q): the closed form where there is
  /// one, otherwise quadrature with relative error about 3e-15 for q from 1e-12 to 1e8.
  ///
  /// - Parameter length: q ≥ 0, finite. At q = 0 the limits are given.
  public func moments(length: Double) -> ActivationMoments {
    if let closed = function.closedMoments(length: length), length > 0 { return closed }
    guard length > 0 else { return limitingMoments() }
    let rule = rule(length: length)
    var sums = ActivationMoments(
      valueSquared: 0, slopeSquared: 0, slopeFourth: 0, lengthSlope: 0)
    forEachNode(rule) { weight, u, value, slope in
      sums.valueSquared += weight * value * value
      sums.slopeSquared += weight * slope * slope
      sums.slopeFourth += weight * slope * slope * slope * slope
      sums.lengthSlope += weight * u * value * slope
    }
    sums.lengthSlope /= length
    if length < 1e-2, function.value(0) != 0 { sums.lengthSlope = shortLengthSlope(rule, length) }
    return sums
  }

  /// The rule of averages over u ~ N(0, q) of φ, φ′ and their products.
  func rule(length: Double) -> GaussianRule {
    GaussianRule(length: length, kinks: function.kinks, strip: function.analyticStrip)
  }

  /// E u φ φ′/q at small q for φ(0) ≠ 0: the constant φ(0)φ′(0), whose average with u vanishes
  /// only by cancellation, is taken out of the product φφ′.
  private func shortLengthSlope(_ rule: GaussianRule, _ length: Double) -> Double {
    let (value, slope) = (function.value(0), function.derivative(0))
    return rule.average { u in
      let rest = function.deviation(u)
      return u * (value * rest.derivative + (slope * u + rest.value) * (slope + rest.derivative))
    } / length
  }

  /// E φ(u_a)φ(u_b) and E φ′(u_a)φ′(u_b): closed form, else a one-dimensional integral over
  /// closed conditional means, else nested quadrature. Relative error about 3e-15.
  public func pairMoments(_ pair: GaussianPair) -> PairMoments {
    guard pair.lengthA > 0, pair.lengthB > 0 else { return degeneratePair(pair) }
    if let closed = function.closedPair(pair) { return closed }
    if pair.gap == 0 || pair.gap == 2 { return collinearPair(pair) }
    let rule = GaussianPairRule(
      lengthA: pair.lengthA, lengthB: pair.lengthB, angle: pair.angle, kinks: function.kinks)
    if function.closedMean(mean: 0, deviation: 1) != nil {
      return conditionalPair(rule)
    }
    let averages = rule.averages { u, count, value, slope in
      function.evaluate(u, count: count, value: value, derivative: slope)
    }
    return PairMoments(value: averages.f, slope: averages.g)
  }

  /// Calls `body` with weight, u, φ(u), φ′(u) at every node of a rule.
  func forEachNode(
    _ rule: GaussianRule,
    _ body: (_ weight: Double, _ u: Double, _ value: Double, _ slope: Double)
      -> Void
  ) {
    let count = rule.nodes.count
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * count) { scratch in
      let value = scratch.baseAddress!
      let slope = value + count
      rule.nodes.withUnsafeBufferPointer { nodes in
        function.evaluate(nodes.baseAddress!, count: count, value: value, derivative: slope)
        rule.weights.withUnsafeBufferPointer { weights in
          for index in 0..<count { body(weights[index], nodes[index], value[index], slope[index]) }
        }
      }
    }
  }

  /// The limits q → 0, with the two slopes of a kink at the origin averaged as the Gaussian does.
  private func limitingMoments() -> ActivationMoments {
    let (value, minus, plus) = (
      function.value(0), function.derivative(-1e-300), function.derivative(1e-300)
    )
    let squared = (minus * minus + plus * plus) / 2
    let fourth = (minus * minus * minus * minus + plus * plus * plus * plus) / 2
    return ActivationMoments(
      valueSquared: value * value, slopeSquared: squared, slopeFourth: fourth,
      lengthSlope: squared + (value == 0 ? 0 : value * function.secondDerivative(0)))
  }

  private func conditionalPair(_ rule: GaussianPairRule) -> PairMoments {
    let outer = rule.outerNodes()
    let (tilt, spread) = rule.conditional
    var result = PairMoments(value: 0, slope: 0)
    for (u, weight) in zip(outer.nodes, outer.weights) {
      let inner = function.closedMean(mean: tilt * u, deviation: spread)!
      result.value += weight * function.value(u) * inner.value
      result.slope += weight * function.derivative(u) * inner.derivative
    }
    return result
  }

  /// θ = 0 or π: u_b is a multiple of u_a.
  private func collinearPair(_ pair: GaussianPair) -> PairMoments {
    let ratio = (pair.lengthB / pair.lengthA).squareRoot() * (pair.gap == 0 ? 1 : -1)
    let images = function.kinks.map { $0 / ratio }
    let rule = GaussianRule(length: pair.lengthA, kinks: function.kinks + images)
    var result = PairMoments(value: 0, slope: 0)
    forEachNode(rule) { weight, u, value, slope in
      result.value += weight * value * function.value(ratio * u)
      result.slope += weight * slope * function.derivative(ratio * u)
    }
    return result
  }

  /// One length is zero: that unit is constant, and the two are independent.
  private func degeneratePair(_ pair: GaussianPair) -> PairMoments {
    let (a, b) = (means(length: pair.lengthA), means(length: pair.lengthB))
    return PairMoments(value: a.value * b.value, slope: a.slope * b.slope)
  }

  /// E φ and E φ′ over u ~ N(0, q).
  func means(length: Double) -> PairMoments {
    guard length > 0 else {
      return PairMoments(
        value: function.value(0),
        slope: (function.derivative(-1e-300) + function.derivative(1e-300)) / 2)
    }
    var result = PairMoments(value: 0, slope: 0)
    forEachNode(GaussianRule(length: length, kinks: function.kinks)) { weight, _, value, slope in
      result.value += weight * value
      result.slope += weight * slope
    }
    return result
  }
}
