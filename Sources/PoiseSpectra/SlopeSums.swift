import ComplexModule
import PoiseNumerics
import RealModule

/// Averages over f at a complex w that the master equation needs.
struct Resolvent {
  /// m = E f/(w − f).
  var moment = Complex<Double>.zero
  /// E [w/(w − f); f > 0]: 1 + m without what belongs to f = 0, and without cancellation.
  var complement = Complex<Double>.zero
  /// dm/dw = −E f/(w − f)².
  var slope = Complex<Double>.zero
}

/// Panels over the law of one layer that refine themselves as w nears the real axis.
///
/// The resolvent 1/(w − f(x)) has its poles where f(x) = w. A panel is accepted when w is at least
/// as far from the values of f on it as these spread; otherwise it is halved. The 24-point rule then
/// errs by less than 1e-15 even where f turns round. Halves are kept in a tree, so that f is
/// evaluated once.
private struct PanelTree {
  private struct Panel {
    let left: Double
    let right: Double
    /// Smallest and largest value of f.
    let lower: Double
    let upper: Double
    let mass: Double
    /// Index of the first of two halves, or −1.
    var halves = -1
  }

  private let law: SlopeLaw
  private var panels: [Panel] = []
  /// f and weights at the nodes of every panel.
  private(set) var values: [Double] = []
  private(set) var weights: [Double] = []
  /// The panels that are fine enough for the last w.
  private(set) var leaves: [Int] = []
  private var stack: [Int] = []
  let roots: Int

  static let nodes = SlopeLaw.rule.nodes.count
  private static let mostPanels = 20_000
  /// Panels are not halved below this width relative to their place.
  private static let finest = 1e-13

  init(_ law: SlopeLaw) {
    self.law = law
    roots = law.panels.count
    for panel in law.panels { append(panel.left, panel.right) }
  }

  private mutating func append(_ left: Double, _ right: Double) {
    let rule = SlopeLaw.rule
    let (half, middle) = ((right - left) / 2, (left + right) / 2)
    let deviation = law.length.squareRoot()
    let norm = half / (deviation * (2 * Double.pi).squareRoot())
    var mass = 0.0
    // Just inside the ends: at a kink φ′ is the mean of both sides.
    var (low, high) = (Double.infinity, 0.0)
    for end in [left + 1e-9 * half, right - 1e-9 * half] {
      low = min(low, law.value(end))
      high = max(high, law.value(end))
    }
    for index in 0..<Self.nodes {
      let x = middle + half * rule.nodes[index]
      let z = x / deviation
      let weight = norm * rule.weights[index] * .exp(-z * z / 2)
      let value = law.value(x)
      values.append(value)
      weights.append(weight)
      mass += weight
      low = min(low, value)
      high = max(high, value)
    }
    panels.append(Panel(left: left, right: right, lower: low, upper: high, mass: mass))
  }

  /// Starts the tree anew: long walks would otherwise fill the memory.
  private mutating func forgetHalves() {
    let size = roots * Self.nodes
    values.removeSubrange(size...)
    weights.removeSubrange(size...)
    panels.removeSubrange(roots...)
    for root in 0..<roots { panels[root].halves = -1 }
  }

  /// Collects the panels that are fine enough for w = x + iy.
  mutating func refine(_ x: Double, _ y: Double) {
    precondition(x.isFinite && y.isFinite, "a resolvent at a number")
    if panels.count > Self.mostPanels { forgetHalves() }
    leaves.removeAll(keepingCapacity: true)
    stack.removeAll(keepingCapacity: true)
    let least = 1e-3 * law.length.squareRoot()
    for root in 0..<roots { stack.append(root) }
    while let index = stack.popLast() {
      let panel = panels[index]
      let range = panel.upper - panel.lower
      let beside = max(0, panel.lower - x, x - panel.upper)
      if beside * beside + y * y >= range * range || panel.mass < 1e-26
        || panel.right - panel.left < Self.finest * max(abs(panel.left), abs(panel.right), least)
      {
        leaves.append(index)
        continue
      }
      var halves = panel.halves
      if halves < 0 {
        halves = panels.count
        panels[index].halves = halves
        let middle = (panel.left + panel.right) / 2
        append(panel.left, middle)
        append(middle, panel.right)
      }
      stack.append(halves)
      stack.append(halves + 1)
    }
  }

  /// The sums that the resolvent at w = x + iy consists of.
  mutating func sums(_ x: Double, _ y: Double) -> PanelSums {
    refine(x, y)
    var sums = PanelSums()
    values.withUnsafeBufferPointer { f in
      weights.withUnsafeBufferPointer { g in
        for panel in leaves {
          let at = panel * Self.nodes
          sums.add(f.baseAddress! + at, g.baseAddress! + at, Self.nodes, x: x, y: y)
        }
      }
    }
    return sums
  }

