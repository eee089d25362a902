import CPoiseKernels

/// The bounding boxes of one level of a tree, in groups of 32 siblings (group × dimension × lane).
struct Boxes: Sendable {
  /// Number of boxes.
  let count: Int
  private let dimensions: Int
  /// Points below one full box.
  private let capacity: Int
  private var low: [Double]
  private var high: [Double]

  private init(count: Int, dimensions: Int, capacity: Int) {
    self.count = count
    self.dimensions = dimensions
    self.capacity = capacity
    let groups = (count + ChebyshevTree.lanes - 1) / ChebyshevTree.lanes
    low = [Double](repeating: .infinity, count: groups * dimensions * ChebyshevTree.lanes)
    high = [Double](repeating: -.infinity, count: low.count)
  }

  /// The boxes of blocks of points; a missing point is infinite.
  init(blocks: [Double], count: Int, dimensions: Int) {
    self.init(count: count, dimensions: dimensions, capacity: ChebyshevTree.lanes)
    let lanes = ChebyshevTree.lanes
    for block in 0..<count {
      for k in 0..<dimensions {
        let start = (block * dimensions + k) * lanes
        let values = blocks[start..<start + lanes].prefix { $0.isFinite }
        merge(block, k, values.min()!, values.max()!)
      }
    }
  }

  /// The boxes around groups of 32.
  func parents() -> Boxes {
    let lanes = ChebyshevTree.lanes
    var result = Boxes(
      count: (count + lanes - 1) / lanes, dimensions: dimensions, capacity: capacity * lanes)
    for parent in 0..<result.count {
      for k in 0..<dimensions {
        let range = (parent * dimensions + k) * lanes..<(parent * dimensions + k + 1) * lanes
        result.merge(parent, k, low[range].min()!, high[range].max()!)
      }
    }
    return result
  }

  private mutating func merge(_ box: Int, _ k: Int, _ lower: Double, _ upper: Double) {
    let lanes = ChebyshevTree.lanes
    let place = (box / lanes * dimensions + k) * lanes + box % lanes
    low[place] = min(low[place], lower)
    high[place] = max(high[place], upper)
  }

  /// Least and largest distance to the boxes of a group.
  func distances(
    _ group: Int, _ query: UnsafePointer<Double>, _ nearest: UnsafeMutablePointer<Double>,
    _ farthest: UnsafeMutablePointer<Double>
  ) {
    let start = group * dimensions * ChebyshevTree.lanes
    low.withUnsafeBufferPointer { low in
      high.withUnsafeBufferPointer { high in
        poise_chebyshev_boxes_f64(
          low.baseAddress! + start, high.baseAddress! + start, dimensions, query, nearest,
          farthest)
      }
    }
  }

  /// Points below one box of a tree of `total` points.
  func points(_ box: Int, of total: Int) -> Int { min(capacity, total - box * capacity) }
}

/// The order of the leaves: halves along the widest side, cut where groups of 32 blocks end.
enum TreeOrder {
  static func order(_ points: Matrix<Double>) -> [Int] {
    var order = Array(0..<points.rows)
    points.withUnsafeElements { points in
      order.withUnsafeMutableBufferPointer { order in
        split(order, points.baseAddress!, points.count / order.count)
      }
    }
    return order
  }

  private static func split(
    _ order: UnsafeMutableBufferPointer<Int>, _ points: UnsafePointer<Double>, _ dimensions: Int
  ) {
    guard order.count > ChebyshevTree.lanes else { return }
    let left = leftCount(order.count)
    let side = widest(order, points, dimensions)
    select(order, left) { points[$0 * dimensions + side] }
    split(.init(rebasing: order[..<left]), points, dimensions)
    split(.init(rebasing: order[left...]), points, dimensions)
  }

  /// About half, in whole subtrees of the largest size that fits.
  private static func leftCount(_ count: Int) -> Int {
    var unit = ChebyshevTree.lanes
    while unit * ChebyshevTree.lanes < count { unit *= ChebyshevTree.lanes }
    return max(1, (count / 2 + unit / 2) / unit) * unit
  }

  private static func widest(
    _ order: UnsafeMutableBufferPointer<Int>, _ points: UnsafePointer<Double>, _ dimensions: Int
  ) -> Int {
    var (side, extent) = (0, -Double.infinity)
    for k in 0..<dimensions {
      var (low, high) = (Double.infinity, -Double.infinity)
      for point in order {
        let value = points[point * dimensions + k]
        low = value < low ? value : low
        high = value > high ? value : high
      }
      if high - low > extent { (side, extent) = (k, high - low) }
    }
    return side
  }

  /// Hoare's selection: the `rank` smallest keys to the front.
  private static func select(
    _ order: UnsafeMutableBufferPointer<Int>, _ rank: Int, _ key: (Int) -> Double
  ) {
    var (low, high) = (0, order.count - 1)
    while low < high {
      let pivot = median(key(order[low]), key(order[(low + high) / 2]), key(order[high]))
      var (i, j) = (low, high)
      while i <= j {
        while key(order[i]) < pivot { i += 1 }
        while key(order[j]) > pivot { j -= 1 }
        if i <= j {
          order.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if rank <= j { high = j } else if rank >= i { low = i } else { return }
    }
  }

  private static func median(_ a: Double, _ b: Double, _ c: Double) -> Double {
    max(min(a, b), min(max(a, b), c))
  }
}
