public import PoiseModel
public import PoiseNumerics
import RealModule
import Synchronization

/// The phase plane of an activation over (σ_w², σ_b²), thousands of cells in milliseconds.
///
/// The moments of φ are tabulated once over ln q; a cell then costs a scan for the sign change of
/// V(q) − q and a few Newton steps. Correlations of analytic activations come from tabulated
/// Hermite coefficients. Cells agree with `MeanField` to 1e-12 (c* and C′(c*) to 2e-12; tested);
/// where the table is not resolved, `MeanField` itself is asked.
public struct PhaseDiagram: Sendable {
  /// One cell; numbers that do not exist are NaN-free: the phase says why they are nil.
  public struct Cell: Sendable, Equatable {
    /// σ_w².
    public var weightVariance: Double
    /// σ_b².
    public var biasVariance: Double
    /// q*, nil where lengths diverge or are all preserved.
    public var length: Double?
    /// χ₁ at q*, or for the large lengths of a divergent cell.
    public var chi1: Double
    /// χ_q, nil where q* is.
    public var chiQ: Double?
    /// The phase.
    public var phase: Phase
    /// c*, if asked for and q* exists.
    public var correlation: Double?
    /// C′(c*), likewise.
    public var chiC: Double?

    /// A cell of given numbers; nothing is computed from them.
    public init(
      weightVariance: Double, biasVariance: Double, length: Double? = nil, chi1: Double,
      chiQ: Double? = nil, phase: Phase, correlation: Double? = nil, chiC: Double? = nil
    ) {
      self.weightVariance = weightVariance
      self.biasVariance = biasVariance
      self.length = length
      self.chi1 = chi1
      self.chiQ = chiQ
      self.phase = phase
      self.correlation = correlation
      self.chiC = chiC
    }

    /// ξ_q.
    public var lengthDepth: DepthScale? { chiQ.map { DepthScale(growth: abs($0)) } }
    /// ξ_c.
    public var correlationDepth: DepthScale? { chiC.map { DepthScale(growth: $0) } }
  }

  /// φ.
  public let activation: Activation
  private let table: MomentTable
  /// The moments as q → 0.
  private let limits: ActivationMoments
  /// By panel of ln q; nil where the kernel itself is the faster way.
  private let slopes = SlopeTables()

  /// Tables that one map after another finds.
  private final class SlopeTables: Sendable {
    let byPanel = Mutex<[Int: SlopeTable?]>([:])
  }

  /// Tabulates the moments of an activation.
  public init(_ activation: Activation) {
    self.activation = activation
    table = MomentTable(activation)
    limits = activation.moments(length: 0)
  }

  /// All cells of a grid, weight variance running fastest. Each is the same in every grid.
  ///
  /// - Parameters:
  ///   - weights: the law whose variance is varied; it does not enter at infinite width.
  ///   - correlations: whether to compute c* and C′(c*).
  ///   - jobs: threads.
  /// - Throws: `outOfRange` for a variance outside its range.
  public func cells(
    weightVariances: [Double], biasVariances: [Double], correlations: Bool, jobs: Int = 1
  ) throws(PoiseError) -> [Cell] {
    for variance in weightVariances {
      guard variance.isFinite, variance > 0 else {
        throw PoiseError(
          .outOfRange, quantity: "weight variance", value: "\(variance)",
          allowed: "finite and above 0")
      }
    }
    for variance in biasVariances { _ = try variance.checked("bias variance", in: 0...1e12) }
    let columns = weightVariances.count
    let rows = try parallelMap(count: biasVariances.count, jobs: jobs) {
      (row: Int) throws(PoiseError) -> [Cell] in
      var cells: [Cell] = []
      cells.reserveCapacity(columns)
      for weightVariance in weightVariances {
        cells.append(try cell(weightVariance, biasVariances[row]))
      }
      return cells
    }
    var cells = Array(rows.joined())
    if correlations { try addCorrelations(to: &cells, jobs: jobs) }
    return cells
  }

  private func cell(
    _ weightVariance: Double, _ biasVariance: Double
  ) throws(PoiseError) -> Cell {
    guard activation.function.homogeneousSlopes == nil else {
      return try exactCell(weightVariance, biasVariance)
    }
    switch attractor(weightVariance, biasVariance) {
    case .fixed(let t) where table.isResolved(at: t):
      let chi1 = weightVariance * table.slopeSquared(t)
      return Cell(
        weightVariance: weightVariance, biasVariance: biasVariance, length: .exp(t), chi1: chi1,
        chiQ: weightVariance * table.lengthSlope(t), phase: Phase(chi1: chi1))
    case .collapses:
      let (chi1, chiQ) = (
        weightVariance * limits.slopeSquared, weightVariance * limits.lengthSlope
      )
      return Cell(
        weightVariance: weightVariance, biasVariance: biasVariance, length: 0, chi1: chi1,
        chiQ: chiQ, phase: Phase(chi1: chi1))
    case .diverges:
      let (minus, plus) = activation.function.slopesAtInfinity
      return Cell(
        weightVariance: weightVariance, biasVariance: biasVariance,
        chi1: weightVariance * (minus * minus + plus * plus) / 2, phase: .diverging)
    case .fixed, .unclear:
      return try exactCell(weightVariance, biasVariance)
    }
  }

  private func exactCell(
    _ weightVariance: Double, _ biasVariance: Double
  ) throws(PoiseError) -> Cell {
    let ensemble = try NetworkEnsemble(
      activation: activation, weights: .gaussian(variance: weightVariance),
      biases: .gaussian(variance: biasVariance))
    let outcome = try MeanField(of: ensemble).outcome()
    return Cell(
      weightVariance: weightVariance, biasVariance: biasVariance, length: outcome.point?.length,
      chi1: outcome.chi1, chiQ: outcome.point?.chiQ, phase: outcome.phase)
  }

