import RealModule

/// McCulloch's fit by five quantiles (1986), its tables made from the quantile function of the law
/// itself: ν_α = (q₉₅ − q₀₅)/(q₇₅ − q₂₅), ν_β = (q₉₅ + q₀₅ − 2 q₅₀)/(q₉₅ − q₀₅). All in S0.
struct StableQuantileFit {
  /// One law of the table, scale 1.
  private struct Cell: Sendable {
    var spread = 0.0  // ν_α
    var skew = 0.0  // ν_β
    var quartiles = 0.0  // q₇₅ − q₂₅
    var median = 0.0
  }

  private static let alphas: [Double] = [
    0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2,
  ]
  private static let betas: [Double] = [0, 0.33, 0.67, 1]

  /// Made at first use.
  private static let symmetricColumn: [Cell] = column(0)
  private static let columns: [[Cell]] =
    [symmetricColumn] + betas.dropFirst().map { column($0) }

  private static func column(_ beta: Double) -> [Cell] {
    alphas.map { alpha in
      guard let law = try? StableLaw(alpha: alpha, beta: beta) else { return Cell() }
      func q(_ p: Double) -> Double { (try? law.quantile(p)) ?? 0 }
      if beta == 0 || alpha == 2 {
        let (upper, far) = (q(0.75), q(0.95))
        return Cell(spread: far / upper, skew: 0, quartiles: 2 * upper, median: 0)
      }
      let (a, b, c, d, e) = (q(0.05), q(0.25), q(0.5), q(0.75), q(0.95))
      return Cell(
        spread: (e - a) / (d - b), skew: (e + a - 2 * c) / (e - a), quartiles: d - b, median: c)
    }
  }

  let alpha: Double
  let beta: Double
  let scale: Double
  let location: Double

  /// All four parameters.
  init(full sample: RealSample) {
    let q = [0.05, 0.25, 0.5, 0.75, 0.95].map { sample.quantile($0) }
    let range = q[3] > q[1] ? q[3] - q[1] : 2 * sample.halfQuartileRange
    let spread = (q[4] - q[0]) / range
    let skew = q[4] > q[0] ? (q[4] + q[0] - 2 * q[2]) / (q[4] - q[0]) : 0
    // In every column the α that has this spread, then the β that has this skewness.
    let found = Self.columns.map { Self.invert($0, spread) }
    var k = 1
    while k < Self.betas.count - 1, found[k].cell.skew < abs(skew) { k += 1 }
    let (low, high) = (found[k - 1], found[k])
    let rise = high.cell.skew - low.cell.skew
    // Near α = 2 no skewness tells β.
    let share = rise > 1e-6 ? min(max((abs(skew) - low.cell.skew) / rise, 0), 1) : 0
    func mix(_ a: Double, _ b: Double) -> Double { a + share * (b - a) }
    let sign = skew < 0 ? -1.0 : 1.0
    alpha = mix(low.alpha, high.alpha)
    beta = alpha < 2 ? sign * mix(Self.betas[k - 1], Self.betas[k]) : 0
    scale = range / mix(low.cell.quartiles, high.cell.quartiles)
    location = q[2] - sign * scale * mix(low.cell.median, high.cell.median)
  }

  /// α and c of the law that is symmetric about zero, by |x|.
  init(symmetric sizes: RealSample) {
    let middle = sizes.quantile(0.5)
    let half = middle > 0 ? middle : sizes.sorted[sizes.count - 1] / 2
    let found = Self.invert(Self.symmetricColumn, sizes.quantile(0.9) / half)
    alpha = found.alpha
    beta = 0
    scale = 2 * half / found.cell.quartiles
    location = 0
  }

  /// The α of a column with a given spread, which falls with α, and the cell there, linear between.
  private static func invert(_ column: [Cell], _ spread: Double) -> (alpha: Double, cell: Cell) {
    var k = 1
    while k < column.count - 1, column[k].spread > spread { k += 1 }
    let (low, high) = (column[k - 1], column[k])
    // Quantiles of heavy tails are closer to linear in the logarithm.
    let share = min(
      max(
        (Double.log(max(spread, 1)) - .log(low.spread)) / (.log(high.spread) - .log(low.spread)), 0),
      1)
    func mix(_ a: Double, _ b: Double) -> Double { a + share * (b - a) }
    return (
      mix(alphas[k - 1], alphas[k]),
      Cell(
        spread: spread, skew: mix(low.skew, high.skew),
        quartiles: mix(low.quartiles, high.quartiles), median: mix(low.median, high.median))
    )
  }
}
