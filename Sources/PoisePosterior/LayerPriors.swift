public import PoiseNumerics
import RealModule

/// Hidden widths N_1 … N_L and the prior variances σ_1² … σ_{L+1}² of all weights of a network
///
///     x_l = φ(W_l x_{l−1}/√N_{l−1}),   f = a x_L/√N_L,   W_l ~ N(0, σ_l²), a ~ N(0, σ_{L+1}²).
///
/// The order parameter q_l of layer l has prior mean σ_{l+1}²: the variance of the weights *above*.
public struct LayerPriors: Sendable, Equatable {
  /// N_1 … N_L.
  public let widths: [Int]
  /// σ_1², the variance of the first layer's weights.
  public let inputVariance: Double
  /// σ_2² … σ_{L+1}².
  public let upperVariances: [Double]

  /// - Parameter variances: σ_1² … σ_{L+1}², one more than widths, or a single one for all layers.
  /// - Throws: `outOfRange` for no layers, a width below 1, or a variance that is not above 0.
  public init(widths: [Int], variances: [Double]) throws(PoiseError) {
    guard !widths.isEmpty, widths.allSatisfy({ (1...1_000_000_000).contains($0) }) else {
      throw PoiseError(
        .outOfRange, quantity: "widths", value: "\(widths)",
        allowed: "at least one hidden layer, each with at least 1 unit")
    }
    let all =
      variances.count == 1
      ? [Double](repeating: variances[0], count: widths.count + 1) : variances
    guard all.count == widths.count + 1 else {
      throw PoiseError(
        .shapeMismatch, quantity: "weight variances", value: "\(variances.count)",
        allowed: "1, or \(widths.count + 1): one per layer of weights, read-out included")
    }
    for variance in all where !(variance >= 1e-100 && variance <= 1e100) {
      throw PoiseError(
        .outOfRange, quantity: "weight variance", value: "\(variance)",
        allowed: "finite and above 0", suggestion: "σ² of order 1")
    }
    self.widths = widths
    inputVariance = all[0]
    upperVariances = Array(all.dropFirst())
  }

  /// All hidden layers of one width, all weights of one variance.
  public init(depth: Int, width: Int, variance: Double) throws(PoiseError) {
    guard (1...100_000).contains(depth) else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "1 to 100000 hidden layers")
    }
    try self.init(
      widths: [Int](repeating: width, count: depth), variances: [variance])
  }

  /// L.
  public var depth: Int { widths.count }
  /// σ_1² … σ_{L+1}².
  public var variances: [Double] { [inputVariance] + upperVariances }
  /// min_l N_l.
  public var narrowest: Int { widths.min()! }
  /// ln Π σ_{l+1}²: the logarithm of s in infinitely wide networks.
  public var logPriorScale: Double { upperVariances.reduce(0) { $0 + .log($1) } }

  /// ln q_l of all layers, and their sum ln s, where 1 − B/N_min = e^c.
  ///
  /// Each factor is 1 − B/N_l = 1 + (N_min/N_l)(e^c − 1), without cancellation near c = 0.
  func logOrderParameters(at c: Double) -> (each: [Double], sum: Double) {
    let (least, step) = (Double(narrowest), Double.expMinusOne(c))
    var (each, sum) = ([Double](), 0.0)
    for (width, variance) in zip(widths, upperVariances) {
      let factor = width == narrowest ? c : Double.log(onePlus: least / Double(width) * step)
      each.append(.log(variance) + factor)
      sum += each.last!
    }
    return (each, sum)
  }

  /// ln s alone, where 1 − B/N_min = e^c.
  func logScale(at c: Double) -> Double {
    let (least, step) = (Double(narrowest), Double.expMinusOne(c))
    var sum = 0.0
    for (width, variance) in zip(widths, upperVariances) {
      sum += .log(variance)
      sum += width == narrowest ? c : Double.log(onePlus: least / Double(width) * step)
    }
    return sum
  }

  /// Σ (N_l/2)(q_l/σ_{l+1}² − 1 − ln(q_l/σ_{l+1}²)): minus the log prior of q, O(ln N) aside.
  func priorAction(at c: Double) -> Double {
    let (least, step) = (Double(narrowest), Double.expMinusOne(c))
    var sum = 0.0
    for width in widths {
      let excess = least / Double(width) * step
      let factor = width == narrowest ? c : Double.log(onePlus: excess)
      sum += Double(width) / 2 * (excess - factor)
    }
    return sum
  }
}