  /// Where an input of length 10⁻³ goes.
  private enum Attractor {
    /// ln q* on the table.
    case fixed(Double)
    /// q* = 0: no biases, φ(0) = 0 and an ordered origin.
    case collapses
    /// Above the table, and growing there.
    case diverges
    /// The table cannot tell: below it, a near-touch of V and the diagonal, or growth at infinity
    /// that is not exponential.
    case unclear
  }

  private func attractor(_ weightVariance: Double, _ biasVariance: Double) -> Attractor {
    let found = table.scan.q.withUnsafeBufferPointer { q in
      table.scan.valueSquared.withUnsafeBufferPointer { values in
        Self.bracket(count: q.count) { index in
          (weightVariance * values[index] + biasVariance) / q[index] - 1
        }
      }
    }
    let (minus, plus) = activation.function.slopesAtInfinity
    let growth = weightVariance * (minus * minus + plus * plus) / 2
    switch found {
    case .step(let step):
      return .fixed(
        newton(weightVariance, biasVariance, from: table.scan.t[step], to: table.scan.t[step + 1]))
    case .above where growth > 1 + 1e-9 && growth.isFinite: return .diverges
    case .below
    where biasVariance == 0 && limits.valueSquared == 0
      && weightVariance * limits.lengthSlope < 1 - 1e-9:
      return .collapses
    case .above, .below, .unclear: return .unclear
    }
  }

  /// The step of the scan in which the excess V(q)/q − 1 changes sign, met from q = 10⁻³.
  private enum Crossing { case step(Int), above, below, unclear }

  private static func bracket(count: Int, _ excess: (Int) -> Double) -> Crossing {
    // The grid has 6 steps a decade from 1e-12: q = 1e-3 is step 54.
    var index = 9 * MomentTable.panelsPerDecade * MomentTable.stepsPerPanel
    var here = excess(index)
    let step = here > 0 ? 1 : -1
    var before = here
    while index + step >= 0, index + step < count {
      let next = excess(index + step)
      if (next > 0) != (step > 0) { return .step(min(index, index + step)) }
      // Close to the diagonal and turning away from it: two roots may hide between the steps.
      if abs(here) < 0.02, abs(here) < abs(before), abs(here) < abs(next) { return .unclear }
      (before, here) = (here, next)
      index += step
    }
    return step > 0 ? .above : .below
  }

  /// Newton in ln q, kept inside the shrinking bracket.
  private func newton(
    _ weightVariance: Double, _ biasVariance: Double, from lower: Double, to upper: Double
  ) -> Double {
    var (low, high) = (lower, upper)
    var t = (low + high) / 2
    let lowSign = weightVariance * table.valueSquared(low).value + biasVariance - .exp(low) > 0
    for _ in 0..<60 {
      let q = Double.exp(t)
      let moment = table.valueSquared(t)
      let excess = weightVariance * moment.value + biasVariance - q
      if (excess > 0) == lowSign { low = t } else { high = t }
      let step = -excess / (weightVariance * moment.slope - q)
      // Quadratic convergence: the error after a step of 1e-9 is far below rounding.
      if abs(step) <= 1e-9 { return t + step }
      let next = t + step
      t = next > low && next < high ? next : (low + high) / 2
    }
    return t
  }

  private func addCorrelations(to cells: inout [Cell], jobs: Int) throws(PoiseError) {
    let chaotic = cells.indices.filter { cells[$0].phase == .chaotic && cells[$0].length! > 0 }
    for index in cells.indices where cells[index].length != nil {
      cells[index].correlation = 1
      cells[index].chiC = cells[index].chi1
    }
    let known = slopes.byPanel.withLock { $0 }
    let panels = Set(chaotic.map { SlopeTable.panel(of: .log(cells[$0].length!)) })
      .subtracting(known.keys).sorted()
    // A closed form with kinks (hard_tanh) is itself an integral: interpolating it is faster.
    let closed =
      activation.function.closedPair(GaussianPair(lengthA: 1, lengthB: 1, angle: 1)) != nil
      && (activation.function.kinks.isEmpty || activation.function.homogeneousSlopes != nil)
    let built = try parallelMap(count: closed ? 0 : panels.count, jobs: jobs) {
      (index: Int) throws(PoiseError) -> SlopeTable? in
      SlopeTable(activation, panel: panels[index])
    }
    let tables = known.merging(zip(panels, built)) { $1 }
    slopes.byPanel.withLock { $0.merge(zip(panels, built)) { $1 } }
    let snapshot = cells
    let grain = 64
    let blocks = try parallelMap(count: (chaotic.count + grain - 1) / grain, jobs: jobs) {
      (block: Int) throws(PoiseError) -> [(correlation: Double, chiC: Double)] in
      var results: [(correlation: Double, chiC: Double)] = []
      for index in chaotic[block * grain..<min((block + 1) * grain, chaotic.count)] {
        let cell = snapshot[index]
        let t = Double.log(cell.length!)
        let kernel = tables[SlopeTable.panel(of: t)]?.map { $0.kernel(at: t) }
        let map = CorrelationMap(
          weightVariance: cell.weightVariance, length: cell.length!, slopeAtOne: cell.chi1,
          kernel: kernel ?? SlopeKernel(activation, length: cell.length!))
        let point = try map.fixedPoint()
        results.append((1 - point.gap, point.slope))
      }
      return results
    }
    for (index, result) in zip(chaotic, blocks.joined()) {
      cells[index].correlation = result.correlation
      cells[index].chiC = result.chiC
    }
  }
}
