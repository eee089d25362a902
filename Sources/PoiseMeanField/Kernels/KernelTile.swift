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
    for start in Swift.stride(from: 0, to: height, by: PairTable.rowBlock) {
      let count = min(PairTable.rowBlock, height - start)
      let block = TileBlock(
        rows: tile.rows.lowerBound + start..<tile.rows.lowerBound + start + count,
        columns: tile.columns, nngp: nngp + start * stride, ntk: ntk + start * stride,
        stride: stride)
      fill(block, &work)
    }
  }

  /// All layers of some rows of a tile, whose products x·x′ stand in the place of K.
  private func fill(_ block: TileBlock, _ work: inout TileWork) {
    for (index, row) in block.rows.enumerated() { start(row, index, block, &work) }
    for place in 0..<block.rows.count * block.columns.count {
      work.isSame[place] = work.gap[place] == 0
    }
    for layer in 0..<kernel.depth { apply(layer, block, &work) }
    guard isSymmetric else { return }
    for (index, row) in block.rows.enumerated() where block.columns.contains(row) {
      block.nngp[index * block.stride + row - block.columns.lowerBound] = nngpDiagonal[row]
      block.ntk[index * block.stride + row - block.columns.lowerBound] = ntkDiagonal[row]
    }
  }

  /// K¹, T¹ and the gap of one row from its products x·x′ in the place of K.
  private func start(_ row: Int, _ index: Int, _ block: TileBlock, _ work: inout TileWork) {
    let ensemble = kernel.ensemble
    let scale = ensemble.weightVariance / Double(rows.inputs.columns)
    let root = rows.roots[0][row]
    let (k, t) = block.lines(index)
    let first = index * block.columns.count
    for (place, column) in block.columns.enumerated() {
      let product = k[place]
      let mean = root * columns.roots[0][column]
      var value = scale * product + ensemble.biasVariance
      t[place] = kernel.firstTangent(product: product, kernel: value)
      var rest = mean > 0 ? 1 - value / mean : 1
      if rest < 1e-3, mean > 0 {
        rest = closeGap(row, column) / mean
        value = mean * (1 - rest)
      }
      work.gap[first + place] = min(max(rest, 0), 2)
      k[place] = value
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

  /// One layer of some rows.
  private func apply(_ layer: Int, _ block: TileBlock, _ work: inout TileWork) {
    let start = block.columns.lowerBound
    switch forms[layer] {
    case .homogeneous(let mean, let jump):
      let width = block.columns.count
      work.gap.withUnsafeMutableBufferPointer { gap in
        columns.roots[layer].withUnsafeBufferPointer { roots in
          columns.roots[layer + 1].withUnsafeBufferPointer { nextRoots in
            for (index, row) in block.rows.enumerated() {
              let (k, t) = block.lines(index)
              kernel.layer.homogeneous(
                .init(
                  kernel: k, tangent: t, gap: gap.baseAddress! + index * width, count: width),
                mean: mean, jump: jump, root: rows.roots[layer][row],
                nextRoot: rows.roots[layer + 1][row], roots: roots.baseAddress! + start,
                nextRoots: nextRoots.baseAddress! + start)
            }
          }
        }
      }
    case .erf(let square):
      let narrowings = columns.marks[layer].narrowing
      for (index, row) in block.rows.enumerated() {
        let (k, t) = block.lines(index)
        narrowings.withUnsafeBufferPointer { narrowings in
          kernel.layer.erf(
            .init(kernel: k, tangent: t, gap: k, count: block.columns.count),
            scaleSquared: square, narrowing: rows.marks[layer].narrowing[row],
            narrowings: narrowings.baseAddress! + start)
        }
      }
    case .table(let table):
      if layer > 0 { findGaps(layer, block, &work) }
      table.averages(
        first: block.rows.lowerBound, count: block.rows.count, of: rows.marks[layer].places,
        columns: block.columns, of: columns.marks[layer].places, &work)
      combine(block, work)
    case .closed(let activation), .quadrature(let activation):
      if layer > 0 { findGaps(layer, block, &work) }
      var place = 0
      for row in block.rows {
        for column in block.columns {
          let pair = activation.pairMoments(
            GaussianPair(
              lengthA: rows.lengths[layer][row], lengthB: columns.lengths[layer][column],
              gap: work.gap[place]))
          (work.value[place], work.slope[place]) = (pair.value, pair.slope)
          place += 1
        }
      }
      combine(block, work)
    }
  }

  /// 1 − c from K, with the rounding error of K.
  private func findGaps(_ layer: Int, _ block: TileBlock, _ work: inout TileWork) {
    let others = columns.roots[layer]
    let width = block.columns.count
    others.withUnsafeBufferPointer { others in
      work.gap.withUnsafeMutableBufferPointer { gap in
        for (index, row) in block.rows.enumerated() {
          let root = rows.roots[layer][row]
          let (k, _) = block.lines(index)
          let own = gap.baseAddress! + index * width
          let side = others.baseAddress! + block.columns.lowerBound
          for place in 0..<width {
            let mean = root * side[place]
            let rest = (mean - k[place]) / (mean + 0x1p-1000)
            own[place] = rest > 2 ? 2 : (rest > 0 ? rest : 0)
          }
        }
      }
    }
    // Equal inputs stay equal, whatever the rounding of K says.
    for place in 0..<block.rows.count * width where work.isSame[place] { work.gap[place] = 0 }
  }

  private func combine(_ block: TileBlock, _ work: TileWork) {
    let layer = kernel.layer
    let width = block.columns.count
    work.value.withUnsafeBufferPointer { value in
      work.slope.withUnsafeBufferPointer { slope in
        for index in 0..<block.rows.count {
          let (k, t) = block.lines(index)
          let (e, d) = (value.baseAddress! + index * width, slope.baseAddress! + index * width)
          for place in 0..<width {
            k[place] = layer.weightVariance * e[place] + layer.biasVariance
            t[place] =
              layer.tangentGain * e[place] + layer.tangentOffset
              + layer.weightVariance * d[place] * t[place]
          }
        }
      }
    }
  }
}

/// Some rows of a tile, and where they go.
private struct TileBlock {
  let rows: Range<Int>
  let columns: Range<Int>
  let nngp: UnsafeMutablePointer<Double>
  let ntk: UnsafeMutablePointer<Double>
  let stride: Int

  func lines(_ index: Int) -> (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) {
    (nngp + index * stride, ntk + index * stride)
  }
}

/// Buffers of a block of rows (row × column).
struct TileWork {
  /// 1 − c of the pairs.
  var gap: [Double]
  /// Whether both inputs of a pair are one and the same.
  var isSame: [Bool]
  /// E φφ.
  var value: [Double]
  /// E φ′φ′.
  var slope: [Double]
  /// The angle in units of the panels of a table.
  var position: [Double]
  /// Scratch of the tables.
  var scratch: [Double] = []

  init(width: Int) {
    let count = width * PairTable.rowBlock
    gap = [Double](repeating: 0, count: count)
    isSame = [Bool](repeating: false, count: count)
    (value, slope, position) = (gap, gap, gap)
  }

  /// Lets `body` fill the averages of one row from its positions.
  mutating func averages(
    _ row: Int, _ width: Int,
    _ body: (
      UnsafePointer<Double>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
    ) -> Void
  ) {
    position.withUnsafeBufferPointer { position in
      value.withUnsafeMutableBufferPointer { value in
        slope.withUnsafeMutableBufferPointer { slope in
          let start = row * width
          body(
            position.baseAddress! + start, value.baseAddress! + start, slope.baseAddress! + start)
        }
      }
    }
  }
}
