import PoiseNumerics
import RealModule

extension NeighbourInformation {
  /// The terms whose mean is the estimate, sample by sample.
  /// - Throws: `outOfRange` where the k-th and the next neighbour are at one distance.
  func local(
    _ x: Matrix<Double>, _ y: Matrix<Double>, _ jobs: Int
  ) throws(PoiseError) -> [Double] {
    let samples = x.rows
    let counts = try NeighbourCounts(x, y, neighbours).counts(variant, jobs)
    let psi = Self.integerDigamma(upTo: samples + 1)
    let (k, shift) = (neighbours, variant == .cubes ? 1 : 0)
    let constant = psi[k] + psi[samples] - (variant == .cubes ? 0 : 1 / Double(k))
    return counts.map { constant - psi[$0.x + shift] - psi[$0.y + shift] }
  }

  /// ψ(n) = −γ + Σ 1/m, m < n.
  private static func integerDigamma(upTo most: Int) -> [Double] {
    var values = [-Double.infinity, -0.577215664901532860606512090082]
    for n in 1..<most { values.append(values[n] + 1 / Double(n)) }
    return values
  }

  /// The standard error, from ten groups of samples at random. Of 10⁴ samples and more: scatter of the
  /// estimates of the groups over √10, since the variance falls as 1/N (Holmes and Nemenman 2019).
  /// Below, that is up to 35 % too small (small groups scatter less than 1/N says), and the
  /// jackknife leaves out one group at a time: measured 5 to 50 % too large.
  func standardError(
    _ x: Matrix<Double>, _ y: Matrix<Double>, _ seed: UInt64, _ jobs: Int
  ) throws(PoiseError) -> Double {
    let samples = x.rows
    let groups = min(10, samples / (neighbours + 2))
    guard groups > 1 else { return 0 }
    var stream = RandomStream(seed: seed, item: 0, purpose: InformationPurpose.parting)
    let order = stream.permutation(of: samples)
    let isLarge = samples >= 10_000
    let estimates = try parallelMap(count: groups, jobs: jobs) {
      (group: Int) throws(PoiseError) -> Double in
      let range = group * samples / groups..<(group + 1) * samples / groups
      let rows =
        isLarge
        ? Array(order[range]) : Array(order[..<range.lowerBound] + order[range.upperBound...])
      let terms = try local(x.selecting(rows: rows), y.selecting(rows: rows), 1)
      return terms.reduce(0, +) / Double(rows.count)
    }
    let scatter = RunningMoments(estimates).standardError ?? 0
    return isLarge ? scatter : scatter * Double(groups - 1)
  }

  /// The samples with ties broken or refused.
  func resolvingTies(
    _ x: Matrix<Double>, _ y: Matrix<Double>
  ) throws(PoiseError) -> (Matrix<Double>, Matrix<Double>) {
    switch ties {
    case .refuse:
      for (samples, name) in [(x, "X"), (y, "Y")] { try refuseRepeats(samples, name) }
      return (x, y)
    case .jitter(let size, let seed):
      return (Self.jittered(x, size, seed, item: 0), Self.jittered(y, size, seed, item: 1))
    }
  }

  private func refuseRepeats(_ samples: Matrix<Double>, _ name: String) throws(PoiseError) {
    for column in 0..<samples.columns {
      let values = (0..<samples.rows).map { samples[$0, column] }.sorted()
      let repeats = zip(values, values.dropFirst()).count { $0 == $1 }
      guard repeats == 0 else {
        throw Self.tieError("\(name), column \(column + 1)", "\(repeats) repeated values")
      }
    }
  }

  static func tieError(_ quantity: String, _ value: String) -> PoiseError {
    PoiseError(
      .outOfRange, quantity: quantity, value: value,
      allowed: "samples of a density, without ties",
      suggestion: "jitter of 1e-10 if the ties are rounding; the pairwise bounds if they are real")
  }

  private static func jittered(
    _ samples: Matrix<Double>, _ size: Double, _ seed: UInt64, item: UInt64
  ) -> Matrix<Double> {
    var result = samples
    var stream = RandomStream(seed: seed, item: item, purpose: InformationPurpose.jitter)
    var spreads = [Double](repeating: 0, count: samples.columns)
    for column in spreads.indices {
      let moments = RunningMoments((0..<samples.rows).lazy.map { samples[$0, column] })
      spreads[column] = (moments.variance ?? 0).squareRoot()
    }
    result.withUnsafeMutableElements { values in
      for index in values.indices {
        values[index] += size * spreads[index % spreads.count] * (stream.uniform() - 0.5)
      }
    }
    return result
  }
}

