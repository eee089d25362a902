import PoiseModel
import PoiseNumerics
import RealModule

/// The law of κ = |φ′(h)|^α for h = S Z, as a finite rule: panels in v = ln |h| short enough for the phases
/// of κ^{iτ}.
struct SlopePowers: Sendable {
  /// ln κ at the nodes; nodes with κ = 0 are left out.
  let logarithms: [Double]
  /// Probabilities; with the nodes left out they sum to 1.
  let weights: [Double]
  /// P(κ = 0).
  let zeroMass: Double
  /// Smallest and largest ln κ.
  let smallest: Double
  let largest: Double

  /// Change of ln κ over a panel of 24 nodes, so that κ^{iτ} turns by at most 24 radians at the largest τ;
  /// at α = 2 there are no phases to resolve.
  private static func resolution(_ alpha: Double, _ decay: Double) -> Double {
    alpha == 2 ? 4 : 0.7 * decay
  }

  /// Least decay of the Mellin-Barnes integrand that has to be allowed for.
  let leastDecay: Double

  /// Towards small s the arguments of h and H stay near απ/4 in a square layer, where the integrand
  /// falls like e^{−πτ/2}; beside a gap in the law one of them tends to απ/2.
  private static func leastDecay(_ alpha: Double, floor: Double) -> Double {
    max(floor, min(0.5, 0.9 * (.pi / 2 - alpha * .pi / 4)))
  }

  /// κ = 1: a matrix of weights alone.
  init(alpha: Double) {
    leastDecay = Self.leastDecay(alpha, floor: 0.02)
    (logarithms, weights) = ([0], [1])
    (zeroMass, smallest, largest) = (0, 0, 0)
  }

  init(
    _ activation: Activation, density: LogStableDensity, logScale: Double, hasGap: Bool
  ) {
    let (function, alpha) = (activation.function, density.alpha)
    func logKappa(_ h: Double) -> Double { alpha * .log(abs(function.derivative(h))) }
    let isEven = [0.3, 1.1, 2.7].allSatisfy {
      abs(function.derivative($0)) == abs(function.derivative(-$0))
    }
    let signs = isEven ? [1.0] : [1, -1]
    let kinks = Set(function.kinks.filter { $0 != 0 }.map { Double.log(abs($0)) }).sorted()
    let decay = hasGap ? Self.leastDecay(alpha, floor: 0.03) : 0.5
    let resolution = Self.resolution(alpha, decay)
    let start = LogAxisRule.start
    let below = density.mass(to: start - logScale)
    var (logarithms, weights) = ([Double](), [Double]())
    var (zero, rest) = (0.0, 1 - below)
    for sign in signs {
      let value = logKappa(sign * .leastNormalMagnitude)
      if value.isFinite {
        logarithms.append(value)
        weights.append(below / Double(signs.count))
      } else {
        zero += below / Double(signs.count)
      }
    }
    var corner = start
    let end = max(logScale, 0) + 40 / alpha
    let rule = GaussLegendre.panel
    while corner < end, rest > 0 {
      // Break at kinks; halve until ln κ changes little.
      var next = min(corner + 1, end)
      if let kink = kinks.first(where: { $0 > corner + 1e-12 }) { next = min(next, kink) }
      let inside = { (v: Double) -> [Double] in
        signs.map { logKappa($0 * .exp(corner + (v - corner) * (1 - 1e-9))) }
      }
      let left = signs.map { logKappa($0 * .exp(corner + (next - corner) * 1e-9)) }
      while zip(left, inside(next)).contains(where: {
        $0.isFinite && $1.isFinite && abs($0 - $1) > resolution
      }), next - corner > 1e-6 {
        next = corner + (next - corner) / 2
      }
      let (half, middle) = ((next - corner) / 2, (next + corner) / 2)
      for index in rule.nodes.indices {
        let v = middle + half * rule.nodes[index]
        let u = v - logScale
        let mass = half * rule.weights[index] * density(u) * .exp(-alpha * u)
        rest -= mass
        for sign in signs {
          let value = logKappa(sign * .exp(v))
          // κ below e^{−90} adds nothing to E κ^{1/2}; its mass counts as zeros only where κ is 0.
          if value > -90 {
            logarithms.append(value)
            weights.append(mass / Double(signs.count))
          } else if value == -.infinity, function.derivative(sign * .exp(v)) == 0 {
            zero += mass / Double(signs.count)
          }
        }
      }
      corner = next
      let size = signs.map { logKappa($0 * .exp(corner)) }.max()!
      if size < -90, size.isFinite { break }
    }
    self.logarithms = logarithms
    self.weights = weights
    // Exact where a kink ends the slopes, as in hard_tanh; elsewhere underflow is no zero.
    let hasFlatPart = function.kinks.contains { function.derivative($0 * 1.5) == 0 }
    zeroMass = hasFlatPart ? zero : 0
    smallest = logarithms.min() ?? 0
    let isSingle = smallest > (logarithms.max() ?? 0) - 1
    leastDecay = isSingle ? Self.leastDecay(alpha, floor: 0.02) : decay
    largest = logarithms.max() ?? 0
  }

  /// E κ^p.
  func moment(_ power: Double) -> Double {
    var sum = 0.0
    for index in weights.indices { sum += weights[index] * .exp(power * logarithms[index]) }
    return sum
  }

  /// E κ^{p − i k h} for k = 0 … count − 1, by rotating each node by h ln κ.
  func oscillatingMoments(power: Double, step: Double, count: Int)
    -> [(real: Double, imaginary: Double)]
  {
    let blocks = (weights.count + 7) / 8
    var real = [SIMD8<Double>](repeating: .zero, count: blocks)
    var imaginary = real
    var (cosine, sine) = (real, real)
    for index in weights.indices {
      let (block, lane) = (index / 8, index % 8)
      real[block][lane] = weights[index] * .exp(power * logarithms[index])
      cosine[block][lane] = .cos(step * logarithms[index])
      sine[block][lane] = -.sin(step * logarithms[index])
    }
    var result: [(Double, Double)] = []
    result.reserveCapacity(count)
    for _ in 0..<count {
      var (sumReal, sumImaginary) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
      for block in 0..<blocks {
        let (a, b) = (real[block], imaginary[block])
        sumReal += a
        sumImaginary += b
        real[block] = a * cosine[block] - b * sine[block]
        imaginary[block] = a * sine[block] + b * cosine[block]
      }
      result.append((sumReal.sum(), sumImaginary.sum()))
    }
    return result
  }
}
