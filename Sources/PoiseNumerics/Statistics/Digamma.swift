import RealModule

/// ψ(x) = Γ′(x)/Γ(x).
public enum Digamma {
  /// ψ(x) for x > 0, absolute error about 1e-15 (1 + |ψ|): recurrence to x ≥ 10, then the
  /// asymptotic series.
  public static func value(_ x: Double) -> Double {
    var x = x
    var shift = 0.0
    while x < 10 {
      shift -= 1 / x
      x += 1
    }
    let r = 1 / (x * x)
    let series =
      r
      * (1.0 / 12 - r
        * (1.0 / 120 - r
          * (1.0 / 252 - r
            * (1.0 / 240 - r
              * (1.0 / 132
                - r * 691 / 32760)))))
    return shift + Double.log(x) - 0.5 / x - series
  }
}
