public import PoiseModel
public import PoiseNumerics
import RealModule

/// Infinite-width theory for given inputs: every row starts from its own length, every pair from
/// its own overlap, and averages are taken over rows and pairs exactly as a measurement does.
///
///     q¹_a = σ_w² |x_a|²/N₀ + σ_b²,   k¹_ab = σ_w² x_a·x_b/N₀ + σ_b²
public struct InputPropagation: Sendable {
  /// Length of every row at every layer (layer × row).
  public let lengths: [[Double]]
  /// Mean over rows, by layer.
  public let meanLength: [Double]
  /// Mean over all pairs a < b of k_ab, by layer; empty for a single row.
  public let meanOverlap: [Double]
  /// ln χ₁ at the length of every row (layer × row).
  public let logChi1: [[Double]]
  /// Largest error that the truncation of the pair series can have made in `meanOverlap`.
  public let truncationError: Double

  /// - Parameters:
  ///   - ensemble: the laws.
  ///   - inputs: rows × features, finite.
  ///   - depth: number of hidden layers, at least 1.
  ///   - jobs: threads.
  /// - Throws: `noAnswer` if a length overflows: the ensemble diverges faster than numbers reach;
  ///   `outOfRange` for no rows, no features, an input that is not finite, or no layers.
  public init(
    _ ensemble: NetworkEnsemble, inputs: Matrix<Double>, depth: Int, jobs: Int = 1
  ) throws(PoiseError) {
    try Self.check(inputs, depth)
    try ensemble.requireSecondMoments()
    let map = LengthMap(ensemble)
    var covariance = inputs.gram
    let scale = ensemble.weightVariance / Double(inputs.columns)
    covariance.withUnsafeMutableElements { entries in
      for index in entries.indices {
        entries[index] = entries[index] * scale + ensemble.biasVariance
      }
    }
    let rows = inputs.rows
    var kernel = PairKernel(ensemble.activation)
    var (lengths, overlaps, logs): ([[Double]], [Double], [[Double]]) = ([], [], [])
    var (lost, worst) = (0.0, 0.0)
    for layer in 0..<depth {
      let q = (0..<rows).map { covariance[$0, $0] }
      guard q.allSatisfy(\.isFinite) else {
        throw PoiseError(
          .noAnswer, quantity: "length at layer \(layer + 1)", value: "overflow",
          allowed: "an ensemble whose lengths stay below 1e308",
          suggestion: "a smaller weight variance or depth")
      }
      lengths.append(q)
      if rows > 1 { overlaps.append(Self.pairMean(covariance)) }
      let moments = try parallelMap(count: rows, jobs: jobs) {
        (row: Int) throws(PoiseError) in ensemble.activation.moments(length: q[row])
      }
      logs.append(moments.map { .log(map.chi1($0)) })
      guard layer + 1 < depth else { break }
      let next = kernel.averages(
        covariance, lengths: q, squares: moments.map(\.valueSquared), jobs: jobs)
      let diagonal = (0..<rows).map { map.next(q[$0], moments[$0]) }
      covariance.withUnsafeMutableElements { entries in
        for a in 0..<rows {
          for b in a + 1..<max(rows, a + 1) {
            let value =
              ensemble.weightVariance * next.values[a * rows + b] + ensemble.biasVariance
            entries[a * rows + b] = value
            entries[b * rows + a] = value
          }
          entries[a * rows + a] = diagonal[a]
        }
      }
      // An error of an overlap grows by σ_w² |E φ′φ′| ≤ the largest χ₁.
      let gain = moments.reduce(0) { max($0, map.chi1($1)) }
      lost = gain * lost + ensemble.weightVariance * next.truncation
      worst = max(worst, lost)
    }
    self.lengths = lengths
    meanLength = lengths.map { $0.reduce(0, +) / Double(rows) }
    meanOverlap = overlaps
    logChi1 = logs
    truncationError = worst
  }

  private static func check(_ inputs: Matrix<Double>, _ depth: Int) throws(PoiseError) {
    guard inputs.rows > 0, inputs.columns > 0, inputs.elements.allSatisfy(\.isFinite) else {
      throw PoiseError(
        .outOfRange, quantity: "inputs", value: "\(inputs.rows) × \(inputs.columns)",
        allowed: "at least one row and one feature, all finite")
    }
    guard depth > 0 else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "at least 1 hidden layer")
    }
  }

  private static func pairMean(_ matrix: Matrix<Double>) -> Double {
    var sum = 0.0
    for a in 1..<matrix.rows { for b in 0..<a { sum += matrix[a, b] } }
    return sum / (Double(matrix.rows) * Double(matrix.rows - 1) / 2)
  }
}

/// E φ(u_a)φ(u_b) for all pairs of a covariance matrix: the closed form where there is one, else
/// Mehler's series with tabulated Hermite coefficients.
private struct PairKernel {
  private let activation: Activation
  private let isClosed: Bool
  private var tables: [Int: HermiteTable] = [:]
  /// Kinks make the coefficients decay algebraically: the rest of the series is then bounded.
  private static let mostOrders = 320