  /// g(f, weight) at every node of the panels that are fine enough for w = x + iy.
  mutating func forEach(_ x: Double, _ y: Double, _ g: (Double, Double) -> Void) {
    refine(x, y)
    for panel in leaves {
      for index in panel * Self.nodes..<(panel + 1) * Self.nodes {
        g(values[index], weights[index])
      }
    }
  }
}

/// Sums over the law of one layer. One instance belongs to one thread.
final class SlopeSums {
  let law: SlopeLaw
  private var tree: PanelTree

  init(_ law: SlopeLaw) {
    self.law = law
    tree = PanelTree(law)
  }

  /// m, its complement and its slope at w.
  func resolvent(_ w: Complex<Double>) -> Resolvent {
    let (x, y) = (w.real, w.imaginary)
    let sums = tree.sums(x, y)
    var result = sums.resolvent(x, y)
    for atom in law.atoms {
      let d = w - Complex(atom.value)
      let inverse = Complex(atom.mass) / d
      result.moment += Complex(atom.value) * inverse
      result.complement += inverse
      result.slope -= Complex(atom.value) * inverse / d
    }
    result.complement *= w
    return result
  }

  /// E ln(1 − f/w) for w in the upper half-plane or on its border, with arg in [0, π].
  func logarithm(_ w: Complex<Double>) -> Complex<Double> {
    var (size, phase) = (0.0, 0.0)
    let inverse = Complex<Double>.one / w
    func add(_ f: Double, _ weight: Double) {
      // 1 − f/w has a positive imaginary part f Im w/|w|².
      let (re, im) = (1 - f * inverse.real, -f * inverse.imaginary)
      let square = re * re + im * im
      let far = f * inverse.length
      size +=
        weight * 0.5
        * (far < 0.1 ? .log(onePlus: far * far - 2 * f * inverse.real) : .log(square))
      phase += weight * .atan2(y: max(im, 0), x: re)
    }
    tree.forEach(w.real, w.imaginary, add)
    for atom in law.atoms { add(atom.value, atom.mass) }
    return Complex(size, phase)
  }

  /// E [ln f; f > 0].
  func meanLog() -> Double { average { $0 } }

  /// E [g(ln f); f > 0].
  func average(_ g: (_ logValue: Double) -> Double) -> Double {
    var sum = 0.0
    tree.forEach(0, 0) { value, weight in sum += weight * g(.log(value)) }
    return law.atoms.reduce(sum) { $0 + $1.mass * g(.log($1.value)) }
  }

  /// μ_k = E fᵏ for k = 1, 2.
  func moments() -> (first: Double, second: Double) {
    var (first, second) = (0.0, 0.0)
    for index in 0..<tree.roots * PanelTree.nodes {
      first += tree.weights[index] * tree.values[index]
      second += tree.weights[index] * tree.values[index] * tree.values[index]
    }
    for atom in law.atoms {
      first += atom.mass * atom.value
      second += atom.mass * atom.value * atom.value
    }
    return (first, second)
  }
}

/// Six real sums over panels, four nodes at a time: with d = Re w − f and n = |w − f|²,
/// 1/(w − f) = (d − iy)/n. Unscaled on purpose: |w| and f stay within 1e±150.
private struct PanelSums {
  private var a = SIMD4<Double>.zero  // g f d/n
  private var b = SIMD4<Double>.zero  // g f/n
  private var c = SIMD4<Double>.zero  // g d/n
  private var e = SIMD4<Double>.zero  // g/n
  private var p = SIMD4<Double>.zero  // g f (d² − y²)/n²
  private var q = SIMD4<Double>.zero  // g f d/n²

  @inline(__always)
  mutating func add(
    _ f: UnsafePointer<Double>, _ g: UnsafePointer<Double>, _ count: Int, x: Double, y: Double
  ) {
    let square = y * y
    for index in stride(from: 0, to: count, by: 4) {
      let value = UnsafeRawPointer(f + index).loadUnaligned(as: SIMD4<Double>.self)
      let weight = UnsafeRawPointer(g + index).loadUnaligned(as: SIMD4<Double>.self)
      let d = x - value
      let dd = d * d
      let inverse = 1 / (dd + square)
      let over = weight * inverse
      let moment = over * value
      a += moment * d
      b += moment
      c += over * d
      e += over
      let second = moment * inverse
      p += second * (dd - square)
      q += second * d
    }
  }

  /// The complement still without its factor w.
  func resolvent(_ x: Double, _ y: Double) -> Resolvent {
    Resolvent(
      moment: Complex(a.sum(), -y * b.sum()), complement: Complex(c.sum(), -y * e.sum()),
      slope: Complex(-p.sum(), 2 * y * q.sum()))
  }
}
