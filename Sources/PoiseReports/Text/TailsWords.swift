import Foundation
import PoiseLab

/// Sentence and table of heavy-tailed mean field.
struct TailsWords: Answer {
  let result: TailsResult

  init(_ result: TailsResult) { self.result = result }

  private var first: TailsResult.Point? { result.points.first }
  private var isSingle: Bool { result.points.count == 1 }

  var subject: String { "\(result.activation), stable weights" }

  var headline: String {
    guard let point = first else { return "" }
    guard isSingle else {
      let alive = result.points.filter { isAlive($0) == true }.count
      return "At width \(result.width) signals live at \(alive) of \(result.points.count) points "
        + "(α, σ_w); the rest die, whatever the infinite-width length says."
    }
    var text = "At α = \(NumberText.short(point.alpha)), σ_w = \(NumberText.short(point.scale)) "
    if let length = point.logLength {
      text += "lengths settle at q* = \(Self.power(length)) in the limit of infinite width"
    } else if point.logLengthCase == "dies" {
      text += "signals die at any width"
    } else {
      text += "there is no infinite-width limit: E |φ(h)|^α diverges"
    }
    guard let rate = point.growthRate else { return text + "." }
    let percent = NumberText.short(100 * abs(exp(rate) - 1))
    let verb = rate < 0 ? "shrinks, by \(percent) % per layer" : "grows, by \(percent) % per layer"
    let size = isUnbounded(point) ? "large" : "small"
    return text + "; at width \(result.width) a \(size) signal \(verb)."
  }

  var paragraphs: [String] {
    guard isSingle, let point = first else { return [] }
    var texts = result.check.map { [$0.statement] } ?? []
    if let critical = point.criticalScale, isUnbounded(point) {
      texts.append(
        "Exactly at σ_w = \(NumberText.short(critical)) large signals of this width neither grow nor shrink, "
          + "on average of ln ‖φ(h)‖_α; no length settles, and with more width they grow faster.")
    } else if let critical = point.criticalScale {
      texts.append(
        "σ_c(\(result.width)) = \(NumberText.short(critical)) is exact: below it a signal dies in deep "
          + "networks of this width, above it lives. σ_c falls with the width like (ln N)^(−1/α).")
    }
    if let lyapunov = point.lyapunov, let error = point.lyapunovError, let pool = result.pool {
      let word = lyapunov > 0 ? "grow" : "shrink"
      let isClear = abs(lyapunov) > 3 * error
      texts.append(
        "Small differences between inputs \(isClear ? word : "hardly change"): λ = "
          + "\(Measured.format(value: lyapunov, error: error)) per layer in a pool of \(pool) units."
      )
    }
    return texts
  }

  private func isUnbounded(_ point: TailsResult.Point) -> Bool {
    point.logLengthCase == "no infinite-width limit"
  }

  var tables: [AnswerTable] {
    let bias =
      result.biasScale > 0 ? ", σ_b = \(NumberText.short(result.biasScale))" : ", no biases"
    let numbers = AnswerTable(
      heading: "Lengths, growth, thresholds",
      caption: "\(result.activation), stable weights\(bias); thresholds at width \(result.width)",
      table: table)
    guard let check = result.check else { return [numbers] }
    return [
      numbers,
      AnswerTable(
        heading: "Theory against networks",
        caption: "Check: chains of layers of width "
          + check.widths.map { "\($0)" }.joined(separator: ", ") + ", seed \(check.seed)",
        table: Self.table(check)),
    ]
  }

  /// Quantities by width; a dead signal by its decimal logarithm.
  static func table(_ check: TailsCheck) -> TextTable {
    let rows = check.rows
    return TextTable([
      .init("", rows.map { $0.passes ? "" : "differs" }, .left),
      .init(
        "quantity",
        rows.map {
          switch $0.quantity {
          case "length": "length q"
          case "growth": "growth per layer"
          default: "log₁₀ q at 0.85 σ_c"
          }
        }, .left),
      .init("width", rows.map { "\($0.width)" }),
      .init("layers", rows.map { "\($0.layers)" }),
      .init(
        "theory",
        rows.map {
          $0.quantity == "death" ? "< -12" : NumberText.fixed([$0.theory], decimals: 4)[0]
        }),
      .init(
        "measured",
        rows.map {
          guard let error = $0.standardError else {
            return NumberText.fixed([$0.measured], decimals: 1)[0]
          }
          return Measured.format(value: $0.measured, error: error)
        }),
      .init(
        "off by",
        rows.map {
          $0.quantity == "length"
            ? NumberText.fixed([100 * $0.deviation], decimals: 1)[0] + " %"
            : $0.standardError == nil ? "" : NumberText.fixed([$0.deviation], decimals: 4)[0]
        }),
      .init(
        "limit",
        rows.map {
          guard let limit = $0.limit, limit > 0 else { return "" }
          return $0.quantity == "length"
            ? NumberText.fixed([100 * limit], decimals: 1)[0] + " %"
            : NumberText.fixed([limit], decimals: 4)[0]
        }),
    ])
  }

  var caveats: [String] {
    var texts = [
      "q* is the limit of infinite width; at α < 2 networks approach it only where σ_w is well above σ_c(N)."
    ]
    if let pool = result.pool {
      texts.append("λ depends on the pool (\(pool)) like 1/ln P: compare it at one size only.")
    }
    return texts
  }

  var next: String {
    let alpha = NumberText.short(first?.alpha ?? 1.5)
    if isSingle, result.check == nil, result.width >= 200 {
      return "add --check to measure the same on finite networks"
    }
    return isSingle
      ? "poise tails --activation \(result.activation) --alpha \(alpha) --scale 0.3:3@20 --pool 0 "
        + "--output tails"
      : "one point with --pool 40000 for its Lyapunov exponent"
  }

  func figures(of record: Record) -> [FigureScript] {
    [TailsFigure.script(record)].compactMap { $0 }
  }

  /// Whether a small signal survives at the stated width; nil where that is not exact.
  private func isAlive(_ point: TailsResult.Point) -> Bool? { point.growthRate.map { $0 > 0 } }

  /// e^x as people read it, also far below the smallest number.
  static func power(_ logarithm: Double) -> String {
    if abs(logarithm) < 600 { return NumberText.short(exp(logarithm)) }
    return "10^\(NumberText.fixed([logarithm / log(10)], decimals: 0)[0])"
  }

  var table: TextTable {
    let points = result.points
    var columns: [TextTable.Column] = [
      .init("α", NumberText.column(points.map(\.alpha))),
      .init("σ_w", NumberText.column(points.map(\.scale))),
      .init(
        "q*",
        points.map {
          $0.logLength.map { Self.power($0) } ?? ($0.logLengthCase == "dies" ? "0" : "–")
        }),
      .init("σ_c(N)", NumberText.column(points.map(\.criticalScale))),
      .init("growth", NumberText.fixed(points.map(\.growthRate), decimals: 3)),
    ]
    if result.pool != nil {
      columns.append(
        .init(
          "λ",
          points.map { point in
            guard let value = point.lyapunov, let error = point.lyapunovError else { return "–" }
            return Measured.format(value: value, error: error)
          }))
    }
    columns += [
      .init(
        "E ln s²",
        zip(points, NumberText.fixed(points.map(\.meanLogSquare), decimals: 3)).map {
          $0.meanLogSquareCase == "diverges" ? "-infinite" : $1
        }),
      .init("med s²", NumberText.column(points.map(\.medianMeanSquare), digits: 3)),
      .init(
        "layers", points.map { $0.settlingDepth.map { NumberText.short($0) } ?? "–" }),
    ]
    return TextTable(columns)
  }
}
