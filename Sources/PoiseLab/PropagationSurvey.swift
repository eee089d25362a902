import PoiseMeanField
public import PoiseModel
public import PoiseNumerics
import RealModule

/// Signals layer by layer for records: from data, or from one typical length and correlation.
public enum PropagationSurvey {
  /// What the first layer receives.
  public enum Start: Sendable {
    /// Real inputs, rows × features, with their description.
    case data(Matrix<Double>, DataSummary)
    /// Two inputs of mean square |x|²/N₀ and a correlation.
    case typical(meanSquare: Double, correlation: Double)
  }

  /// The profile of an ensemble through `depth` layers at infinite width.
  ///
  /// - Throws: `outOfRange` for a depth below 1, `noAnswer` if lengths overflow.
  public static func profile(
    _ ensemble: NetworkEnsemble, depth: Int, start: Start, jobs: Int = 1
  ) throws(PoiseError) -> PropagationResult {
    guard depth >= 1 else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "at least 1 hidden layer")
    }
    let (typical, summary) = try typicalPair(ensemble, start)
    let theory = try MeanField(of: ensemble)
    let (lengths, gaps) = try iterate(theory, from: typical, depth: depth)
    var (length, overlap) = (lengths, zip(lengths, gaps).map { $0 * (1 - $1) })
    var logChi = lengths.map { Double.log(theory.lengthMap.chi1($0)) }
    if case .data(let inputs, _) = start {
      let exact = try InputPropagation(ensemble, inputs: inputs, depth: depth, jobs: jobs)
      length = exact.meanLength
      overlap = exact.meanOverlap
      logChi = exact.logChi1.map { $0.reduce(0, +) / Double($0.count) }
    }
    var growth = [Double](repeating: 0, count: depth)
    for layer in stride(from: depth - 2, through: 0, by: -1) {
      growth[layer] = growth[layer + 1] + logChi[layer]
    }
    return PropagationResult(
      ensemble: EnsembleSummary(ensemble), width: nil, depth: depth, data: summary,
      layers: Array(1...depth), length: length, overlap: overlap, gap: gaps,
      logGradient: growth,
      fixedPoint: PhaseResult.Cell(
        try theory.outcome(), weightVariance: ensemble.weightVariance,
        biasVariance: ensemble.biasVariance),
      check: nil)
  }

  private static func typicalPair(
    _ ensemble: NetworkEnsemble, _ start: Start
  ) throws(PoiseError) -> ((length: Double, gap: Double), DataSummary?) {
    let (w, b) = (ensemble.weightVariance, ensemble.biasVariance)
    switch start {
    case .typical(let meanSquare, let correlation):
      let square = try meanSquare.checked("input mean square", in: 0...1e12)
      let c = try correlation.checked("input correlation", in: -1...1)
      let length = w * square + b
      return ((length, length > 0 ? w * square * (1 - c) / length : 0), nil)
    case .data(let inputs, let summary):
      let gram = inputs.gram
      let count = inputs.rows
      let diagonal = (0..<count).reduce(0.0) { $0 + gram[$1, $1] } / Double(count)
      let total = gram.elements.reduce(0, +) - diagonal * Double(count)
      let pairs = Double(max(1, count * (count - 1)))
      let scale = w / Double(inputs.columns)
      let length = scale * diagonal + b
      let covariance = count > 1 ? scale * total / pairs + b : length
      return ((length, length > 0 ? max(0, 1 - covariance / length) : 0), summary)
    }
  }

  private static func iterate(
    _ theory: MeanField, from pair: (length: Double, gap: Double), depth: Int
  ) throws(PoiseError) -> (lengths: [Double], gaps: [Double]) {
    var (lengths, gaps) = ([pair.length], [pair.gap])
    for layer in 1..<max(depth, 1) {
      let (q, e) = (lengths[layer - 1], gaps[layer - 1])
      let next = theory.lengthMap(q)
      guard next.isFinite else {
        throw PoiseError(
          .noAnswer, quantity: "length at layer \(layer + 1)", value: "overflow",
          allowed: "an ensemble whose lengths stay below 1e308",
          suggestion: "a smaller weight variance or depth")
      }
      lengths.append(next)
      gaps.append(q > 0 ? theory.correlationMap(atLength: q).nextGap(e) : e)
    }
    return (lengths, gaps)
  }
}

extension EnsembleSummary {
  /// The summary of an ensemble.
  public init(_ ensemble: NetworkEnsemble) {
    self.init(
      activation: ensemble.activation.name, weights: ensemble.weights.name,
      weightVariance: ensemble.weightVariance, biasVariance: ensemble.biasVariance)
  }
}
