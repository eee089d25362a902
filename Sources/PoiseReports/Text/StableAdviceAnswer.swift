import PoiseLab

/// What `advise --weights stable` answers, for terminal and page.
struct StableAdviceAnswer: Answer {
  let advice: StableAdviceResult

  var subject: String {
    "\(advice.activation), stable weights, depth \(advice.depth), width \(advice.width)"
      + (advice.data.map { ", data \($0.name)" } ?? "")
  }

  var headline: String { advice.headline }

  var paragraphs: [String] {
    advice.reasons + advice.promises + (advice.measurement.map { [$0.statement] } ?? [])
  }

  var tables: [AnswerTable] {
    [
      AnswerTable(
        heading: "Windows",
        caption: "Where signals live: depth \(advice.depth), width \(advice.width), λ of "
          + "\(advice.pool) units",
        table: table)
    ]
  }

  var table: TextTable {
    let windows = advice.windows
    return TextTable([
      .init("window", windows.map(\.verdict), .left),
      .init("α", NumberText.column(windows.map(\.alpha))),
      .init("σ_w from", NumberText.fixed(windows.map(\.lower), decimals: 3)),
      .init(
        "to",
        windows.map { window in
          guard let upper = window.upper else { return window.upperCase ?? "–" }
          guard let error = window.upperError, error > 0 else {
            return NumberText.fixed([upper], decimals: 3)[0]
          }
          return Measured.format(value: upper, error: error)
        }),
      .init("start at", NumberText.fixed(windows.map(\.suggested), decimals: 3)),
      .init(
        "q* there",
        windows.map {
          $0.logLength.map { TailsWords.power($0) } ?? ($0.logLengthCase == nil ? "–" : "0")
        }),
      .init("settles in", windows.map { $0.settlingDepth.map { NumberText.short($0) } ?? "–" }),
    ])
  }

  var caveats: [String] { advice.caveats }

  var next: String {
    guard
      let best = advice.measurement.map({ ($0.alpha, $0.scale) })
        ?? advice.windows.first(where: { $0.suggested != nil }).map({
          ($0.alpha, $0.suggested ?? 1)
        })
    else { return "the same question with a smaller --depth" }
    return
      "poise tails --activation \(advice.activation) --alpha \(NumberText.short(best.0)) --scale "
      + "\(NumberText.short(best.1)) --width \(max(advice.width, 200)) --check"
  }

  func figures(of record: Record) -> [FigureScript] {
    [StablePhaseFigure.script(record)].compactMap { $0 }
  }
}
