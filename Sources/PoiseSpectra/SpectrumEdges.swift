import ComplexModule
import PoiseNumerics
import RealModule

extension JacobianSpectrum {
  /// Ends of the continuous part in ln λ.
  public struct Edges: Sendable, Equatable {
    /// ln λ₋; nil where the support reaches 0.
    public let lower: Double?
    /// ln λ₊; nil without a continuous part or if φ′ is unbounded.
    public let upper: Double?
  }

  /// ln λ₋ and ln λ₊: where z(w) turns round on the real axis outside the values of f.
  public var edges: Edges { edges(MasterEquation(chain)) }

  func edges(_ equation: MasterEquation) -> Edges {
    guard continuousMass > 0 else { return Edges(lower: nil, upper: nil) }
    if chain.isPushForward {
      let law = chain.groups[0].law
      return Edges(
        lower: law.infimum > 0 ? .log(law.infimum) + chain.logScale : nil,
        upper: law.supremum.isFinite ? .log(law.supremum) + chain.logScale : nil)
    }
    let lower = chain.isUniform ? uniformLowerEdge(equation) : numericalLowerEdge()
    return Edges(lower: lower, upper: upperEdge(equation))
  }

  /// ln λ₊ alone.
  func upperEdge(_ equation: MasterEquation) -> Double? {
    guard continuousMass > 0, !chain.isPushForward else { return edges(equation).upper }
    return chain.isUniform ? uniformUpperEdge(equation) : RealBranch(equation).upperEdge()
  }

  /// The minimum of z(w) over w > sup f; z(sup f) if z rises all the way.
  private func uniformUpperEdge(_ equation: MasterEquation) -> Double? {
    let top = chain.groups[0].law.supremum
    guard top.isFinite, top > 0 else { return nil }
    func point(_ u: Double) -> MasterEquation.Point? {
      // w = sup f + e^u sup f: as an exact sum, not as the exponential of ln w.
      equation.realPoint(top + top * .exp(u))
    }
    return turningPoint(from: 40, to: -34, point: point)
  }

  /// The maximum of z(w) over 0 < w < inf f for orthogonal weights and slopes away from 0.
  private func uniformLowerEdge(_ equation: MasterEquation) -> Double? {
    let bottom = chain.groups[0].law.infimum
    guard chain.isOrthogonal, bottom > 0, zeroMass == 0 else { return nil }
    return turningPoint(from: -40, to: 34) { u in
      // w = inf f/(1 + e^-u).
      equation.realPoint(bottom / (1 + .exp(-u)))
    }
  }

  /// Walks from far outside towards f until d ln z/dw changes sign; the value at the end if not.
  private func turningPoint(
    from start: Double, to end: Double, point: (Double) -> MasterEquation.Point?
  ) -> Double? {
    let step = end > start ? 0.25 : -0.25
    var last = start
    for index in 1...Int((end - start) / step) {
      let u = start + Double(index) * step
      guard let here = point(u) else { continue }
      if here.slope.real <= 0 {
        let root = try? bracketedRoot(from: last, to: u) { point($0)?.slope.real ?? .nan }
        return (root.flatMap { point($0.value) } ?? here).logZ.real
      }
      last = u
    }
    return point(last)?.logZ.real
  }

  /// Where the mass below begins, by bisection: error about 1e-9, for chains that are not uniform.
  private func numericalLowerEdge() -> Double? {
    guard !chain.reachesZero else { return nil }
    guard let quantile = try? logEigenvalueQuantile(zeroMass + 1e-6 * (1 - zeroMass)) else {
      return nil
    }
    let solver = ArcSolver(chain)
    let occupied = { (value: Double) in Self.density(solver, at: value, upper: nil) > 1e-9 }
    var (inside, outside) = (quantile, quantile - 1)
    while occupied(outside) {
      (inside, outside) = (outside, outside - 2 * (quantile - outside))
      if outside < quantile - 1e4 { return nil }
    }
    for _ in 0..<50 {
      let middle = (inside + outside) / 2
      if occupied(middle) { inside = middle } else { outside = middle }
    }
    // A density that fades away has no edge: a true one rises like a square root.
    return Self.density(solver, at: inside + 1e-3, upper: nil) > 1e-5 ? inside : nil
  }
}

