import PoiseHeavyTails
import PoiseModel
import PoiseNetworks
import PoiseNumerics
import RealModule

/// The upper end of the extended critical regime on finite networks: the scale at which the share of right
/// singular vectors of D W that are far from extended, D₂ < threshold · D₂(extended), falls under a fraction.
///
/// The same matrices serve at every scale. As weights grow the share first falls, since signals of larger scale
/// saturate the rows of the largest weights; the boundary is the first crossing above σ_c(N).
struct MultifractalBoundary {
  /// α and φ.
  let theory: HeavyTailMeanField
  let width: Int
  let seed: UInt64

  /// Of D₂ of a vector of independent Gaussian entries.
  static let threshold = 0.8
  static let fraction = 0.1
  static let networks = 4
  /// Layers before, in which a signal settles, and layers whose Jacobians are taken.
  static let settling = 12
  static let measured = 2
  /// Largest scale that is tried.
  static let largest = 4.0

  /// What a definition leaves open.
  static let settings =
    "right singular vectors of D W, D₂ below \(threshold) of extended, under a share of \(fraction); "
    + "\(networks) networks, \(measured) layers each; at most σ_w = \(Int(largest))"

  /// Mean over networks and its standard error of the share at σ_w.
  func share(scale: Double, jobs: Int) throws(PoiseError) -> (value: Double, error: Double) {
    let shares = try parallelMap(count: Self.networks, jobs: jobs) {
      (network: Int) throws(PoiseError) -> Double in try share(network: network, scale: scale)
    }
    let moments = RunningMoments(shares)
    return (moments.mean, moments.standardError ?? 0)
  }

  private func share(network: Int, scale: Double) throws(PoiseError) -> Double {
    let chain = try StableChain(
      theory.activation, alpha: theory.alpha, width: width,
      depth: Self.settling + Self.measured, seed: seed, item: UInt64(network))
    let limit = Self.threshold * MultifractalDimension.extended(order: 2, count: width)
    var signal = (0..<width).map { Double($0 % 2 == 0 ? 1 : -1) }
    var sum = 0.0
    for layer in 0..<Self.settling + Self.measured {
      var jacobian = chain.weights(layer)
      let h = chain.products(jacobian, [signal])[0].map { scale * $0 }
      signal = chain.activate(h)
      guard layer >= Self.settling else { continue }
      for row in 0..<width {
        let slope = theory.activation.function.derivative(h[row])
        for column in 0..<width { jacobian.elements[row * width + column] *= scale * slope }
      }
      sum += try SingularVectorDimensions(of: jacobian).share(below: limit)
    }
    return sum / Double(Self.measured)
  }

  /// The first crossing above σ_c(N): six steps up to the largest scale, then four halvings.
  func point(jobs: Int, progress: () -> Void) throws(PoiseError) -> StablePhaseResult.Point {
    let alpha = theory.alpha
    let start = try theory.deathScale(width: width).scale
    var (low, atLow) = (start, try share(scale: start, jobs: jobs))
    progress()
    guard atLow.value > Self.fraction else {
      return .init(
        alpha: alpha, scale: nil, error: nil, scaleCase: "under the share already at σ_c")
    }
    let step = Double.pow(Self.largest / start, 1.0 / 6)
    var (high, atHigh) = (low, atLow)
    while atHigh.value > Self.fraction {
      guard high * step < Self.largest * 1.0001 else {
        return .init(
          alpha: alpha, scale: nil, error: nil,
          scaleCase: "above the share up to σ_w = \(Int(Self.largest))", beyond: Self.largest)
      }
      (low, atLow) = (high, atHigh)
      high *= step
      atHigh = try share(scale: high, jobs: jobs)
      progress()
    }
    let slope = (atLow.value - atHigh.value) / .log(high / low)
    for _ in 0..<4 {
      let middle = (low * high).squareRoot()
      let found = try share(scale: middle, jobs: jobs)
      progress()
      if found.value > Self.fraction { low = middle } else { (high, atHigh) = (middle, found) }
    }
    let scale = (low * high).squareRoot()
    let error = scale * ((atHigh.error / slope) + .log(high / low) / 2)
    return .init(alpha: alpha, scale: scale, error: error)
  }
}
