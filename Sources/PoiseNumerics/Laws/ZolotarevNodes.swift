internal import CPoiseKernels
import RealModule

/// The nodes of Zolotarev's integral for one side of a law, and sums over them.
///
/// With A = α(θ + θ₀), C = A − θ, r^ε = y cos θ cos(αθ₀)/sin A, ε = α − 1, the Fourier integral on
/// t = r e^(−iθ) is real, with exponent −g = −r y cos C/sin A, and
///
///     f = α/(π|ε|y) ∫ g e^(−g) dθ,   P(X > x) = (1/π) ∫ (π/2 − θ) |dg/dθ| e^(−g) dθ.
///
/// Each integrand is positive. In z = logit of the place between the ends, ln g is asymptotically
/// linear on both sides, with slopes α/|ε| and 1/|ε|, so the trapezoid rule converges
/// geometrically; its nodes do not depend on x. Derivation: `docs/numerics/stable.md`.
final class ZolotarevNodes: Sendable {
  let side: StableSide
  let nearOne: Bool
  /// Columns of `count` numbers each, in the order of `poise_stable_nodes`.
  private let columns: [Double]
  private let count: Int
  private let cutoff: Double
  /// Trigonometry of the nodes, for derivatives.
  let places: [Place]

  /// Where the conditioned form takes over: below, ln r = ln(r^ε)/ε would lose digits.
  static let nearOne = 0.1

  init(_ side: StableSide) {
    self.side = side
    nearOne = abs(side.epsilon) < Self.nearOne
    let nodes = Self.nodes(side, nearOne: nearOne)
    count = nodes.count
    places = nodes.map(\.place)
    let order: [KeyPath<Node, Double>] = [
      \.logAction, \.ratio, \.offset, \.slope, \.logDrop, \.measure, \.tail, \.inner, \.logMeasure,
      \.logReach,
    ]
    columns = order.flatMap { column in nodes.map { $0[keyPath: column] } }
    cutoff = 44 + 6 * max(1, abs(side.epsilon) / side.alpha)
  }

  struct Place: Sendable {
    var theta = 0.0, cotA = 0.0, tanC = 0.0, logCosOverSin = 0.0
    /// cos θ; near α = 1 also D and cos εθ − βT sin εθ, both without cancellation at the ends.
    var cosTheta = 0.0, denominator = 0.0, numerator = 0.0
  }

  struct Node {
    var place = Place()
    var logAction = 0.0, ratio = 0.0, offset = 0.0, slope = 0.0, logDrop = 0.0
    var measure = 0.0, tail = 0.0, inner = 0.0
    var logMeasure: Double { .log(measure) }
    var logReach: Double { .log(measure + tail + inner) }
  }

  /// Nodes by falling g: from the left end for α > 1, from the right for α < 1.
  private static func nodes(_ side: StableSide, nearOne: Bool) -> [Node] {
    guard side.width > 0 else { return [] }
    let places = nearOne ? placesNearOne(side) : placesFar(side)
    let ordered = side.epsilon > 0 ? places : places.reversed()
    return ordered.map { node(side, z: $0.z, step: $0.step, nearOne: nearOne) }
      .filter { $0.measure > 0 && $0.logAction.isFinite }
  }

  /// z and its step, ascending: equal steps fine enough for the steeper of the two ends.
  private static func placesFar(_ side: StableSide) -> [(z: Double, step: Double)] {
    let steepest = max(2, max(1, side.alpha) / abs(side.epsilon))
    let step = 0.27 / steepest
    // Left of the peak at small y the path must reach θ + θ₀ of the order of y.
    let left = side.alpha < 1 ? -(48 + 3 / side.alpha) : -48.0
    let count = Int((48 - left) / step)
    return (0...count).map { (left + Double($0) * step, step) }
  }

  /// Near α = 1, ln g grows like A eᶻ to the right and falls like −B e^(−z) to the left, until the
  /// slopes saturate at 1/|ε|. Equal steps in s with ds/dz = 1 + A eᶻ/(1 + |ε|A eᶻ) + (the same
  /// with B and −z) follow it. Used for |x| ≤ 10 (and the light side of |β| = 1), hence the range.
  private static func placesNearOne(_ side: StableSide) -> [(z: Double, step: Double)] {
    let (e, b) = (abs(side.epsilon), abs(side.beta))
    let (rise, fall) = ((1 + side.beta) / (2 * b), (1 - side.beta) / (2 * b))
    func place(_ z: Double) -> (s: Double, slope: Double) {
      let (up, down) = (rise * .exp(z), fall * .exp(-z))
      return (
        z + .log(onePlus: e * up) / e - .log(onePlus: e * down) / e,
        1 + up / (1 + e * up) + down / (1 + e * down)
      )
    }
    let reach = 20 / b + 50
    let (first, last) = (max(place(-48).s, -reach), min(place(48).s, reach))
    let step = 0.17
    var low = -48.0
    return (0...Int((last - first) / step)).map { index in
      let target = first + Double(index) * step
      var (left, right) = (low, min(48, low + step * 1.5 + (index == 0 ? 96 : 0)))
      var z = (left + right) / 2
      for _ in 0..<60 {
        let here = place(z)
        if here.s < target { left = z } else { right = z }
        let next = z - (here.s - target) / here.slope
        let accepted = next > left && next < right ? next : (left + right) / 2
        if abs(accepted - z) < 1e-15 * max(1, abs(z)) { break }
        z = accepted
      }
      low = z
      return (z, step / place(z).slope)
    }
  }

