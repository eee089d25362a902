import PoiseModel
import PoiseNumerics
import RealModule

/// The law of f = φ′(√q z)², z ~ N(0, 1): the spectrum of D² in a layer of length q.
///
/// Where φ is straight the law has an atom, whose mass is exact; the rest is kept as panels of the
/// Gaussian rule, which `SlopeSums` refines where a resolvent needs it.
struct SlopeLaw: Sendable {
  /// One value of f with the probability that a unit has it.
  struct Atom: Sendable, Equatable {
    let value: Double
    var mass: Double
  }

  let activation: Activation
  /// q.
  let length: Double
  /// Atoms at values above 0, ascending.
  private(set) var atoms: [Atom] = []
  /// p₀ = P(φ′ = 0).
  private(set) var zeroMass = 0.0
  /// Edges of the panels over the pieces where φ is curved: (left, right).
  private(set) var panels: [(left: Double, right: Double)] = []
  /// Largest and smallest value of f, over all x; the largest may be infinite.
  private(set) var supremum = 0.0
  private(set) var infimum = 0.0

  /// Nodes of a panel.
  static let rule = GaussLegendre.panel
  /// Slopes of curved pieces that underflow count as this, not as zeros of φ′.
  static let floor = 1e-140

  init(_ activation: Activation, length: Double) {
    self.activation = activation
    self.length = length
    let function = activation.function
    guard length > 0 else {
      for side in [-1e-300, 1e-300] { add(square(function.derivative(side)), mass: 0.5) }
      finishExtremes([])
      return
    }
    let edges = GaussianRule.panelEdges(length: length, kinks: function.kinks)
    let breaks = [-Double.infinity] + function.kinks + [.infinity]
    for piece in 1..<breaks.count {
      let (left, right) = (breaks[piece - 1], breaks[piece])
      if let slope = constantSlope(from: left, to: right) {
        add(square(slope), mass: gaussianMass(from: left, to: right))
      } else {
        for index in 1..<edges.count where edges[index] > left && edges[index - 1] < right {
          panels.append((max(left, edges[index - 1]), min(right, edges[index])))
        }
      }
    }
    atoms.sort { $0.value < $1.value }
    finishExtremes(panels)
  }

  /// f at x, floored where it is not an atom.
  func value(_ x: Double) -> Double { max(square(activation.function.derivative(x)), Self.floor) }

  /// Whether f takes finitely many values.
  var isAtomic: Bool { panels.isEmpty }

  /// P(left < √q z < right), by the tail that does not cancel.
  func gaussianMass(from left: Double, to right: Double) -> Double {
    let scale = (2 * length).squareRoot()
    if left > 0 { return (Double.erfc(left / scale) - .erfc(right / scale)) / 2 }
    if right < 0 { return (Double.erfc(-right / scale) - .erfc(-left / scale)) / 2 }
    return (Double.erf(right / scale) + .erf(-left / scale)) / 2
  }

  private func square(_ x: Double) -> Double { x * x }

  private mutating func add(_ value: Double, mass: Double) {
    if value == 0 {
      zeroMass += mass
    } else if let index = atoms.firstIndex(where: { $0.value == value }) {
      atoms[index].mass += mass
    } else {
      atoms.append(Atom(value: value, mass: mass))
    }
  }

  /// φ′ between two kinks if it is the same everywhere there.
  private func constantSlope(from left: Double, to right: Double) -> Double? {
    let samples: [Double]
    let steps = [1e-6, 1e-3, 0.1, 0.5, 1, 2, 5, 20]
    switch (left.isFinite, right.isFinite) {
    case (true, true):
      samples = [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99].map { left + (right - left) * $0 }
    case (true, false): samples = steps.map { left + $0 }
    case (false, true): samples = steps.map { right - $0 }
    case (false, false): samples = steps.flatMap { [-$0, $0] } + [0]
    }
    let slope = activation.function.derivative(samples[0])
    return samples.allSatisfy { activation.function.derivative($0) == slope } ? slope : nil
  }

  /// Extremes over curved pieces by their nodes, the ends and the limits at infinity, refined by
  /// golden section about the best one.
  private mutating func finishExtremes(_ panels: [(left: Double, right: Double)]) {
    var values = atoms.map(\.value) + (zeroMass > 0 ? [0] : [])
    if !panels.isEmpty {
      let limits = activation.function.slopesAtInfinity
      values += [square(limits.minus), square(limits.plus)]
      let inner = panels.flatMap { panel in
        (0...16).map { panel.left + (panel.right - panel.left) * Double($0) / 16 }
      }
      let outer = (1...100).flatMap { [-0.25 * Double($0), 0.25 * Double($0)] }
      let points = (inner + outer).sorted()
      let squares = points.map { square(activation.function.derivative($0)) }
      values += squares.indices.filter { !isKink(points[$0]) }.map { squares[$0] }
      for sign in [1.0, -1.0] {
        let best = squares.indices.max { sign * squares[$0] < sign * squares[$1] }!
        values.append(
          refined(points[max(best - 1, 0)], points[min(best + 1, points.count - 1)], sign: sign))
      }
    }
    supremum = values.max() ?? 0
    infimum = values.min() ?? 0
    // A zero of φ′ between two nodes: φ′ changes sign, f touches 0.
    if panels.contains(where: { slopeChangesSign($0.left, $0.right) }) { infimum = 0 }
  }

  private func isKink(_ x: Double) -> Bool { activation.function.kinks.contains(x) }

  private func slopeChangesSign(_ left: Double, _ right: Double) -> Bool {
    let width = right - left
    let (a, b) = (
      activation.function.derivative(left + 1e-9 * width),
      activation.function.derivative(right - 1e-9 * width)
    )
    return a * b < 0
  }

  private func refined(_ left: Double, _ right: Double, sign: Double) -> Double {
    let ratio = (5.0.squareRoot() - 1) / 2
    var (a, b) = (left, right)
    let f = { (x: Double) in sign * self.square(self.activation.function.derivative(x)) }
    for _ in 0..<60 {
      let (x, y) = (b - ratio * (b - a), a + ratio * (b - a))
      if f(x) > f(y) { b = y } else { a = x }
    }
    return sign * f((a + b) / 2)
  }
}
