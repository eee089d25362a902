import RealModule

/// Student's t with ν degrees of freedom: the law of a mean over its own standard error.
public enum StudentT {
  /// P(|t| > x), x ≥ 0, by the regularised incomplete beta function. Relative error about 1e-12.
  public static func twoSidedTail(_ x: Double, degreesOfFreedom: Double) -> Double {
    precondition(degreesOfFreedom > 0 && x >= 0)
    guard x > 0 else { return 1 }
    guard x < 1e150 else { return regularizedBeta(degreesOfFreedom / x / x, 1, degreesOfFreedom) }
    let sum = degreesOfFreedom + x * x
    return regularizedBeta(degreesOfFreedom / sum, x * x / sum, degreesOfFreedom)
  }

  /// The x with P(|t| > x) = probability in (0, 1).
  public static func twoSidedQuantile(
    _ probability: Double, degreesOfFreedom: Double
  ) throws(PoiseError) -> Double {
    guard probability > 0, probability < 1, degreesOfFreedom > 0 else {
      throw PoiseError(
        .outOfRange, quantity: "tail probability", value: "\(probability)",
        allowed: "between 0 and 1, with degrees of freedom above 0")
    }
    let logTarget = Double.log(probability)
    var (low, high) = (-40.0, 300.0)  // ln x
    for _ in 0..<120 {
      let middle = (low + high) / 2
      let tail = twoSidedTail(.exp(middle), degreesOfFreedom: degreesOfFreedom)
      if tail > 0, Double.log(tail) > logTarget { low = middle } else { high = middle }
    }
    return .exp((low + high) / 2)
  }

  /// I_x(ν/2, 1/2) by Lentz's continued fraction; y = 1 − x is given, for it may be tiny.
  static func regularizedBeta(_ x: Double, _ y: Double, _ degreesOfFreedom: Double) -> Double {
    let (a, b) = (degreesOfFreedom / 2, 0.5)
    guard x > 0 else { return 0 }
    guard y > 0 else { return 1 }
    let logX = y < 0.5 ? Double.log(onePlus: -y) : Double.log(x)
    let front = Double.exp(logGammaRatio(a) - 0.5 * .log(.pi) + a * logX + b * .log(y))
    return x < (a + 1) / (a + b + 2)
      ? front * betaFraction(x, a, b) / a : 1 - front * betaFraction(y, b, a) / b
  }

  /// ln Γ(a + 1/2)/Γ(a), without the cancellation of two large logarithms.
  private static func logGammaRatio(_ a: Double) -> Double {
    guard a > 30 else { return Double.logGamma(a + 0.5) - Double.logGamma(a) }
    let r = 1 / (a * a)
    return 0.5 * .log(a) - (0.125 - r * (1.0 / 192 - r * (1.0 / 640 - r * 17 / 14336))) / a
  }

  private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    var c = 1.0
    var d =
      1 / max(abs(1 - (a + b) * x / (a + 1)), tiny) * ((1 - (a + b) * x / (a + 1)) < 0 ? -1 : 1)
    var h = d
    for m in 1...10_000 {
      let k = Double(m)
      for numerator in [
        k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k)),
        -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1)),
      ] {
        d = 1 + numerator * d
        if abs(d) < tiny { d = tiny }
        c = 1 + numerator / c
        if abs(c) < tiny { c = tiny }
        d = 1 / d
        h *= d * c
      }
      if abs(d * c - 1) < 1e-16 { break }
    }
    return h
  }
}
