import PoiseMeanField
import PoiseModel
import RealModule

/// The answer in words.
struct AdviceWords {
  let headline: String
  let reasons: [String]
  let caveats: [String]
  /// Why there is no input scale, where there is none.
  let scaleCase: String

  init(
    _ advisor: Advisor, candidates: [AdviceResult.Candidate],
    rate: AdviceResult.LearningRate?
  ) {
    let question = advisor.question
    scaleCase =
      advisor.chosen == nil
      ? "no edge of chaos"
      : (advisor.chosen?.length == nil ? "every length is preserved" : "no data")
    guard let chosen = advisor.chosen, let best = candidates.first(where: \.isRecommended) else {
      (headline, reasons, caveats) = Self.noEdge(question, candidates)
      return
    }
    headline = Self.headline(question, chosen, best, rate)
    reasons = Self.reasons(question, chosen, best, candidates)
    caveats = Self.caveats(question, chosen, best, advisor)
  }

  private static func headline(
    _ question: Advisor.Question, _ chosen: Recommendation, _ best: AdviceResult.Candidate,
    _ rate: AdviceResult.LearningRate?
  ) -> String {
    let ensemble = chosen.ensemble
    let deviation = (ensemble.weightVariance / Double(question.width)).squareRoot()
    let weights = ensemble.weights.name == "gaussian" ? "Gaussian" : ensemble.weights.name
    var text =
      "Use \(weights) weights, σ_w² = \(ensemble.weightVariance.significant(5)) "
      + "(std \(deviation.significant(3)) at width \(question.width)), "
      + "σ_b² = \(ensemble.biasVariance.significant(3))."
    if let rate {
      // Rounded down: a rate above 2/λ_max is the one that fails.
      text += " SGD rate \(rate.sgdLow.roundedDown(2)) to \(rate.sgdHigh.roundedDown(2))."
    }
    let trains =
      switch best.verdict {
      case "good": "yes"
      case "risky": "at risk, the width is small for it"
      case "slow": "slowly, gradients are uneven over the layers"
      case "uneven": "at risk, the Jacobian is uneven"
      case "too-deep": "no, too deep for this width"
      default: "no, it \(best.verdict)"
      }
    return text + " Trains to depth \(question.depth): \(trains)."
  }

  private static func reasons(
    _ question: Advisor.Question, _ chosen: Recommendation, _ best: AdviceResult.Candidate,
    _ candidates: [AdviceResult.Candidate]
  ) -> [String] {
    var reasons: [String] = []
    let v = best.jacobianSpread.significant(2)
    let name = question.activation.name
    switch chosen.rule {
    case .isometry:
      reasons.append(
        "At the edge of chaos (χ₁ = 1) gradients neither vanish nor explode; "
          + "q* = \((chosen.length ?? 0).significant(3)) is the largest length whose Jacobian stays "
          + "isometric, v = 1: the most non-linear start that still trains"
          + (question.data == nil ? "." : " (v = \(v) over all layers from the data's own length).")
      )
    case .homogeneous:
      reasons.append(
        "\(name) is homogeneous: its only critical point is "
          + "σ_w² = \(chosen.ensemble.weightVariance.significant(5)) without biases, "
          + "and every length is preserved.")
    case .leastSpread:
      reasons.append(
        "Isometry is out of reach for \(name) at depth \(question.depth) (v = \(v) > 1): "
          + "this is the stable critical point of least spread.")
    case .halfStable:
      reasons.append(
        "Small critical lengths of \(name) repel and diverge in training: this is the half-stable "
          + "point χ₁ = χ_q = 1, from which larger lengths come back (v = \(v)).")
    }
    if chosen.rule != .isometry, chosen.ensemble.weights.name == "orthogonal",
      let gaussian = candidates.first(where: { $0.name == "poise_gaussian" })
    {
      reasons.append(
        "Orthogonal weights cannot make \(name) isometric, but such networks differ less from one "
          + "another than with Gaussian weights of the same variance: Var ln|Ju|² = "
          + "\(best.logJacobianVariance.significant(2)) against "
          + "\(gaussian.logJacobianVariance.significant(2)).")
    }
    if chosen.ensemble.weights.name != "orthogonal",
      let orthogonal = candidates.first(where: { $0.name == "poise_orthogonal" })
    {
      reasons.append(
        "Orthogonal weights at the same variances have a smaller Var ln|Ju|² "
          + "(\(orthogonal.logJacobianVariance.significant(2)) against "
          + "\(best.logJacobianVariance.significant(2))), but cannot make \(name) isometric here.")
    }
    let ties = candidates.filter { $0.verdict == "ties" }.map(\.name)
    if !ties.isEmpty {
      reasons.append(
        "Close to the edge several starts train alike; no difference should be expected from: "
          + ties.joined(separator: ", ") + ".")
    }
    let better = candidates.filter { $0.verdict == "good" && !$0.isRecommended }.map(\.name)
    if !better.isEmpty {
      reasons.append(
        "At this width these are on the safe side of Var ln|Ju|² = 0.5: "
          + better.joined(separator: ", ") + ".")
    }
    return reasons
  }

