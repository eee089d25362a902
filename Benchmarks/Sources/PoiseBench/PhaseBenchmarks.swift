import Poise

/// The phase plane of tanh, 100 × 100 cells, tables included, on one thread.
enum PhaseBenchmarks {
  private static let weights = (0..<100).map { 0.5 + 3.5 * Double($0) / 99 }
  private static let biases = (0..<100).map { Double($0) / 99 }

  /// What the script prints, cell by cell; a correlation is only sought in chaotic cells.
  private struct Answer: Decodable {
    var plainSeconds: Double
    var correlationSeconds: Double
    var length: [Double]
    var chi1: [Double]
    var chiQ: [Double]
    var correlation: [Double?]
  }

  static func run(_ numpy: NumpyPeer?) throws -> [Outcome] {
    var (plain, full): ([PhaseDiagram.Cell], [PhaseDiagram.Cell]) = ([], [])
    let plainTiming = try Clock.processor.time(7) { plain = try cells(correlations: false) }
    let fullTiming = try Clock.processor.time(5) { full = try cells(correlations: true) }
    var outcomes = [
      Outcome(name: "phase plane tanh 10⁴", timing: plainTiming),
      Outcome(name: "phase plane tanh 10⁴, c*, ξ_c", timing: fullTiming),
    ]
    (outcomes[0].error, outcomes[1].error) = try errors(plain, full)
    if let numpy, let answer = numpy.run("phase_numpy.py", as: Answer.self) {
      outcomes[0].peers = [
        Peer(name: numpy.version, seconds: answer.plainSeconds, error: error(of: answer, plain))
      ]
      outcomes[1].peers = [
        Peer(
          name: numpy.version, seconds: answer.correlationSeconds,
          error: correlationError(of: answer, full))
      ]
    }
    return outcomes
  }

  private static func cells(correlations: Bool) throws -> [PhaseDiagram.Cell] {
    try PhaseDiagram(.tanh).cells(
      weightVariances: weights, biasVariances: biases, correlations: correlations)
  }

  /// Largest error of q*, χ₁, χ_q and, relative to max(1, ξ), of ξ_q; then the same with c* and
  /// ξ_c: against mean field, cell by cell, on every 37th cell.
  private static func errors(
    _ plain: [PhaseDiagram.Cell], _ full: [PhaseDiagram.Cell]
  ) throws -> (plain: Double, full: Double) {
    var (plainError, fullError) = (0.0, 0.0)
    for index in stride(from: 0, to: plain.count, by: 37) {
      let cell = full[index]
      let ensemble = try NetworkEnsemble(
        activation: .tanh, weights: .gaussian(variance: cell.weightVariance),
        biases: .gaussian(variance: cell.biasVariance))
      let exact = try MeanField(of: ensemble).outcome()
      guard let point = exact.point, let length = cell.length, let chiQ = cell.chiQ,
        let correlation = cell.correlation, cell.phase == exact.phase
      else { return (.infinity, .infinity) }
      plainError = max(
        plainError, relative(length, point.length), abs(cell.chi1 - point.chi1),
        abs(chiQ - point.chiQ), difference(cell.lengthDepth, point.lengthDepth))
      fullError = max(
        plainError, fullError, abs(correlation - point.correlation),
        difference(cell.correlationDepth, point.correlationDepth))
    }
    return (plainError, fullError)
  }

  private static func difference(_ a: DepthScale?, _ b: DepthScale) -> Double {
    guard let a else { return .infinity }
    guard let x = a.value, let y = b.value else { return a == b ? 0 : .infinity }
    return abs(x - y) / max(1, abs(y))
  }

  private static func relative(_ a: Double, _ b: Double) -> Double {
    abs(a - b) / max(1e-3, abs(b))
  }

  private static func error(of answer: Answer, _ cells: [PhaseDiagram.Cell]) -> Double {
    cells.indices.map { index in
      max(
        relative(answer.length[index], cells[index].length ?? .infinity),
        abs(answer.chi1[index] - cells[index].chi1),
        abs(answer.chiQ[index] - (cells[index].chiQ ?? .infinity)))
    }.max()!
  }

  private static func correlationError(of answer: Answer, _ cells: [PhaseDiagram.Cell]) -> Double {
    cells.indices.map { index in
      abs((answer.correlation[index] ?? 1) - (cells[index].correlation ?? .infinity))
    }.max()!
  }
}
