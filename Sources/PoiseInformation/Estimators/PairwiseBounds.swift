public import PoiseNumerics
import RealModule

/// Rigorous bounds of the information that T = f(x) + N(0, s I) carries about which of P equally
/// likely inputs was given, from the pairwise distances D of the f(x_a) alone
/// (Kolchinsky and Tracey 2017):
///
///     −⟨ln ⟨e^{−D_ab/8s}⟩_b⟩_a  ≤  I(x; T)  ≤  −⟨ln ⟨e^{−D_ab/2s}⟩_b⟩_a  ≤  ln P
///
/// The lower exponent is the Bhattacharyya distance of two Gaussians, the upper one their relative
/// entropy. Nothing is assumed of the inputs. Near ln P they report the number of samples, not the
/// layer.
public struct PairwiseBounds: Sendable, Equatable {
  /// The lower bound and what may be said of it.
  public let lower: InformationEstimate
  /// The upper bound.
  public let upper: InformationEstimate
  /// P.
  public let samples: Int
  /// What each input adds to the lower and to the upper bound, up to a constant.
  let influences: [[Double]]

  /// Bounds from the noiseless values of a layer.
  ///
  /// - Parameters:
  ///   - centres: f(x_a) (sample × unit), one row per input.
  ///   - noiseVariance: s > 0.
  /// - Throws: `outOfRange` for no samples, numbers that are not finite, or s not above 0.
  public init(
    centres: Matrix<Double>, noiseVariance: Double, jobs: Int = 1
  ) throws(PoiseError) {
    guard centres.rows > 0, centres.columns > 0, centres.elements.allSatisfy(\.isFinite) else {
      throw PoiseError(
        .outOfRange, quantity: "centres", value: "\(centres.rows) × \(centres.columns)",
        allowed: "at least one row and one column, all finite")
    }
    let centred = centres.withoutColumnMeans
    let columns = centred.transposed
    let squares = centred.rowSquares
    try self.init(samples: centres.rows, noiseVariance: noiseVariance, jobs: jobs) { rows in
      let block = centred.selecting(rows: Array(rows))
      var distances = Matrix.product(block, columns)
      distances.withUnsafeMutableElements { d in
        for (index, row) in rows.enumerated() {
          for other in squares.indices {
            let place = index * squares.count + other
            d[place] = other == row ? 0 : max(0, squares[row] + squares[other] - 2 * d[place])
          }
        }
      }
      return distances
    }
  }

  /// Bounds from a kernel of inputs: D_ab = n (K_aa + K_bb − 2 K_ab) at width n.
  ///
  /// - Throws: `shapeMismatch` if K is not square; else as for centres.
  public init(
    kernel: Matrix<Double>, width: Int, noiseVariance: Double, jobs: Int = 1
  ) throws(PoiseError) {
    guard kernel.rows == kernel.columns else {
      throw PoiseError(
        .shapeMismatch, quantity: "kernel", value: "\(kernel.rows) × \(kernel.columns)",
        allowed: "square")
    }
    guard kernel.rows > 0, kernel.elements.allSatisfy(\.isFinite) else {
      throw PoiseError(
        .outOfRange, quantity: "kernel", value: "\(kernel.rows) × \(kernel.columns)",
        allowed: "at least one row, all finite")
    }
    let samples = kernel.rows
    try self.init(samples: samples, noiseVariance: noiseVariance, jobs: jobs) { rows in
      Matrix(
        rows: rows.count, columns: samples,
        elements: rows.flatMap { a in
          (0..<samples).map { b in
            max(0, Double(width) * (kernel[a, a] + kernel[b, b] - 2 * kernel[a, b]))
          }
        })
    }
  }

  /// - Parameter distances: rows of D (|range| × P).
  private init(
    samples: Int, noiseVariance: Double, jobs: Int,
    distances: @Sendable (Range<Int>) -> Matrix<Double>
  ) throws(PoiseError) {
    try SampleChecks.checkNoise(noiseVariance)
    self.samples = samples
    let chunk = 128
    let ranges = stride(from: 0, to: samples, by: chunk).map { $0..<min($0 + chunk, samples) }
    let scales = [-1 / (8 * noiseVariance), -1 / (2 * noiseVariance)]
    // First pass: p_a = ⟨e^{−D_ab/…}⟩_b; second: Σ_a e_ab/p_a, for the error.
    let densities = parallelMap(count: ranges.count, jobs: jobs) {
      (index: Int) throws(Never) -> [[Double]] in
      let block = distances(ranges[index])
      return scales.map { Self.rowMeans(block, scale: $0) }
    }
    let rows = (0..<2).map { kind in densities.flatMap { $0[kind] } }
    let pulls = parallelMap(count: ranges.count, jobs: jobs) {
      (index: Int) throws(Never) -> [[Double]] in
      let block = distances(ranges[index])
      return (0..<2).map {
        Self.rowMeans(block, scale: scales[$0], weights: rows[$0].map { 1 / $0 })
      }
    }
    let terms = rows.map { $0.map { -Double.log($0) } }
    // Infinitesimal jackknife: input b moves a bound by −ln p_b − ⟨e_ab/p_a⟩_a.
    influences = (0..<2).map { kind in
      zip(terms[kind], pulls.flatMap { $0[kind] }).map { $0 - $1 }
    }
    lower = Self.estimate(terms[0], influences[0])
    upper = Self.estimate(terms[1], influences[1])
  }

  private static func rowMeans(
    _ block: Matrix<Double>, scale: Double, weights: [Double]? = nil
  ) -> [Double] {
    let exponentials = VectorMath.exp(block.elements.map { scale * $0 })
    let width = block.columns
    return (0..<block.rows).map { row in
      var sum = 0.0
      let start = row * width
      if let weights {
        for b in 0..<width { sum += weights[b] * exponentials[start + b] }
      } else {
        for b in 0..<width { sum += exponentials[start + b] }
      }
      return sum / Double(width)
    }
  }

  /// The mean of −ln p_a and its standard error over draws of the inputs.
  private static func estimate(
    _ terms: [Double], _ influence: [Double]
  ) -> InformationEstimate {
    let nats = terms.reduce(0, +) / Double(terms.count)
    var warnings: [String] = []
    let most = Double.log(Double(terms.count))
    if terms.count > 1, nats > 0.9 * most {
      warnings.append(
        "close to ln P = \(most.rounded(places: 2)): this is the number of samples, not the layer")
    }
    return InformationEstimate(
      nats: nats, standardError: RunningMoments(influence).standardError ?? 0,
      warnings: warnings)
  }
}

extension Matrix where Scalar == Double {
  /// The rows less their mean.
  var withoutColumnMeans: Matrix {
    var result = self
    var means = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns { means[column] += elements[row * columns + column] }
    }
    let count = Double(rows)
    result.withUnsafeMutableElements { values in
      for index in values.indices { values[index] -= means[index % means.count] / count }
    }
    return result
  }

  /// |row|².
  var rowSquares: [Double] {
    withUnsafeElements { values in
      (0..<rows).map { row in
        let start = values.baseAddress! + row * columns
        return Double.dot(columns, start, start)
      }
    }
  }
}
