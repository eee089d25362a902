public import PoiseNumerics

/// An array of numbers as files hold it: a shape, the entries in row-major order, a stored type.
public struct StoredArray: Sendable, Equatable {
  /// Lengths along each axis; empty for a single number.
  public let shape: [Int]
  /// The entries in row-major (C) order; `elements.count` is the product of `shape`.
  public let elements: [Double]
  /// How the entries were stored, or shall be.
  public let elementType: ElementType

  /// An array over given entries.
  ///
  /// - Throws: `shapeMismatch` when the shape is negative, overflows or does not fit the entries.
  public init(
    shape: [Int], elements: [Double], elementType: ElementType = .float64
  ) throws(PoiseError) {
    guard let count = FileLimits.product(shape), count == elements.count else {
      throw PoiseError(
        .shapeMismatch, quantity: "array shape", value: "\(shape) for \(elements.count) entries",
        allowed: "lengths >= 0 whose product is the number of entries")
    }
    self.init(checkedShape: shape, elements: elements, elementType: elementType)
  }

  /// A matrix as an array of two axes.
  public init(_ matrix: Matrix<Double>, elementType: ElementType = .float64) {
    self.init(
      checkedShape: [matrix.rows, matrix.columns], elements: matrix.elements,
      elementType: elementType)
  }

  /// A vector as an array of one axis.
  public init(_ vector: [Double], elementType: ElementType = .float64) {
    self.init(checkedShape: [vector.count], elements: vector, elementType: elementType)
  }

  /// The shape and the entries are known to fit.
  init(checkedShape shape: [Int], elements: [Double], elementType: ElementType) {
    self.shape = shape
    self.elements = elements
    self.elementType = elementType
  }

  /// The array as rows × rest: the first axis counts rows, all others are flattened row-major.
  ///
  /// A vector becomes one column, a single number a 1 × 1 matrix.
  public var matrix: Matrix<Double> {
    let rows = shape.first ?? 1
    let columns =
      rows == 0 ? FileLimits.product(Array(shape.dropFirst())) ?? 0 : elements.count / rows
    return Matrix(rows: rows, columns: columns, elements: elements)
  }
}
