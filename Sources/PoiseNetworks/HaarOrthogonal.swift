public import PoiseNumerics

/// A matrix from the Haar measure: orthonormal columns (rows ≥ columns) or orthonormal rows.
///
/// Q of the QR factorisation of a Gaussian matrix, with the signs that make diag R > 0, has the
/// Haar law (Mezzadri 2007, math-ph/0609050). The Householder vector of column k acts on a part
/// of the matrix that is still Gaussian and independent of all earlier ones, so it can be drawn
/// directly from n − k fresh normals (Stewart 1980, SIAM J. Numer. Anal. 17, 403): nothing is
/// factored, and only the product of the reflections is computed.
///
/// - Parameters:
///   - stream: consumed; the same stream gives the same matrix. `Float` results are accumulated
///     in single precision from the same reflections as `Double` ones.
/// - Returns: (rows × columns); entries have mean 0 and variance 1/max(rows, columns).
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
public func haarOrthogonal<Scalar: NetworkScalar>(
  rows: Int, columns: Int, stream: inout RandomStream
) -> Matrix<Scalar> {
  precondition(rows >= 1 && columns >= 1, "a Haar matrix has at least one row and one column")
  BLAS.useOneThread()
  let scratch = Scratch<Scalar>(rows * columns)
  fillHaar(scratch.base, rows: rows, columns: columns, gain: 1, stream: &stream)
  let entries = Array(UnsafeBufferPointer(start: scratch.base, count: rows * columns))
  return Matrix(rows: rows, columns: columns, elements: entries)
}

/// Writes `gain` times a Haar matrix (rows × columns, row-major) to `target`.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
func fillHaar<Scalar: NetworkScalar>(
  _ target: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int, gain: Double,
  stream: inout RandomStream
) {
  guard rows < columns else {
    accumulateReflections(target, rows, columns, gain, &stream)
    return
  }
  let tall = Scratch<Scalar>(rows * columns)
  accumulateReflections(tall.base, columns, rows, gain, &stream)
  for row in 0..<rows {
    for column in 0..<columns { target[row * columns + column] = tall.base[column * rows + row] }
  }
}

/// Reflections that are multiplied together before they meet the matrix. With 32 the small
/// triangular factors cost little and the products are still matrix products.
private let reflectionBlock = 32

// Blocks of reflections are applied from the last to the first, so that the trailing part they
// act on stays as small as possible: 4/3 n³ operations for a square matrix, all in gemm. Since
// the blocks are independent they are also drawn in that order and never stored.
@specialized(where Scalar == Double)
@specialized(where Scalar == Float)
private func accumulateReflections<Scalar: NetworkScalar>(
  _ q: UnsafeMutablePointer<Scalar>, _ rows: Int, _ columns: Int, _ gain: Double,
  _ stream: inout RandomStream
) {
  let reflections = min(columns, rows - 1)
  let block = ReflectionBlock<Scalar>(rows: rows, columns: columns)
  if reflections < columns {
    // The last column of a square matrix has no room for a reflection, only for a sign.
    q[rows * columns - 1] = 1
    block.signs[columns - 1] = stream.normal() < 0 ? Scalar(-gain) : Scalar(gain)
  }
  var start = (reflections - 1) / reflectionBlock * reflectionBlock
  while start >= 0, reflections > 0 {
    let size = min(reflectionBlock, reflections - start)
    block.draw(start: start, size: size, rows: rows, gain: gain, stream: &stream)
    block.apply(to: q, start: start, size: size, rows: rows, columns: columns)
    start -= reflectionBlock
  }
  for row in 0..<rows { Scalar.multiply(columns, block.signs, q + row * columns) }
}

/// Q ← (I − V T Vᵀ)(I ⊕ Q) for one block of reflections, and the memory for it.
///
/// Householder vectors are scaled to |v|² = 2, so that each reflection is I − v vᵀ and
/// T⁻¹ = I + (strict upper triangle of VᵀV).
private struct ReflectionBlock<Scalar: NetworkScalar> {
  private let normals: Scratch<Double>
  private let memory: Scratch<Scalar>
  /// Vᵀ (size × trailing rows): one Householder vector per row.
  private let vectors: UnsafeMutablePointer<Scalar>
  private let product: UnsafeMutablePointer<Scalar>
  private let scaled: UnsafeMutablePointer<Scalar>
  private let gram: UnsafeMutablePointer<Scalar>
  private let factor: UnsafeMutablePointer<Scalar>
  /// gain · sign(r_kk) of each column.
  let signs: UnsafeMutablePointer<Scalar>

  init(rows: Int, columns: Int) {
    let size = reflectionBlock
    normals = Scratch(size * rows)
    memory = Scratch(size * rows + 2 * size * columns + 2 * size * size + columns)
    vectors = memory.base
    product = vectors + size * rows
    scaled = product + size * columns
    gram = scaled + size * columns
    factor = gram + size * size
    signs = factor + size * size
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func draw(start: Int, size: Int, rows: Int, gain: Double, stream: inout RandomStream) {
    let length = rows - start
    let count = size * length - size * (size - 1) / 2
    stream.fillNormal(UnsafeMutableBufferPointer(start: normals.base, count: count))
    var x = normals.base
    for index in 0..<size {
      let tail = length - index
      let norm = Double.dot(tail, x, x).squareRoot()
      let sign: Double = x[0] < 0 ? -1 : 1
      let scale = 1 / (norm * (norm + abs(x[0]))).squareRoot()
      x[0] += sign * norm
      let v = vectors + index * length
      for zero in 0..<index { v[zero] = 0 }
      Scalar.round(tail, scale, x, v + index)
      // The reflection sends x to −sign |x| e₁; the column's sign makes that positive.
      signs[start + index] = Scalar(-sign * gain)
      x += tail
    }
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  func apply(
    to q: UnsafeMutablePointer<Scalar>, start: Int, size: Int, rows: Int, columns: Int
  ) {
    let (length, width) = (rows - start, columns - start)
    invertTriangle(size: size, length: length)
    let corner = q + start * columns + start
    for row in 0..<length {
      let clear = row < size ? width : size
      for column in 0..<clear { corner[row * columns + column] = 0 }
      if row < size { corner[row * columns + row] = 1 }
    }
    for row in 0..<size {
      for column in 0..<size { product[row * width + column] = vectors[row * length + column] }
    }
    if width > size {
      Scalar.gemm(
        ProductShape(rows: size, columns: width - size, inner: length - size), 1, vectors + size,
        length, corner + size * columns + size, columns, 0, product + size, width)
    }
    Scalar.gemm(
      ProductShape(rows: size, columns: width, inner: size), 1, factor, size, product, width, 0,
      scaled, width)
    Scalar.gemm(
      ProductShape(rows: length, columns: width, inner: size, transposeA: true), -1, vectors,
      length, scaled, width, 1, corner, columns)
  }

  /// T, from the last row up: row i = eᵢ − Σ_{k>i} (VᵀV)ᵢₖ · row k.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func invertTriangle(size: Int, length: Int) {
    Scalar.syrk(size, length, 1, vectors, length, 0, gram, size)
    for row in stride(from: size - 1, through: 0, by: -1) {
      let target = factor + row * size
      for column in 0..<size { target[column] = 0 }
      target[row] = 1
      for other in (row + 1)..<max(size, row + 1) {
        let (weight, source) = (gram[row * size + other], factor + other * size)
        for column in other..<size { target[column] -= weight * source[column] }
      }
    }
  }
}
