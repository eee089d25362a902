import RealModule

/// ln F/(1 − F) of a law as a function of u = asinh((x − centre)/width), where it is smooth and
/// grows linearly: both tails from one table, each with small relative error.
enum LogOddsTable {
  /// Largest sample whose tails are computed one by one.
  static let exactCount = 600

  /// F and 1 − F at every x of an ascending array; relative error 1e-9 where tabulated.
  /// - Throws: `notConverged`, from the table.
  static func tails<Law: ContinuousLaw>(
    of law: Law, sorted xs: [Double]
  ) throws(PoiseError) -> (lower: [Double], upper: [Double]) {
    func exact() -> (lower: [Double], upper: [Double]) {
      let both = xs.map { law.tails($0) }
      return (both.map(\.lower), both.map(\.upper))
    }
    // The Gaussian and log-normal laws cost no more than the table.
    guard xs.count > exactCount, !(law is GaussianLaw), !(law is LogNormalLaw) else {
      return exact()
    }
    let (centre, width) = (law.centre, law.width)
    let us = AsinhBlock.values(xs, centre: centre, width: width)
    let (low, high) = (us[0] - 1e-9, us[us.count - 1] + 1e-9)
    let table: PanelTable
    do {
      table = try PanelTable(
        from: low, to: high, start: max(4, Int(high - low)),
        tolerance: SIMD4(1e-9, 1, 1, 1)
      ) { (u: Double) throws(PoiseError) in
        let both = law.tails(centre + width * Double.sinh(u))
        return SIMD4(Double.log(both.lower) - Double.log(both.upper), 0, 0, 0)
      }
    } catch {
      // A light tail that underflows inside the range of the sample.
      return exact()
    }
    var lower = [Double](repeating: 0, count: xs.count)
    var upper = lower
    table.withEvaluator { evaluate in
      for i in us.indices {
        let odds = evaluate(us[i])[0]
        let small = Double.exp(-abs(odds))
        let rest = 1 / (1 + small)
        (lower[i], upper[i]) = odds > 0 ? (rest, small * rest) : (small * rest, rest)
      }
    }
    return (lower, upper)
  }
}

/// asinh over whole arrays.
enum AsinhBlock {
  /// asinh((x − centre)/width); absolute error 1e-15 near 0, relative beyond.
  static func values(_ xs: [Double], centre: Double, width: Double) -> [Double] {
    var result = [Double](repeating: 0, count: xs.count)
    xs.withUnsafeBufferPointer { xs in
      result.withUnsafeMutableBufferPointer { result in
        guard xs.count > 0 else { return }
        for i in xs.indices {
          let z = abs((xs[i] - centre) / width)
          result[i] = z < 1e8 ? z + (z * z + 1).squareRoot() : 2 * z
        }
        VectorMath.log(result.baseAddress!, result.baseAddress!, count: xs.count)
        for i in xs.indices where xs[i] < centre { result[i] = -result[i] }
      }
    }
    return result
  }
}
