import PoiseNumerics
import RealModule

/// Averages over two unit Gaussians of correlation cos θ in polar coordinates,
///
///     z_a = r cos(α − θ/2),   z_b = r cos(α + θ/2),   weight r e^(−r²/2) dr dα/2π.
///
/// A kink at 0 of either function lies on a ray, where the sectors meet; the panels halve towards
/// the rays and towards r = 0 down to the scale 1/√q of the functions.
struct PolarRule {
  /// cos(α ∓ θ/2) of the two directions at every angle. The opposite angles are left out, and so are
  /// the mirror images α → −α and π − α, where a and b change places.
  private(set) var directions: [(a: Double, b: Double, weight: Double)] = []
  private(set) var radii: [(r: Double, weight: Double)] = []

  /// - Parameters:
  ///   - angle: θ in [0, π].
  ///   - length: the largest q.
  init(angle: Double, length: Double) {
    let scale = max(1, length.squareRoot())
    let edge = Double.pi / 2
    for (lower, upper) in [
      (-edge + angle / 2, edge - angle / 2), (edge - angle / 2, edge + angle / 2),
    ] where upper > lower {
      for (alpha, weight) in Self.nodes(
        Self.graded(lower, (lower + upper) / 2, 0.3 / scale))
      {
        directions.append(
          (.cos(alpha - angle / 2), .cos(alpha + angle / 2), weight / (2 * .pi)))
      }
    }
    var edges = [0.0]
    var next = min(1, 1 / scale)
    while next < 6 {
      edges.append(next)
      next *= 2
    }
    edges.append(8.75)
    radii = Self.nodes(edges).map { ($0, $1 * $0 * .exp(-$0 * $0 / 2)) }
  }

  /// Edges that double from `first` at the lower end.
  private static func graded(_ lower: Double, _ upper: Double, _ first: Double) -> [Double] {
    var edges = [lower]
    var step = first
    while step < 0.7 * (upper - lower) {
      edges.append(lower + step)
      step *= 2
    }
    return edges + [upper]
  }

  private static func nodes(_ edges: [Double]) -> [(Double, Double)] {
    let rule = GaussLegendre.sixteen
    return zip(edges, edges.dropFirst()).flatMap { lower, upper in
      rule.nodes.indices.map { index in
        (
          (lower + upper) / 2 + (upper - lower) / 2 * rule.nodes[index],
          (upper - lower) / 2 * rule.weights[index]
        )
      }
    }
  }
}
