import PoiseModel
import PoiseNumerics
import RealModule

/// Averages over a stable preactivation h = S Z, in v = ln |h|: Gauss-Legendre panels of width 1 that
/// break at the kinks of φ, on which φ is evaluated once for all S.
struct LogAxisRule: Sendable {
  let alpha: Double
  /// v = ln |h|.
  let nodes: [Double]
  let weights: [Double]
  /// ψ(v) = ½(|φ(h)|^α + |φ(−h)|^α) e^{−αv}.
  let length: [Double]
  /// ½ Σ± |φ|^α dln|φ|/dln h at ±h, times e^{−αv}.
  let lengthSlope: [Double]
  /// κ = ½(|φ′(h)|^α + |φ′(−h)|^α).
  let slope: [Double]
  /// φ(0), and c^α = ½ Σ± |φ′(0±)|^α.
  let origin: Double
  let slopeAtOrigin: Double

  /// Below e^start, φ(h) = φ(0) + φ′(0) h to rounding.
  static let start = -37.0

  init(_ activation: Activation, alpha: Double) {
    let function = activation.function
    self.alpha = alpha
    let end = 40 / alpha + 20
    let kinks = function.kinks.filter { $0 != 0 }.map { Double.log(abs($0)) }
    var corners = Set(stride(from: Self.start, to: end + 1, by: 1))
    for kink in kinks where kink > Self.start && kink < end { corners.insert(kink) }
    let ends = corners.sorted()
    var (nodes, weights) = ([Double](), [Double]())
    for (a, b) in zip(ends, ends.dropFirst()) {
      let (half, middle) = ((b - a) / 2, (a + b) / 2)
      nodes += GaussLegendre.sixteen.nodes.map { middle + half * $0 }
      weights += GaussLegendre.sixteen.weights.map { half * $0 }
    }
    self.nodes = nodes
    self.weights = weights
    var (length, lengthSlope, slope) = ([Double](), [Double](), [Double]())
    for v in nodes {
      let h = Double.exp(v)
      let scale = Double.exp(-alpha * v)
      var (value, growth, kappa) = (0.0, 0.0, 0.0)
      for x in [h, -h] {
        let (phi, derivative) = (function.value(x), function.derivative(x))
        let power = phi == 0 ? 0 : Double.pow(abs(phi), alpha)
        value += power / 2
        // |φ|^α dln|φ|/dln h; at φ = 0 both vanish.
        if phi != 0 { growth += power * x * derivative / phi / 2 }
        kappa += derivative == 0 ? 0 : Double.pow(abs(derivative), alpha) / 2
      }
      length.append(value * scale)
      lengthSlope.append(growth * scale)
      slope.append(kappa)
    }
    self.length = length
    self.lengthSlope = lengthSlope
    self.slope = slope
    origin = Double.pow(abs(function.value(0)), alpha)
    let small = Double.leastNormalMagnitude
    slopeAtOrigin = [small, -small].reduce(0) {
      $0 + .pow(abs(function.derivative($1)), alpha) / 2
    }
  }

  /// S^{−α} E F(|h|) for a function given by ψ = F e^{−αv} at the nodes, F = `below` e^{αv} under them.
  func scaledAverage(
    _ values: [Double], below: Double, logScale: Double, _ density: LogStableDensity
  ) -> Double {
    var sum = below * density.weightedIntegral(to: Self.start - logScale)
    for index in nodes.indices {
      sum += weights[index] * density(nodes[index] - logScale) * values[index]
    }
    return sum
  }

  /// E F(|h|) for a function given by its values at the nodes, F = `below` under them.
  func average(
    _ values: [Double], below: Double, logScale: Double, _ density: LogStableDensity
  ) -> Double {
    var sum = below * density.mass(to: Self.start - logScale)
    for index in nodes.indices {
      let u = nodes[index] - logScale
      sum += weights[index] * density(u) * .exp(-alpha * u) * values[index]
    }
    return sum
  }
}
