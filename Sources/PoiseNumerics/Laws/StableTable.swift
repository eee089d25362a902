import RealModule

/// ln f of a stable law and its scores in all parameters over a range of the standardised variable
/// z = (x − μ₀)/c, tabulated for one (α, β): the likelihood of a million numbers costs as much as a
/// few hundred densities and 10 ns for each number.
///
/// The four functions ln f, ∂ln f/∂u, ∂ln f/∂α, ∂ln f/∂β of u = asinh z are smooth and grow linearly,
/// so that polynomials of degree 9 on panels follow them to the far tails. The panels are halved where
/// they are not resolved, as at the knee between Gaussian core and tail for α > 1.9.
public struct StableTable: Sendable {
  /// The law that is tabulated, in the parametrisation S0 with scale 1 and location 0.
  public let alpha: Double
  public let beta: Double
  /// Largest of the last Chebyshev coefficients of ln f: about the error of interpolation.
  public var error: Double { panels.error }
  /// Densities and scores that were computed.
  public var evaluations: Int { panels.evaluations }

  private let panels: PanelTable
  /// Whether only u ≥ 0 is tabulated, for β = 0.
  private let isEven: Bool

  /// Largest error of ln f that is accepted, and of the scores.
  static let tolerance = SIMD4(2e-9, 1e-7, 1e-7, 1e-7)

  /// Tabulates between two standardised values.
  /// - Throws: `outOfRange` for parameters that are none; `notConverged` where the density vanishes or
  ///   is not resolved inside the range.
  public init(
    alpha: Double, beta: Double, from low: Double, to high: Double, jobs: Int = 1
  ) throws(PoiseError) {
    let law = StableScorer(StandardStable(alpha: alpha, beta: alpha == 2 ? 0 : beta))
    self.alpha = alpha
    self.beta = beta
    isEven = beta == 0
    // Room for the small steps in scale and location behind the observed information.
    let margin = 0.02
    var (left, right) = (Self.asinh(low) - margin, Self.asinh(high) + margin)
    if isEven { (left, right) = (0, max(abs(left), abs(right))) }
    panels = try PanelTable(
      from: left, to: right, start: max(2, Int(((right - left) / 1.6).rounded(.up))),
      tolerance: Self.tolerance, jobs: jobs
    ) { (u: Double) throws(PoiseError) in
      let z = Double.sinh(u)
      var point = law.point(z)
      point.y *= Double.cosh(u)
      return point
    }
  }

  /// Whether a range of z lies inside.
  func covers(from low: Double, to high: Double) -> Bool {
    let (left, right) = (Self.asinh(low), Self.asinh(high))
    return isEven
      ? max(abs(left), abs(right)) <= panels.upper : left >= panels.lower && right <= panels.upper
  }

  private static func asinh(_ z: Double) -> Double {
    AsinhBlock.values([z], centre: 0, width: 1)[0]
  }

  /// ln f at every x of a law with this scale and location in S0; each x inside the range.
  func logDensities(
    _ xs: [Double], scale: Double, location: Double, jobs: Int = 1
  ) -> [Double] {
    let block = 1 << 14
    let shift = -Double.log(scale)
    let parts = parallelMap(count: (xs.count + block - 1) / block, jobs: jobs) { index in
      let range = index * block..<min(xs.count, (index + 1) * block)
      var us = AsinhBlock.values(Array(xs[range]), centre: location, width: scale)
      panels.withEvaluator { evaluate in
        for i in us.indices { us[i] = evaluate(isEven ? abs(us[i]) : us[i])[0] + shift }
      }
      return us
    }
    return Array(parts.joined())
  }

  /// lnL, its gradient in (α, β, ln c, μ₀) and Σ s sᵀ, the same bits for any number of jobs.
  func likelihood(
    _ xs: [Double], scale: Double, location: Double, jobs: Int = 1
  ) -> LikelihoodPoint {
    let block = 1 << 14
    let parts = parallelMap(count: (xs.count + block - 1) / block, jobs: jobs) { index in
      xs.withUnsafeBufferPointer { xs in
        let range = index * block..<min(xs.count, (index + 1) * block)
        return sums(
          UnsafeBufferPointer(rebasing: xs[range]), scale: scale, location: location)
      }
    }
    var total = Sums()
    for part in parts { total.add(part) }
    return total.point(shift: -Double(xs.count) * .log(scale))
  }

  private func sums(
    _ xs: UnsafeBufferPointer<Double>, scale: Double, location: Double
  ) -> Sums {
    let inverse = 1 / scale
    var (us, slopes) = AsinhBlock.withTangents(xs, centre: location, inverseWidth: inverse)
    var result = Sums()
    panels.withEvaluator { evaluate in
      us.withUnsafeMutableBufferPointer { us in
        slopes.withUnsafeMutableBufferPointer { slopes in
          for i in us.indices {
            let u = us[i]
            var value = evaluate(isEven ? abs(u) : u)
            // At β = 0 the slopes in x and in β are odd.
            if isEven, u < 0 {
              value.y = -value.y
              value.w = -value.w
            }
            var along = value.y
            // slope = 1/√(1 + z²) = du/dz, and z du/dz = tanh u.
            let cosine = slopes[i]
            along *= cosine
            let z = (xs[i] - location) * inverse
            result.note(value.x, SIMD4(value.z, value.w, -1 - along * z, -along * inverse))
          }
        }
      }
    }
    return result
  }

  /// Sums over numbers.
  struct Sums: Sendable {
    var value = 0.0
    var gradient = SIMD4<Double>.zero
    var rows = (
      SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero
    )

    @inline(__always)
    mutating func note(_ logDensity: Double, _ score: SIMD4<Double>) {
      value += logDensity
      gradient += score
      rows.0 += score * score.x
      rows.1 += score * score.y
      rows.2 += score * score.z
      rows.3 += score * score.w
    }

    mutating func add(_ other: Sums) {
      value += other.value
      gradient += other.gradient
      rows.0 += other.rows.0
      rows.1 += other.rows.1
      rows.2 += other.rows.2
      rows.3 += other.rows.3
    }

    func point(shift: Double) -> LikelihoodPoint {
      LikelihoodPoint(
        value: value + shift, gradient: (0..<4).map { gradient[$0] },
        scoreSquares: [rows.0, rows.1, rows.2, rows.3].flatMap { row in (0..<4).map { row[$0] } })
    }
  }
}

extension AsinhBlock {
  /// u = asinh((x − centre)/width) and du/dz = 1/√(1 + z²).
  static func withTangents(
    _ xs: UnsafeBufferPointer<Double>, centre: Double, inverseWidth: Double
  ) -> (values: [Double], slopes: [Double]) {
    var values = [Double](repeating: 0, count: xs.count)
    var slopes = values
    guard xs.count > 0 else { return (values, slopes) }
    values.withUnsafeMutableBufferPointer { values in
      slopes.withUnsafeMutableBufferPointer { slopes in
        for i in xs.indices {
          // Beyond 1e150 the square would overflow; there 1/√(1 + z²) = 1/|z|.
          let z = abs(xs[i] - centre) * inverseWidth
          let small = min(z, 1e150)
          let root = (small * small + 1).squareRoot()
          values[i] = z + (z > 1e150 ? z : root)
          slopes[i] = 1 / (z > 1e150 ? z : root)
        }
        VectorMath.log(values.baseAddress!, values.baseAddress!, count: xs.count)
        for i in xs.indices where xs[i] < centre { values[i] = -values[i] }
      }
    }
    return (values, slopes)
  }
}