extension MasterEquation {
  /// ln |z| and d ln z/d ln w at real w > 0 outside the values of f, for a uniform chain.
  func realPoint(_ w: Double) -> Point? {
    let group = chain.groups[0]
    let resolvent = sums[0].resolvent(Complex(w, 0))
    let moment = resolvent.moment.real
    let onePlus = resolvent.complement.real + group.law.zeroMass
    guard moment != 0, moment.isFinite, onePlus != 0, w > 0 else { return nil }
    let (n, power) = (Double(group.count), chain.powers.first?.power ?? 0)
    let logZ =
      (n - 1) * .log(abs(moment)) + power * .log(abs(onePlus)) + n * .log(w) + chain.logScale
    let slope = w * resolvent.slope.real * ((n - 1) / moment + power / onePlus) + n
    guard logZ.isFinite, slope.isFinite else { return nil }
    return Point(
      x: Complex(.log(w)), logZ: Complex(logZ), slope: Complex(slope),
      moment: resolvent.moment, rest: resolvent.complement, inner: [])
  }
}

/// ln z over m > 0, where every w_l lies above the values of f_l: the way to λ₊ of a chain whose
/// layers differ.
struct RealBranch {
  let equation: MasterEquation

  init(_ equation: MasterEquation) { self.equation = equation }

  func upperEdge() -> Double? {
    guard equation.chain.groups.allSatisfy({ $0.law.supremum.isFinite }) else { return nil }
    // m falls from ∞ (at f) to 0 (at z = ∞); d ln z/d ln m is negative near 0.
    var last: (u: Double, logZ: Double, slope: Double)?
    for index in 0...300 {
      let u = -20 + 0.25 * Double(index)
      guard let here = value(u) else { break }
      if here.slope >= 0 {
        let root = try? bracketedRoot(from: last?.u ?? u, to: u) { value($0)?.slope ?? .nan }
        return (root.flatMap { value($0.value) } ?? here).logZ
      }
      last = here
    }
    return last?.logZ
  }

  /// At m = e^u; nil where some layer does not reach it.
  private func value(_ u: Double) -> (u: Double, logZ: Double, slope: Double)? {
    let (chain, m) = (equation.chain, Double.exp(u))
    var (logZ, slope) = (chain.logScale - u, -1.0)
    for (ratio, power) in chain.powers {
      logZ += power * .log(onePlus: ratio * m)
      slope += power * ratio * m / (1 + ratio * m)
    }
    for (index, group) in chain.groups.enumerated() {
      guard let layer = layer(index, group, target: group.ratio * m) else { return nil }
      logZ += Double(group.count) * (u + layer.logW)
      slope += Double(group.count) * (1 + layer.change)
    }
    return (u, logZ, slope)
  }

  /// ln w and d ln w/d ln m with M(w) = target, w above sup f.
  private func layer(
    _ index: Int, _ group: LayerChain.Group, target: Double
  ) -> (logW: Double, change: Double)? {
    let (sums, top) = (equation.sums[index], group.law.supremum)
    func excess(_ v: Double) -> Double {
      .log(sums.resolvent(Complex(top + top * .exp(v), 0)).moment.real / target)
    }
    let low = -34.0
    guard excess(low) > 0,
      let root = try? bracketedRoot(from: low, to: 60, { excess($0) })
    else { return nil }
    let w = top + top * .exp(root.value)
    let resolvent = sums.resolvent(Complex(w, 0))
    return (.log(w), resolvent.moment.real / (w * resolvent.slope.real))
  }
}
