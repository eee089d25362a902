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
    let verb = rate < 0 ? "dies, by \(percent) % per layer" : "grows, by \(percent) % per layer"
    return text + "; at width \(result.width) a small signal \(verb)."
  }

  var paragraphs: [String] {
    guard isSingle, let point = first else { return [] }
    var texts: [String] = []
    if let critical = point.criticalScale {
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

  var tables: [AnswerTable] {
    let bias =
      result.biasScale > 0 ? ", σ_b = \(NumberText.short(result.biasScale))" : ", no biases"
    return [
      AnswerTable(
        heading: "Lengths, growth, thresholds",
        caption: "\(result.activation), stable weights\(bias); thresholds at width \(result.width)",
        table: table)
    ]
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
