import RealModule

/// The standard normal law, with tails that keep their digits.
public enum StandardNormal {
  /// p(t) = e^(−t²/2)/√(2π).
  public static func density(_ t: Double) -> Double {
    Double.exp(-t * t / 2) * 0.398942280401432677939946059934
  }

  /// Φ(t) = erfc(−t/√2)/2.
  public static func cumulative(_ t: Double) -> Double {
    Double.erfc(-t * 0.707106781186547524400844362105) / 2
  }

  /// E max(z + t, 0) = p(t) + t Φ(t). Relative error below 1e-14 for t > −37.
  public static func rampMean(_ t: Double) -> Double {
    guard t < -2.5 else { return density(t) + t * cumulative(t) }
    // With a = −t and the Mills ratio M = 1/(a + K), K = 1/(a + 2/(a + 3/(a + …))):
    // p (1 − a M) = p M K, a product of positive numbers where the sum above cancels.
    let a = -t
    if a > 40 { return 0 }
    var tail = a
    var n = (12 + 520 / (a * a)).rounded()
    while n >= 2 {
      tail = a + n / tail
      n -= 1
    }
    let k = 1 / tail
    return density(t) * k / (a + k)
  }

  /// erfcx(x) = e^(x²) erfc(x), x ≥ 0. Relative error below 1e-15.
  public static func scaledErfc(_ x: Double) -> Double {
    if x < 8 {
      // x² = square + rest exactly; the rounding of x² alone would cost x² ulp.
      let square = x * x
      let rest = (-square).addingProduct(x, x)
      return Double.exp(square) * (1 + rest) * Double.erfc(x)
    }
    // Asymptotic series in 1/(2x²); the first dropped term is below 1e-17.
    let y = -0.5 / (x * x)
    var sum = 1.0
    var odd = 27.0
    while odd >= 1 {
      sum = 1 + odd * y * sum
      odd -= 2
    }
    return sum / (x * 1.77245385090551602729816748334)
  }
}
