import PoiseModel
public import PoiseNumerics

/// Everything about the single inputs that the kernels of pairs need, computed once: any tile of
/// the kernels can then be computed by itself, on any thread, with the same bits.
public struct KernelPlan: Sendable {
  /// The theory: ensemble, depth and parametrisation.
  public let kernel: NetworkKernel
  /// Number of rows of the kernels.
  public var rowCount: Int { rows.inputs.rows }
  /// Number of columns.
  public var columnCount: Int { columns.inputs.rows }
  /// Whether both sets of inputs are one: tiles above the diagonal then suffice.
  public let isSymmetric: Bool
  /// Largest relative tail of the tables behind activations without closed forms; 0 without.
  public let tableError: Double

  let rows: KernelInputs
  let columns: KernelInputs
  let forms: [PairForm]

  /// The size of the square tiles that `matrices` and files are made of.
  public static let tileSize = 256

  /// - Parameters:
  ///   - rows: inputs (row × feature), finite.
  ///   - columns: the other inputs of a cross kernel; nil for the same.
  /// - Throws: `shapeMismatch` for inputs of different dimensions; `outOfRange` for no inputs or
  ///   numbers that are not finite; `noAnswer` where a length overflows; `notConverged` if the
  ///   averages of an activation cannot be tabulated to 1e-9.
  public init(
    _ kernel: NetworkKernel, rows: Matrix<Double>, columns: Matrix<Double>? = nil, jobs: Int = 1
  ) throws(PoiseError) {
    for inputs in [rows, columns ?? rows] {
      guard inputs.rows > 0, inputs.columns > 0, inputs.elements.allSatisfy(\.isFinite) else {
        throw PoiseError(
          .outOfRange, quantity: "inputs", value: "\(inputs.rows) × \(inputs.columns)",
          allowed: "at least one row and one feature, all finite")
      }
    }
    if let columns, columns.columns != rows.columns {
      throw PoiseError(
        .shapeMismatch, quantity: "features of the second inputs", value: "\(columns.columns)",
        allowed: "\(rows.columns), as in the first")
    }
    self.kernel = kernel
    isSymmetric = columns == nil
    var own = KernelInputs(kernel, rows)
    var other = columns.map { KernelInputs(kernel, $0) }
    var forms: [PairForm] = []
    for layer in 0..<kernel.depth {
      let lengths = own.lengths[layer] + (other?.lengths[layer] ?? [])
      try Self.check(lengths, layer)
      let form = try PairForm(kernel.ensemble.activation, lengths: lengths, jobs: jobs)
      own.append(kernel, form, jobs)
      other?.append(kernel, form, jobs)
      forms.append(form)
    }
    try Self.check(own.lengths[kernel.depth] + (other?.lengths[kernel.depth] ?? []), kernel.depth)
    tableError = forms.reduce(0) { max($0, $1.error) }
    self.rows = own
    self.columns = other ?? own
    self.forms = forms
  }

  private static func check(_ lengths: [Double], _ layer: Int) throws(PoiseError) {
    guard lengths.allSatisfy({ $0 < 1e150 }) else {
      throw PoiseError(
        .noAnswer, quantity: "length at layer \(layer + 1)", value: "beyond 1e150",
        allowed: "an ensemble whose lengths stay below",
        suggestion: "a smaller weight variance or depth")
    }
  }

  /// K_aa of the rows, from the length map alone.
  public var nngpDiagonal: [Double] { rows.lengths[kernel.depth] }
  /// T_aa of the rows.
  public var ntkDiagonal: [Double] { rows.tangents }

  /// Both kernels in memory.
  public func matrices(jobs: Int = 1) -> KernelMatrices {
    var nngp = Matrix<Double>(rows: rowCount, columns: columnCount)
    var ntk = nngp
    let tiles = tiles
    nngp.withUnsafeMutableElements { nngp in
      ntk.withUnsafeMutableElements { ntk in
        let (k, t) = (TileTarget(nngp.baseAddress!), TileTarget(ntk.baseAddress!))
        let width = columnCount
        _ = parallelMap(count: tiles.count, jobs: jobs) { (index: Int) throws(Never) in
          let tile = tiles[index]
          let start = tile.rows.lowerBound * width + tile.columns.lowerBound
          fill(tile, nngp: k.base + start, ntk: t.base + start, stride: width)
          if isSymmetric { for target in [k, t] { target.mirror(tile, width) } }
        }
      }
    }
    return KernelMatrices(nngp: nngp, ntk: ntk)
  }

  /// A rectangle of the kernels.
  public struct Tile: Sendable, Equatable {
    /// Rows of the kernel.
    public var rows: Range<Int>
    /// Columns of the kernel.
    public var columns: Range<Int>

    /// The entries in these rows and columns.
    public init(rows: Range<Int>, columns: Range<Int>) {
      self.rows = rows
      self.columns = columns
    }
  }

  /// All tiles in order; of a symmetric kernel those on and above the diagonal.
  public var tiles: [Tile] {
    let size = Self.tileSize
    func parts(_ count: Int) -> [Range<Int>] {
      stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }
    return parts(rowCount).flatMap { rows in
      parts(columnCount).filter { !isSymmetric || $0.lowerBound >= rows.lowerBound }
        .map { Tile(rows: rows, columns: $0) }
    }
  }
}

/// Where tiles go: each lane writes only its own tile and its mirror image.
private struct TileTarget: @unchecked Sendable {
  let base: UnsafeMutablePointer<Double>

  init(_ base: UnsafeMutablePointer<Double>) { self.base = base }

  /// Copies a tile above the diagonal to below it.
  func mirror(_ tile: KernelPlan.Tile, _ width: Int) {
    for row in tile.rows {
      for column in max(tile.columns.lowerBound, row + 1)..<max(tile.columns.upperBound, row + 1) {
        base[column * width + row] = base[row * width + column]
      }
    }
  }
}
