import Foundation
import PoiseLab

@testable import PoiseReports

extension Samples {
  static func candidate(
    _ name: String, _ activation: String, _ w: Double, _ b: Double, depth: Int, best: Bool = false
  ) -> AdviceResult.Candidate {
    let cell = cell(activation, w, b)
    let growth = (Double(depth) - 1) * log(cell.chi1)
    let verdict =
      cell.phase == "diverging"
      ? "diverges" : growth < -6 ? "vanishes" : growth > 6 ? "explodes" : best ? "good" : "slow"
    return .init(
      name: name, title: "\(name) in words",
      ensemble: .init(
        activation: activation, weights: best ? "orthogonal" : "gaussian", weightVariance: w,
        biasVariance: b), length: cell.length, lengthCase: cell.lengthCase, chi1: cell.chi1,
      phase: cell.phase, correlationDepth: cell.correlationDepth,
      correlationDepthCase: cell.correlationDepthCase, logGradientFactor: growth,
      jacobianSpread: best ? 0.31 : Double(depth) * 1.1,
      logJacobianVariance: best ? 0.02 : 0.28, widthVerdict: "fine", verdict: verdict,
      isRecommended: best)
  }

  static func advice(_ activation: String, depth: Int = 64, columns: Int = 100) -> AdviceResult {
    let candidates =
      [
        candidate(
          "poise orthogonal", activation, activation == "relu" ? 2 : 1.1025,
          activation == "relu" ? 0 : 1.68e-4, depth: depth, best: true)
      ] + presets.map { candidate($0.0, activation, $0.1, $0.2, depth: depth) }
    let check = check(depth: depth)
    return AdviceResult(
      activation: activation, depth: depth, width: 256, outputs: 10,
      data: .init(
        name: "digits", rows: 64, totalRows: 1797, features: 64, meanSquare: 1,
        preparation: "pixels over 16, mean removed, scaled to mean square 1"),
      headline: "Use orthogonal weights, σ_w² = 1.1025 (std 0.0656 at width 256), σ_b² = 1.68e-4. "
        + "SGD rate 0.01 to 0.02. Trains to depth 64: yes.",
      reasons: [
        "χ₁ = 1.0000 at q* = 0.0712: a squared gradient keeps its size from layer 64 to layer 1.",
        "Orthogonal weights keep the singular values of the Jacobian together (spread 0.31 "
          + "against 70.4 for Gaussian weights).",
      ],
      caveats: [
        "Width 256 at depth 64: fluctuations between networks are of order depth/width = 0.25.",
        "For fully connected layers without normalisation or skip connections.",
      ],
      candidates: candidates, inputScale: 0.27, inputScaleCase: nil,
      learningRate: .init(
        sgdLow: 0.01, sgdHigh: 0.02, adam: 1.2e-4,
        rule: "2/λ_max of the empirical tangent kernel on 64 rows", squaredLossEigenvalue: 98.3,
        crossEntropyEigenvalue: 51.2, formulaRate: nil,
        caveats: ["Start at the lower end with batches below 64."]),
      plane: plane(activation, columns: columns, rows: columns), check: check,
      gradientProfiles: candidates.map { candidate in
        .init(
          name: candidate.name, layers: Array(1...depth),
          values: (1...depth).map {
            candidate.isRecommended
              ? 0.012 * Double(depth - $0) : Double(depth - $0) * log(candidate.chi1)
          })
      })
  }

  static func record(_ result: Record.Result, verb: String) -> Record {
    Record(
      verb: verb,
      command: "poise \(verb) --activation tanh --depth 64 --width 256 --data digits --check "
        + "--seed 7 --output out",
      seed: 7,
      assumptions: [
        "Fully connected layers of equal width.",
        "Infinite width, with "
          + "corrections of order 1/width in the check.",
      ],
      sources: ["Schoenholz et al. 2017, arXiv:1611.01232"],
      timing: Timing(
        started: Date(timeIntervalSince1970: 1.7e9), ended: Date(timeIntervalSince1970: 1.7e9 + 12)
      ), result: result)
  }

  static func propagation(depth: Int = 50, checked: Bool = false) -> Record {
    let layers = Array(1...depth)
    return record(
      .propagate(
        PropagationResult(
          ensemble: .init(
            activation: "tanh", weights: "gaussian", weightVariance: 1.5, biasVariance: 0.05),
          width: 256, depth: depth, data: nil, layers: layers,
          length: layers.map { 0.418 + 0.5 * exp(-Double($0) / 4) },
          overlap: layers.map { 0.418 - 0.3 * exp(-Double($0) / 15) },
          gap: layers.map { 0.6 * exp(-Double($0) / 5.8) },
          logGradient: layers.map { -0.063 * Double(depth - $0) },
          fixedPoint: cell("tanh", 1.5, 0.05), check: checked ? check(depth: depth) : nil)),
      verb: "propagate")
  }

  static func phase(_ result: PhaseResult) -> Record { record(.phase(result), verb: "phase") }

  /// One record of every kind, with small maps.
  static func small() -> [String: Record] {
    var point = plane("tanh", columns: 1, rows: 1)
    point.check = check(depth: 20)
    return [
      "advise": record(.advise(advice("tanh", depth: 20, columns: 12)), verb: "advise"),
      "relu": record(.advise(advice("relu", depth: 20, columns: 12)), verb: "advise"),
      "map": phase(plane("tanh", columns: 12, rows: 10)),
      "line": phase(plane("tanh", columns: 12, rows: 1)), "point": phase(point),
      "propagate": propagation(checked: true), "estimate": estimate, "bottleneck": bottleneck,
      "information": information, "information range": informationRange,
      "kernel": kernel(labels: [0, 0, 0, 1, 1, 2, 2, 2]),
      "sweep line": sweep(rows: 1), "sweep curves": sweep(rows: 3, failures: 2),
      "sweep names": sweep(rows: 1, activations: 4),
      "sweep map": sweep(rows: 9, activations: 2),
      "study": study(), "study without statements": study(statements: 0),
    ]
  }

  /// Eight inputs, those of one label alike.
  static func kernel(labels: [Int]?) -> Record {
    var result = KernelResult(
      ensemble: .init(
        activation: "tanh", weights: "gaussian", weightVariance: 1.5, biasVariance: 0.05),
      depth: 3, kind: .ntk, parametrization: "ntk", width: nil,
      data: .init(
        name: "digits", rows: 8, totalRows: 1797, features: 64, meanSquare: 1,
        preparation: "standardized"),
      crossData: nil, rows: 8, columns: 8, meanDiagonal: 2.1, meanOffDiagonal: 0.8, tableError: 0)
    let groups = labels ?? Array(0..<8)
    let cosines = (0..<64).map { place -> Double in
      let (a, b) = (place / 8, place % 8)
      return a == b ? 1 : groups[a] == groups[b] ? 0.6 : 0.2
    }
    result.map = .init(labels: labels, cosines: cosines, rows: 8)
    return record(.kernel(result), verb: "kernel")
  }

  static let pytorch = """
    import math, torch
    from torch import nn

    def init(model, weight_variance=1.1025, bias_variance=1.68e-4):
        for m in model.modules():
            if isinstance(m, nn.Linear):
                n, k = m.weight.shape
                nn.init.orthogonal_(m.weight, gain=math.sqrt(weight_variance * max(1, n / k)))
                nn.init.normal_(m.bias, std=math.sqrt(bias_variance))
    """
}
