import PoiseMeanField
import PoiseModel
import PoiseNumerics
import RealModule

/// The quantities of Gaussian mean field that `poise verify` knows.
enum MeanFieldQuantities {
  typealias Parameters = Verification.Parameters
  typealias Expected = Verification.Expected

  static let registry: [String: Verification.Compute] = [
    "q_star": { p throws(PoiseError) in try atFixedPoint(p) { $0.length } },
    "chi_1": { p throws(PoiseError) in try [value: .number(outcome(p).chi1)] },
    "chi_q": { p throws(PoiseError) in try atFixedPoint(p) { $0.chiQ } },
    "xi_q": { p throws(PoiseError) in try atFixedPoint(p) { $0.lengthDepth.value } },
    "xi_c": { p throws(PoiseError) in try atFixedPoint(p) { $0.correlationDepth.value } },
    "c_star": { p throws(PoiseError) in try atFixedPoint(p) { $0.correlation } },
    "c_star_dropout": { p throws(PoiseError) in
      let keep = try p.number("keep")
      return try one(MeanField(of: ensemble(p), keep: keep).outcome().point?.correlation)
    },
    "critical_sigma_w": { p throws(PoiseError) in
      try one(criticalPoint(p)?.weightVariance.squareRoot())
    },
    "critical_q": { p throws(PoiseError) in try one(criticalPoint(p)?.length) },
    "critical_sigma_w_at_q": { p throws(PoiseError) in
      try one(pointAtLength(p)?.weightVariance.squareRoot())
    },
    "critical_sigma_b_at_q": { p throws(PoiseError) in
      try one(pointAtLength(p)?.biasVariance.squareRoot())
    },
    "half_stable_q": { p throws(PoiseError) in
      try one(EdgeOfChaos(activation(p)).halfStablePoint()?.length)
    },
    "corr_decay_coefficient": { p throws(PoiseError) in
      try one(
        EdgeOfChaos(activation(p)).correlationDecayCoefficient(atLength: p.number("q")))
    },
    "moment_phi2": { p throws(PoiseError) in try moment(p) { $0.valueSquared } },
    "moment_dphi2": { p throws(PoiseError) in try moment(p) { $0.slopeSquared } },
    "moment_dphi4": { p throws(PoiseError) in try moment(p) { $0.slopeFourth } },
    "pair_phi": { p throws(PoiseError) in try one(pair(p).value) },
    "pair_dphi": { p throws(PoiseError) in try one(pair(p).slope) },
    "corr_gap_after": { p throws(PoiseError) in try one(gapAfter(p)) },
    "length_after": { p throws(PoiseError) in
      let layers = try layers(p)
      let first = try p.number("q1").checked("parameter q1", in: 0...1e300)
      let lengths = try MeanField(of: ensemble(p)).lengthMap.iterate(from: first, layers: layers)
      let last = lengths[lengths.count - 1]
      return one(last.isFinite ? last : nil)
    },
  ]

  private static let value = "value"

  private static func one(_ number: Double?) -> [String: Expected] {
    [value: number.map { .number($0) } ?? .missing]
  }

  private static func activation(_ p: Parameters) throws(PoiseError) -> Activation {
    try Activation.named(p.text("activation"))
  }

  private static func ensemble(_ p: Parameters) throws(PoiseError) -> NetworkEnsemble {
    let (w, b) = (try p.number("sigma_w"), try p.number("sigma_b"))
    // A square root that was rounded is not a critical variance: `sqrt(2)` means σ_w² = 2.
    return try NetworkEnsemble(
      activation: activation(p), weights: .gaussian(variance: (w * w).snapped),
      biases: .gaussian(variance: (b * b).snapped))
  }

  private static func outcome(_ p: Parameters) throws(PoiseError) -> MeanField.Outcome {
    try MeanField(of: ensemble(p)).outcome()
  }

  private static func atFixedPoint(
    _ p: Parameters, _ quantity: (MeanField.FixedPoint) -> Double?
  ) throws(PoiseError) -> [String: Expected] {
    one(try outcome(p).point.flatMap(quantity))
  }

  /// The critical point of smallest attracting length for a given bias deviation.
  private static func criticalPoint(_ p: Parameters) throws(PoiseError) -> CriticalPoint? {
    let bias = try p.number("sigma_b")
    let points = try EdgeOfChaos(activation(p)).points(biasVariance: bias * bias)
    return points.first { $0.chiQ <= 1 + 1e-12 } ?? points.first
  }

  private static func pointAtLength(_ p: Parameters) throws(PoiseError) -> CriticalPoint? {
    let q = try p.number("q").checked("parameter q", in: 1e-300...1e12)
    return try EdgeOfChaos(activation(p)).point(atLength: q)
  }

  private static func moment(
    _ p: Parameters, _ member: (ActivationMoments) -> Double
  ) throws(PoiseError) -> [String: Expected] {
    let q = try p.number("q").checked("parameter q", in: 0...1e12)
    return one(member(try activation(p).moments(length: q)))
  }

  private static func pair(_ p: Parameters) throws(PoiseError) -> PairMoments {
    let q = try p.number("q").checked("parameter q", in: 0...1e12)
    let c = try p.number("c").checked("parameter c", in: -1...1)
    return try activation(p).pairMoments(GaussianPair(lengthA: q, lengthB: q, gap: 1 - c))
  }

  private static func layers(_ p: Parameters) throws(PoiseError) -> Int {
    let layers = try p.integer("layers")
    guard (0...1_000_000).contains(layers) else {
      throw PoiseError(
        .outOfRange, quantity: "parameter layers", value: "\(layers)", allowed: "0 to 1000000")
    }
    return layers
  }

  /// 1 − c after some layers at q*; at any length where all lengths are preserved.
  private static func gapAfter(_ p: Parameters) throws(PoiseError) -> Double? {
    var gap = try p.number("gap0").checked("parameter gap0", in: 0...2)
    let theory = try MeanField(of: ensemble(p))
    let outcome = try theory.outcome()
    let length: Double
    switch outcome {
    case .fixedPoint(let point): length = point.length
    case .marginal: length = 1
    case .diverging: return nil
    }
    guard length > 0 else { return gap }
    let map = theory.correlationMap(atLength: length)
    for _ in 0..<(try layers(p)) { gap = map.nextGap(gap) }
    return gap
  }
}

extension Double {
  /// The number itself, or the decimal of at most 12 digits within two units in its last place.
  fileprivate var snapped: Double {
    let scale = 1e12
    let near = (self * scale).rounded() / scale
    return abs(near - self) <= 2 * ulp ? near : self
  }
}
