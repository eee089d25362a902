import PoiseModel
import PoiseNumerics
import RealModule

/// E φφ and E φ′φ′ as functions of both lengths and the angle: polynomials in ln q_a and ln q_b on
/// panels that just cover the lengths at hand, and Chebyshev series in θ on [0, π].
///
/// For φ without kinks, or with kinks at 0 alone: √q z then never meets a kink as q changes, both
/// averages are analytic in ln q, and smooth in θ up to both ends. The tails of the series are
/// measured; degree and nodes grow until they are below 1e-12.
///
/// The series is stored as polynomials on equal panels of ψ = 2 asin √(θ/π), in which it is a sum of
/// cosines. With half as many panels as orders, that of share s of the highest order turns by πs over
/// half a panel: ten powers leave 5e-5 s¹⁰ of it, and its coefficient has fallen by then. A pair costs
/// one short polynomial for all nodes of q_b at once.
struct PairTable: Sendable {
  /// Nodes in ln q of one panel; the single node −∞ stands for q = 0.
  struct Panel: Sendable {
    var nodes: [Double]
    var barycentric: [Double]
    var upper: Double
    var first: Int
  }

  let panels: [Panel]
  /// Powers on the panels of ψ (a node × panel × power × average × b node).
  private let table: [Double]
  /// Panels of ψ.
  private let anglePanels: Int
  /// Nodes of all panels, rounded up to eights; the rest counts nothing.
  private let width: Int
  /// E φ² and μ₁ at all nodes.
  private let nodeMoments: [PairMoments]
  /// The largest tail, relative to the largest coefficient of its node pair.
  let error: Double

  private static let tolerance = 1e-12
  /// In ln q.
  private static let widest = 5.0
  private static let powers = 10
  /// Rows whose nodes are combined by one product.
  static let rowBlock = 16

  init(_ activation: Activation, lengths: [Double], jobs: Int) throws(PoiseError) {
    // The averages of sharp φ(√q z) change within θ ~ 1/√q.
    let largest = min(lengths.max() ?? 0, 1e4)
    var (extra, orders) = (0, 2 * Int(20 * (1 + largest).squareRoot().squareRoot()))
    var panels = Self.panels(lengths, extra: 0)
    var mehler = MehlerSum(activation, logLengths: panels.flatMap(\.nodes), jobs: jobs)
    while true {
      let nodes = panels.flatMap(\.nodes)
      let samples = PairSamples(
        activation, nodes: nodes, mehler: mehler, orders: orders, jobs: jobs)
      let tail = samples.angleTail
      let nodeTail = panels.map { samples.nodeTail($0) }.max() ?? 0
      if tail > Self.tolerance, orders < 512 {
        orders += orders / 4 * 2
      } else if nodeTail > Self.tolerance, extra < 24 {
        extra += 4
        panels = Self.panels(lengths, extra: extra)
        mehler = MehlerSum(activation, logLengths: panels.flatMap(\.nodes), jobs: jobs)
      } else {
        error = max(tail, nodeTail)
        guard error < 1e-9 else {
          throw PoiseError(
            .notConverged, quantity: "averages of \(activation.name)", value: "tail \(error)",
            allowed: "below 1e-9", suggestion: "smaller variances")
        }
        self.panels = panels
        anglePanels = orders / 2
        width = (nodes.count + 7) / 8 * 8
        table = samples.table(width: width, anglePanels: orders / 2, powers: Self.powers)
        nodeMoments = nodes.map { t in
          let moments = activation.moments(length: .exp(t))
          return PairMoments(value: moments.valueSquared, slope: moments.slopeSquared)
        }
        return
      }
    }
  }

  /// Panels over the range of ln q, none wider than five.
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
      // Singularities in ln q lie some π away: e^(−q z²/2) and φ both allow ln q to turn so far.
      let ratio = 2 * .pi / (upper - lower)
      let rate = Double.log(ratio + (1 + ratio * ratio).squareRoot())
      let count = Int((28 / rate).rounded(.up)) + 1 + extra
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

  /// What each node counts for every length (row × node).
  func places(_ lengths: [Double]) -> [Double] {
    var places = [Double](repeating: 0, count: lengths.count * width)
    for (row, length) in lengths.enumerated() {
      let t = length < Self.smallest ? Double.log(Self.smallest) : Double.log(length)
      let index =
        length < Self.smallest
        ? 0
        : panels.firstIndex { $0.nodes[0].isFinite && t <= $0.upper } ?? panels.count - 1
      let start = row * width + panels[index].first
      for (node, weight) in Self.weights(panels[index], t).enumerated() {
        places[start + node] = weight
      }
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
  func moments(_ places: [Double]) -> [PairMoments] {
    (0..<places.count / width).map { row in
      var result = PairMoments(value: 0, slope: 0)
      for (index, node) in nodeMoments.enumerated() {
        let weight = places[row * width + index]
        result.value += weight * node.value
        result.slope += weight * node.slope
      }
      return result
    }
  }

  /// Averages of some rows with a range of columns.
  ///
  /// - Parameters:
  ///   - a: `places` of the rows; those from `first` are meant, `count` of them.
  ///   - b: `places` of the columns.
  ///   - work: gaps in, averages out (row × column).
  func averages(
    first: Int, count: Int, of a: [Double], columns: Range<Int>, of b: [Double],
    _ work: inout TileWork
  ) {
    let total = count * columns.count
    work.gap.withUnsafeBufferPointer { gap in
      work.position.withUnsafeMutableBufferPointer { position in
        VectorMath.pairPosition(
          gap.baseAddress!, panels: anglePanels, position.baseAddress!, count: total)
      }
    }
    var (low, high) = (Double(anglePanels), 0.0)
    for position in work.position[0..<total] {
      low = min(low, position)
      high = max(high, position)
    }
    let used = min(Int(low), anglePanels - 1)...min(Int(high), anglePanels - 1)
    let (panel, nodes) = (2 * Self.powers * width, nodeMoments.count)
    let size = used.count * panel
    var scratch: [Double] = []
    swap(&scratch, &work.scratch)
    defer { swap(&scratch, &work.scratch) }
    if scratch.count < count * size { scratch = [Double](repeating: 0, count: count * size) }
    let shape = ProductShape(rows: count, columns: size, inner: nodes)
    scratch.withUnsafeMutableBufferPointer { rows in
      table.withUnsafeBufferPointer { table in
        a.withUnsafeBufferPointer { a in
          Double.gemm(
            shape, 1, a.baseAddress! + first * width, width,
            table.baseAddress! + used.lowerBound * panel, anglePanels * panel, 0,
            rows.baseAddress!, size)
        }
      }
      b.withUnsafeBufferPointer { b in
        let weights = b.baseAddress! + columns.lowerBound * width
        for row in 0..<count {
          let lines = PairPolynomials(
            coefficients: UnsafePointer(rows.baseAddress! + row * size), nodes: width,
            powers: Self.powers, panels: used)
          work.averages(row, columns.count) { position, value, slope in
            lines.evaluate(
              position, weights: weights, value: value, slope: slope, count: columns.count)
          }
        }
      }
    }
  }
}
