import PoiseModel
import PoiseNumerics
import RealModule

/// E φφ and E φ′φ′ as functions of both lengths and the angle: polynomials in ln q_a and ln q_b on
/// panels that just cover the lengths at hand, and Chebyshev series in θ on [0, π].
///
/// For φ without kinks, or with kinks at 0 alone: √q z then never meets a kink as q changes, both
/// averages are analytic in ln q, and smooth in θ up to both ends. The tails of the series are
/// measured; degree and nodes grow until they are below 1e-12.
struct PairTable: Sendable {
  /// Nodes in ln q of one panel; the single node −∞ stands for q = 0.
  struct Panel: Sendable {
    var nodes: [Double]
    var barycentric: [Double]
    var upper: Double
    var first: Int
  }

  /// Where rows lie: their panels, and weights of its nodes.
  struct Places: Sendable {
    var panel: [Int]
    var weights: [[Double]]
  }

  let panels: [Panel]
  /// Chebyshev coefficients (a node × b node × order) of each pair of panels.
  private let values: [[Double]]
  private let slopes: [[Double]]
  private let orders: Int
  /// E φ² and μ₁ at all nodes.
  private let nodeMoments: [PairMoments]
  /// The largest tail, relative to the largest coefficient of its node pair.
  let error: Double

  private static let tolerance = 1e-12
  private static let widest = 3.0

  init(_ activation: Activation, lengths: [Double], jobs: Int) throws(PoiseError) {
    var (extra, orders) = (0, 48)
    while true {
      let panels = Self.panels(lengths, extra: extra)
      let nodes = panels.flatMap(\.nodes)
      let samples = PairSamples(activation, nodes: nodes, orders: orders, jobs: jobs)
      let tail = samples.angleTail
      let nodeTail = panels.map { samples.nodeTail($0) }.max() ?? 0
      if tail > Self.tolerance, orders < 384 {
        orders *= 2
      } else if nodeTail > Self.tolerance, extra < 24 {
        extra += 6
      } else {
        error = max(tail, nodeTail)
        guard error < 1e-9 else {
          throw PoiseError(
            .notConverged, quantity: "averages of \(activation.name)", value: "tail \(error)",
            allowed: "below 1e-9", suggestion: "smaller variances")
        }
        self.panels = panels
        self.orders = orders
        (values, slopes) = samples.blocks(panels)
        nodeMoments = nodes.map { t in
          let moments = activation.moments(length: .exp(t))
          return PairMoments(value: moments.valueSquared, slope: moments.slopeSquared)
        }
        return
      }
    }
  }

  /// Panels over the range of ln q, none wider than three.
  private static func panels(_ lengths: [Double], extra: Int) -> [Panel] {
    var panels: [Panel] = []
    var first = 0
    func add(_ nodes: [Double], _ barycentric: [Double], upper: Double) {
      panels.append(Panel(nodes: nodes, barycentric: barycentric, upper: upper, first: first))
      first += nodes.count
    }
    if lengths.contains(where: { $0 < smallest }) { add([-.infinity], [1], upper: .log(smallest)) }
    let logs = lengths.filter { $0 >= smallest }.map { Double.log($0) }
    guard let low = logs.min(), let high = logs.max() else { return panels }
    guard high > low else {
      add([low], [1], upper: .infinity)
      return panels
    }
    // The few rows of a small problem would pay for panels that they do not fill: edges follow
    // the gaps between the lengths.
    var groups: [(Double, Double)] = []
    for t in logs.sorted() {
      if let last = groups.last, t - last.0 <= widest {
        groups[groups.count - 1].1 = t
      } else {
        groups.append((t, t))
      }
    }
    for (lower, upper) in groups {
      guard upper - lower > 1e-12 else {
        add([(lower + upper) / 2], [1], upper: upper)
        continue
      }
      // Singularities in ln q lie some π/2 away or more.
      let ratio = 4 / (upper - lower)
      let rate = Double.log(ratio + (1 + ratio * ratio).squareRoot())
      let count = Int((30 / rate).rounded(.up)) + 2 + extra
      let barycentric = (0..<count).map { index in
        (index % 2 == 0 ? 1 : -1) * Double.sin(.pi * (Double(index) + 0.5) / Double(count))
      }
      add(
        ChebyshevPanel.points(lower: lower, upper: upper, count: count), barycentric, upper: upper)
    }
    panels[panels.count - 1].upper = .infinity
    return panels
  }

  private static let smallest = 1e-280

