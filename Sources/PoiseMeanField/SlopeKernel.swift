import PoiseModel
import PoiseNumerics
import RealModule

/// K̇_q(θ) = E φ′(u_a)φ′(u_b) for a pair of equal length q at angle θ, and its Price integral
///
///     I(θ) = ∫₀^θ K̇(t) sin t dt = (E φ² − E φφ)/q,
///
/// whose integrand is smooth and, near θ = 0, positive: the gap 1 − c of the next layer keeps its
/// relative accuracy however small it is.
struct SlopeKernel: Sendable {
  private enum Form: Sendable {
    /// K̇ has a closed form.
    case closed(Activation)
    /// Powers of the correlation: weights c_k², and S_j = Σ_{k>j} c_k² summed from the small end.
    case series(squares: [Double], suffixes: [Double])
    /// Chebyshev panels in θ, dyadic from 1/√(1 + q): the width of the correlation peak; and I at
    /// their lower ends.
    case panels([ChebyshevPanel], integrals: [Double])
  }

  private let form: Form
  private let length: Double

  /// Whether K̇ is interpolated, with some 1e-12 of error, and not summed or in closed form.
  var isInterpolated: Bool {
    if case .panels = form { true } else { false }
  }

  init(_ activation: Activation, length: Double) {
    self.length = length
    let function = activation.function
    if function.closedPair(GaussianPair(lengthA: length, lengthB: length, angle: 1)) != nil {
      form = .closed(activation)
      return
    }
    if let strip = function.analyticStrip, strip > 0 {
      let expansion = HermiteExpansion(activation, length: length)
      if abs(expansion.residual) < 1e-12 {
        form = Self.series(expansion.coefficients)
        return
      }
    }
    form = Self.panels(Self.tabulate(activation, length: length))
  }

  /// From Hermite coefficients that are known to be complete.
  init(hermite coefficients: [Double], length: Double) {
    self.length = length
    form = Self.series(coefficients)
  }

  /// From tabulated panels in the angle.
  init(panels: [ChebyshevPanel], length: Double) {
    self.length = length
    form = Self.panels(panels)
  }

  private static func panels(_ panels: [ChebyshevPanel]) -> Form {
    var integrals = [0.0]
    for panel in panels.dropLast() {
      integrals.append(integrals[integrals.count - 1] + integral(panel, to: panel.upper))
    }
    return .panels(panels, integrals: integrals)
  }

  /// ∫ K̇(t) sin t dt from the lower end of a panel.
  private static func integral(_ panel: ChebyshevPanel, to angle: Double) -> Double {
    GaussLegendre.sixteen.integrate(from: panel.lower, to: angle) { t -> Double in
      panel(t) * Double.sin(t)
    }
  }

  private static func series(_ coefficients: [Double]) -> Form {
    let squares = coefficients.map { $0 * $0 }
    var suffixes = [Double](repeating: 0, count: max(squares.count - 1, 1))
    var sum = 0.0
    for j in stride(from: squares.count - 2, through: 0, by: -1) {
      sum += squares[j + 1]
      suffixes[j] = sum
    }
    return .series(squares: squares, suffixes: suffixes)
  }

  /// Angles between which K̇ is smooth enough for one rule: dyadic from the correlation peak.
  static func edges(length: Double, to end: Double) -> [Double] {
    var edges = [0.0]
    var edge = 1 / (1 + length).squareRoot()
    while edge < end * (1 - 1e-9) {
      edges.append(edge)
      edge *= 2
    }
    edges.append(end)
    return edges
  }

  private static func tabulate(_ activation: Activation, length: Double) -> [ChebyshevPanel] {
    let edges = edges(length: length, to: .pi)
    return (1..<edges.count).map { index in
      let (lower, upper) = (edges[index - 1], edges[index])
      let points = ChebyshevPanel.points(lower: lower, upper: upper, count: 28)
      let values = points.map { angle in
        activation.pairMoments(
          GaussianPair(lengthA: length, lengthB: length, angle: angle)
        ).slope
      }
      return ChebyshevPanel(lower: lower, upper: upper, values: values)
    }
  }

  /// K̇ at the gap e = 1 − cos θ.
  func slope(gap: Double) -> Double {
    switch form {
    case .closed(let activation):
      return activation.function.closedPair(
        GaussianPair(lengthA: length, lengthB: length, gap: gap))!.slope
    case .series(let squares, _):
      let c = 1 - gap
      var sum = 0.0
      for k in stride(from: squares.count - 1, through: 1, by: -1) {
        sum = sum * c + Double(k) * squares[k]
      }
      return sum / length
    case .panels(let panels, _):
      let angle = GaussianPair(lengthA: 1, lengthB: 1, gap: gap).angle
      return panels[Self.index(panels, of: angle)](angle)
    }
  }

  /// I(θ)/e at the gap e > 0: the mean slope of the correlation map between c and 1.
  func meanSlope(gap: Double) -> Double {
    switch form {
    case .series(_, let suffixes):
      let c = 1 - gap
      var sum = 0.0
      for value in suffixes.reversed() { sum = sum * c + value }
      return sum / length
    case .panels(let panels, let integrals):
      let angle = GaussianPair(lengthA: 1, lengthB: 1, gap: gap).angle
      let index = Self.index(panels, of: angle)
      return (integrals[index] + Self.integral(panels[index], to: angle)) / gap
    case .closed:
      let pair = GaussianPair(lengthA: length, lengthB: length, gap: gap)
      let edges = Self.edges(length: length, to: pair.angle)
      var sum = 0.0
      for index in 1..<edges.count {
        let (lower, upper) = (edges[index - 1], edges[index])
        sum += GaussLegendre.sixteen.integrate(from: lower, to: upper) { t -> Double in
          let half = Double.sin(t / 2)
          return slope(gap: 2 * half * half) * Double.sin(t)
        }
      }
      return sum / gap
    }
  }

  /// The mean slope and its derivative with respect to the gap, for Newton's method.
  func meanSlopeAndDerivative(gap: Double) -> (value: Double, derivative: Double)? {
    guard case .series(_, let suffixes) = form else { return nil }
    let c = 1 - gap
    return suffixes.withUnsafeBufferPointer { s in
      var (value, slope) = (0.0, 0.0)
      var j = s.count - 1
      while j >= 0 {
        slope = slope * c + value
        value = value * c + s[j]
        j -= 1
      }
      return (value / length, -slope / length)
    }
  }

  private static func index(_ panels: [ChebyshevPanel], of angle: Double) -> Int {
    panels.firstIndex { angle <= $0.upper } ?? panels.count - 1
  }
}
