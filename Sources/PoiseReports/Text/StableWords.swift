import Foundation
import PoiseLab

/// Sentence and tables of a stable answer.
struct StableWords: Answer {
  let result: StableResult

  init(_ result: StableResult) { self.result = result }

  var subject: String {
    result.operation.rawValue + (result.sample.map { ", \($0.name)" } ?? "")
  }

  var caveats: [String] { result.caveats }

  var written: [String] { result.file.map { [$0] } ?? [] }

  var paragraphs: [String] { result.check.map { [$0.statement] } ?? [] }

  func figures(of record: Record) -> [FigureScript] { StableFigures.scripts(result) }

  var headline: String {
    switch result.operation {
    case .pdf, .cdf, .quantile: return valueHeadline
    case .sample:
      guard let law = result.curves.first?.law, let sample = result.sample else { return "" }
      return "\(sample.count) numbers of the stable law \(Self.name(law)): median "
        + "\(NumberText.short(sample.median)), from \(NumberText.short(sample.least)) to "
        + "\(NumberText.short(sample.largest))."
    case .fit: return fitHeadline
    case .compare: return comparisonHeadline
    case .tail: return tailHeadline
    }
  }

  static func name(_ law: StableResult.Law) -> String {
    "α = \(NumberText.short(law.alpha)), β = \(NumberText.short(law.beta)), scale "
      + "\(NumberText.short(law.scale)), location \(NumberText.short(law.location)) "
      + "(\(law.parameterization.uppercased()))"
  }

  private var valueHeadline: String {
    guard let curve = result.curves.first, let x = curve.arguments.first, let y = curve.values.first
    else { return "No values." }
    let many = result.curves.count * curve.arguments.count
    let value = y.map { Self.long($0) } ?? "infinite"
    let what =
      switch result.operation {
      case .pdf: "The density at \(NumberText.short(x)) is \(value)"
      case .cdf: "P(X ≤ \(NumberText.short(x))) = \(value)"
      default: "The quantile of \(Self.long(x)) is \(value)"
      }
    return what + ", stable law \(Self.name(curve.law))"
      + (many > 1 ? "; \(many) values in all." : ".")
  }

  private var fitHeadline: String {
    guard let fit = result.fit, let sample = result.sample else { return "" }
    let errors = fit.standardErrors
    func measured(_ value: Double, _ k: Int) -> String {
      errors[k].map { Measured.format(value: value, error: $0) } ?? NumberText.short(value)
    }
    var text =
      fit.isGaussian
      ? "The best stable law is the Gaussian, α = 2" : "α = \(measured(fit.law.alpha, 0))"
    if fit.model == "full", !fit.isGaussian { text += ", β = \(measured(fit.law.beta, 1))" }
    text += ", scale \(measured(fit.law.scale, 2))"
    if fit.model == "full" { text += ", location \(measured(fit.law.location, 3))" }
    text += " from \(sample.count) numbers of \(sample.name); distance "
    text += "\(NumberText.short(fit.distances.kolmogorovSmirnov)) from the data"
    if let p = fit.distances.andersonDarlingP {
      text += ", " + Self.judged(p)
    }
    return text + "."
  }

  /// What a simulated p-value allows to say; one sample in twenty of the very law has p below 0.05.
  private static func judged(_ p: Double) -> String {
    let value = "(p = \(NumberText.short(p)))"
    if p <= 0.01 { return "that samples of this law do not have \(value): it is not the law" }
    return p < 0.05
      ? "that few samples of this law have \(value)" : "that samples of this law have \(value)"
  }

  private var comparisonHeadline: String {
    guard let best = result.candidates.first, let sample = result.sample else { return "" }
    var text = "\(best.name.prefix(1).uppercased() + best.name.dropFirst()) describes "
    text += "\(sample.name) (\(sample.count) numbers) best"
    if let pair = result.pairs.first {
      let gap = result.candidates[1].aicGapPerCount
      text += ": \(pair.second) is \(NumberText.short(gap)) AIC per number behind"
      if let z = pair.z { text += ", Vuong z = \(NumberText.fixed([z], decimals: 1)[0])" }
    }
    if let p = best.distances.andersonDarlingP {
      text += "; its distance from the data is one " + Self.judged(p)
    } else {
      text +=
        "; its distance from the data is \(NumberText.short(best.distances.kolmogorovSmirnov))"
    }
    return text + "."
  }

