import PoiseNumerics
import RealModule

/// The density of t = ln s, s = Π q_l, on a uniform grid, each factor tilted by s^θ:
///
///     ln q_l ~ log-gamma of shape a_l = N_l/2 + θ and rate b_l = N_l/(2σ_{l+1}²), convolved.
///
/// The tilt moves the mass to where the posterior is, so that nothing is lost in the tails of the
/// prior. All sums are of positive numbers. The trapezoid rule converges exponentially.
struct ScalePrior {
  /// Distance of the nodes.
  let step: Double
  /// Node k is t = (first + k) step.
  let first: Int
  /// Density times step; sums to 1 up to what lies beyond the windows.
  let masses: [Double]
  /// ln of ∫ prior over the tilted law: Σ_l ln [Γ(a_l) b_l^(−θ)/Γ(N_l/2)].
  let logWeight: Double

  /// Most nodes of one layer.
  static let limit = 40_000

  /// - Parameters:
  ///   - tilt: θ.
  ///   - wanted: distance of the nodes.
  ///   - reach: ln of what multiplies the tilted density, at t; says how far tails are needed.
  /// - Throws: `notConverged` if a layer needs more than `limit` nodes.
  init(
    _ priors: LayerPriors, tilt: Double, step wanted: Double, reach: (Double) -> Double
  ) throws(PoiseError) {
    let shapes = priors.widths.map { Double($0) / 2 }
    let logRates = zip(shapes, priors.upperVariances).map { Double.log($0 / $1) }
    let peaks = zip(shapes, logRates).map { Double.log($0 + tilt) - $1 }
    let centre = peaks.reduce(0, +)
    var windows: [(low: Double, high: Double)] = []
    for layer in shapes.indices {
      var window = Self.window(shape: shapes[layer] + tilt, logRate: logRates[layer])
      let wide = Self.window(shape: shapes[layer], logRate: logRates[layer])
      // Further left as long as the whole integrand, the other layers at their peaks, is above e^−80:
      // 1/s rides on it.
      let far = min(wide.low * (shapes[layer] > 1 ? 1 + 1 / shapes[layer] : 1), wide.low)
      let top = reach(centre)
      let span = window.low - far
      if span > 0 {
        for index in 0...300 {
          let t = far + span * Double(index) / 300
          let x = t - peaks[layer]
          let height =
            reach(centre + x) - (shapes[layer] + tilt) * (Double.expMinusOne(x) - x) - top
          if height + max(0, -x) > -80 {
            window.low = min(window.low, t - span / 300)
            break
          }
        }
      }
      window.high = max(window.high, wide.high)
      windows.append(window)
    }
    let widest = windows.reduce(0) { max($0, $1.high - $1.low) }
    step = wanted
    guard widest / wanted < Double(Self.limit) else {
      throw PoiseError(
        .notConverged, quantity: "exact mixture over s",
        value: "a left tail of \(Int(widest)) in ln s at step \(wanted)",
        allowed: "at most \(Self.limit) nodes",
        suggestion: "the saddle point, or widths of at least 3")
    }
    var (start, sum, weight) = (0, [1.0], 0.0)
    for (index, half) in shapes.enumerated() {
      let logRate = logRates[index]
      let low = Int((windows[index].low / wanted).rounded(.down))
      let high = Int((windows[index].high / wanted).rounded(.up))
      let layer = Self.density(
        shape: half + tilt, logRate: logRate, nodes: low...high, step: wanted)
      sum = Self.convolution(sum, layer)
      start += low
      weight +=
        Double.logGamma(half + tilt) - Double.logGamma(half) - tilt * logRate
    }
    (first, masses, logWeight) = (start, sum, weight)
  }

  /// Where a log-gamma density exceeds e^−60 of its peak: a(e^x − 1 − x) = 60 at x = t − ln(a/b).
  private static func window(shape: Double, logRate: Double) -> (low: Double, high: Double) {
    let (peak, level) = (Double.log(shape) - logRate, 60 / shape)
    var low = -level - 1.0
    var high = min(Double.log(onePlus: level) + 2, 2 + (2 * level).squareRoot())
    // Newton from outside, where a convex function is approached monotonically.
    for _ in 0..<40 {
      low -= (.expMinusOne(low) - low - level) / .expMinusOne(low)
      high -= (.expMinusOne(high) - high - level) / .expMinusOne(high)
    }
    return (peak + low, peak + high)
  }

  private static func density(
    shape: Double, logRate: Double, nodes: ClosedRange<Int>, step: Double
  ) -> [Double] {
    let peak = Double.log(shape) - logRate
    let logNorm = shape * .log(shape) - shape - Double.logGamma(shape) + .log(step)
    return VectorMath.exp(
      nodes.map { node in
        let x = Double(node) * step - peak
        // Near the peak e^x − 1 − x cancels.
        let excess = x < 50 ? Double.expMinusOne(x) - x : 1e300
        return max(logNorm - shape * excess, -1e4)
      })
  }

  private static func convolution(_ a: [Double], _ b: [Double]) -> [Double] {
    if a.count == 1 { return a[0] == 1 ? b : b.map { a[0] * $0 } }
    let (short, long) = a.count < b.count ? (a, b) : (b, a)
    var result = [Double](repeating: 0, count: a.count + b.count - 1)
    result.withUnsafeMutableBufferPointer { out in
      long.withUnsafeBufferPointer { long in
        for (offset, factor) in short.enumerated() where factor > 0 {
          let target = out.baseAddress! + offset
          for index in 0..<long.count { target[index] += factor * long[index] }
        }
      }
    }
    return result
  }
}
