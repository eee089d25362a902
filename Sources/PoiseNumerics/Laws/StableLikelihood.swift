import RealModule

/// The likelihood of a stable law on a sample, in the parameters of the search:
/// η = ln(2 − α), β, ln(c/c₀), (μ₀ − m₀)/c₀ with c₀, m₀ from the start.
///
/// In η the singularity of the scores at α = 2 is gone: ∂/∂η = −(2 − α) ∂/∂α.
struct StableLikelihood {
  private let xs: [Double]
  private let model: StableFit.Model
  private let scale: Double
  private let location: Double
  private let jobs: Int
  /// Largest error of a table so far.
  private(set) var tableError = 0.0
  /// The table used last: steps in scale and location alone need no other.
  private let last = LastTable()

  private final class LastTable {
    var table: StableTable?
  }

  init(_ xs: [Double], model: StableFit.Model, scale: Double, location: Double, jobs: Int) {
    self.xs = xs
    self.model = model
    self.scale = scale
    self.location = location
    self.jobs = jobs
  }

  func parameters(of law: StableLaw) -> [Double] {
    // A start near α = 2 would see no slope.
    let alpha = min(max(law.alpha, StableFit.leastAlpha), 1.97)
    return [
      .log(2 - alpha), model == .full ? min(max(law.beta, -0.95), 0.95) : 0,
      .log(law.scale / scale), (law.location - location) / scale,
    ]
  }

  func law(_ p: [Double]) throws(PoiseError) -> StableLaw {
    try StableLaw(
      alpha: min(2 - .exp(p[0]), 2), beta: p[1], scale: scale * .exp(p[2]),
      location: location + scale * p[3])
  }

  mutating func maximize(
    from start: [Double], tolerance: Double = 1e-8
  ) throws(PoiseError) -> LikelihoodMaximizer.Outcome {
    let isFull = model == .full
    let ends = (
      Double.log(2 - StableFit.largestAlpha), Double.log(2 - StableFit.leastAlpha)
    )
    let maximizer = LikelihoodMaximizer(
      lower: [ends.0, isFull ? -1 : 0, -40, isFull ? -.infinity : 0],
      upper: [ends.1, isFull ? 1 : 0, 40, isFull ? .infinity : 0],
      stepLimit: [1, 0.4, 0.5, 1], differenceStep: [1e-3, 1e-3, 1e-3, 1e-3], tolerance: tolerance)
    var worst = tableError
    let outcome = try maximizer.maximize(from: start) { (p: [Double]) throws(PoiseError) in
      let law = try law(p)
      let (point, error) = try natural(law)
      worst = max(worst, error)
      return Self.changed(point, [law.alpha - 2, 1, 1, scale])
    }
    tableError = worst
    return outcome
  }

  /// lnL and scores in (α, β, ln c, μ₀), with the error of the table. A density that vanishes on the
  /// sample gives −∞.
  func natural(_ law: StableLaw) throws(PoiseError) -> (point: LikelihoodPoint, error: Double) {
    let nothing = LikelihoodPoint(
      value: -.infinity, gradient: [0, 0, 0, 0], scoreSquares: [Double](repeating: 0, count: 16))
    guard xs.count > StableFit.exactCount else {
      let point = exact(law)
      return (point.value.isFinite ? point : nothing, 0)
    }
    do {
      let (low, high) = (
        (xs[0] - law.location) / law.scale, (xs[xs.count - 1] - law.location) / law.scale
      )
      let table: StableTable
      if let known = last.table, known.alpha == law.alpha, known.beta == law.beta,
        known.covers(from: low, to: high)
      {
        table = known
      } else {
        table = try StableTable(
          alpha: law.alpha, beta: law.beta, from: low, to: high, jobs: jobs)
        last.table = table
      }
      return (
        table.likelihood(xs, scale: law.scale, location: law.location, jobs: jobs), table.error
      )
    } catch  where error.code == .notConverged {
      // The table is not resolved where the density falls to nothing inside the sample.
      return (nothing, 0)
    }
  }

  private func exact(_ law: StableLaw) -> LikelihoodPoint {
    let standard = StableScorer(
      StandardStable(alpha: law.alpha, beta: law.alpha == 2 ? 0 : law.beta))
    let xs = xs
    let terms = parallelMap(count: xs.count, jobs: jobs) { index in
      let z = (xs[index] - law.location) / law.scale
      let point = standard.point(z)
      return (point.x, SIMD4(point.z, point.w, -1 - point.y * z, -point.y / law.scale))
    }
    var sums = StableTable.Sums()
    for (value, score) in terms { sums.note(value, score) }
    return sums.point(shift: -Double(xs.count) * .log(law.scale))
  }

  /// A point in other parameters q with dp/dq = `factors`.
  private static func changed(_ point: LikelihoodPoint, _ factors: [Double]) -> LikelihoodPoint {
    var point = point
    for i in 0..<4 {
      point.gradient[i] *= factors[i]
      for j in 0..<4 { point.scoreSquares[4 * i + j] *= factors[i] * factors[j] }
    }
    return point
  }

  /// Covariance of (α, β, ln c, μ₀) at the maximum, by the observed information, and the robust one.
  func covariances(
    _ law: StableLaw, _ found: [Double]
  ) throws(PoiseError) -> ([Double]?, [Double]?) {
    let isFull = model == .full
    var rows = [0, 2]
    if isFull { rows.append(3) }
    if isFull, abs(law.beta) < 1 { rows.append(1) }
    if law.alpha >= StableFit.largestAlpha || law.alpha <= StableFit.leastAlpha {
      rows.removeFirst()
    }
    let isFree = (0..<4).map { rows.contains($0) }
    let step = min(1e-3, (2 - law.alpha) / 10)
    let natural = [law.alpha, law.beta, Double.log(law.scale), law.location]
    let width = [step, min(1e-3, (1 - abs(law.beta)) / 2), 1e-3, 1e-3 * law.scale]
    let maximizer = LikelihoodMaximizer(
      lower: (0..<4).map { isFree[$0] ? natural[$0] - 2 * width[$0] : natural[$0] },
      upper: (0..<4).map { isFree[$0] ? natural[$0] + 2 * width[$0] : natural[$0] },
      stepLimit: [1, 1, 1, 1], differenceStep: width)
    func point(_ p: [Double]) throws(PoiseError) -> LikelihoodPoint {
      try self.natural(
        StableLaw(alpha: p[0], beta: p[1], scale: .exp(p[2]), location: p[3])
      ).point
    }
    let information = try maximizer.information(at: natural, point)
    guard let inverse = SmallInverse.positive(information, rows: rows.sorted()) else {
      return (nil, nil)
    }
    let squares = try point(natural).scoreSquares
    return (inverse, Self.product(Self.product(inverse, squares), inverse))
  }

  private static func product(_ a: [Double], _ b: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: 16)
    for i in 0..<4 {
      for j in 0..<4 {
        for k in 0..<4 { result[4 * i + j] += a[4 * i + k] * b[4 * k + j] }
      }
    }
    return result
  }
}
