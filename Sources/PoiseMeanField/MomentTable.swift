import PoiseModel
import PoiseNumerics
import RealModule

/// E φ², μ₁ and d E φ²/dq of one activation as functions of ln q, by Chebyshev panels of half a
/// decade: built once by quadrature, then some thirty operations a value.
///
/// In t = ln q the moments are analytic in a strip of half-width about π/2 or more, three times a
/// panel, so 18 nodes leave less than 1e-14; `isResolved` says whether they did.
struct MomentTable: Sendable {
  let activation: Activation
  /// Whether the last coefficients of a panel are below 1e-13 of its largest.
  private let isResolved: [Bool]
  /// ln q at the panel edges, from 1e-12 to 1e12.
  private let firstEdge: Double
  private let width: Double
  private let valueSquared: [ChebyshevPanel]
  private let slopeSquared: [ChebyshevPanel]
  private let lengthSlope: [ChebyshevPanel]
  /// ln q, q, E φ² on the grid that is scanned for sign changes.
  let scan: (t: [Double], q: [Double], valueSquared: [Double])

  static let panelsPerDecade = 2
  static let nodesPerPanel = 18
  static let stepsPerPanel = 3

  init(_ activation: Activation) {
    self.activation = activation
    let range = LengthMap.searchRange
    firstEdge = .log(range.lower)
    width = .log(10) / Double(Self.panelsPerDecade)
    let count = Int(((Double.log(range.upper) - firstEdge) / width).rounded())
    var panels: [[ChebyshevPanel]] = [[], [], []]
    for index in 0..<count {
      let lower = firstEdge + Double(index) * width
      let moments = ChebyshevPanel.points(
        lower: lower, upper: lower + width, count: Self.nodesPerPanel
      ).map { activation.moments(length: .exp($0)) }
      for (slot, values) in [
        moments.map(\.valueSquared), moments.map(\.slopeSquared), moments.map(\.lengthSlope),
      ].enumerated() {
        panels[slot].append(ChebyshevPanel(lower: lower, upper: lower + width, values: values))
      }
    }
    (valueSquared, slopeSquared, lengthSlope) = (panels[0], panels[1], panels[2])
    isResolved = (0..<count).map { index in panels.allSatisfy { $0[index].tail < 1e-13 } }
    var scan: (t: [Double], q: [Double], valueSquared: [Double]) = ([], [], [])
    for index in 0...(count * Self.stepsPerPanel) {
      let t = firstEdge + Double(index) * width / Double(Self.stepsPerPanel)
      let panel = min(index / Self.stepsPerPanel, count - 1)
      scan.t.append(t)
      scan.q.append(.exp(t))
      scan.valueSquared.append(valueSquared[panel](t))
    }
    self.scan = scan
  }

  /// The panel that holds ln q.
  func panel(of t: Double) -> Int {
    min(max(Int((t - firstEdge) / width), 0), valueSquared.count - 1)
  }

  /// Whether the panel of ln q can be trusted to 1e-12.
  func isResolved(at t: Double) -> Bool { isResolved[panel(of: t)] }

  /// E φ² and its derivative in ln q.
  func valueSquared(_ t: Double) -> (value: Double, slope: Double) {
    valueSquared[panel(of: t)].valueAndSlope(t)
  }
  /// μ₁.
  func slopeSquared(_ t: Double) -> Double { slopeSquared[panel(of: t)](t) }
  /// d E φ²/dq.
  func lengthSlope(_ t: Double) -> Double { lengthSlope[panel(of: t)](t) }
}