  private static func caveats(
    _ question: Advisor.Question, _ chosen: Recommendation, _ best: AdviceResult.Candidate,
    _ advisor: Advisor
  ) -> [String] {
    var caveats: [String] = []
    let ratio = Double(question.depth) / Double(question.width)
    caveats.append(
      "Corrections are of order depth/width = \(ratio.significant(2)); "
        + "Var ln|Ju|² = \(best.logJacobianVariance.significant(2)) "
        + "(below 0.5 fine, above 1 too deep for the width).")
    if best.widthVerdict != "fine" {
      let limit = Double(question.depth) * 0.5 / best.logJacobianVariance
      caveats.append(
        "This width supports a depth of about \(max(1, Int(limit))); widen the layers"
          + (chosen.ensemble.weights.name == "orthogonal" ? "." : " or use orthogonal weights."))
    }
    if let scale = advisor.inputScale {
      caveats.append(
        question.scalesInputs
          ? "Inputs are multiplied by \(scale.significant(4)) (folded into layer 0), so that the "
            + "signal starts at q*."
          : "Optional: multiply the inputs by \(scale.significant(4)) to start the signal at q*; "
            + "no benefit was measured where q* attracts.")
    }
    if question.data == nil {
      caveats.append("No data were given: nothing was built, and the input scale is unknown.")
    }
    caveats.append(
      "Fully connected layers without normalisation, skip connections or dropout are assumed.")
    return caveats
  }

  private static func noEdge(
    _ question: Advisor.Question, _ candidates: [AdviceResult.Candidate]
  ) -> (String, [String], [String]) {
    let name = question.activation.name
    let least = candidates.min { abs($0.logGradientFactor) < abs($1.logGradientFactor) }
    return (
      "\(name) has no edge of chaos: no critical initialisation exists to recommend.",
      [
        "At every length χ₁ = 1 would need a negative bias variance, because the mean of \(name) "
          + "is too large compared with its slope.",
        least.map {
          "Of the presets, \($0.name) changes squared gradients least over this depth: by a factor "
            + "e^\($0.logGradientFactor.significant(3))."
        } ?? "",
        "Activations that pass through zero, such as gelu, silu, elu or tanh, have an edge of chaos.",
      ],
      ["Fully connected layers without normalisation, skip connections or dropout are assumed."]
    )
  }
}

extension Double {
  /// A short form that is never larger than the number itself, which is above 0.
  func roundedDown(_ digits: Int) -> String {
    let unit = Double.pow(10, Int(Double.log10(self).rounded(.down)) + 1 - digits)
    return ((self / unit * (1 + 1e-12)).rounded(.down) * unit).significant(digits)
  }

  /// A short decimal or scientific form with a given number of significant digits.
  func significant(_ digits: Int) -> String {
    guard self != 0 else { return "0" }
    // Powers of ten beyond would overflow or vanish.
    guard isFinite, abs(self) > 1e-290, abs(self) < 1e290 else { return "\(self)" }
    let exponent = Int(Double.log10(abs(self)).rounded(.down))
    let scale = Double.pow(10, digits - 1 - exponent)
    let rounded = (self * scale).rounded() / scale
    if exponent < -3 || exponent > 5 {
      let power = Int(Double.log10(abs(rounded)).rounded(.down))
      let mantissa = rounded / Double.pow(10, power)
      let kept = (mantissa * Double.pow(10, digits - 1)).rounded() / Double.pow(10, digits - 1)
      return "\(kept.trimmed)e\(power)"
    }
    return rounded.trimmed
  }

  /// Without a trailing `.0`.
  private var trimmed: String {
    let text = "\(self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
