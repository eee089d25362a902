import PoiseModel
public import PoiseNumerics
import RealModule

/// The exact Jacobian of one network at one input, kept as its factors.
///
///     ∂φ(h^L)/∂φ(h^k) = D^L W^L … D^{k+1} W^{k+1}        (activations)
///     ∂h^L/∂φ(h^k)    =     W^L D^{L−1} … D^{k+1} W^{k+1}   (preactivations)
///
/// with Dˡ = diag φ′(hˡ) and the input for φ(h⁰).
public struct NetworkJacobian: Sendable {
  /// Where the Jacobian ends.
  public enum Output: String, Sendable, Codable, CaseIterable {
    /// φ(h^L): as many factors D as W.
    case activations
    /// h^L: without the last D.
    case preactivations
  }

  /// W of each layer of the Jacobian (n_out × n_in), the lowest first.
  public let weights: [Matrix<Double>]
  /// φ′(hˡ) of each layer; ones where the Jacobian has no D.
  public let slopes: [[Double]]
  /// What is differentiated.
  public let output: Output

  /// Number of factors.
  public var depth: Int { weights.count }
  /// Dimension of what is differentiated.
  public var rows: Int { weights[depth - 1].rows }
  /// Dimension of that with respect to which it is differentiated.
  public var columns: Int { weights[0].columns }

  /// - Parameters:
  ///   - input: x.
  ///   - skippedLayers: k; 0 for the whole network, 1 to start behind the first hidden layer.
  /// - Throws: `shapeMismatch`; `outOfRange`; `noAnswer` if the forward pass overflowed.
  public init(
    of network: FiniteNetwork<Double>, at input: [Double], output: Output = .activations,
    skippedLayers: Int = 0
  ) throws(PoiseError) {
    let depth = network.architecture.depth
    guard (0..<depth).contains(skippedLayers) else {
      throw PoiseError(
        .outOfRange, quantity: "skipped layers", value: "\(skippedLayers)",
        allowed: "0 to \(depth - 1)")
    }
    let layers = try network.preactivations(
      Matrix(rows: 1, columns: input.count, elements: input))
    let function = network.activation.function
    weights = network.layers[skippedLayers...].map(\.weights)
    self.output = output
    slopes = (skippedLayers..<depth).map { layer in
      if output == .preactivations, layer == depth - 1 {
        return [Double](repeating: 1, count: network.architecture.widths[layer])
      }
      // One by one: the vector forms trade the relative accuracy of tiny slopes for speed.
      return layers[layer].elements.map { function.derivative($0) }
    }
  }

  /// A product of given factors D W, the lowest first.
  /// - Throws: `shapeMismatch` if a factor does not fit the one below it; `outOfRange` for none.
  public init(weights: [Matrix<Double>], slopes: [[Double]]) throws(PoiseError) {
    guard !weights.isEmpty else {
      throw PoiseError(
        .outOfRange, quantity: "factors", value: "none", allowed: "at least 1")
    }
    for (index, matrix) in weights.enumerated() {
      let columns = index == 0 ? matrix.columns : weights[index - 1].rows
      guard slopes.count == weights.count, slopes[index].count == matrix.rows,
        matrix.columns == columns, matrix.rows > 0, columns > 0
      else {
        throw PoiseError(
          .shapeMismatch, quantity: "factor \(index)",
          value: "\(matrix.rows) × \(matrix.columns)",
          allowed: "\(columns) columns, and as many slopes as rows")
      }
    }
    self.weights = weights
    self.slopes = slopes
    output = .activations
  }

  /// D W of one factor, the lowest being 0.
  public func factor(_ index: Int) -> Matrix<Double> {
    var result = weights[index]
    let width = result.columns
    result.withUnsafeMutableElements { entries in
      for row in 0..<slopes[index].count {
        Double.scale(width, slopes[index][row], entries.baseAddress! + row * width)
      }
    }
    return result
  }

  /// The product multiplied out (rows × columns). Singular values below 1e-16 of the largest are
  /// lost in it; `logSingularValues` keeps them.
  public func matrix() -> Matrix<Double> {
    (1..<max(depth, 1)).reduce(factor(0)) { .product(factor($1), $0) }
  }

  /// J v without J.
  /// - Throws: `shapeMismatch`.
  public func product(with vector: [Double]) throws(PoiseError) -> [Double] {
    try check(vector, columns)
    return (0..<depth).reduce(vector) { x, layer in
      zip(slopes[layer], multiply(layer, x, transposed: false)).map { $0 * $1 }
    }
  }

