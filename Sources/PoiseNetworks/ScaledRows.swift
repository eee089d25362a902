import PoiseNumerics
import RealModule

/// Vectors, one per row, that are multiplied through many layers without over- or underflow:
/// each row is kept near unit length and its logarithm beside it.
///
/// Rows are rescaled by powers of two only, which changes no bit of their mantissas.
struct ScaledRows<Scalar: NetworkScalar> {
  let rows: Int
  private(set) var values: UnsafeMutablePointer<Scalar>
  private var other: UnsafeMutablePointer<Scalar>
  private let memory: Scratch<Scalar>
  private var exponents: [Int]

  init(rows: Int, width: Int) {
    self.rows = rows
    memory = Scratch(2 * rows * width)
    values = memory.base
    other = memory.base + rows * width
    exponents = [Int](repeating: 0, count: rows)
  }

  mutating func start(_ vectors: UnsafePointer<Scalar>, width: Int) {
    values.update(from: vectors, count: rows * width)
    for row in 0..<rows { exponents[row] = 0 }
    rescale(width: width)
  }

  /// v ← W v for each row, or Wᵀ v.
  mutating func multiply(_ view: LayerView<Scalar>, transposed: Bool) {
    let (width, inner) = transposed ? (view.columns, view.rows) : (view.rows, view.columns)
    Scalar.gemm(
      ProductShape(rows: rows, columns: width, inner: inner, transposeB: !transposed), 1, values,
      inner, view.weights, view.columns, 0, other, width)
    swap(&values, &other)
  }

  /// v ← D v with the diagonal of each row.
  func applySlopes(_ slopes: UnsafePointer<Scalar>, width: Int) {
    Scalar.multiply(rows * width, slopes, values)
  }

  /// ln |v|² of each row; −∞ for a row that is exactly zero.
  mutating func logNorms(width: Int) -> [Double] {
    rescale(width: width).enumerated().map { row, square in
      square == 0
        ? -Double.infinity : Double.log(square) + 2 * Double(exponents[row]) * Double.log(2)
    }
  }

  /// Brings rows whose |v|² has left [2⁻²⁰, 2²⁰] back to about 1; returns the new |v|².
  @discardableResult
  private mutating func rescale(width: Int) -> [Double] {
    (0..<rows).map { row in
      let vector = values + row * width
      let square = Double(Scalar.dot(width, vector, vector))
      guard square > 0x1p20 || (square < 0x1p-20 && square > 0), square.isFinite else {
        return square
      }
      let shift = Int(square.exponent) / 2
      Scalar.scale(width, Scalar(Double.exp2(-Double(shift))), vector)
      exponents[row] += shift
      return Double(Scalar.dot(width, vector, vector))
    }
  }
}