/// What the random streams of this module are for; the kind 0x49 is its own.
enum InformationPurpose {
  static let parting = RandomStream.Purpose(kind: 0x49, index: 0)
  static let jitter = RandomStream.Purpose(kind: 0x49, index: 1)
  static let outer = RandomStream.Purpose(kind: 0x49, index: 2)
  static let inner = RandomStream.Purpose(kind: 0x49, index: 3)
}

/// Three trees over one set of samples: (x, y), x alone, y alone.
private struct NeighbourCounts: Sendable {
  private let joint: Matrix<Double>
  private let x: Matrix<Double>
  private let y: Matrix<Double>
  private let jointTree: ChebyshevTree
  private let xTree: ChebyshevTree
  private let yTree: ChebyshevTree
  private let neighbours: Int

  init(_ x: Matrix<Double>, _ y: Matrix<Double>, _ neighbours: Int) {
    var both: [Double] = []
    both.reserveCapacity(x.elements.count + y.elements.count)
    for row in 0..<x.rows {
      both += x.elements[row * x.columns..<(row + 1) * x.columns]
      both += y.elements[row * y.columns..<(row + 1) * y.columns]
    }
    joint = Matrix(rows: x.rows, columns: x.columns + y.columns, elements: both)
    (self.x, self.y, self.neighbours) = (x, y, neighbours)
    jointTree = ChebyshevTree(joint)
    xTree = ChebyshevTree(x)
    yTree = ChebyshevTree(y)
  }

  /// n_x and n_y of every sample.
  func counts(
    _ variant: NeighbourInformation.Variant, _ jobs: Int
  ) throws(PoiseError) -> [(x: Int, y: Int)] {
    let (samples, chunk) = (joint.rows, 256)
    let chunks = try parallelMap(count: (samples + chunk - 1) / chunk, jobs: jobs) {
      (index: Int) throws(PoiseError) -> [(x: Int, y: Int)] in
      var list = NeighbourList(count: neighbours + 1)
      var result: [(x: Int, y: Int)] = []
      for point in index * chunk..<min((index + 1) * chunk, samples) {
        guard let counts = counts(variant, of: point, &list) else {
          throw NeighbourInformation.tieError(
            "sample \(point + 1)", "neighbours \(neighbours) and \(neighbours + 1) at one distance")
        }
        result.append(counts)
      }
      return result
    }
    return Array(chunks.joined())
  }

  /// nil where the k-th neighbour is not the only one at its distance.
  private func counts(
    _ variant: NeighbourInformation.Variant, of point: Int, _ list: inout NeighbourList
  ) -> (x: Int, y: Int)? {
    let width = joint.columns
    return joint.withUnsafeElements { values in
      let row = values.baseAddress! + point * width
      jointTree.neighbours(of: point, row, &list)
      let distance = list.distances[neighbours - 1]
      // Relative: lattice-like samples tie up to rounding, and rounding would decide.
      guard list.distances[neighbours] > distance * (1 + 1e-13) else { return nil }
      var (radiusX, radiusY) = (distance, distance)
      if variant == .rectangles {
        (radiusX, radiusY) = sides(list, row, values)
        // Within: strictly below the next number.
        (radiusX, radiusY) = (radiusX.nextUp, radiusY.nextUp)
      }
      // The sample itself lies inside every radius.
      return (
        xTree.count(below: radiusX, from: row) - 1,
        yTree.count(below: radiusY, from: row + x.columns) - 1
      )
    }
  }

  /// Sides of the smallest rectangle around the k neighbours.
  private func sides(
    _ list: NeighbourList, _ row: UnsafePointer<Double>, _ values: UnsafeBufferPointer<Double>
  ) -> (Double, Double) {
    let width = joint.columns
    var (sideX, sideY) = (0.0, 0.0)
    for neighbour in list.points.prefix(neighbours) {
      let other = values.baseAddress! + neighbour * width
      for k in 0..<x.columns { sideX = max(sideX, abs(other[k] - row[k])) }
      for k in x.columns..<width { sideY = max(sideY, abs(other[k] - row[k])) }
    }
    return (sideX, sideY)
  }
}
