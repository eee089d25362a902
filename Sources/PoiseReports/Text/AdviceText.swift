import PoiseLab

/// The answer of `advise` for a terminal.
enum AdviceText {
  /// First the answer, then why, the table, the check, when not to trust it, files, what next.
  ///
  /// - Parameters:
  ///   - files: paths that were written, if any.
  ///   - next: what to try next; nil lets the record decide.
  static func render(
    _ record: Record, style: TextStyle, files: [String] = [], next: String? = nil
  ) -> String {
    guard case .advise(let advice) = record.result else { return "" }
    var text = AnswerText(style: style)
    text.headline(advice.headline)
    if !advice.reasons.isEmpty { text.paragraph(advice.reasons.joined(separator: " ")) }
    if let rate = advice.learningRate { text.paragraph(words(rate)) }
    let table = CandidateTable(advice.candidates)
    text.table(
      "Initialisations at depth \(advice.depth), width \(advice.width)", table.textTable
    ) { row, line in
      table.candidates[row].isRecommended ? style.bold(line) : line
    }
    text.check(advice.check)
    text.list("When not to trust this", AdviceAnswer(advice: advice).caveats)
    text.files(files)
    text.next(next ?? AdviceAnswer(advice: advice).next)
    return text.text
  }

  /// The learning rates with their rule, in a sentence.
  private static func words(_ rate: AdviceResult.LearningRate) -> String {
    var text =
      "Learning rate: SGD \(NumberText.short(rate.sgdLow)) to \(NumberText.short(rate.sgdHigh)) "
      + "(× (1 − momentum)), Adam about \(NumberText.short(rate.adam)); by \(rate.rule)."
    if let formula = rate.formulaRate, rate.squaredLossEigenvalue != nil {
      text += " The formula without data gives \(NumberText.short(formula))."
    }
    return text
  }
}

/// What `advise` answers, for terminal and page.
struct AdviceAnswer: Answer {
  let advice: AdviceResult

  var subject: String {
    "\(advice.activation), depth \(advice.depth), width \(advice.width)"
      + (advice.data.map { ", data \($0.name)" } ?? "")
  }

  var headline: String { advice.headline }

  var paragraphs: [String] { advice.reasons }

  /// The comparison has marks of its own: `CandidateTable`.
  var tables: [AnswerTable] { [] }

  var caveats: [String] { advice.caveats + (advice.learningRate?.caveats ?? []) }

  var next: String {
    if advice.recommended?.verdict == "too-deep" || advice.recommended?.widthVerdict == "too deep" {
      return "the same question with a larger --width or a smaller --depth"
    }
    guard let name = advice.recommended?.ensemble else {
      return "poise phase --activation \(advice.activation)"
    }
    if advice.data == nil {
      return "add --data digits, or your own inputs, to prove it on networks"
    }
    return "poise propagate --activation \(name.activation) --weights \(name.weights) "
      + "--weight-variance \(name.weightVariance) --bias-variance \(name.biasVariance) "
      + "--depth \(advice.depth)"
  }

  func figures(of record: Record) -> [FigureScript] {
    [
      PhaseFigure.script(record), ProfilesFigure.script(record), GradientFigure.script(record),
      CandidateSpectrumFigure.script(record),
    ].compactMap { $0 }
  }
}

/// The comparison of initialisations, for terminal and page alike.
struct CandidateTable {
  /// A column of numbers, with the cell that is worst.
  struct Column {
    var title: String
    var meaning: String
    var cells: [String]
    /// Size of what is wrong, larger is worse; empty where nothing is better or worse.
    var badness: [Double] = []

    /// Rows that hold the worst value; none where all are alike.
    var worst: Set<Int> {
      guard let high = badness.max(), let low = badness.min(), high > low * 1.01 + 1e-9 else {
        return []
      }
      let rows = badness.indices.filter { badness[$0] >= high * (1 - 1e-6) }
      // What most rows share marks nothing.
      return rows.count > 4 ? [] : Set(rows)
    }
  }

  let candidates: [AdviceResult.Candidate]
  let columns: [Column]

  /// - Parameter spectra: laws of singular values; one more column if there are any.
  init(_ candidates: [AdviceResult.Candidate], spectra: [AdviceResult.Spectrum] = []) {
    self.candidates = candidates
    columns =
      Self.columns(candidates)
      + (spectra.isEmpty ? [] : [Self.range(candidates, spectra), Self.information(candidates)])
  }

  /// ln s of the middle nine tenths of the singular values.
  private static func range(
    _ candidates: [AdviceResult.Candidate], _ spectra: [AdviceResult.Spectrum]
  ) -> Column {
    let cells = candidates.map { candidate -> String in
      guard let curve = spectra.first(where: { $0.name == candidate.name })?.curve else {
        return "–"
      }
      let ends = [0.05, 0.95].map { share in
        curve.quantiles.first { $0.share == share }?.logSingularValue
      }
      return NumberText.fixed(ends, decimals: 1, missing: "zero").joined(separator: " to ")
    }
    return Column(
      title: "ln s", meaning: "logarithm of the singular values of the Jacobian, 5 to 95 %",
      cells: cells)
  }

  /// Only the page has room for it.
  private static func information(_ candidates: [AdviceResult.Candidate]) -> Column {
    Column(
      title: "I_lin",
      meaning: "nats per neuron of the input that a linear reader finds in the last layer, with "
        + "noise of variance 0.01 at the output (convention B)",
      cells: NumberText.fixed(candidates.map(\.linearInformation), decimals: 3),
      badness: candidates.map { 1 / (($0.linearInformation ?? 0) + 1e-3) })
  }

  private static func columns(_ candidates: [AdviceResult.Candidate]) -> [Column] {
    let depths = candidates.map { candidate in
      candidate.correlationDepth.map { NumberText.fixed([$0], decimals: 1)[0] }
        ?? candidate.correlationDepthCase ?? "–"
    }
    return [
      Column(
        title: "σ_w²", meaning: "weight variance",
        cells: NumberText.column(candidates.map(\.ensemble.weightVariance), digits: 5)),
      Column(
        title: "σ_b²", meaning: "bias variance",
        cells: NumberText.column(candidates.map(\.ensemble.biasVariance), digits: 4)),
      Column(
        title: "χ₁", meaning: "growth of a small squared distance per layer",
        cells: NumberText.fixed(candidates.map(\.chi1), decimals: 4),
        badness: candidates.map { abs($0.chi1 - 1) }),
      Column(
        title: "ξ_c", meaning: "layers over which a correlation is kept", cells: depths),
      Column(
        title: "ln grad",
        meaning: "ln of the growth of a squared gradient from last layer to first",
        cells: NumberText.fixed(candidates.map(\.logGradientFactor), decimals: 2),
        badness: candidates.map { abs($0.logGradientFactor) }),
      Column(
        title: "spread v", meaning: "relative variance of the squared singular values",
        cells: NumberText.column(candidates.map(\.jacobianSpread), digits: 4),
        badness: candidates.map(\.jacobianSpread)),
      Column(
        title: "Var ln|Ju|²", meaning: "variance over networks of this width",
        cells: NumberText.column(candidates.map(\.logJacobianVariance), digits: 3),
        badness: candidates.map(\.logJacobianVariance)),
    ]
  }

  var textTable: TextTable {
    let names = candidates.map { $0.isRecommended ? "\($0.name) *" : $0.name }
    return TextTable(
      [
        .init("verdict", candidates.map(\.verdict), .left),
        .init("initialisation", names, .left),
      ] + columns.map { .init($0.title, $0.cells) })
  }
}
