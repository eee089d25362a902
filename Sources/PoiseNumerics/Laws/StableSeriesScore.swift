import RealModule

/// The two series of one side differentiated term by term.
///
/// With ρ² = 1 + β²T², T′ = (π/2)(1 + T²), p = π − πα/2 − atan βT and q = π/2 − atan(βT)/α,
///
///     ∂p = −π/2 − βT′/ρ², −T/ρ²     ∂ ln ρ = β²TT′/ρ², βT²/ρ²     (by α, by β)
///     ∂q = θ₀/α − βT′/(αρ²), −T/(αρ²)
///
/// and y = x + βT moves with both.
struct StableSeriesScore: Sendable {
  private typealias Term = (value: Double, byAlpha: Double, byBeta: Double)
  private let tail: [Term]
  private let centre: [Term]
  private let alpha: Double
  /// ∂y/∂α and ∂y/∂β.
  private let moves: (alpha: Double, beta: Double)

  /// - Precondition: α ≠ 2, and where β ≠ 0 the side has its series.
  init(_ side: StableSide, _ series: StableSeries) {
    let (a, b, t) = (side.alpha, side.beta, side.tangent)
    alpha = a
    let growth = .pi / 2 * (1 + t * t)
    moves = (b * growth, t)
    let square = 1 + b * b * t * t
    let turn = (alpha: b * growth / square, beta: t / square)
    let swell = (alpha: b * b * t * growth / square, beta: b * t * t / square)
    let logModulus = b == 0 ? 0 : Double.log(side.modulus)
    tail = series.tail.indices.map { index in
      let k = Double(index + 1)
      let size = Double.exp(.logGamma(a * k + 1) - .logGamma(k + 1) + k * logModulus) / .pi
      let (sine, cosine) = (Double.sin(k * side.p), Double.cos(k * side.p))
      return (
        size * sine,
        size * k
          * ((Digamma.value(a * k + 1) + swell.alpha) * sine - (.pi / 2 + turn.alpha) * cosine),
        size * k * (swell.beta * sine - turn.beta * cosine)
      )
    }
    centre = series.centre.indices.map { index in
      let n = Double(index + 1)
      let size = Double.exp(.logGamma(n / a) - .logGamma(n) - n / a * logModulus) / (.pi * a)
      let (sine, cosine) = (Double.sin(n * side.q), Double.cos(n * side.q))
      let slope = n / a * ((logModulus - Digamma.value(n / a)) / a - swell.alpha) - 1 / a
      let qAlpha = ((.pi / 2 - side.q) - turn.alpha) / a
      return (
        size * sine, size * (slope * sine + n * qAlpha * cosine),
        -size * n / a * (swell.beta * sine + turn.beta * cosine)
      )
    }
  }

  /// ∂ ln f by x, α and β in the tail: ln f = −(1 + α) ln y + ln Σ a_k y^(−α(k − 1)).
  func tail(_ y: Double) -> (x: Double, alpha: Double, beta: Double) {
    let logY = Double.log(y)
    let power = Double.exp(-alpha * logY)
    var (value, rank, byAlpha, byBeta) = (0.0, 0.0, 0.0, 0.0)
    for index in tail.indices.reversed() {
      let term = tail[index]
      value = value * power + term.value
      rank = rank * power + Double(index) * term.value
      byAlpha = byAlpha * power + term.byAlpha
      byBeta = byBeta * power + term.byBeta
    }
    let slope = (-(1 + alpha) - alpha * rank / value) / y
    return (
      slope, (byAlpha - rank * logY) / value - logY + slope * moves.alpha,
      byBeta / value + slope * moves.beta
    )
  }

  /// The same about ζ, y ≥ 0.
  func centre(_ y: Double) -> (x: Double, alpha: Double, beta: Double) {
    var (value, slope, byAlpha, byBeta) = (0.0, 0.0, 0.0, 0.0)
    for term in centre.reversed() {
      slope = slope * y + value
      value = value * y + term.value
      byAlpha = byAlpha * y + term.byAlpha
      byBeta = byBeta * y + term.byBeta
    }
    slope /= value
    return (slope, byAlpha / value + slope * moves.alpha, byBeta / value + slope * moves.beta)
  }
}
