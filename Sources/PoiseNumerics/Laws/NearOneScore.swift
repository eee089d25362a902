import RealModule

/// Zolotarev's integral near α = 1 differentiated at fixed angles.
///
/// In `ZolotarevNodes` r^ε = 1 + εδ with δ = P/D,
///
///     P = (sin αθ − x cos θ)/κ + 2β sin((1 + α)θ/2) σ,   σ = sin(εθ/2)/ε,   D = τ sin αθ + β cos αθ,
///     g = r |τx + β| N/|D|,   N = cos εθ + βκ sin(εθ)/ε,   κ = −εT, τ = 1/T = −ε/κ,
///
/// all of them smooth through α = 1, so that with z = εδ
///
///     ∂ ln r/∂β = δ_β/(1 + z),   ∂ ln r/∂α = δ_α/(1 + z) + δ² λ(z),   λ = (z/(1 + z) − ln(1 + z))/z²
///
/// carries no difference of large numbers, whatever ε is.
struct NearOneScore: Sendable {
  private let nodes: ZolotarevNodes
  private let places: [Place]
  private let kappa: (value: Double, slope: Double)
  private let cotangentSlope: Double

  private struct Place: Sendable {
    var denominator, cosTheta: Double
    /// P = start + x along, and its derivatives.
    var start, along, startAlpha, alongAlpha, startBeta: Double
    /// ∂D, and ∂ ln(N/|D|).
    var denominatorAlpha, denominatorBeta, dropAlpha, dropBeta: Double
  }

  init(_ nodes: ZolotarevNodes) {
    self.nodes = nodes
    let side = nodes.side
    let kappa = side.kappa
    self.kappa = kappa
    let slope = -(kappa.value - side.epsilon * kappa.slope) / (kappa.value * kappa.value)
    cotangentSlope = slope
    places = nodes.places.map { Self.place($0, side, kappa, slope) }
  }

  private static func place(
    _ node: ZolotarevNodes.Place, _ side: StableSide, _ kappa: (value: Double, slope: Double),
    _ cotangentSlope: Double
  ) -> Place {
    let (a, b, e, theta) = (side.alpha, side.beta, side.epsilon, node.theta)
    let (k, inverse) = (kappa.value, kappa.slope / (kappa.value * kappa.value))
    let (sinAT, cosAT) = (Double.sin(a * theta), Double.cos(a * theta))
    let middle = (1 + a) / 2 * theta
    let (half, full) = (sinc(e * theta / 2), sinc(e * theta))
    let (sigma, sigmaSlope) = (theta / 2 * half.value, theta * theta / 4 * half.slope)
    let swing = (value: theta * full.value, slope: theta * theta * full.slope)
    let denominatorAlpha =
      cotangentSlope * sinAT + theta * (side.cotangent * cosAT - b * sinAT)
    let numeratorAlpha =
      b * (kappa.slope * swing.value + k * swing.slope) - theta * .sin(e * theta)
    return Place(
      denominator: node.denominator, cosTheta: node.cosTheta,
      start: sinAT / k + 2 * b * .sin(middle) * sigma, along: -node.cosTheta / k,
      startAlpha: theta * cosAT / k - sinAT * inverse
        + 2 * b * (theta / 2 * .cos(middle) * sigma + .sin(middle) * sigmaSlope),
      alongAlpha: node.cosTheta * inverse, startBeta: 2 * .sin(middle) * sigma,
      denominatorAlpha: denominatorAlpha, denominatorBeta: cosAT,
      dropAlpha: numeratorAlpha / node.numerator - denominatorAlpha / node.denominator,
      dropBeta: k * swing.value / node.numerator - cosAT / node.denominator)
  }

  /// sin z/z and its derivative.
  private static func sinc(_ z: Double) -> (value: Double, slope: Double) {
    guard abs(z) < 0.3 else {
      let value = Double.sin(z) / z
      return (value, (.cos(z) - value) / z)
    }
    let s = z * z
    return (
      1 - s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72 * (1 - s / 110)))),
      -z / 3 * (1 - s / 10 * (1 - s / 28 * (1 - s / 54 * (1 - s / 88))))
    )
  }

  /// λ(z) with 1 + z given by itself.
  private static func lag(_ z: Double, _ whole: Double) -> Double {
    guard abs(z) < 0.05 else { return (z / whole - .log(whole)) / (z * z) }
    var sum = 0.0
    for n in stride(from: 11.0, through: 0, by: -1) { sum = -sum * z - (n + 1) / (n + 2) }
    return sum
  }

  /// ∂ ln f by x, α and β at the S0 abscissa x on this side.
  func score(_ x: Double) -> (x: Double, alpha: Double, beta: Double) {
    let side = nodes.side
    let scaled = side.cotangent * x + side.beta
    return nodes.withTerms(x: x, scaled: scaled, shift: .log(abs(scaled))) { from, terms, changes in
      var (total, change, byX, byAlpha, byBeta) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for index in terms.indices {
        let place = places[from + index]
        let inverse = 1 / place.denominator
        let delta = (place.start + x * place.along) * inverse
        let z = side.epsilon * delta
        let whole = scaled * place.cosTheta * inverse
        let share = inverse / whole
        let alpha =
          (place.startAlpha + x * place.alongAlpha - delta * place.denominatorAlpha) * share
        let beta = (place.startBeta - delta * place.denominatorBeta) * share
        total += terms[index]
        change += changes[index]
        byX += changes[index] * place.along * share
        byAlpha +=
          changes[index] * (alpha + delta * delta * Self.lag(z, whole) + place.dropAlpha)
        byBeta += changes[index] * (beta + place.dropBeta)
      }
      // ln|τx + β| stands in every ln g, and with the other sign in front of the integral.
      let common = change / total - 1
      return (
        byX / total + common * side.cotangent / scaled,
        byAlpha / total + common * cotangentSlope * x / scaled + 1 / side.alpha
          - kappa.slope / kappa.value,
        byBeta / total + common / scaled
      )
    }
  }
}
