import CPoiseKernels

/// A k-d tree of points under the maximum norm: nearest neighbours and counts within a distance.
///
/// Leaves are blocks of 32 points and inner nodes have up to 32 children, so that one step of a
/// search is one call of a vector kernel. In many dimensions, where no tree can prune, that makes it
/// a fast exhaustive search. Distances are differences and maxima only: equal coordinates compare
/// equal bit for bit in the whole space and in its parts.
public struct ChebyshevTree: Sendable {
  /// Number of points.
  public let count: Int
  /// Coordinates of a point.
  public let dimensions: Int

  /// Points by block (block × dimension × lane), in the order of the tree.
  private let blocks: [Double]
  /// Number of the point at each place of the tree.
  let order: [Int]
  /// Place in the tree of each point.
  private let places: [Int]
  /// Bounding boxes of the leaves, of their parents, and so on up to one group.
  private let levels: [Boxes]

  static let lanes = 32

  /// - Parameter points: (point × coordinate), finite, at least one of each.
  public init(_ points: Matrix<Double>) {
    precondition(points.rows > 0 && points.columns > 0, "a tree needs points")
    count = points.rows
    dimensions = points.columns
    let order = TreeOrder.order(points)
    var places = [Int](repeating: 0, count: count)
    for (place, point) in order.enumerated() { places[point] = place }
    let blockCount = (count + Self.lanes - 1) / Self.lanes
    let blocks = Self.blocks(points, order: order, count: blockCount)
    var levels = [Boxes(blocks: blocks, count: blockCount, dimensions: dimensions)]
    while levels[levels.count - 1].count > Self.lanes {
      levels.append(levels[levels.count - 1].parents())
    }
    self.order = order
    self.places = places
    self.blocks = blocks
    self.levels = levels
  }

  private static func blocks(
    _ points: Matrix<Double>, order: [Int], count: Int
  ) -> [Double] {
    let width = points.columns * lanes
    var blocks = [Double](repeating: .infinity, count: count * width)
    points.withUnsafeElements { values in
      for (place, point) in order.enumerated() {
        let start = place / lanes * width + place % lanes
        for k in 0..<points.columns {
          blocks[start + k * lanes] = values[point * points.columns + k]
        }
      }
    }
    return blocks
  }

  /// The neighbours of one of the points, nearest first, itself left out.
  ///
  /// - Parameters:
  ///   - point: number of the point.
  ///   - coordinates: its coordinates.
  ///   - best: receives as many neighbours as `best.count`; fewer points than that leave
  ///     the rest at infinite distance.
  public func neighbours(
    of point: Int, _ coordinates: UnsafePointer<Double>, _ best: inout NeighbourList
  ) {
    best.clear()
    let home = places[point] / Self.lanes
    withUnsafeTemporaryAllocation(of: Double.self, capacity: scratchSize) { scratch in
      scan(home, point, coordinates, scratch.baseAddress!, &best)
      descend(levels.count - 1, 0, home, point, coordinates, scratch.baseAddress!, &best)
    }
  }

  /// How many points lie at a distance below `radius` from the given coordinates.
  public func count(
    below radius: Double, from coordinates: UnsafePointer<Double>
  ) -> Int {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: scratchSize) { scratch in
      counted(levels.count - 1, 0, radius, coordinates, scratch.baseAddress!)
    }
  }

  /// Two rows of a group's distances for every level, and the distances of one leaf.
  private var scratchSize: Int { (2 * levels.count + 1) * Self.lanes }

  private func scan(
    _ block: Int, _ point: Int, _ query: UnsafePointer<Double>,
    _ distances: UnsafeMutablePointer<Double>, _ best: inout NeighbourList
  ) {
    let lanes = Self.lanes
    let found = blocks.withUnsafeBufferPointer { blocks in
      poise_chebyshev_block_f64(
        blocks.baseAddress! + block * dimensions * lanes, dimensions, query, best.limit, distances)
    }
    guard found > 0 else { return }
    for lane in 0..<lanes where distances[lane] < best.limit {
      let other = order[block * lanes + lane]
      if other != point { best.insert(other, distances[lane]) }
    }
  }

  /// Visits the children of group `group` at a level that may hold nearer points, nearest first.
  private func descend(
    _ level: Int, _ group: Int, _ home: Int, _ point: Int, _ query: UnsafePointer<Double>,
    _ scratch: UnsafeMutablePointer<Double>, _ best: inout NeighbourList
  ) {
    let lanes = Self.lanes
    let nearest = scratch + (2 * level + 1) * lanes
    levels[level].distances(group, query, nearest, nearest + lanes)
    while true {
      var (next, least) = (-1, best.limit)
      for lane in 0..<lanes where nearest[lane] < least { (next, least) = (lane, nearest[lane]) }
      guard next >= 0 else { return }
      nearest[next] = .infinity
      let child = group * lanes + next
      if level > 0 {
        descend(level - 1, child, home, point, query, scratch, &best)
      } else if child != home {
        scan(child, point, query, scratch, &best)
      }
    }
  }

  private func counted(
    _ level: Int, _ group: Int, _ radius: Double, _ query: UnsafePointer<Double>,
    _ scratch: UnsafeMutablePointer<Double>
  ) -> Int {
    let lanes = Self.lanes
    let nearest = scratch + (2 * level + 1) * lanes
    let farthest = nearest + lanes
    levels[level].distances(group, query, nearest, farthest)
    var sum = 0
    for lane in 0..<lanes where nearest[lane] < radius {
      let child = group * lanes + lane
      if farthest[lane] < radius {
        sum += levels[level].points(child, of: count)
      } else if level > 0 {
        sum += counted(level - 1, child, radius, query, scratch)
      } else {
        sum += blocks.withUnsafeBufferPointer { blocks in
          poise_chebyshev_block_f64(
            blocks.baseAddress! + child * dimensions * lanes, dimensions, query, radius, nil)
        }
      }
    }
    return sum
  }
}

/// The k nearest points met so far, nearest first.
public struct NeighbourList: Sendable {
  /// Numbers of the points; −1 where there were too few.
  public private(set) var points: [Int]
  /// Their distances.
  public private(set) var distances: [Double]

  public init(count: Int) {
    points = [Int](repeating: -1, count: count)
    distances = [Double](repeating: .infinity, count: count)
  }

  /// The distance that a point must beat.
  var limit: Double { distances[distances.count - 1] }

  mutating func clear() {
    for index in points.indices {
      points[index] = -1
      distances[index] = .infinity
    }
  }

  mutating func insert(_ point: Int, _ distance: Double) {
    guard distance < limit else { return }
    var place = points.count - 1
    while place > 0, distances[place - 1] > distance {
      points[place] = points[place - 1]
      distances[place] = distances[place - 1]
      place -= 1
    }
    points[place] = point
    distances[place] = distance
  }
}