  init(_ activation: Activation) {
    self.activation = activation
    isClosed =
      activation.function.closedPair(GaussianPair(lengthA: 1, lengthB: 1, angle: 1)) != nil
  }

  /// Upper triangle of the averages (rows × rows), and the mean truncation bound over pairs;
  /// `squares` are E φ² of the rows.
  mutating func averages(
    _ covariance: Matrix<Double>, lengths: [Double], squares: [Double], jobs: Int
  ) -> (values: [Double], truncation: Double) {
    isClosed
      ? (closedAverages(covariance, lengths, jobs), 0)
      : seriesAverages(covariance, lengths, squares, jobs)
  }

  private func closedAverages(
    _ covariance: Matrix<Double>, _ lengths: [Double], _ jobs: Int
  ) -> [Double] {
    let count = lengths.count
    let rows = parallelMap(count: count, jobs: jobs) { (a: Int) throws(Never) -> [Double] in
      (0..<count).map { b in
        guard b > a else { return 0 }
        return activation.pairMoments(
          GaussianPair(covariance[a, b], between: lengths[a], and: lengths[b])
        ).value
      }
    }
    return Array(rows.joined())
  }

  private mutating func seriesAverages(
    _ covariance: Matrix<Double>, _ lengths: [Double], _ squares: [Double], _ jobs: Int
  ) -> (values: [Double], truncation: Double) {
    let count = lengths.count
    let expansions = expansions(lengths, jobs)
    let orders = expansions.map(\.count).max() ?? 0
    // Order-major, so that one row's loop over its partners is contiguous.
    var table = [Double](repeating: 0, count: orders * count)
    for (row, expansion) in expansions.enumerated() {
      for (k, c) in expansion.enumerated() { table[k * count + row] = c }
    }
    let frozen = table
    let remainders = (0..<count).map { row in
      max(0, squares[row] - expansions[row].reduce(0) { $0 + $1 * $1 })
    }
    let rows = parallelMap(count: count, jobs: jobs) {
      (a: Int) throws(Never) -> (values: [Double], lost: Double) in
      var correlations = [Double](repeating: 0, count: count)
      for b in (a + 1)..<max(count, a + 1) {
        // A unit without variance is constant: its series ends at order 0.
        let scale = lengths[a].squareRoot() * lengths[b].squareRoot()
        correlations[b] = scale > 0 ? min(max(covariance[a, b] / scale, -1), 1) : 0
      }
      return Self.row(a, orders, frozen, correlations, remainders)
    }
    let pairs = max(1, Double(count) * Double(count - 1) / 2)
    return (Array(rows.map(\.values).joined()), rows.reduce(0) { $0 + $1.lost } / pairs)
  }

  /// Σ_k c_k(a) c_k(b) cᵏ for all b > a, by Horner's rule over the orders.
  private static func row(
    _ a: Int, _ orders: Int, _ table: [Double], _ correlations: [Double], _ remainders: [Double]
  ) -> (values: [Double], lost: Double) {
    let count = correlations.count
    var values = [Double](repeating: 0, count: count)
    var lost = 0.0
    for b in (a + 1)..<max(count, a + 1) {
      let rest = (remainders[a] * remainders[b]).squareRoot()
      let power = rest > 0 ? Double.pow(abs(correlations[b]), orders) : 0
      lost += rest * power
    }
    table.withUnsafeBufferPointer { table in
      correlations.withUnsafeBufferPointer { c in
        values.withUnsafeMutableBufferPointer { sum in
          for k in stride(from: orders - 1, through: 0, by: -1) {
            let line = table.baseAddress! + k * count
            let own = line[a]
            for b in (a + 1)..<max(count, a + 1) { sum[b] = sum[b] * c[b] + own * line[b] }
          }
        }
      }
    }
    return (values, lost)
  }

  /// Hermite coefficients of every row, from tables that are built where they are missing.
  private mutating func expansions(_ lengths: [Double], _ jobs: Int) -> [[Double]] {
    let needed = Set(lengths.filter { $0 > 0 }.map { SlopeTable.panel(of: .log($0)) })
    let missing = needed.filter { self.tables[$0] == nil }.sorted()
    let activation = self.activation
    let built = parallelMap(count: missing.count, jobs: jobs) {
      (index: Int) throws(Never) -> HermiteTable in
      let edges = SlopeTable.edges(ofPanel: missing[index])
      return HermiteTable(
        activation, lower: edges.lower, upper: edges.upper, most: Self.mostOrders)
    }
    for (panel, table) in zip(missing, built) { self.tables[panel] = table }
    let tables = self.tables
    return parallelMap(count: lengths.count, jobs: jobs) { (row: Int) throws(Never) -> [Double] in
      guard lengths[row] > 0 else { return [activation.function.value(0)] }
      let t = Double.log(lengths[row])
      return tables[SlopeTable.panel(of: t)]!.expansion(at: t)
    }
  }
}

extension GaussianPair {
  /// The pair of a covariance k; the gap has the rounding error of k, about 1e-16.
  init(_ covariance: Double, between a: Double, and b: Double) {
    let mean = a.squareRoot() * b.squareRoot()
    self.init(lengthA: a, lengthB: b, gap: mean > 0 ? (mean - covariance) / mean : 1)
  }
}
