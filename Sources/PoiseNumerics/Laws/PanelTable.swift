import RealModule

/// Four functions of one variable as polynomials of degree 9 on panels that are halved until their
/// last Chebyshev coefficients are small.
struct PanelTable: Sendable {
  static let nodes = 10
  let lower: Double
  let upper: Double
  /// Largest of the two last Chebyshev coefficients of the first function, over all panels: about
  /// the error of interpolation.
  let error: Double
  /// Function values that were computed.
  let evaluations: Int
  /// By panel: coefficients of t⁰ … t⁹, t from −1 to 1.
  private let coefficients: [SIMD4<Double>]
  /// By panel: middle and reciprocal of half the width.
  private let frames: [SIMD2<Double>]
  /// By cell of a uniform grid: its panel.
  private let cells: [Int32]
  private let perUnit: Double

  private struct Panel: Sendable {
    var level: Int
    var index: Int
    var coefficients: [SIMD4<Double>]
    var error: Double
    var isGood: Bool
  }

  /// - Parameters:
  ///   - tolerance: absolute, for each of the four functions.
  ///   - depth: most halvings of the first panels, of which there are `start`.
  ///   - function: finite on the whole range.
  /// - Throws: `notConverged` where a function is not finite, or not resolved by the last halving.
  init(
    from lower: Double, to upper: Double, start: Int, tolerance: SIMD4<Double>, depth: Int = 7,
    jobs: Int = 1, _ function: @Sendable (Double) throws(PoiseError) -> SIMD4<Double>
  ) throws(PoiseError) {
    precondition(lower < upper && start > 0)
    var pending = (0..<start).map { (level: 0, index: $0) }
    var good: [Panel] = []
    var evaluations = 0
    let width = upper - lower
    while !pending.isEmpty {
      let wanted = pending
      evaluations += wanted.count * Self.nodes
      let panels = try parallelMap(count: wanted.count, jobs: jobs) {
        (item: Int) throws(PoiseError) -> Panel in
        let (level, index) = wanted[item]
        let size = width / Double(start << level)
        return try Self.panel(
          level: level, index: index, from: lower + size * Double(index), size: size, tolerance,
          function)
      }
      pending = []
      for panel in panels {
        if panel.isGood {
          good.append(panel)
        } else {
          guard panel.level < depth else {
            throw PoiseError(
              .notConverged, quantity: "table of a density",
              value: "error \(panel.error) after \(depth) halvings",
              allowed: "at most \(tolerance[0])")
          }
          pending.append((panel.level + 1, 2 * panel.index))
          pending.append((panel.level + 1, 2 * panel.index + 1))
        }
      }
    }
    let deepest = good.map(\.level).max() ?? 0
    var cells = [Int32](repeating: 0, count: start << deepest)
    var frames: [SIMD2<Double>] = []
    for (place, panel) in good.enumerated() {
      let size = width / Double(start << panel.level)
      frames.append(SIMD2(lower + size * (Double(panel.index) + 0.5), 2 / size))
      let span = 1 << (deepest - panel.level)
      for cell in panel.index * span..<(panel.index + 1) * span { cells[cell] = Int32(place) }
    }
    self.lower = lower
    self.upper = upper
    self.evaluations = evaluations
    self.cells = cells
    self.frames = frames
    perUnit = Double(cells.count) / width
    coefficients = good.flatMap(\.coefficients)
    error = good.map(\.error).max() ?? 0
  }

  private static func panel(
    level: Int, index: Int, from left: Double, size: Double, _ tolerance: SIMD4<Double>,
    _ function: (Double) throws(PoiseError) -> SIMD4<Double>
  ) throws(PoiseError) -> Panel {
    var values: [SIMD4<Double>] = []
    for node in chebyshevNodes {
      let value = try function(left + size * (node + 1) / 2)
      guard (value - value) == SIMD4(repeating: 0) else {
        throw PoiseError(
          .notConverged, quantity: "table of a density",
          value: "no finite value at \(left + size * (node + 1) / 2)", allowed: "finite values")
      }
      values.append(value)
    }
    var chebyshev = [SIMD4<Double>](repeating: .zero, count: nodes)
    for degree in 0..<nodes {
      var sum = SIMD4<Double>.zero
      for node in 0..<nodes { sum += values[node] * transform[degree * nodes + node] }
      chebyshev[degree] = sum
    }
    var isGood = true
    var error = 0.0
    for k in 0..<4 {
      let last = max(abs(chebyshev[nodes - 1][k]), abs(chebyshev[nodes - 2][k]))
      if last > tolerance[k] { isGood = false }
      if k == 0 { error = last }
    }
    return Panel(
      level: level, index: index, coefficients: monomials(chebyshev), error: error, isGood: isGood)
  }

  private static let chebyshevNodes = (0..<nodes).map {
    Double.cos(.pi * (Double($0) + 0.5) / Double(nodes))
  }

  private static let transform: [Double] = (0..<nodes * nodes).map { place in
    let (degree, node) = (place / nodes, place % nodes)
    return (degree == 0 ? 1 : 2) / Double(nodes)
      * .cos(.pi * Double(degree) * (Double(node) + 0.5) / Double(nodes))
  }

  /// From coefficients of T₀ … T₉ to those of t⁰ … t⁹.
  private static func monomials(_ chebyshev: [SIMD4<Double>]) -> [SIMD4<Double>] {
    var result = [SIMD4<Double>](repeating: .zero, count: nodes)
    var before = [Double](repeating: 0, count: nodes)
    var current = before
    current[0] = 1
    for degree in 0..<nodes {
      for power in 0..<nodes { result[power] += chebyshev[degree] * current[power] }
      var next = before.map { -$0 }
      for power in 0..<nodes - 1 { next[power + 1] += (degree == 0 ? 1 : 2) * current[power] }
      if degree == 0 { next = [0, 1] + [Double](repeating: 0, count: nodes - 2) }
      (before, current) = (current, next)
    }
    return result
  }

  /// The four functions at u, which is taken to the nearest end outside the range.
  @inline(__always)
  func withEvaluator<Result>(
    _ body: ((Double) -> SIMD4<Double>) -> Result
  ) -> Result {
    let last = cells.count - 1
    return coefficients.withUnsafeBufferPointer { coefficients in
      frames.withUnsafeBufferPointer { frames in
        cells.withUnsafeBufferPointer { cells in
          body { u in
            let cell = max(0, min(last, Int((u - lower) * perUnit)))
            let panel = Int(cells[cell])
            let frame = frames[panel]
            let t = (u - frame.x) * frame.y
            let c = coefficients.baseAddress! + panel * Self.nodes
            var value = c[Self.nodes - 1]
            var power = Self.nodes - 2
            while power >= 0 {
              value = value * t + c[power]
              power -= 1
            }
            return value
          }
        }
      }
    }
  }
}
