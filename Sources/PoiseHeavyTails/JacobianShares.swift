import PoiseModel
public import PoiseNumerics
import RealModule

extension StableJacobianLaw {
  /// The law on a grid in ln s.
  public struct Profile: Sendable {
    /// ln s, ascending.
    public let logSingularValues: [Double]
    /// Density per unit of ln s.
    public let densities: [Double]
    /// Share of the singular values above each point.
    public let survivals: [Double]

    /// Share below the grid: 1 less everything that was found.
    public var shareBelow: Double { max(0, 1 - (survivals.first ?? 1)) }

    /// ln s below which a share of the singular values lies; nil where that is below the grid, or among
    /// zeros. Cubic between the points.
    public func quantile(_ share: Double) -> Double? {
      let level = 1 - share
      guard let cell = survivals.lastIndex(where: { $0 >= level }), cell + 1 < survivals.count
      else { return nil }
      let (a, b) = (logSingularValues[cell], logSingularValues[cell + 1])
      let (top, bottom) = (survivals[cell], survivals[cell + 1])
      // Share above a + t (b − a), with the densities as slopes.
      let (first, second) = (-densities[cell] * (b - a), -densities[cell + 1] * (b - a))
      func survival(_ t: Double) -> Double {
        let s = 1 - t
        return s * s * ((1 + 2 * t) * top + t * first) + t * t * ((3 - 2 * t) * bottom - s * second)
      }
      var (low, high) = (0.0, 1.0)
      while high - low > 1e-9 {
        let middle = (low + high) / 2
        if survival(middle) >= level { low = middle } else { high = middle }
      }
      return a + low * (b - a)
    }
  }

  /// Ends of a grid that holds all but 10⁻⁵ of the mass above: from 10⁻⁵ σ_w, the least s at which densities
  /// keep their digits.
  public var range: ClosedRange<Double> {
    let lower = .log(scale) - 5 * .log(10) + 1e-9
    // Where entries have a variance nothing lies above σ_w (1 + √γ) max |φ′|.
    let edge = .log(scale * (1 + aspect.squareRoot())) + largestLogSlope
    guard alpha < 2 else { return lower...(edge + 0.02) }
    let tail = (.log(tailConstant / alpha) + 5 * .log(10)) / alpha
    return lower...min(max(tail, .log(300 * scale)), .log(scale) + 18)
  }

  /// Densities and shares on an even grid in ln s over `range`.
  ///
  /// Cells are integrated by Simpson's rule, halved where two steps of it disagree; beyond the grid
  /// f = f(s_max) (s_max/s)^{1+α}.
  /// - Parameter points: 3 to 100000.
  /// - Throws: `outOfRange`; `notConverged` as `density(_:)`.
  public func profile(points: Int = 400) throws(PoiseError) -> Profile {
    guard (3...100_000).contains(points) else {
      throw PoiseError(
        .outOfRange, quantity: "points", value: "\(points)", allowed: "3 to 100000")
    }
    let (low, high) = (range.lowerBound, range.upperBound)
    let grid = (0..<points).map { low + (high - low) * Double($0) / Double(points - 1) }
    let (densities, shares) = try cells(grid)
    var above = alpha < 2 ? densities[points - 1] / alpha : 0
    var survivals = [Double](repeating: above, count: points)
    for index in stride(from: points - 2, through: 0, by: -1) {
      above += shares[index]
      survivals[index] = above
    }
    return Profile(logSingularValues: grid, densities: densities, survivals: survivals)
  }

  /// Shares of the singular values between consecutive places, ascending, as `profile(points:)` finds them.
  ///
  /// - Parameter places: in the range of `density(_:)`.
  /// - Throws: `outOfRange`; `notConverged`.
  public func shares(between places: [Double]) throws(PoiseError) -> [Double] {
    // A few steps to the unit of ln s, so that no feature is missed.
    var (grid, starts) = ([Double](), [Int]())
    for (a, b) in zip(places, places.dropFirst()) {
      let (low, high) = (Double.log(a), Double.log(b))
      let steps = max(1, Int((24 * (high - low)).rounded(.up)))
      starts.append(grid.count)
      grid += (0..<steps).map { low + (high - low) * Double($0) / Double(steps) }
    }
    guard let last = places.last, !grid.isEmpty else { return [] }
    starts.append(grid.count)
    grid.append(.log(last))
    let parts = try cells(grid).shares
    return zip(starts, starts.dropFirst()).map { parts[$0..<$1].reduce(0, +) }
  }

  /// A cell of ln s with densities per ln s at its ends and middle.
  private struct Cell {
    var from: Double
    var to: Double
    var ends: (Double, Double)
    var middle: Double
    /// Which interval of the grid it is part of.
    var owner: Int

    var simpson: Double { (to - from) / 6 * (ends.0 + 4 * middle + ends.1) }
  }

  /// Densities per ln s at the points, and the share in each interval.
  private func cells(
    _ grid: [Double]
  ) throws(PoiseError) -> (densities: [Double], shares: [Double]) {
    let middles = zip(grid, grid.dropFirst()).map { ($0 + $1) / 2 }
    let all = try logDensities(grid + middles)
    var pending = middles.indices.map { index in
      Cell(
        from: grid[index], to: grid[index + 1], ends: (all[index], all[index + 1]),
        middle: all[grid.count + index], owner: index)
    }
    var shares = pending.map(\.simpson)
    // A step of 1/20 errs by 1e-9 where the law is smooth: only cells that bend strongly, or have an edge, are
    // halved.
    pending = pending.indices.compactMap { index in
      let cell = pending[index]
      let bend = abs(cell.ends.0 - 2 * cell.middle + cell.ends.1)
      let isRough = bend > 0.02 * max(cell.ends.0, cell.ends.1) && cell.simpson > 1e-9
      return isRough ? cell : nil
    }
    for _ in 0..<14 where !pending.isEmpty {
      let quarters = pending.flatMap {
        [0.75 * $0.from + 0.25 * $0.to, 0.25 * $0.from + 0.75 * $0.to]
      }
      let values = try logDensities(quarters)
      var next: [Cell] = []
      for (index, cell) in pending.enumerated() {
        let centre = (cell.from + cell.to) / 2
        let halves = [
          Cell(
            from: cell.from, to: centre, ends: (cell.ends.0, cell.middle),
            middle: values[2 * index], owner: cell.owner),
          Cell(
            from: centre, to: cell.to, ends: (cell.middle, cell.ends.1),
            middle: values[2 * index + 1], owner: cell.owner),
        ]
        let change = halves[0].simpson + halves[1].simpson - cell.simpson
        shares[cell.owner] += change
        if abs(change) > 1e-8 { next += halves }
      }
      pending = next
    }
    return (Array(all[0..<grid.count]), shares)
  }

  private func logDensities(_ places: [Double]) throws(PoiseError) -> [Double] {
    let values = places.map { Double.exp($0) }
    return zip(try densities(values), values).map { $0 * $1 }
  }
}
