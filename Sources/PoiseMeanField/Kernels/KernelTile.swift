import PoiseModel
import PoiseNumerics
import RealModule

extension KernelPlan {
  /// Writes both kernels of one tile.
  ///
  /// - Parameters:
  ///   - nngp, ntk: the first entry of the tile; rows follow at `stride` elements.
  public func fill(
    _ tile: Tile, nngp: UnsafeMutablePointer<Double>, ntk: UnsafeMutablePointer<Double>,
    stride: Int
  ) {
    precondition(
      tile.rows.upperBound <= rowCount && tile.columns.upperBound <= columnCount
        && !tile.rows.isEmpty && !tile.columns.isEmpty, "a tile lies inside the kernel")
    let (height, width, features) = (tile.rows.count, tile.columns.count, rows.inputs.columns)
    let shape = ProductShape(rows: height, columns: width, inner: features, transposeB: true)
    rows.inputs.withUnsafeElements { a in
      columns.inputs.withUnsafeElements { b in
        Double.gemm(
          shape, 1, a.baseAddress! + tile.rows.lowerBound * features, features,
          b.baseAddress! + tile.columns.lowerBound * features, features, 0, nngp, stride)
      }
    }
    var work = TileWork(width: width)
    for (index, row) in tile.rows.enumerated() {
      let (k, t) = (nngp + index * stride, ntk + index * stride)
      work.gap.withUnsafeMutableBufferPointer { gap in
        start(row, tile.columns, k, t, gap.baseAddress!)
      }
      for column in 0..<width { work.isSame[column] = work.gap[column] == 0 }
      for layer in 0..<kernel.depth { apply(layer, row, tile.columns, k, t, &work) }
      if isSymmetric, tile.columns.contains(row) {
        k[row - tile.columns.lowerBound] = nngpDiagonal[row]
        t[row - tile.columns.lowerBound] = ntkDiagonal[row]
      }
    }
  }

  /// K¹, T¹ and the gap of one row from its products x·x′ in `k`.
  private func start(
    _ row: Int, _ range: Range<Int>, _ k: UnsafeMutablePointer<Double>,
    _ t: UnsafeMutablePointer<Double>, _ gap: UnsafeMutablePointer<Double>
  ) {
    let ensemble = kernel.ensemble
    let scale = ensemble.weightVariance / Double(rows.inputs.columns)
    let root = rows.roots[0][row]
    for (index, column) in range.enumerated() {
      let product = k[index]
      let mean = root * columns.roots[0][column]
      var value = scale * product + ensemble.biasVariance
      t[index] = kernel.firstTangent(product: product, kernel: value)
      var rest = mean > 0 ? 1 - value / mean : 1
      if rest < 1e-3, mean > 0 {
        rest = closeGap(row, column) / mean
        value = mean * (1 - rest)
      }
      gap[index] = min(max(rest, 0), 2)
      k[index] = value
    }
  }

  /// (1 − c) √(q_a q_b) = σ_w² |x_a − x_b|²/2N₀ − (√q_a − √q_b)²/2, both without cancellation.
  private func closeGap(_ row: Int, _ column: Int) -> Double {
    let features = rows.inputs.columns
    var (distance, excess) = (0.0, 0.0)
    rows.inputs.withUnsafeElements { a in
      columns.inputs.withUnsafeElements { b in
        let (a, b) = (a.baseAddress! + row * features, b.baseAddress! + column * features)
        for index in 0..<features {
          let difference = a[index] - b[index]
          distance += difference * difference
          excess += difference * (a[index] + b[index])
        }
      }
    }
    let scale = kernel.ensemble.weightVariance / Double(features)
    let spread = scale * excess / (rows.roots[0][row] + columns.roots[0][column])
    return max(0, (scale * distance - spread * spread) / 2)
  }

