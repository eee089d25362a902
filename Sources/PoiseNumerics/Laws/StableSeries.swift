import RealModule

/// The two series of one side of the standard law in y = x − ζ > 0, each with the interval on which
/// its remainder is below 2e-17 of its sum.
struct StableSeries: Sendable {
  /// P(X > x) = Σ_k c_k y^(−αk), f = Σ_k αk c_k y^(−αk−1), from y = `tailFrom` on (∞ if never).
  let tail: [Double]
  let tailFrom: Double
  /// f = Σ_k d_k yᵏ, P(ζ < X < x) = Σ_k d_k y^(k+1)/(k+1), up to y = `centreTo` (0 if never).
  let centre: [Double]
  let centreTo: Double
  private let alpha: Double

  private static let precision = Double.log(2e-17)
  private static let mostTerms = 40

  init(_ side: StableSide) {
    alpha = side.alpha
    // Near α = 1 the two expansion points part company with the law: ζ → ∞.
    guard side.beta == 0 || abs(side.epsilon) > 0.02 else {
      (tail, tailFrom, centre, centreTo) = ([], .infinity, [], 0)
      return
    }
    (tail, tailFrom) = Self.tail(side)
    (centre, centreTo) = Self.centre(side)
  }

  /// c_k = (−1)^(k+1) Γ(αk)/k! ρᵏ sin(k(π − p))/π, ρ = |1 − iβ tan(πα/2)|.
  ///
  /// Since Re t^α ≥ 0 on the ray t = r e^(−iθ), θ ≤ min(π/2, π/(2α) − θ₀), the remainder after K terms
  /// of f is at most Γ(α(K+1) + 1) ρ^(K+1)/((K+1)! π) (y sin θ)^(−α(K+1)−1).
  private static func tail(_ side: StableSide) -> ([Double], Double) {
    let a = side.alpha
    let modulus = side.beta == 0 ? 0 : Double.log(side.modulus)
    let ray = min(.pi / 2, .pi / (2 * a) - .pi / 2 + side.q)
    guard ray > 0 else { return ([], .infinity) }
    let logSine = Double.log(.sin(ray))
    func size(_ k: Double) -> Double { .logGamma(a * k) - .logGamma(k + 1) + k * modulus }
    // sin(k(π − p)) = (−1)^(k+1) sin(kp), exact as p → 0.
    let terms = (1...mostTerms).map { k in
      Double.exp(size(Double(k))) * .sin(Double(k) * side.p) / .pi
    }
    guard terms[0] > 0 else { return ([], .infinity) }
    let leading = Double.log(a * terms[0])
    var best = (count: 0, logFrom: Double.infinity)
    for count in 1..<mostTerms {
      let next = Double(count + 1)
      let bound = size(next) + .log(a * next / .pi) - logSine * (a * next + 1)
      let from = (bound - leading - precision) / (a * Double(count))
      if from < best.logFrom { best = (count, from) }
    }
    guard best.logFrom < 600 else { return ([], .infinity) }
    return (Array(terms[0..<best.count]), .exp(best.logFrom))
  }

  /// d_k = Γ((k+1)/α)/(πα k!) ρ^(−(k+1)/α) sin((k+1)q); the sine is Re (−i)ᵏ e^(i(k+1)θ₀) with
  /// θ₀ = π/2 − q. Remainder after K terms ≤ Γ((K+1)/α) y^K/(πα K!), since |e^(−t^α…)| = e^(−t^α).
  private static func centre(_ side: StableSide) -> ([Double], Double) {
    let a = side.alpha
    let modulus = side.beta == 0 ? 0 : Double.log(side.modulus)
    func size(_ k: Double) -> Double { .logGamma((k + 1) / a) - .logGamma(k + 1) }
    var terms: [Double] = []
    var best = (count: 0, logTo: -Double.infinity)
    for k in 0..<mostTerms {
      let n = Double(k) + 1
      let term = Double.exp(size(Double(k)) - n / a * modulus) * .sin(n * side.q) / (.pi * a)
      guard term.isFinite else { break }
      terms.append(term)
      guard terms[0] > 0, k + 1 < mostTerms else { break }
      let to = (precision + .log(terms[0] * .pi * a) - size(n)) / n
      if to > best.logTo { best = (k + 1, to) }
    }
    guard best.count > 0, best.logTo > -700 else { return ([], 0) }
    return (Array(terms[0..<best.count]), .exp(best.logTo))
  }

  /// ln f and P(X > x) from the tail series.
  func tailValues(_ y: Double) -> (logDensity: Double, density: Double, tail: Double) {
    let logY = Double.log(y)
    let power = Double.exp(-alpha * logY)
    var (density, tail) = (0.0, 0.0)
    for k in stride(from: self.tail.count, through: 1, by: -1) {
      density = density * power + Double(k) * self.tail[k - 1]
      tail = tail * power + self.tail[k - 1]
    }
    let log = Double.log(alpha * density) - (1 + alpha) * logY
    return (log, alpha * density * power / y, tail * power)
  }

  /// f and P(ζ < X < x) from the series about ζ.
  func centreValues(_ y: Double) -> (density: Double, inner: Double) {
    var (density, inner) = (0.0, 0.0)
    for k in stride(from: centre.count - 1, through: 0, by: -1) {
      density = density * y + centre[k]
      inner = inner * y + centre[k] / Double(k + 1)
    }
    return (density, inner * y)
  }
}
