import PoiseModel
import PoiseNumerics
import RealModule

/// Hermite coefficients of one activation over a panel of ln q, interpolated at Chebyshev nodes:
/// a slope kernel for any length of the panel at the cost of one small matrix-vector product.
struct HermiteTable: Sendable {
  private let nodes: [Double]
  private let barycentric: [Double]
  /// nodes × orders, row-major.
  private let coefficients: [Double]
  private let orders: Int

  /// Whether the coefficients are complete at every node.
  let isComplete: Bool

  /// - Parameters:
  ///   - lower, upper: ends of the panel in ln q.
  ///   - most: largest number of orders.
  init(_ activation: Activation, lower: Double, upper: Double, most: Int = 2400) {
    let count = 20
    nodes = ChebyshevPanel.points(lower: lower, upper: upper, count: count)
    barycentric = (0..<count).map { index in
      (index % 2 == 0 ? 1 : -1) * Double.sin(.pi * (Double(index) + 0.5) / Double(count))
    }
    let expansions = nodes.map { HermiteExpansion(activation, length: .exp($0), most: most) }
    isComplete = expansions.allSatisfy { abs($0.residual) < 1e-12 }
    orders = expansions.map(\.coefficients.count).max()!
    var table: [Double] = []
    for expansion in expansions {
      table += expansion.coefficients
      table += [Double](repeating: 0, count: orders - expansion.coefficients.count)
    }
    coefficients = table
  }

  /// c_k at ln q by barycentric interpolation.
  func expansion(at t: Double) -> [Double] {
    if let exact = nodes.firstIndex(of: t) {
      return Array(coefficients[exact * orders..<(exact + 1) * orders])
    }
    var weights = (0..<nodes.count).map { barycentric[$0] / (t - nodes[$0]) }
    let sum = weights.reduce(0, +)
    for index in weights.indices { weights[index] /= sum }
    var result = [Double](repeating: 0, count: orders)
    coefficients.withUnsafeBufferPointer { table in
      Double.gemv(
        transposed: true, rows: nodes.count, columns: orders, 1, table.baseAddress!, weights, 0,
        &result)
    }
    return result
  }
}