  /// Jᵀ u without J.
  /// - Throws: `shapeMismatch`.
  public func transposedProduct(with vector: [Double]) throws(PoiseError) -> [Double] {
    try check(vector, rows)
    return (0..<depth).reversed().reduce(vector) { u, layer in
      multiply(layer, zip(slopes[layer], u).map { $0 * $1 }, transposed: true)
    }
  }

  private func multiply(_ layer: Int, _ x: [Double], transposed: Bool) -> [Double] {
    let w = weights[layer]
    var y = [Double](repeating: 0, count: transposed ? w.columns : w.rows)
    BLAS.useOneThread()
    w.elements.withPointer {
      Double.gemv(
        transposed: transposed, rows: w.rows, columns: w.columns, 1, $0, x, 0, &y)
    }
    return y
  }

  private func check(_ vector: [Double], _ count: Int) throws(PoiseError) {
    guard vector.count == count else {
      throw PoiseError(
        .shapeMismatch, quantity: "vector", value: "\(vector.count) entries",
        allowed: "\(count) entries")
    }
  }

  /// Singular values of the product as logarithms.
  public struct SingularValues: Sendable, Equatable {
    /// ln s of those above 0, descending.
    public let logarithms: [Double]
    /// How many of the min(rows, columns) are exactly 0.
    public let zeros: Int
    /// Layers that shared a factorisation.
    public let layersPerFactorization: Int
  }

  /// ln s of all singular values, the smallest to about 1e-9 relative, however small.
  ///
  /// Rows with φ′ = 0 are left out, which gives the rank exactly. From the narrowest place of the
  /// chain upwards every factor is brought to triangular form, J = Q R_L ⋯ R₁: the product of the
  /// triangles is graded, and its singular values survive an ordinary decomposition.
  ///
  /// - Parameter grouping: factors multiplied out before each factorisation; nil to let the
  ///   condition of the first decide between 1 and 2.
  /// - Throws: `outOfRange` if the values span more than 280 decades; `notConverged`.
  public func logSingularValues(grouping: Int? = nil) throws(PoiseError) -> SingularValues {
    BLAS.useOneThread()
    let active = slopes.map { layer in layer.indices.filter { layer[$0] != 0 } }
    let all = min(rows, columns)
    let rank = min(columns, active.map(\.count).min()!)
    guard rank > 0 else {
      return SingularValues(logarithms: [], zeros: all, layersPerFactorization: 1)
    }
    var chain = TriangularChain(rank: rank, grouping: grouping)
    // The narrowest place: 0 is the input side, l the output of factor l − 1.
    let narrow =
      columns == rank ? 0 : 1 + active.firstIndex { $0.count == rank }!
    if narrow > 0 {
      for layer in (0..<narrow).reversed() {
        let below = layer == 0 ? nil : active[layer - 1]
        chain.append(reduced(layer, rows: active[layer], columns: below).transposed)
      }
      chain.turnRound()
    }
    for layer in narrow..<max(depth, narrow) {
      let below = layer == 0 ? nil : active[layer - 1]
      chain.append(reduced(layer, rows: active[layer], columns: below))
    }
    let values = try chain.logSingularValues()
    return SingularValues(
      logarithms: values, zeros: all - values.count, layersPerFactorization: chain.group)
  }

  /// D W of the rows and columns that carry something.
  private func reduced(_ layer: Int, rows: [Int], columns: [Int]?) -> Matrix<Double> {
    let whole = weights[layer]
    if rows.count == whole.rows, (columns?.count ?? whole.columns) == whole.columns {
      return factor(layer)
    }
    let kept = columns ?? Array(0..<whole.columns)
    return Matrix(rows: rows.count, columns: kept.count) { target in
      whole.elements.withPointer { source in
        for (i, row) in rows.enumerated() {
          let slope = slopes[layer][row]
          for (j, column) in kept.enumerated() {
            target[i * kept.count + j] = slope * source[row * whole.columns + column]
          }
        }
      }
    }
  }
}

extension FiniteNetwork where Scalar == Double {
  /// The Jacobian at one input.
  /// - Throws: see `NetworkJacobian.init`.
  public func jacobian(
    at input: [Double], output: NetworkJacobian.Output = .activations, skippedLayers: Int = 0
  ) throws(PoiseError) -> NetworkJacobian {
    try NetworkJacobian(of: self, at: input, output: output, skippedLayers: skippedLayers)
  }
}
