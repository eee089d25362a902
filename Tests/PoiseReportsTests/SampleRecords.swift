import Foundation
import PoiseLab

@testable import PoiseReports

/// Records with plausible numbers, made by a coarse quadrature of their own.
enum Samples {
  /// Mean of f over a standard normal: trapezoids, good to six digits for smooth f.
  static func mean(_ f: (Double) -> Double) -> Double {
    var sum = 0.0
    for index in -60...60 {
      let z = Double(index) * 0.12
      sum += f(z) * exp(-z * z / 2)
    }
    return sum * 0.12 / (2 * Double.pi).squareRoot()
  }

  static func chi1(_ name: String, _ w: Double, _ b: Double) -> (q: Double?, chi1: Double) {
    if name == "relu" { return (w < 2 ? b / (1 - w / 2) : nil, w / 2) }
    var q = 1.0
    for _ in 0..<60 { q = w * mean { pow(tanh(q.squareRoot() * $0), 2) } + b }
    return (q, w * mean { pow(1 - pow(tanh(q.squareRoot() * $0), 2), 2) })
  }

  static func cell(_ name: String, _ w: Double, _ b: Double) -> PhaseResult.Cell {
    let (q, chi) = chi1(name, w, b)
    let phase =
      q == nil
      ? (w == 2 && b == 0 ? "marginal" : "diverging")
      : abs(chi - 1) < 1e-3 ? "critical" : chi < 1 ? "ordered" : "chaotic"
    return .init(
      weightVariance: w, biasVariance: b, length: q, lengthCase: q == nil ? "diverges" : nil,
      chi1: chi, chiQ: nil, chiQCase: "not computed", lengthDepth: nil,
      lengthDepthCase: "not computed", correlation: chi < 1 ? 1 : nil,
      correlationCase: chi < 1 ? nil : "not computed",
      correlationDepth: phase == "ordered" ? -1 / log(chi) : nil,
      correlationDepthCase: phase == "ordered" ? nil : "infinite", phase: phase)
  }

  static func plane(_ name: String, columns: Int = 100, rows: Int = 100) -> PhaseResult {
    let ws = (0..<columns).map { 0.3 + 3.2 * Double($0) / Double(max(columns - 1, 1)) }
    let bs = (0..<rows).map { 0.5 * Double($0) / Double(max(rows - 1, 1)) }
    var line: [CriticalPointSummary] = []
    if name == "relu" {
      line = [.init(weightVariance: 2, biasVariance: 0, length: nil)]
    } else {
      for index in 0...30 {
        let q = 0.001 + pow(Double(index) / 30, 2) * 1.4
        let w = 1 / mean { pow(1 - pow(tanh(q.squareRoot() * $0), 2), 2) }
        let b = q - w * mean { pow(tanh(q.squareRoot() * $0), 2) }
        line.append(.init(weightVariance: w, biasVariance: max(b, 0), length: q))
      }
    }
    return PhaseResult(
      activation: name, weights: "gaussian", weightVariances: ws, biasVariances: bs,
      cells: bs.flatMap { b in ws.map { cell(name, $0, b) } }, criticalLine: line,
      criticalStatement: name == "relu"
        ? "The edge of chaos is the single point σ_w² = 2, σ_b² = 0."
        : "The edge of chaos is a line that starts at σ_w² = 1, σ_b² = 0.",
      presets: presets.map {
        MarkedPoint(name: $0.0, weightVariance: $0.1, biasVariance: $0.2)
      })
  }

  static let presets: [(String, Double, Double)] = [
    ("pytorch_default", 1.0 / 3, 1.0 / 768), ("xavier_uniform", 1, 0), ("xavier_normal", 1, 0),
    ("xavier_uniform_gain", 25.0 / 9, 0), ("xavier_normal_gain", 25.0 / 9, 0),
    ("he_uniform", 2, 0), ("he_normal", 2, 0), ("kaiming_gain", 25.0 / 9, 0),
    ("lecun_normal", 1, 0), ("orthogonal", 1, 0), ("orthogonal_gain", 25.0 / 9, 0),
    ("wide_gain", 4, 0),
  ]

  static func series(
    _ quantity: String, _ title: String, _ depth: Int, shift: Double, error: Double,
    _ value: (Double) -> Double
  ) -> CheckResult.Series {
    let layers = Array(1...depth)
    let theory = layers.map { value(Double($0)) }
    let corrected = theory.enumerated().map { $1 * (1 + shift * Double($0) / Double(depth)) }
    let z = layers.map { sin(Double($0 * $0) * 1.7) * 1.9 }
    let errors = corrected.map { max(abs($0), 0.05) * error }
    return .init(
      quantity: quantity, title: title, layers: layers, theory: theory, corrected: corrected,
      allowance: errors.map { $0 * 0.1 },
      measured: zip(corrected, zip(errors, z)).map { $0 + $1.0 * $1.1 }, standardError: errors,
      z: z)
  }

  static func check(depth: Int) -> CheckResult {
    CheckResult(
      networks: 40, width: 256, rows: 64, seed: 7,
      series: [
        series("length", "length q", depth, shift: -0.08, error: 0.012) {
          0.12 + 0.3 / (1 + 0.2 * $0)
        },
        series("overlap", "overlap k", depth, shift: -0.02, error: 0.02) {
          0.1 + 0.02 * (1 - exp(-$0 / 20))
        },
        series("gradient", "ln squared gradient", depth, shift: 0, error: 0.05) {
          0.012 * (Double(depth) - $0)
        },
      ],
      worstZ: 1.9, threshold: 4.2, falseAlarmRate: 1e-3, comparisons: 3 * depth,
      resolution: 0.03, verdict: .agrees,
      statement: "Theory and networks agree: the largest |z| of \(3 * depth) comparisons is 1.9, "
        + "below 4.2.")
  }
}
