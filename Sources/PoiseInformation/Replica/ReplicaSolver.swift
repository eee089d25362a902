import PoiseModel
import PoiseNumerics
import RealModule

/// The replica-symmetric entropy of the last layer: an extremum over the errors E_l of the units and
/// their signal-to-noise ratios r_l, found by sweeps from the output back and from the input forth.
struct ReplicaSolver<Channel: HiddenChannel> {
  /// Channels of the hidden layers 1 … L − 1, in that order.
  let channels: [Channel]
  /// The channel of the input; nil for a given input, of which nothing is unknown.
  let prior: PriorChannel?
  let couplings: [WeightCoupling]
  /// s₁ … s_L.
  let noise: [Double]
  /// σ_b².
  let biasVariance: Double
  /// Second moments ρ₀ … ρ_{L−1} of the units.
  let powers: [Double]
  /// Mean variances with which the sweeps start: Var x and ρ_l.
  let ignorance: [Double]

  /// Where the sweeps ended.
  struct FixedPoint {
    /// h(h^L)/n_L without ½ ln 2πe.
    var entropy: Double
    /// E₀ … E_{L−1}.
    var errors: [Double]
    /// r₀ … r_{L−1}.
    var gains: [Double]
    var sweeps: Int
  }

  /// The first unit layer that is unknown: 0, or 1 for a given input.
  private var first: Int { prior == nil ? 1 : 0 }

  /// Sweeps from total ignorance (`scale` 1) or near certainty (`scale` ≪ 1) until every prior
  /// variance τ moves by less than 1e-7 of itself; the entropy, which is stationary, then by far less.
  ///
  /// - Parameter near: stop as soon as this point is met, to a thousandth.
  /// - Throws: `notConverged` after 3000 sweeps.
  func solve(scale: Double, near known: FixedPoint? = nil) throws(PoiseError) -> FixedPoint {
    var state = Sweep(depth: couplings.count)
    state.priors = ignorance.indices.map {
      couplings[$0].prior(error: $0 < first ? 0 : scale * ignorance[$0], gain: 0)
    }
    var mixing = AndersonMixing()
    for sweep in 1...3000 {
      let before = state.priors
      backward(&state)
      forward(&state)
      let moved = (first..<couplings.count).reduce(0.0) {
        max($0, abs(state.priors[$1] - before[$1]) / max(before[$1], 1e-300))
      }
      guard moved.isFinite else { break }
      let isKnown =
        known.map { point in
          zip(state.errors, point.errors).allSatisfy { abs($0 - $1) <= 1e-3 * $1 }
        } ?? false
      if moved < 1e-7 || isKnown {
        return FixedPoint(
          entropy: isKnown ? known!.entropy : entropy(state), errors: state.errors,
          gains: state.gains, sweeps: sweep)
      }
      let mixed = mixing.next(
        after: before[first...].map { .log($0) }, image: state.priors[first...].map { .log($0) })
      for layer in first..<couplings.count {
        // τ never exceeds what is unknown a priori.
        state.priors[layer] = min(
          .exp(mixed[layer - first]), couplings[layer].variance * powers[layer])
      }
    }
    throw PoiseError(
      .notConverged, quantity: "replica equations of \(couplings.count) layers",
      value: "3000 sweeps", allowed: "errors that settle",
      suggestion: "a larger noise variance or fewer layers")
  }

  /// What one sweep finds, by unit layer.
  private struct Sweep {
    var priors: [Double] = []
    var gains: [Double]
    var errors: [Double]
    var informations: [Double]

    init(depth: Int) {
      gains = [Double](repeating: 0, count: depth)
      errors = gains
      informations = gains
    }
  }

  /// Gains r from the output to the input.
  private func backward(_ state: inout Sweep) {
    for layer in stride(from: couplings.count - 1, through: first, by: -1) {
      // The last preactivation is seen itself.
      let narrowing =
        layer == couplings.count - 1
        ? Narrowing(curvature: 1 / (state.priors[layer] + noise[layer]), remainder: 0)
        : value(layer + 1, state).narrowing
      state.gains[layer] = couplings[layer].gain(
        narrowing, prior: state.priors[layer], noise: noise[layer])
    }
  }

  /// Errors E and prior variances τ from the input to the output.
  private func forward(_ state: inout Sweep) {
    for layer in first..<couplings.count {
      if layer == 0, let prior {
        (state.informations[0], state.errors[0]) = prior(gain: state.gains[0])
      } else {
        let values = value(layer, state)
        state.informations[layer] = values.information
        state.errors[layer] = max(values.outputError, 1e-300)
      }
      state.priors[layer] = couplings[layer].prior(
        error: state.errors[layer], gain: state.gains[layer])
    }
  }

  /// The values of the channel of layer l ≥ 1.
  private func value(_ layer: Int, _ state: Sweep) -> HiddenChannelValues {
    let before = state.priors[layer - 1]
    let spread = couplings[layer - 1].variance * powers[layer - 1] - before + biasVariance
    return channels[layer - 1].values(
      spread: max(spread, 0), prior: before + noise[layer - 1], gain: state.gains[layer])
  }

  private func entropy(_ state: Sweep) -> Double {
    let last = couplings[couplings.count - 1]
    var sum = last.outputs * 0.5 * .log(noise.last! + state.priors.last!)
    for layer in first..<couplings.count {
      sum += couplings[layer].inputs * state.informations[layer]
      sum += couplings[layer].entropy(
        error: state.errors[layer], gain: state.gains[layer], prior: state.priors[layer])
    }
    return sum / last.outputs
  }
}

/// What the channel of one hidden layer gives, averaged over the units' frozen means.
struct HiddenChannelValues: Sendable {
  /// I(h; √r φ(h) + ξ | m).
  var information: Double
  /// E_m E Var(φ(h) | y, m).
  var outputError: Double
  /// What y says of h.
  var narrowing: Narrowing
}

/// A hidden layer's scalar channel, exact or by its second moments.
protocol HiddenChannel: Sendable {
  func values(spread: Double, prior: Double, gain: Double) -> HiddenChannelValues
}
