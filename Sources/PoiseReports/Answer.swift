import PoiseLab

/// How a result speaks: one set of words for terminal and page. A verb adds one conformer and one
/// line of `Record.answer`.
protocol Answer {
  /// What was asked about, for the title after the name of the verb.
  var subject: String { get }
  /// The answer in one sentence of words and numbers.
  var headline: String { get }
  /// Sentences that say why, below the headline.
  var paragraphs: [String] { get }
  /// The numbers to compare.
  var tables: [AnswerTable] { get }
  /// When not to trust the answer.
  var caveats: [String] { get }
  /// What to try next: a command, or an option to add.
  var next: String { get }
  /// Files that the verb itself wrote, besides record, page and figures.
  var written: [String] { get }
  /// Pictures, the most telling first.
  func figures(of record: Record) -> [FigureScript]
}

extension Answer {
  var paragraphs: [String] { [] }
  var caveats: [String] { [] }
  var written: [String] { [] }
}

/// A table under a heading.
struct AnswerTable {
  /// Heading of the section on the page.
  var heading: String
  /// The line above the table.
  var caption: String
  var table: TextTable
}

extension Record {
  /// The words of the result.
  var answer: any Answer {
    switch result {
    case .advise(let result): AdviceAnswer(advice: result)
    case .phase(let result): PhaseWords(result)
    case .propagate(let result): PropagationWords(result)
    case .spectrum(let result): SpectrumWords(result)
    case .kernel(let result): KernelWords(result)
    case .estimate(let result): EstimateWords(result)
    case .bottleneck(let result): BottleneckWords(result)
    case .tails(let result): TailsWords(result)
    case .layerSpectrum(let result): LayerSpectrumWords(result)
    case .manifold(let result): ManifoldWords(result)
    case .stablePhase(let result): StablePhaseWords(result)
    case .stableAdvice(let result): StableAdviceAnswer(advice: result)
    case .stable(let result): StableWords(result)
    case .information(let result): InformationWords(result)
    case .posterior(let result): PosteriorWords(result)
    case .sweep(let result): SweepWords(result)
    case .train(let result): TrainingWords(result)
    case .study(let result): StudyWords(result)
    }
  }
}