  /// One layer of one row.
  private func apply(
    _ layer: Int, _ row: Int, _ range: Range<Int>, _ k: UnsafeMutablePointer<Double>,
    _ t: UnsafeMutablePointer<Double>, _ work: inout TileWork
  ) {
    let constants = kernel.layer
    let start = range.lowerBound
    switch forms[layer] {
    case .homogeneous(let mean, let jump):
      work.gap.withUnsafeMutableBufferPointer { gap in
        columns.roots[layer].withUnsafeBufferPointer { roots in
          columns.roots[layer + 1].withUnsafeBufferPointer { nextRoots in
            constants.homogeneous(
              .init(kernel: k, tangent: t, gap: gap.baseAddress!, count: range.count), mean: mean,
              jump: jump, root: rows.roots[layer][row], nextRoot: rows.roots[layer + 1][row],
              roots: roots.baseAddress! + start, nextRoots: nextRoots.baseAddress! + start)
          }
        }
      }
    case .erf(let square):
      columns.marks[layer].narrowing.withUnsafeBufferPointer { narrowings in
        constants.erf(
          .init(kernel: k, tangent: t, gap: k, count: range.count), scaleSquared: square,
          narrowing: rows.marks[layer].narrowing[row],
          narrowings: narrowings.baseAddress! + start)
      }
    case .table(let table):
      if layer > 0 { findGaps(layer, row, range, k, &work) }
      table.averages(
        row: row, of: rows.marks[layer].places!, columns: range,
        of: columns.marks[layer].places!, &work)
      combine(constants, range.count, k, t, work)
    case .closed(let activation), .quadrature(let activation):
      pairwise(layer, row, range, k, &work) { activation.pairMoments($0) }
      combine(constants, range.count, k, t, work)
    case .clipped:
      pairwise(layer, row, range, k, &work) { ClippedPairs.moments($0) }
      combine(constants, range.count, k, t, work)
    }
  }

  /// 1 − c from K, with the rounding error of K.
  private func findGaps(
    _ layer: Int, _ row: Int, _ range: Range<Int>, _ k: UnsafeMutablePointer<Double>,
    _ work: inout TileWork
  ) {
    let root = rows.roots[layer][row]
    for (index, column) in range.enumerated() {
      let mean = root * columns.roots[layer][column]
      // Equal inputs stay equal, whatever the rounding of K says.
      if work.isSame[index] { continue }
      work.gap[index] = mean > 0 ? min(max((mean - k[index]) / mean, 0), 2) : 1
    }
  }

  private func pairwise(
    _ layer: Int, _ row: Int, _ range: Range<Int>, _ k: UnsafeMutablePointer<Double>,
    _ work: inout TileWork, _ averages: (GaussianPair) -> PairMoments
  ) {
    if layer > 0 { findGaps(layer, row, range, k, &work) }
    let length = rows.lengths[layer][row]
    for (index, column) in range.enumerated() {
      let pair = averages(
        GaussianPair(
          lengthA: length, lengthB: columns.lengths[layer][column], gap: work.gap[index]))
      work.value[index] = pair.value
      work.slope[index] = pair.slope
    }
  }

  private func combine(
    _ layer: PairLayer, _ count: Int, _ k: UnsafeMutablePointer<Double>,
    _ t: UnsafeMutablePointer<Double>, _ work: TileWork
  ) {
    for index in 0..<count {
      k[index] = layer.weightVariance * work.value[index] + layer.biasVariance
      t[index] =
        layer.tangentGain * work.value[index] + layer.tangentOffset
        + layer.weightVariance * work.slope[index] * t[index]
    }
  }
}

/// Buffers of one tile.
struct TileWork {
  /// 1 − c of the pairs of a row.
  var gap: [Double]
  /// Whether both inputs of a pair are one and the same.
  var isSame: [Bool]
  /// E φφ.
  var value: [Double]
  /// E φ′φ′.
  var slope: [Double]
  /// Scratch of the tables.
  var scratch: [Double] = []

  init(width: Int) {
    gap = [Double](repeating: 0, count: width)
    isSame = [Bool](repeating: false, count: width)
    value = gap
    slope = gap
  }
}