  private var tailHeadline: String {
    guard let tail = result.tail, let sample = result.sample else { return "" }
    var text = "The tail of \(sample.name) falls as |x|^−γ with γ = "
    text += Measured.format(value: tail.exponent, error: tail.exponentError)
    text += " above \(NumberText.short(tail.least)) (\(tail.count) of \(tail.total) numbers)"
    if let p = tail.pValue {
      text +=
        p < 0.1
        ? "; a power law is refused (p = \(NumberText.short(p)))"
        : "; a power law is possible (p = \(NumberText.short(p)))"
    }
    if let gauss = tail.noise.first(where: { $0.law == "Gaussian" }) {
      text +=
        gauss.heavierP < 0.05
        ? "; Gaussian noise would not show it" : "; Gaussian noise would show the same"
    }
    return text + "."
  }

  var tables: [AnswerTable] {
    switch result.operation {
    case .pdf, .cdf, .quantile:
      result.curves.prefix(4).map(Self.values(result.operation)) + [checkTable].compactMap { $0 }
    case .sample: []
    case .fit: [fitTable, methodTable].compactMap { $0 }
    case .compare: [candidateTable, pairTable("Vuong's test, best against other", result.pairs)]
    case .tail: tailTables
    }
  }

  var next: String {
    let data = result.sample?.name ?? "FILE"
    switch result.operation {
    case .pdf, .cdf, .quantile:
      return result.check == nil
        ? "add --check to draw numbers of the law beside it, --output DIR for a figure"
        : "add --output DIR for a figure, --json for all digits"
    case .sample: return "poise stable fit --data \(result.file ?? "FILE.npy")"
    case .fit: return "poise stable compare --data \(data), for other laws beside it"
    case .compare: return "poise stable tail --data \(data), for the tail alone"
    case .tail: return "poise stable compare --data \(data), for whole laws"
    }
  }

  private static func long(_ value: Double) -> String {
    value == 0 ? "0" : String(format: "%.12g", value)
  }

  private static func values(
    _ operation: StableResult.Operation
  ) -> (StableResult.Curve) -> AnswerTable {
    { curve in
      let rows = thinned(curve.arguments.count)
      let names: (String, String, String?) =
        switch operation {
        case .pdf: ("x", "density", "ln density")
        case .cdf: ("x", "F", "1 − F")
        default: ("p", "quantile", nil)
        }
      func cells(_ values: [Double?]) -> [String] {
        rows.map { row in values[row].map { long($0) } ?? "infinite" }
      }
      var columns = [
        TextTable.Column(names.0, rows.map { NumberText.short(curve.arguments[$0]) }),
        TextTable.Column(names.1, cells(curve.values)),
      ]
      if let third = names.2 { columns.append(.init(third, cells(curve.companions))) }
      let shown = rows.count < curve.arguments.count ? ", every \(rows[1] - rows[0])th" : ""
      return AnswerTable(
        heading: "Numbers", caption: name(curve.law) + shown, table: TextTable(columns))
    }
  }

  /// The comparisons of the check, the worst among them.
  private var checkTable: AnswerTable? {
    guard let check = result.check, !check.comparisons.isEmpty else { return nil }
    let all = check.comparisons
    let worst = all.indices.min { all[$0].pValue < all[$1].pValue } ?? 0
    let rows = Array(Set(Self.thinned(all.count) + [worst])).sorted().map { all[$0] }
    let names: (String, String) =
      switch result.operation {
      case .pdf: ("x", "mean density")
      case .cdf: ("x", "F")
      default: ("p", "quantile")
      }
    var columns = [TextTable.Column(names.0, rows.map { NumberText.short($0.argument) })]
    if result.curves.count > 1 {
      columns.insert(
        .init("α", rows.map { NumberText.short(result.curves[$0.curve].law.alpha) }), at: 0)
    }
    columns += [
      .init(names.1, rows.map { String(format: "%.6g", $0.theory) }),
      .init(
        "numbers", rows.map { Measured.format(value: $0.measured, error: $0.standardError) }),
      .init("z", NumberText.fixed(rows.map(\.z), decimals: 2)),
      .init("p", rows.map { NumberText.short($0.pValue) }),
    ]
    return AnswerTable(
      heading: "Check",
      caption:
        "Check: \(check.draws) numbers of each law, seed \(check.seed); p by the binomial law",
      table: TextTable(columns))
  }

  /// At most 24 rows, evenly spaced.
  private static func thinned(_ count: Int) -> [Int] {
    Array(stride(from: 0, to: count, by: max(1, (count + 23) / 24)))
  }

  private var fitTable: AnswerTable? {
    guard let fit = result.fit else { return nil }
    func error(_ value: Double, _ errors: [Double?], _ k: Int) -> String {
      errors[k].map { Measured.format(value: value, error: $0) } ?? "–"
    }
    let values = [fit.law.alpha, fit.law.beta, fit.law.scale, fit.law.location]
    let parameters = AnswerTable(
      heading: "Numbers",
      caption:
        "\(fit.model) model, \(fit.method); lnL \(NumberText.fixed([fit.logLikelihood], decimals: 2)[0]), "
        + "AIC \(NumberText.fixed([fit.aic], decimals: 2)[0]), BIC \(NumberText.fixed([fit.bic], decimals: 2)[0])",
      table: TextTable([
        .init("parameter", ["α", "β", "scale c", "location (S0)"], .left),
        .init("value", values.map { String(format: "%.6g", $0) }),
        .init("with error", (0..<4).map { error(values[$0], fit.standardErrors, $0) }),
        .init("robust", (0..<4).map { error(values[$0], fit.robustErrors, $0) }),
      ]))
    return parameters
  }

