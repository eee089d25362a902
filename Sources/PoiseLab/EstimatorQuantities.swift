import PoiseInformation
import PoiseModel
import PoiseNumerics
import RealModule

/// The quantities of corrected mean field, bottleneck and estimators that `poise verify` knows.
enum EstimatorQuantities {
  typealias Parameters = Verification.Parameters
  typealias Expected = Verification.Expected

  static let registry: [String: Verification.Compute] = [
    "corrected_mean_field_q": { p throws(PoiseError) in try one(layer(p).length) },
    "corrected_mean_field_qab": { p throws(PoiseError) in try one(layer(p).overlap) },
    "corrected_mean_field_within_unit_variance": { p throws(PoiseError) in
      try one(layer(p).withinUnitVariance)
    },
    "pairwise_bound_lower_x": { p throws(PoiseError) in try one(pairwise(p).lower.nats) },
    "pairwise_bound_upper_x": { p throws(PoiseError) in try one(pairwise(p).upper.nats) },
    "pairwise_bound_lower_label_raw": { p throws(PoiseError) in
      let labels = try p.integers("labels")
      return try one(
        LabelInformation(
          centres: p.matrix("points"), labels: labels, noiseVariance: p.number("noise_variance")
        ).lowerRaw.nats)
    },
    "ksg_estimate": { p throws(PoiseError) in try one(neighbourEstimate(p)) },
    "gaussian_ib_curve": { p throws(PoiseError) in
      let curve = try GaussianBottleneck(eigenvalues: p.numbers("eigenvalues"))
      return try one(curve.point(informationX: p.number("information_x")).informationY)
    },
  ]

  private static func one(_ number: Double) -> [String: Expected] { ["value": .number(number)] }

  private static func layer(_ p: Parameters) throws(PoiseError) -> CorrectedMeanField.Layer {
    let ensemble = try NetworkEnsemble(
      activation: Activation.named(p.text("activation")),
      weights: .gaussian(variance: p.number("sigma_w2")),
      biases: .gaussian(variance: p.number("sigma_b2_fixed")))
    let theory = try CorrectedMeanField(
      ensemble, meanSquare: p.number("q0"), overlap: p.number("qab0"), depth: p.integer("layer"))
    return theory.layers[theory.layers.count - 1]
  }

  private static func pairwise(_ p: Parameters) throws(PoiseError) -> PairwiseBounds {
    try PairwiseBounds(centres: p.matrix("points"), noiseVariance: p.number("noise_variance"))
  }

  /// x_i = frac(100 sin i) and y_i = sin 3x_i + a frac(100 cos 1.7 i), i = 1 … n.
  private static func neighbourEstimate(_ p: Parameters) throws(PoiseError) -> Double {
    let (count, a) = (try p.integer("n"), try p.number("a"))
    guard (1...100_000).contains(count) else {
      throw PoiseError(
        .outOfRange, quantity: "parameter n", value: "\(count)", allowed: "1 to 100000")
    }
    guard let variant = NeighbourInformation.Variant(rawValue: try p.integer("variant")) else {
      throw PoiseError(
        .outOfRange, quantity: "parameter variant", value: "\(try p.integer("variant"))",
        allowed: "1 or 2")
    }
    func fraction(_ t: Double) -> Double { t - t.rounded(.down) }
    let x = (1...count).map { fraction(100 * Double.sin(Double($0))) }
    let y = (1...count).map {
      Double.sin(3 * x[$0 - 1]) + a * fraction(100 * Double.cos(1.7 * Double($0)))
    }
    return try NeighbourInformation(variant, neighbours: p.integer("k")).estimate(
      Matrix(rows: count, columns: 1, elements: x), Matrix(rows: count, columns: 1, elements: y)
    ).nats
  }
}
