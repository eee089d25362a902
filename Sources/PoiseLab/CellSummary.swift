import PoiseMeanField

extension PhaseResult.Cell {
  /// A cell of the phase diagram as a record keeps it.
  init(_ cell: PhaseDiagram.Cell, correlations: Bool) {
    let missing: String? =
      cell.length == nil ? (cell.phase == .marginal ? "preserved" : "diverges") : nil
    let lengthDepth = cell.lengthDepth
    let correlationDepth = correlations ? cell.correlationDepth : nil
    let skipped = correlations ? missing : "not computed"
    self.init(
      weightVariance: cell.weightVariance, biasVariance: cell.biasVariance,
      length: cell.length, lengthCase: missing, chi1: cell.chi1, chiQ: cell.chiQ,
      chiQCase: missing, lengthDepth: lengthDepth?.value,
      lengthDepthCase: lengthDepth == nil ? missing : lengthDepth!.caseName,
      correlation: correlations ? cell.correlation : nil,
      correlationCase: correlations ? (cell.correlation == nil ? missing : nil) : skipped,
      correlationDepth: correlationDepth?.value,
      correlationDepthCase: correlationDepth == nil ? skipped : correlationDepth!.caseName,
      phase: cell.phase.rawValue)
  }

  /// An outcome of mean field as a record keeps it.
  init(_ outcome: MeanField.Outcome, weightVariance: Double, biasVariance: Double) {
    let point = outcome.point
    self.init(
      PhaseDiagram.Cell(
        weightVariance: weightVariance, biasVariance: biasVariance, length: point?.length,
        chi1: outcome.chi1, chiQ: point?.chiQ, phase: outcome.phase,
        correlation: point?.correlation, chiC: point?.chiC),
      correlations: true)
  }
}

extension DepthScale {
  /// The reason why there is no number, nil if there is one.
  var caseName: String? {
    switch self {
    case .finite: nil
    case .infinite: "infinite"
    case .none: "none"
    }
  }
}