  private var methodTable: AnswerTable? {
    guard let fit = result.fit else { return nil }
    let d = fit.distances
    var rows: [(String, String, String)] = [
      (
        "Kolmogorov-Smirnov distance", NumberText.short(d.kolmogorovSmirnov),
        Self.probability(d.kolmogorovSmirnovP)
      ),
      (
        "Anderson-Darling A²", NumberText.short(d.andersonDarling),
        Self.probability(d.andersonDarlingP)
      ),
      ("A²/n", NumberText.short(d.andersonDarlingPerCount), ""),
    ]
    if fit.method == "likelihood" {
      rows.append(
        (
          "2 ln gain over the Gaussian", NumberText.short(fit.gaussianRatio),
          Self.probability(fit.gaussianP)
        ))
    }
    for other in fit.others {
      rows.append((other.name, "α = \(NumberText.short(other.law.alpha))", ""))
    }
    return AnswerTable(
      heading: "Numbers",
      caption: d.replicates > 0
        ? "Against the data; p by \(d.replicates) simulated samples" : "Against the data",
      table: TextTable([
        .init("quantity", rows.map(\.0), .left), .init("value", rows.map(\.1)),
        .init("p", rows.map(\.2)),
      ]))
  }

  private static func probability(_ p: Double?) -> String {
    p.map { NumberText.fixed([$0], decimals: 3)[0] } ?? "–"
  }

  private var candidateTable: AnswerTable {
    let all = result.candidates
    return AnswerTable(
      heading: "Numbers",
      caption: "Laws in the order of AIC",
      table: TextTable([
        .init("law", all.map(\.name), .left),
        .init("k", all.map { "\($0.parameterCount)" }),
        .init("lnL", NumberText.fixed(all.map(\.logLikelihood), decimals: 1)),
        .init("ΔAIC/n", NumberText.column(all.map(\.aicGapPerCount), digits: 3)),
        .init("ΔBIC", NumberText.fixed(all.map { $0.bic - (all.first?.bic ?? 0) }, decimals: 1)),
        .init("KS", NumberText.fixed(all.map(\.distances.kolmogorovSmirnov), decimals: 4)),
        .init("p", all.map { Self.probability($0.distances.kolmogorovSmirnovP) }),
        .init("A²/n", NumberText.column(all.map(\.distances.andersonDarlingPerCount), digits: 3)),
        .init("p", all.map { Self.probability($0.distances.andersonDarlingP) }),
        .init("parameters", all.map { Self.list($0.parameters) }, .left),
      ]))
  }

  private static func list(_ parameters: [StableResult.Parameter]) -> String {
    parameters.map { "\($0.name) \(NumberText.short($0.value))" }.joined(separator: " ")
  }

  private func pairTable(_ title: String, _ pairs: [StableResult.Pair]) -> AnswerTable {
    AnswerTable(
      heading: "Numbers",
      caption: title,
      table: TextTable([
        .init("against", pairs.map(\.second), .left),
        .init("ln ratio", NumberText.fixed(pairs.map(\.logLikelihoodRatio), decimals: 2)),
        .init("z", NumberText.fixed(pairs.map(\.z), decimals: 2)),
        .init("p", pairs.map { $0.pValue.map { NumberText.short($0) } ?? "–" }),
        .init(
          "remark", pairs.map { $0.remark ?? Self.list($0.parameters) }, .left),
      ]))
  }

  private var tailTables: [AnswerTable] {
    guard let tail = result.tail else { return [] }
    var all = [pairTable("The power law against others on the same tail", tail.alternatives)]
    if !tail.noise.isEmpty {
      all.append(
        AnswerTable(
          heading: "Numbers",
          caption: "γ of \(tail.noise[0].replicates) samples of this size without a chosen tail",
          table: TextTable([
            .init("law", tail.noise.map(\.law), .left),
            .init("5 %", NumberText.fixed(tail.noise.map(\.low), decimals: 2)),
            .init("median", NumberText.fixed(tail.noise.map(\.median), decimals: 2)),
            .init("95 %", NumberText.fixed(tail.noise.map(\.high), decimals: 2)),
            .init("share with a γ as small", tail.noise.map { Self.probability($0.heavierP) }),
          ])))
    }
    return all
  }
}
