import PoiseNumerics
import RealModule

/// Flat pieces destroy the density of φ(h), so that its entropy is taken given which units are active.
///
///     hS = H − ½ ln 2πec + E_m[α(m) h_act(m)] + E[ln|φ′|; active],   m ~ N(0, q − c)
///
/// bounds the entropy of the active units from below; α(m) is the chance that a unit of mean m is
/// active, h_act the entropy of N(m, c) cut to the active pieces.
struct ActivePattern {
  /// α: share of active units.
  let share: Double
  /// hS − H, nats per unit of the layer.
  let entropyChange: Double

  init(
    active: [(lower: Double, upper: Double)], total q: Double, inner c: Double,
    shape: FunctionShape,
    meanLogSlope: Double
  ) {
    let deviation = c.squareRoot()
    let grid = GaussianGrid(
      variance: q - c > 1e-15 * q ? q - c : 0, shape: shape, smear: deviation, folds: shape.folds)
    let whole = 0.5 * (1 + Double.log(2 * .pi * c))
    var (share, entropy) = (0.0, 0.0)
    for (mean, weight) in zip(grid.nodes, grid.weights) {
      var (alpha, edges) = (0.0, 0.0)
      for piece in active {
        let (a, b) = ((piece.lower - mean) / deviation, (piece.upper - mean) / deviation)
        alpha += StandardNormal.cumulative(-a) - StandardNormal.cumulative(-b)
        edges += Self.weighted(a) - Self.weighted(b)
      }
      share += weight * alpha
      // −∫ p ln p over the pieces, and α ln α from the conditioning.
      entropy += weight * (alpha * whole + edges / 2 + (alpha > 0 ? alpha * .log(alpha) : 0))
    }
    self.share = min(share, 1)
    entropyChange = entropy - whole + meanLogSlope
  }

  /// t N(t), 0 at ±∞.
  private static func weighted(_ t: Double) -> Double {
    t.isFinite ? t * StandardNormal.density(t) : 0
  }
}