  /// Panel and weights of every length.
  func places(_ lengths: [Double]) -> Places {
    var places = Places(panel: [], weights: [])
    for length in lengths {
      let t = length < Self.smallest ? Double.log(Self.smallest) : Double.log(length)
      let index =
        length < Self.smallest
        ? 0
        : panels.firstIndex { $0.nodes[0].isFinite && t <= $0.upper } ?? panels.count - 1
      places.panel.append(index)
      places.weights.append(Self.weights(panels[index], t))
    }
    return places
  }

  private static func weights(_ panel: Panel, _ t: Double) -> [Double] {
    if panel.nodes.count == 1 { return [1] }
    if let exact = panel.nodes.firstIndex(of: t) {
      return panel.nodes.indices.map { $0 == exact ? 1 : 0 }
    }
    let weights = panel.nodes.indices.map { panel.barycentric[$0] / (t - panel.nodes[$0]) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// E φ² and μ₁ of single rows.
  func moments(_ places: Places) -> [PairMoments] {
    zip(places.panel, places.weights).map { panel, weights in
      var result = PairMoments(value: 0, slope: 0)
      for (index, weight) in weights.enumerated() {
        let node = nodeMoments[panels[panel].first + index]
        result.value += weight * node.value
        result.slope += weight * node.slope
      }
      return result
    }
  }

  /// Averages of one row with a range of columns, whose gaps stand in `work.gap`.
  func averages(
    row: Int, of a: Places, columns: Range<Int>, of b: Places, _ work: inout TileWork
  ) {
    let own = a.panel[row]
    for other in panels.indices {
      let members = columns.filter { b.panel[$0] == other }
      if members.isEmpty { continue }
      let block = own * panels.count + other
      let nodes = panels[other].nodes.count
      // Both averages for all nodes of the other panel: (2 · node × order).
      var rowSeries = [Double](repeating: 0, count: 2 * nodes * orders)
      rowSeries.withUnsafeMutableBufferPointer { out in
        for (half, table) in [values[block], slopes[block]].enumerated() {
          table.withUnsafeBufferPointer { table in
            Double.gemv(
              transposed: true, rows: panels[own].nodes.count, columns: nodes * orders, 1,
              table.baseAddress!, a.weights[row], 0, out.baseAddress! + half * nodes * orders)
          }
        }
      }
      evaluate(rowSeries, nodes, members, columns.lowerBound, b, &work)
    }
  }

  private func evaluate(
    _ series: [Double], _ nodes: Int, _ members: [Int], _ first: Int, _ b: Places,
    _ work: inout TileWork
  ) {
    let count = members.count
    let needed = (orders + 2 * nodes) * count
    if work.scratch.count < needed { work.scratch = [Double](repeating: 0, count: needed) }
    work.scratch.withUnsafeMutableBufferPointer { scratch in
      let basis = scratch.baseAddress!
      let result = basis + orders * count
      fillBasis(basis, members.map { work.gap[$0 - first] })
      series.withUnsafeBufferPointer { series in
        Double.gemm(
          ProductShape(rows: 2 * nodes, columns: count, inner: orders), 1, series.baseAddress!,
          orders, basis, count, 0, result, count)
      }
      for (index, column) in members.enumerated() {
        var (value, slope) = (0.0, 0.0)
        b.weights[column].withUnsafeBufferPointer { weights in
          for node in 0..<nodes {
            value += weights[node] * result[node * count + index]
            slope += weights[node] * result[(nodes + node) * count + index]
          }
        }
        work.value[column - first] = value
        work.slope[column - first] = slope
      }
    }
  }

  /// T₀ … of 2θ/π − 1 (order × column), θ = 2 asin √(e/2).
  private func fillBasis(_ basis: UnsafeMutablePointer<Double>, _ gaps: [Double]) {
    let count = gaps.count
    var x = gaps.map { ($0 / 2).squareRoot() }
    x.withUnsafeMutableBufferPointer { x in
      VectorMath.asin(x.baseAddress!, x.baseAddress!, count: count)
      for index in 0..<count {
        x[index] = 4 / .pi * x[index] - 1
        basis[index] = 1
        basis[count + index] = x[index]
      }
      for order in 2..<orders {
        let (now, last, before) = (
          basis + order * count, basis + (order - 1) * count, basis + (order - 2) * count
        )
        for index in 0..<count { now[index] = 2 * x[index] * last[index] - before[index] }
      }
    }
  }
}
