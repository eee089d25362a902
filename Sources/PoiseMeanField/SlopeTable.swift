import PoiseModel
import PoiseNumerics
import RealModule

/// Slope kernels K̇_q(θ) for every length of a panel of ln q: by Hermite coefficients where they
/// converge, otherwise by Chebyshev panels in the angle at Chebyshev nodes in ln q.
struct SlopeTable: Sendable {
  private enum Form: Sendable {
    case series(HermiteTable)
    /// nodes in ln q; for each, the values of K̇ at all angles of all panels.
    case angles(nodes: [Double], edges: [Double], values: [[Double]])
  }
  private let form: Form
  private static let angleNodes = 28

  /// Width of a panel in ln q: a quarter of a decade.
  private static let width = Double.log(10) / 4

  /// The number of the panel that holds ln q.
  static func panel(of t: Double) -> Int { Int((t / width).rounded(.down)) }

  /// The ends of a panel in ln q.
  static func edges(ofPanel panel: Int) -> (lower: Double, upper: Double) {
    (Double(panel) * width, Double(panel + 1) * width)
  }

  init(_ activation: Activation, panel: Int) {
    let (lower, upper) = Self.edges(ofPanel: panel)
    if let strip = activation.function.analyticStrip, strip > 0 {
      let table = HermiteTable(activation, lower: lower, upper: upper)
      if table.isComplete {
        form = .series(table)
        return
      }
    }
    // The largest length of the panel has the narrowest correlation peak.
    let edges = SlopeKernel.edges(length: .exp(upper), to: .pi)
    let nodes = ChebyshevPanel.points(lower: lower, upper: upper, count: 10)
    let values = nodes.map { t in
      (1..<edges.count).flatMap { index in
        ChebyshevPanel.points(
          lower: edges[index - 1], upper: edges[index], count: Self.angleNodes
        ).map { angle in
          let length = Double.exp(t)
          return activation.pairMoments(
            GaussianPair(lengthA: length, lengthB: length, angle: angle)
          ).slope
        }
      }
    }
    form = .angles(nodes: nodes, edges: edges, values: values)
  }

  /// The kernel at ln q.
  func kernel(at t: Double) -> SlopeKernel {
    switch form {
    case .series(let table):
      return SlopeKernel(hermite: table.expansion(at: t), length: .exp(t))
    case .angles(let nodes, let edges, let values):
      let weights = Self.lagrange(nodes, at: t)
      let count = Self.angleNodes
      let panels = (1..<edges.count).map { index in
        let at = (index - 1) * count
        let mixed = (0..<count).map { offset in
          zip(weights, values).reduce(0.0) { $0 + $1.0 * $1.1[at + offset] }
        }
        return ChebyshevPanel(lower: edges[index - 1], upper: edges[index], values: mixed)
      }
      return SlopeKernel(panels: panels, length: .exp(t))
    }
  }

  private static func lagrange(_ nodes: [Double], at t: Double) -> [Double] {
    nodes.indices.map { i in
      nodes.indices.reduce(1.0) { product, j in
        j == i ? product : product * (t - nodes[j]) / (nodes[i] - nodes[j])
      }
    }
  }
}
