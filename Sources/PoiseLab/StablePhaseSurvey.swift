import PoiseHeavyTails
public import PoiseModel
public import PoiseNumerics
import RealModule

/// The plane (α, σ_w) for records: q*, growth at width N, geometric gain and median mean squared singular
/// value of every cell, with the two boundaries that cost little.
public struct StablePhaseSurvey: Sendable {
  /// φ, bounded.
  public var activation: Activation
  /// σ_b, 0 to 10⁴.
  public var biasScale: Double
  /// N of the thresholds.
  public var width: Int
  /// Hidden layers.
  public var depth: Int

  /// - Throws: `noAnswer` for an unbounded φ, which has no q* at α < 2; `outOfRange` for width or depth.
  public init(
    activation: Activation, biasScale: Double = 0, width: Int = 256, depth: Int = 20
  ) throws(PoiseError) {
    self.activation = activation
    self.biasScale = try biasScale.checked("bias scale", in: 0...1e4)
    self.width = width
    self.depth = depth
    try Self.requireBounded(activation)
    guard (10...1_000_000_000).contains(width) else {
      throw PoiseError(
        .outOfRange, quantity: "width", value: "\(width)", allowed: "10 to 1000000000",
        suggestion: "1000: narrower layers are no phases")
    }
    guard (1...1_000_000).contains(depth) else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "1 to 1000000 hidden layers")
    }
  }

  static func requireBounded(_ activation: Activation) throws(PoiseError) {
    guard TailsSurvey.isBounded(activation) else {
      throw PoiseError(
        .noAnswer, quantity: "stable phases of \(activation.name)",
        value: "E |φ(h)|^α diverges at α < 2",
        allowed: "an activation that grows slower than its argument, such as tanh",
        suggestion:
          "poise tails --activation \(activation.name) --alpha 1.5 --scale 1 for the exact "
          + "growth at finite width")
    }
  }

  /// The plane; α outside, scale inside.
  ///
  /// - Parameters:
  ///   - jobs: threads, over the values of α.
  ///   - store: keeps the finished values of α of a run that may be interrupted.
  ///   - progress: called with the number of values of α done.
  /// - Throws: `outOfRange` for α outside [0.1, 2] or σ_w outside [1e-3, 1e4].
  public func run(
    alphas: [Double], scales: [Double], jobs: Int = 1, store: PointStore? = nil,
    progress: (@Sendable (Int) -> Void)? = nil
  ) throws(PoiseError) -> StablePhaseResult {
    let counter = Counter()
    let columns = try parallelMap(count: alphas.count, jobs: jobs) {
      (index: Int) throws(PoiseError) -> Column in
      let column = try store.value(
        "\(alphas[index])", counting: scales.count
      ) { () throws(PoiseError) -> Column in try self.column(alphas[index], scales) }
      progress?(counter.next())
      return column
    }
    var boundaries: [StablePhaseResult.Boundary] = []
    if columns.contains(where: { $0.death != nil }) {
      boundaries.append(
        boundary(
          .death, zip(alphas, columns).map { $1.death ?? Self.point($0, nil, "no fixed origin") }))
    }
    boundaries.append(
      boundary(.rawFloor, columns.map(\.floor)))
    return StablePhaseResult(
      activation: activation.name, biasScale: biasScale, width: width, depth: depth,
      alphas: alphas, scales: scales, cells: columns.flatMap(\.cells), boundaries: boundaries)
  }

  private struct Column: Codable, Sendable {
    var cells: [StablePhaseResult.Cell]
    var death: StablePhaseResult.Point?
    var floor: StablePhaseResult.Point
  }

  private func column(_ alpha: Double, _ scales: [Double]) throws(PoiseError) -> Column {
    let table = try HeavyTailMeanField(
      activation: activation, alpha: alpha, scale: 1, biasScale: biasScale)
    let gain = try GeometricGain(alpha: alpha)
    let growth = try TailsSurvey.growth(table, width: width)
    let median = try table.medianMeanSquare(width: width, slopeMoment: 1)
    var cells: [StablePhaseResult.Cell] = []
    for scale in scales {
      let theory = try table.with(scale: scale)
      var cell = StablePhaseResult.Cell(alpha: alpha, scale: scale)
      cell.growthRate = growth?.rate(scale: scale)
      var moment = Double.pow(table.slopeAtOrigin, alpha)
      var logGain = 2 * .log(table.slopeAtOrigin * scale) + gain.weightsAlone
      if case .settles(let fixed) = try theory.outcome() {
        cell.logLength = fixed.logLength
        moment = theory.slopeMoment(logScale: fixed.logScale)
        logGain = try gain.meanLogSquare(of: theory)
      } else {
        cell.logLengthCase = "dies"
      }
      cell.medianMeanSquare = scale * scale * .pow(moment, 2 / alpha) * median
      if logGain.isFinite {
        cell.meanLogSquare = logGain
      } else {
        cell.meanLogSquareCase = "diverges"
      }
      cells.append(cell)
    }
    return Column(
      cells: cells,
      death: growth == nil
        ? nil : Self.point(alpha, try table.deathScale(width: width), ""),
      floor: Self.point(alpha, try? table.rawFloorScale(width: width), "not crossed"))
  }

  private static func point(
    _ alpha: Double, _ found: BoundaryScale?, _ missing: String
  ) -> StablePhaseResult.Point {
    StablePhaseResult.Point(
      alpha: alpha, scale: found?.scale, error: found?.error,
      scaleCase: found == nil ? missing : nil)
  }

  private func boundary(
    _ kind: HeavyTailBoundary, _ points: [StablePhaseResult.Point]
  ) -> StablePhaseResult.Boundary {
    StablePhaseResult.Boundary(
      name: kind.rawValue, definition: kind.definition, sizeName: "width", size: width,
      points: points)
  }

  /// What the answer takes for granted.
  public static let assumptions =
    HeavyTailMeanField.assumptions + [
      "raw floor and geometric gain: slopes independent of the weights, exact for E ln s² only"
    ]
  /// Where it comes from.
  public static let sources = HeavyTailMeanField.sources + ["docs/theory/heavy-tails.md"]
}
