/// A dense matrix (rows × columns), row-major in one contiguous array, copied on write.
public struct Matrix<Scalar: BLASScalar>: Sendable, Equatable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  @usableFromInline internal var storage: [Scalar]

  /// The entries, row by row; `elements.count == rows * columns`. Changed in place: an observer in
  /// its stead would copy the whole matrix for every entry written from another module.
  @inlinable
  public var elements: [Scalar] {
    _read { yield storage }
    _modify {
      defer { precondition(storage.count == rows * columns, "the shape of a matrix is fixed") }
      yield &storage
    }
  }

  /// A matrix with all entries equal to `value`.
  public init(rows: Int, columns: Int, repeating value: Scalar = 0) {
    precondition(rows >= 0 && columns >= 0, "negative shape")
    self.rows = rows
    self.columns = columns
    storage = [Scalar](repeating: value, count: rows * columns)
  }

  /// A matrix over given entries, row by row.
  public init(rows: Int, columns: Int, elements: [Scalar]) {
    precondition(elements.count == rows * columns, "a shape and its entries must agree")
    self.rows = rows
    self.columns = columns
    storage = elements
  }

  /// A matrix whose storage is written once by `fill`, without being zeroed first.
  public init<Failure: Error>(
    rows: Int, columns: Int,
    filling fill: (UnsafeMutableBufferPointer<Scalar>) throws(Failure) -> Void
  ) throws(Failure) {
    self.init(rows: rows, columns: columns)
    try withUnsafeMutableElements(fill)
  }

  /// The identity of a given size.
  public static func identity(_ size: Int) -> Matrix {
    var result = Matrix(rows: size, columns: size)
    for index in 0..<size { result[index, index] = 1 }
    return result
  }

  @inlinable
  public subscript(row: Int, column: Int) -> Scalar {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      return elements[row * columns + column]
    }
    _modify {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      yield &elements[row * columns + column]
    }
  }

  /// One row, copied.
  public func row(_ index: Int) -> [Scalar] {
    Array(elements[index * columns..<(index + 1) * columns])
  }

  /// The given rows, in the given order.
  public func selecting(rows indices: [Int]) -> Matrix {
    var picked: [Scalar] = []
    picked.reserveCapacity(indices.count * columns)
    for index in indices {
      picked.append(contentsOf: elements[index * columns..<(index + 1) * columns])
    }
    return Matrix(rows: indices.count, columns: columns, elements: picked)
  }

  /// Read access to the contiguous entries.
  @inlinable
  public func withUnsafeElements<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Scalar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var outcome: Swift.Result<Result, Failure>?
    elements.withUnsafeBufferPointer { buffer in
      do throws(Failure) { outcome = .success(try body(buffer)) } catch {
        outcome = .failure(error)
      }
    }
    return try outcome!.get()
  }

  /// Write access to the contiguous entries.
  @inlinable
  public mutating func withUnsafeMutableElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Scalar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var outcome: Swift.Result<Result, Failure>?
    elements.withUnsafeMutableBufferPointer { buffer in
      do throws(Failure) { outcome = .success(try body(buffer)) } catch {
        outcome = .failure(error)
      }
    }
    return try outcome!.get()
  }
}

extension Matrix {
  /// The transpose, copied.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns {
        result.elements[column * rows + row] = elements[row * columns + column]
      }
    }
    return result
  }
}
