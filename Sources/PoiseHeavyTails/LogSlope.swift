import PoiseModel
import PoiseNumerics
import RealModule

extension HeavyTailMeanField {
  /// E ln |φ′(h)| at ln S; −∞ where it diverges.
  ///
  /// Beyond h₀, ln |φ′| is continued by the law a + b h^r that its last doublings follow: exactly linear for
  /// tanh, quadratic for erf, logarithmic for softsign. It diverges if r ≥ α < 2.
  public func meanLogSlope(logScale: Double) -> Double {
    let function = activation.function
    func logSlope(_ h: Double) -> Double {
      0.5 * (.log(abs(function.derivative(h))) + .log(abs(function.derivative(-h))))
    }
    var far = 64.0
    while far < 1e9, logSlope(2 * far) > -600 { far *= 2 }
    while far > 1, logSlope(far) < -600 { far /= 2 }
    let (first, second) = (
      logSlope(far) - logSlope(far / 2), logSlope(far / 2) - logSlope(far / 4)
    )
    guard first.isFinite, second.isFinite else { return -.infinity }
    // Slopes that settle at a constant, or fall like a power, grow by logarithms at most.
    let ratio = second == 0 ? 1 : first / second
    let power = ratio > 1.01 ? .log2(ratio) : 0
    if alpha < 2, power >= alpha - 1e-9 { return -.infinity }
    let start = LogAxisRule.start
    let end = max(.log(far), logScale + density.upper)
    var corners = [start]
    let kinks = function.kinks.map { Double.log(abs($0)) }.filter { $0 > start && $0 < end }
    while let last = corners.last, last < end {
      let next = min(last + 0.5, end)
      corners.append(kinks.filter { $0 > last + 1e-12 && $0 < next }.min() ?? next)
    }
    let base = logSlope(far)
    func continued(_ v: Double) -> Double {
      if v <= .log(far) { return logSlope(.exp(v)) }
      let distance = v - .log(far)
      guard power > 0 else { return base + first * distance / .log(2) }
      return base + first * .expMinusOne(power * distance) / (1 - .exp2(-power))
    }
    var sum = density.mass(to: start - logScale) * logSlope(.leastNormalMagnitude)
    for (a, b) in zip(corners, corners.dropFirst()) {
      sum += GaussLegendre.sixteen.integrate(from: a, to: b) { v in
        let u = v - logScale
        let weight = density(u) * .exp(-alpha * u)
        return weight == 0 ? 0 : weight * continued(v)
      }
    }
    guard alpha < 2 else { return sum }
    // The rest analytically: density 2A e^{−αu}.
    let tail = density.plateau * .exp(-alpha * (end - logScale))
    let edge = continued(end)
    let growth =
      power > 0
      ? first * .exp(power * (end - .log(far))) / (1 - .exp2(-power)) * power
        / (alpha * (alpha - power))
      : first / .log(2) / (alpha * alpha)
    return sum + tail * (edge / alpha + growth)
  }
}
