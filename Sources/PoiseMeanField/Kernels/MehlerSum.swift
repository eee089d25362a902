import PoiseModel
import PoiseNumerics
import RealModule

/// Averages of pairs of some lengths by Mehler's formula,
///
///     E φφ = Σ c_k(q_a) c_k(q_b) cᵏ,   E φ′φ′ = Σ d_k(q_a) d_k(q_b) cᵏ,   d_k = √((k+1)/q) c_(k+1),
///
/// one matrix product an angle. For φ analytic on the real line: c_k then falls geometrically.
struct MehlerSum: Sendable {
  /// c_k (length × order).
  private let values: Matrix<Double>
  /// d_k (length × order).
  private let slopes: Matrix<Double>
  /// Whether the series have ended at every length.
  private let isComplete: Bool

  /// nil where φ has kinks.
  init?(_ activation: Activation, logLengths: [Double], jobs: Int) {
    guard let strip = activation.function.analyticStrip, strip > 0 else { return nil }
    let series = parallelMap(count: logLengths.count, jobs: jobs) {
      (index: Int) throws(Never) -> (c: [Double], d: [Double], rest: Double) in
      let length = Double.exp(logLengths[index])
      guard length > 0 else {
        return ([activation.function.value(0)], [activation.function.derivative(0)], 0)
      }
      // tanh needs about 200 q terms.
      let most = min(20_000, max(400, Int(300 * length)))
      let expansion = HermiteExpansion(activation, length: length, most: most)
      let c = expansion.coefficients
      let d = c.indices.dropFirst().map { (Double($0) / length).squareRoot() * c[$0] }
      return (c, d, expansion.residual)
    }
    let orders = series.map(\.c.count).max() ?? 1
    func matrix(_ part: (Int) -> [Double]) -> Matrix<Double> {
      var matrix = Matrix<Double>(rows: series.count, columns: orders)
      for row in series.indices {
        for (order, value) in part(row).enumerated() { matrix[row, order] = value }
      }
      return matrix
    }
    values = matrix { series[$0].c }
    slopes = matrix { series[$0].d }
    isComplete = series.allSatisfy { abs($0.rest) < 2e-13 }
  }

  /// All pairs at one angle; nil where the series have not ended.
  func gram(angle: Double) -> PairSamples.Gram? {
    let cosine = Double.cos(angle)
    // Powers below 1e-18 count nothing.
    let needed = -41.5 / .log(max(abs(cosine), 1e-300))
    let orders = needed < Double(values.columns) ? max(2, Int(needed) + 1) : values.columns
    guard isComplete || orders < values.columns else { return nil }
    return PairSamples.Gram(
      values: Self.sum(values, min(orders, values.columns), cosine),
      slopes: Self.sum(slopes, min(orders, values.columns), cosine))
  }

  private static func sum(_ matrix: Matrix<Double>, _ orders: Int, _ cosine: Double) -> [Double] {
    let (rows, columns) = (matrix.rows, matrix.columns)
    var powers = [1.0]
    for order in 1..<max(orders, 2) { powers.append(powers[order - 1] * cosine) }
    var sum = [Double](repeating: 0, count: rows * rows)
    var scaled = [Double](repeating: 0, count: rows * orders)
    matrix.withUnsafeElements { all in
      scaled.withUnsafeMutableBufferPointer { scaled in
        for row in 0..<rows {
          for order in 0..<orders {
            scaled[row * orders + order] = powers[order] * all[row * columns + order]
          }
        }
        Double.gemm(
          ProductShape(rows: rows, columns: rows, inner: orders, transposeB: true), 1,
          scaled.baseAddress!, orders, all.baseAddress!, columns, 0, &sum, rows)
      }
    }
    return sum
  }
}
