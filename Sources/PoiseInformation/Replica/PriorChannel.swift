import RealModule

/// The scalar channel of the input: x is seen through y = √r x + ξ.
struct PriorChannel {
  private enum Law {
    case mixture(InputPrior)
    case directions([Double])
  }
  private let law: Law

  /// Components that are independent and alike.
  init(prior: InputPrior) { law = .mixture(prior) }

  /// Normal components of different variances, known one by one. A rotation in front of W changes
  /// nothing, so that these may be the principal axes of any normal input.
  init(variances: [Double]) { law = .directions(variances) }

  /// I(x; √r x + ξ) and the mean square error of x given y, averaged over components.
  func callAsFunction(gain r: Double) -> (information: Double, error: Double) {
    switch law {
    case .mixture(let prior): return Self.mixture(prior, gain: r)
    case .directions(let variances):
      var (information, error) = (0.0, 0.0)
      for variance in variances {
        information += .log(onePlus: r * variance) / 2
        error += variance / (1 + r * variance)
      }
      return (information / Double(variances.count), error / Double(variances.count))
    }
  }

  /// One normal part is closed, ½ ln(1 + rσ²) and σ²/(1 + rσ²); otherwise a trapezoid sum over y,
  /// with the error as a mean of variances, which keeps its digits when it is small.
  private static func mixture(
    _ prior: InputPrior, gain r: Double
  ) -> (information: Double, error: Double) {
    let parts = prior.parts
    if parts.count == 1 {
      let variance = parts[0].variance
      return (.log(onePlus: r * variance) / 2, variance / (1 + r * variance))
    }
    let root = r.squareRoot()
    let widths = parts.map { 1 + r * $0.variance }
    let low = parts.indices.map { root * parts[$0].mean - 9 * widths[$0].squareRoot() }.min()!
    let high = parts.indices.map { root * parts[$0].mean + 9 * widths[$0].squareRoot() }.max()!
    let step = 0.2 * widths.min()!.squareRoot()
    let count = Int(((high - low) / step).rounded(.up))
    let norms = parts.indices.map { parts[$0].weight / (2 * .pi * widths[$0]).squareRoot() }
    var (entropy, error) = (0.0, 0.0)
    var densities = [Double](repeating: 0, count: parts.count)
    for index in 0...count {
      let y = low + Double(index) * step
      var (p, first) = (0.0, 0.0)
      for k in parts.indices {
        let d = y - root * parts[k].mean
        densities[k] = norms[k] * .exp(-d * d / (2 * widths[k]))
        p += densities[k]
        first += densities[k] * (parts[k].mean + root * parts[k].variance * d / widths[k])
      }
      guard p > 1e-60 else { continue }
      entropy -= p * .log(p)
      let mean = first / p
      for k in parts.indices {
        let d = y - root * parts[k].mean
        let gap = parts[k].mean + root * parts[k].variance * d / widths[k] - mean
        error += densities[k] * (parts[k].variance / widths[k] + gap * gap)
      }
    }
    return (
      step * entropy - 0.5 * (1 + .log(2 * .pi)), max(step * error, 1e-18 * prior.variance)
    )
  }
}
