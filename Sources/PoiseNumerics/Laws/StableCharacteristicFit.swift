import RealModule

/// Koutrouvelis's fit (1980): straight lines through the logarithm of the empirical characteristic
/// function of the standardised sample at t_k = πk/25.
///
///     ln(−ln|φ(t)|²) = ln 2c^α + α ln t,
///     arg φ(t) = μ₀ t + β T ((ct)^α − ct),   T = tan(πα/2),
///
/// each point weighted by the inverse of its variance, |φ|² (ln|φ|²)² and |φ|² up to a factor: without
/// weights β is several times noisier. The second line is in S0, where T ((ct)^α − ct) stays finite at α = 1: there it is −(2/π) ct ln ct.
struct StableCharacteristicFit {
  private(set) var alpha: Double
  private(set) var beta: Double
  private(set) var scale: Double
  private(set) var location: Double

  /// Refines a first fit twice.
  init(_ sample: RealSample, start: StableQuantileFit, symmetric: Bool) {
    (alpha, beta, scale, location) = (start.alpha, start.beta, start.scale, start.location)
    for _ in 0..<2 { refine(sample.sorted, symmetric: symmetric) }
  }

  private mutating func refine(_ xs: [Double], symmetric: Bool) {
    // More points for heavier tails, as in the paper's table, up to |φ| of about 0.2.
    let points = min(20, max(8, Int((9 + 12 * (1.9 - alpha)).rounded())))
    let zs = xs.map { ($0 - location) / scale }
    var (logT, logLog, ts, args, weights): ([Double], [Double], [Double], [Double], [Double])
    (logT, logLog, ts, args, weights) = ([], [], [], [], [])
    for k in 1...points {
      let t = .pi * Double(k) / 25
      let (c, s) = Self.meanWave(zs, t)
      let modulus = c * c + s * s
      guard modulus > 1e-4, modulus < 1 - 1e-9 else { continue }
      logT.append(.log(t))
      logLog.append(.log(-Double.log(modulus)))
      ts.append(t)
      args.append(Double.atan2(y: s, x: c))
      weights.append(modulus)
    }
    guard logT.count >= 3 else { return }
    let line = Self.line(logT, logLog, weights.map { $0 * .log($0) * .log($0) })
    alpha = min(max(line.slope, 0.1), 2)
    let c = Double.exp((line.intercept - .log(2)) / alpha)
    guard c.isFinite, c > 0 else { return }
    if !symmetric {
      let waves = ts.map { Self.skewPhase(c * $0, alpha) }
      // Least squares without intercept in (t, w).
      var (tt, tw, ww, ta, wa) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for i in ts.indices {
        tt += weights[i] * ts[i] * ts[i]
        tw += weights[i] * ts[i] * waves[i]
        ww += weights[i] * waves[i] * waves[i]
        ta += weights[i] * ts[i] * args[i]
        wa += weights[i] * waves[i] * args[i]
      }
      let determinant = tt * ww - tw * tw
      if determinant > 1e-10 * tt * (ww + 1e-300) {
        beta = min(max((tt * wa - tw * ta) / determinant, -1), 1)
      } else {
        beta = 0
      }
      location += scale * (ta - beta * tw) / tt
    }
    scale *= c
  }

  /// T (s^α − s) for s > 0, finite through α = 1.
  private static func skewPhase(_ s: Double, _ alpha: Double) -> Double {
    guard alpha < 2 else { return 0 }
    let log = Double.log(s)
    let distance = alpha - 1
    guard abs(distance) > 1e-8 else { return -2 / .pi * s * log }
    return Double.tan(.pi * alpha / 2) * s * Double.expMinusOne(distance * log)
  }

  /// Means of cos tz and sin tz.
  private static func meanWave(_ zs: [Double], _ t: Double) -> (Double, Double) {
    var (c, s) = (0.0, 0.0)
    let block = 4096
    var angles = [Double](repeating: 0, count: min(block, zs.count))
    var sines = angles
    var start = 0
    while start < zs.count {
      let count = min(block, zs.count - start)
      for i in 0..<count { angles[i] = t * zs[start + i] }
      angles.withUnsafeMutableBufferPointer { angles in
        sines.withUnsafeMutableBufferPointer { sines in
          VectorMath.sinCos(
            angles.baseAddress!, sin: sines.baseAddress!, cos: angles.baseAddress!, count: count)
        }
      }
      for i in 0..<count {
        c += angles[i]
        s += sines[i]
      }
      start += count
    }
    return (c / Double(zs.count), s / Double(zs.count))
  }

  private static func line(
    _ x: [Double], _ y: [Double], _ weights: [Double]
  ) -> (slope: Double, intercept: Double) {
    let sum = weights.reduce(0, +)
    let mx = zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 } / sum
    let my = zip(weights, y).reduce(0) { $0 + $1.0 * $1.1 } / sum
    var (xx, xy) = (0.0, 0.0)
    for i in x.indices {
      xx += weights[i] * (x[i] - mx) * (x[i] - mx)
      xy += weights[i] * (x[i] - mx) * (y[i] - my)
    }
    return (xy / xx, my - xy / xx * mx)
  }
}
