import PoiseNumerics
import Testing

@Suite struct ChebyshevTreeTests {
  static func points(_ count: Int, _ dimensions: Int, lattice: Bool) -> Matrix<Double> {
    var stream = RandomStream(seed: 5, item: UInt64(count), purpose: .init(rawValue: 1))
    var result = Matrix<Double>(rows: count, columns: dimensions)
    result.withUnsafeMutableElements { stream.fillNormal($0) }
    // A lattice has many equal coordinates: the halving must end all the same.
    if lattice { result.elements = result.elements.map { ($0 * 2).rounded() } }
    return result
  }

  /// Neighbours and counts against all distances; sizes around a block, a group and two groups.
  @Test(arguments: [1, 2, 31, 32, 33, 64, 1000, 1024, 1025, 2100, 3500], [1, 2, 5, 20])
  func exhaustive(_ count: Int, _ dimensions: Int) {
    for lattice in [false, true] {
      let points = Self.points(count, dimensions, lattice: lattice)
      let tree = ChebyshevTree(points)
      var list = NeighbourList(count: 4)
      for point in stride(from: 0, to: count, by: max(1, count / 13)) {
        let row = points.row(point)
        let distances = (0..<count).map { other in
          (0..<dimensions).reduce(0.0) { max($0, abs(points[other, $1] - row[$1])) }
        }
        let sorted = distances.enumerated().filter { $0.offset != point }.map(\.element).sorted()
        tree.neighbours(of: point, row, &list)
        let expected = sorted.prefix(4) + Array(repeating: .infinity, count: max(0, 5 - count))
        #expect(Array(expected.prefix(4)) == list.distances)
        for (other, distance) in zip(list.points, list.distances) where other >= 0 {
          #expect(distances[other] == distance && other != point)
        }
        for radius in [0, sorted.first ?? 1, sorted[safe: count / 3] ?? 1, 3, 1e9] {
          #expect(tree.count(below: radius, from: row) == distances.count { $0 < radius })
        }
      }
    }
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}
