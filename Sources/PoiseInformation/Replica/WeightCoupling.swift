import RealModule

/// How much an observation narrows a preactivation h of prior variance tp to the error mh.
struct Narrowing: Sendable {
  /// K = (tp − mh)/tp².
  var curvature: Double
  /// mh/tp.
  var remainder: Double
}

/// How one random matrix W (n_out × n_in) joins the scalar channels on its two sides in the replica
/// formula: from the error of its inputs to the prior of its outputs, and back.
///
/// With κ = n_out/n_in, E the error of an input unit, r its effective signal-to-noise ratio, τ the
/// prior variance of (W x)_i and B the evidence about it:
///
///     gaussian     τ = σ_w² E                       r = κ σ_w² K             −n_in r E/2
///     orthogonal   τ = σ_w²/(1/E − r/max(1, κ))     r = κ σ_w² B/(1 + max(0, 1 − κ) B τ)
///                  −½ max(n_in, n_out) ln(1 + r τ/(σ_w² max(1, κ)))
///
/// the last term of each being the weight's own in the entropy. `docs/theory/information.md` derives
/// both; K = (tp − mh)/tp² and B = (tp − mh)/(s tp + τ mh) come from the channel of the outputs, where
/// mh is the error of h, tp = τ + s.
struct WeightCoupling {
  let isOrthogonal: Bool
  /// σ_w².
  let variance: Double
  /// n_in and n_out, in any common unit.
  let inputs: Double
  let outputs: Double

  private var ratio: Double { outputs / inputs }
  private var widening: Double { max(1, ratio) }

  /// τ.
  func prior(error: Double, gain: Double) -> Double {
    isOrthogonal ? variance * error / (1 - gain * error / widening) : variance * error
  }

  /// r, from the channel of the outputs.
  ///
  /// - Parameters:
  ///   - narrowing: what the outputs' channel says of h.
  ///   - prior: τ.
  ///   - noise: s.
  func gain(_ narrowing: Narrowing, prior: Double, noise: Double) -> Double {
    guard isOrthogonal else { return ratio * variance * narrowing.curvature }
    let total = prior + noise
    // 1 − τK as s/tp + (τ/tp) mh/tp, which does not cancel.
    let share = total > 0 ? noise / total : 1
    let evidence = narrowing.curvature / (share + (1 - share) * narrowing.remainder)
    return ratio * variance * evidence / (1 + max(0, 1 - ratio) * evidence * prior)
  }

  /// The weight's term of the entropy, in nats for all units together.
  func entropy(error: Double, gain: Double, prior: Double) -> Double {
    if isOrthogonal {
      return -0.5 * max(inputs, outputs) * .log(onePlus: gain * prior / (variance * widening))
    }
    return -0.5 * inputs * gain * error
  }
}