  private static func node(_ side: StableSide, z: Double, step: Double, nearOne: Bool) -> Node {
    let (a, eps, e) = (side.alpha, side.epsilon, abs(side.epsilon))
    var l = side.width / (1 + .exp(-z))
    var u = side.width / (1 + .exp(z))
    var node = Node()
    node.measure = l * u / side.width * step
    let (tailArm, innerArm) = (u, l)
    if nearOne {
      // |β| = 1: the end is a saddle, g = g₀ (1 + O(l²)), and rounding would cost 1e-16/l.
      if 1 - side.beta < 1e-8 { l = max(l, 3e-6) }
      if 1 + side.beta < 1e-8 { u = max(u, 3e-6) }
    }
    let angle = a * l
    let early = angle < .pi / 2
    let fromRight = side.p + a * u
    let sinA = early ? Double.sin(angle) : Double.sin(fromRight)
    let cotA = early ? 1 / Double.tan(angle) : -1 / Double.tan(fromRight)
    let left = side.q + l < u
    let cosTheta = left ? Double.sin(side.q + l) : Double.sin(u)
    let tanTheta = left ? -1 / Double.tan(side.q + l) : 1 / Double.tan(u)
    let c = eps > 0 ? side.p + eps * u : side.q + e * l
    let cosC = Double.sin(c)
    var steepness = abs(tanTheta + a * a * cotA + e * e / .tan(c)) / e
    let theta = left ? l - (.pi / 2 - side.q) : .pi / 2 - u
    node.place = Place(
      theta: theta, cotA: cotA, tanC: 1 / .tan(c), logCosOverSin: .log(cosTheta / sinA))
    if nearOne {
      let (b, tau) = (side.beta, side.cotangent)
      // D = τ sin αθ + β cos αθ, relative accuracy from sin A.
      let modulus = (tau * tau + b * b).squareRoot()
      let d = (tau < 0 ? -sinA : sinA) * modulus
      node.place.cosTheta = cosTheta
      node.place.denominator = d
      node.place.numerator = cosC / abs(tau) * modulus
      let s = Double.sin(eps * theta) / eps
      let (sinAT, cosAT) = (Double.sin(a * theta), Double.cos(a * theta))
      node.ratio = cosTheta / d
      node.offset =
        (2 * b * .sin((1 + a) / 2 * theta) * .sin(eps * theta / 2) - tau * sinAT) / d
      node.slope = tau * cosTheta / d
      node.logDrop = .log(cosC / abs(tau) * modulus / abs(d))
      let sinT = tanTheta * cosTheta
      let radial =
        (b * (-s - cosTheta * sinAT) + tau / eps * (sinT * sinAT + a * cosTheta * cosAT))
        / (cosTheta * d)
      if e < min(l, u) { steepness = abs(radial + eps / .tan(c) + a * cotA) }
      node.logAction = node.logDrop
    } else {
      let logRatio = Double.log(cosTheta / (sinA * side.modulus))
      node.logAction = logRatio / eps + .log(cosC / sinA)
    }
    node.tail = node.measure * steepness * tailArm / .pi
    node.inner = node.measure * steepness * innerArm / .pi
    return node
  }

  /// f and the integrals of P(X > x) and P(ζ < X < x), each times e^(reference); the least g.
  struct Values {
    let density, tail, inner, reference, least: Double
  }

  /// - Parameters:
  ///   - x: S0 abscissa with `y` = x − ζ > 0.
  ///   - densityOnly: the probabilities need more nodes and are left out.
  func values(_ x: Double, y: Double, densityOnly: Bool) -> Values {
    let e = abs(side.epsilon)
    let scaled = nearOne ? side.cotangent * x + side.beta : 0
    let logY = Double.log(y)
    let shift = nearOne ? Double.log(abs(scaled)) : side.alpha / side.epsilon * logY
    let sums = integrate(x, scaled, shift, densityOnly)
    let front =
      nearOne
      ? side.alpha / (.pi * e * abs(side.tangent) * abs(scaled)) : side.alpha / (.pi * e * y)
    return Values(
      density: front * sums.total.0, tail: sums.total.1, inner: sums.total.2,
      reference: sums.reference, least: sums.least)
  }

  private func integrate(
    _ x: Double, _ scaled: Double, _ shift: Double, _ densityOnly: Bool
  ) -> poise_stable_sums {
    withNodes(densityOnly) { nodes in
      poise_stable_integrate(nodes, x, scaled, shift)
    } ?? poise_stable_sums()
  }

  /// Terms T = g e^(−g + reference) dθ and T(1 − g) of the nodes `from` … `from` + their count.
  func withTerms<Result>(
    x: Double, scaled: Double, shift: Double,
    _ body: (Int, UnsafeBufferPointer<Double>, UnsafeBufferPointer<Double>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * max(1, count)) { room in
      let (term, change) = (room.baseAddress!, room.baseAddress! + max(1, count))
      var from = 0
      let found =
        withNodes(true) { poise_stable_terms($0, x, scaled, shift, &from, term, change) } ?? 0
      return body(
        from, UnsafeBufferPointer(start: term, count: found),
        UnsafeBufferPointer(start: change, count: found))
    }
  }

  private func withNodes<Result>(
    _ densityOnly: Bool, _ body: (UnsafePointer<poise_stable_nodes>) -> Result
  ) -> Result? {
    columns.withUnsafeBufferPointer { columns in
      guard let base = columns.baseAddress else { return nil }
      func column(_ index: Int) -> UnsafePointer<Double> { base + index * count }
      var nodes = poise_stable_nodes(
        log_action: column(0), ratio: column(1), offset: column(2), slope: column(3),
        log_drop: column(4), measure: column(5), tail: column(6), inner: column(7),
        log_reach: column(densityOnly ? 8 : 9), count: count, cutoff: cutoff,
        inverse_epsilon: 1 / side.epsilon, near_one: nearOne ? 1 : 0,
        density_only: densityOnly ? 1 : 0)
      return body(&nodes)
    }
  }
}
