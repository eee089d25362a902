public import PoiseNumerics
import RealModule

/// The law over inputs of one unit of a wide layer, for inputs that fall into clusters: a mixture of
/// Gaussians N(m_k, c_k) with the shares of the clusters, where the means (m_1, …, m_C) are frozen with
/// the weights, jointly N(0, R) over units.
public struct UnitMixture: Sendable, Equatable {
  /// p_k, summing to 1.
  public let shares: [Double]
  /// R (cluster × cluster): mean overlap of different inputs of two clusters.
  public let meanCovariance: Matrix<Double>
  /// c_k: variance of the unit within a cluster; 0 for a cluster of one input.
  public let variances: [Double]

  /// - Parameters:
  ///   - kernel: the covariances at the layer.
  ///   - labels: the cluster of each input, any integers; clusters are taken in ascending order.
  /// - Throws: `shapeMismatch` for another number of labels.
  public init(_ kernel: InputKernel, labels: [Int]) throws(PoiseError) {
    let matrix = kernel.matrix
    guard labels.count == matrix.rows else {
      throw PoiseError(
        .shapeMismatch, quantity: "labels", value: "\(labels.count)",
        allowed: "\(matrix.rows), one for each input")
    }
    let clusters = Set(labels).sorted().map { label in
      labels.indices.filter { labels[$0] == label }
    }
    var means = Matrix<Double>(rows: clusters.count, columns: clusters.count)
    var variances: [Double] = []
    for (k, own) in clusters.enumerated() {
      let count = Double(own.count)
      let diagonal = own.reduce(0) { $0 + matrix[$1, $1] }
      for (other, members) in clusters.enumerated() {
        let sum = own.reduce(0) { sum, a in members.reduce(sum) { $0 + matrix[a, $1] } }
        if other != k {
          means[k, other] = sum / (count * Double(members.count))
        } else {
          means[k, k] = count > 1 ? (sum - diagonal) / (count * (count - 1)) : diagonal
        }
      }
      variances.append(max(0, diagonal / count - means[k, k]))
    }
    shares = clusters.map { Double($0.count) / Double(labels.count) }
    meanCovariance = means
    self.variances = variances
  }

  /// Variance of m_k − Σ p m over units.
  private var spreads: [Double] {
    let rows = shares.indices.map { k in
      shares.indices.reduce(0) { $0 + shares[$1] * meanCovariance[k, $1] }
    }
    let all = zip(shares, rows).reduce(0) { $0 + $1.0 * $1.1 }
    return shares.indices.map { max(0, meanCovariance[$0, $0] - 2 * rows[$0] + all) }
  }

  /// Σ p_k (c_k + Var(m_k − m̄)): variance of the unit over inputs, averaged over units.
  public var variance: Double {
    zip(shares, zip(variances, spreads)).reduce(0) { $0 + $1.0 * ($1.1.0 + $1.1.1) }
  }

  /// Fourth over squared second moment around the unit's mean, both averaged over units, less 3:
  /// what clusters add to a Gaussian unit.
  public var excessKurtosis: Double {
    let fourth = zip(shares, zip(variances, spreads)).reduce(0) { sum, part in
      let total = part.1.0 + part.1.1
      return sum + 3 * part.0 * total * total
    }
    return variance > 0 ? fourth / (variance * variance) - 3 : 0
  }

  /// Density over inputs of a unit whose cluster means are given.
  public func density(_ x: Double, means: [Double]) -> Double {
    precondition(means.count == shares.count, "one mean for each cluster")
    return shares.indices.reduce(0) { sum, k in
      let deviation = variances[k].squareRoot()
      guard deviation > 0 else { return sum }
      return sum + shares[k] * StandardNormal.density((x - means[k]) / deviation) / deviation
    }
  }

  /// The frozen means of one unit, drawn.
  /// - Throws: `notConverged` if R cannot be decomposed.
  public func drawMeans(_ stream: inout RandomStream) throws(PoiseError) -> [Double] {
    let parts = try meanCovariance.symmetricEigendecomposition()
    var means = [Double](repeating: 0, count: shares.count)
    for (mode, value) in parts.values.enumerated() {
      let amplitude = max(0, value).squareRoot() * stream.normal()
      for k in means.indices { means[k] += amplitude * parts.vectors[mode, k] }
    }
    return means
  }
}
