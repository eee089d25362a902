import PoiseMeanField
public import PoiseModel
public import PoiseNumerics
import RealModule

/// Phase maps for records: the cells of a grid, the edge of chaos across it, and the presets.
public enum PhaseSurvey {
  /// The map of an activation over the crossed values of both variances.
  ///
  /// - Parameters:
  ///   - weights: name of the weight law; kept in the record, it does not enter at infinite width.
  ///   - correlations: whether c* and ξ_c are wanted.
  ///   - width: fan-in at which presets are placed (PyTorch's default has width-dependent biases).
  ///   - jobs: threads.
  ///   - store: keeps finished cells of a map that may be interrupted.
  ///   - progress: called with the number of cells done.
  /// - Throws: `outOfRange` for a variance outside its range.
  public static func map(
    _ activation: Activation, weights: String = "gaussian", weightVariances: [Double],
    biasVariances: [Double], correlations: Bool = true, keep: Double = 1, residual: Double = 0,
    width: Int = 256, jobs: Int = 1, store: PointStore? = nil, progress: ((Int) -> Void)? = nil
  ) throws(PoiseError) -> PhaseResult {
    let map = PhaseCells(
      activation: activation, weightVariances: weightVariances, biasVariances: biasVariances,
      correlations: correlations, keep: keep, residual: residual, jobs: jobs)
    var cells: [PhaseDiagram.Cell] = []
    var detail: PointDetail?
    if weightVariances.count * biasVariances.count == 1 {
      let single = try map.single()
      (cells, detail) = ([single.cell], single.detail)
    } else {
      cells = try map.run(store: store, progress: progress)
    }
    let isPlain = keep == 1 && residual == 0
    let line: (points: [CriticalPointSummary], statement: String) =
      isPlain
      ? try criticalLine(
        activation, weightVariances: weightVariances, biasVariances: biasVariances)
      : (
        [],
        keep < 1
          ? "With dropout c = 1 is no fixed point: there is no edge of chaos, ξ_c stays finite."
          : "With a residual branch χ₁ = a² + σ_w² E φ′²; its critical line is not drawn."
      )
    return PhaseResult(
      activation: activation.name, weights: weights, weightVariances: weightVariances,
      biasVariances: biasVariances,
      cells: cells.map { PhaseResult.Cell($0, correlations: correlations) },
      criticalLine: line.points, criticalStatement: line.statement,
      presets: try presets(activation, width: width), detail: detail)
  }

  /// The edge of chaos across a rectangle of the plane, finely enough to draw, and in words.
  static func criticalLine(
    _ activation: Activation, weightVariances: [Double], biasVariances: [Double]
  ) throws(PoiseError) -> (points: [CriticalPointSummary], statement: String) {
    let edge = EdgeOfChaos(activation)
    switch edge.shape() {
    case .none:
      return (
        [],
        "\(activation.name) has no edge of chaos: σ_b² would have to be negative at every length."
      )
    case .point(let variance):
      return (
        [CriticalPointSummary(weightVariance: variance, biasVariance: 0, length: nil)],
        "\(activation.name) is homogeneous: critical only at σ_w² = \(variance.rounded(to: 6)) "
          + "without biases, where every length is preserved."
      )
    case .line(let ranges):
      let points = sample(
        edge, ranges, within: (weightVariances.max() ?? 1, biasVariances.max() ?? 1))
      return (points, try lineStatement(edge, ranges))
    }
  }

  /// The part of the line inside a rectangle, and a little beyond so that a picture can cut it:
  /// found coarsely, then sampled finely.
  private static func sample(
    _ edge: EdgeOfChaos, _ ranges: [ClosedRange<Double>],
    within largest: (weight: Double, bias: Double)
  ) -> [CriticalPointSummary] {
    func points(_ low: Double, _ high: Double, _ steps: Int) -> [(t: Double, CriticalPoint)] {
      (0...steps).compactMap { step in
        let t = low + (high - low) * Double(step) / Double(steps)
        return edge.point(atLength: .exp(t)).map { (t, $0) }
      }
    }
    func isInside(_ point: CriticalPoint) -> Bool {
      point.weightVariance <= 1.05 * largest.weight && point.biasVariance <= 1.05 * largest.bias
    }
    return ranges.flatMap { range -> [CriticalPointSummary] in
      let (low, high) = (
        Double.log(max(range.lowerBound, 1e-8)), Double.log(min(range.upperBound, 1e4))
      )
      guard high > low else { return [] }
      let step = (high - low) / 120
      let inside = points(low, high, 120).filter { isInside($0.1) }.map(\.t)
      guard let first = inside.min(), let last = inside.max() else { return [] }
      return points(max(low, first - step), min(high, last + step), 240).compactMap {
        guard isInside($0.1) else { return nil }
        return CriticalPointSummary(
          weightVariance: $0.1.weightVariance, biasVariance: $0.1.biasVariance,
          length: $0.1.length)
      }
    }
  }

  private static func lineStatement(
    _ edge: EdgeOfChaos, _ ranges: [ClosedRange<Double>]
  ) throws(PoiseError) -> String {
    let name = edge.activation.name
    if let half = try edge.halfStablePoint(), let q = half.length {
      return "Along the edge of chaos of \(name) lengths below q = \(q.rounded(to: 4)) repel: "
        + "half-stable at σ_w² = \(half.weightVariance.rounded(to: 5)), "
        + "σ_b² = \(half.biasVariance.rounded(to: 5))."
    }
    if let first = ranges.first, first.lowerBound > 1e-9 {
      let start = edge.point(atLength: first.lowerBound)
      return "The edge of chaos of \(name) begins at q = \(first.lowerBound.rounded(to: 4)), "
        + "σ_w² = \((start?.weightVariance ?? 0).rounded(to: 4)), without biases; "
        + "there is none at smaller lengths."
    }
    return "The edge of chaos of \(name) starts at σ_w² = "
      + "\((edge.point(atLength: 1e-10)?.weightVariance ?? 0).rounded(to: 4)) without biases."
  }

  /// Every preset as a point of the plane.
  static func presets(_ activation: Activation, width: Int) throws(PoiseError) -> [MarkedPoint] {
    var points: [MarkedPoint] = []
    for preset in InitializationPreset.catalogue {
      let ensemble = try preset.ensemble(activation: activation, fanIn: width)
      points.append(
        MarkedPoint(
          name: preset.name, weightVariance: ensemble.weightVariance,
          biasVariance: ensemble.biasVariance))
    }
    return points
  }
}
