import PoiseModel
import RealModule

/// One layer with orthogonal weights: λ = σ_w² f, so its law is that of f = φ′(√q z)² moved along.
struct PushForward {
  let law: SlopeLaw
  let logScale: Double

  init(_ chain: LayerChain) {
    law = chain.groups[0].law
    logScale = chain.logScale
  }

  /// f p(x)/|df/dx| summed over the roots of f(x) = λ/σ_w².
  func logDensity(at logEigenvalue: Double) -> Double {
    let target = Double.exp(logEigenvalue - logScale)
    let (deviation, function) = (law.length.squareRoot(), law.activation.function)
    let norm = 1 / (deviation * (2 * Double.pi).squareRoot())
    return roots(target).reduce(0.0) { sum, x in
      let slope = abs(2 * function.derivative(x) * function.secondDerivative(x))
      let z = x / deviation
      return slope > 0 ? sum + target * norm * .exp(-z * z / 2) / slope : sum
    }
  }

  /// P(λ′ > λ).
  func survival(at logEigenvalue: Double) -> Double {
    let target = Double.exp(logEigenvalue - logScale)
    var mass = law.atoms.reduce(0.0) { $0 + ($1.value > target ? $1.mass : 0) }
    for (left, right) in law.panels {
      let ends = [left] + roots(target, in: (left, right)) + [right]
      for index in 1..<ends.count where law.value((ends[index - 1] + ends[index]) / 2) > target {
        mass += law.gaussianMass(from: ends[index - 1], to: ends[index])
      }
    }
    return mass
  }

  private func roots(_ target: Double) -> [Double] {
    law.panels.flatMap { roots(target, in: $0) }
  }

  /// Roots within a panel, which is cut into pieces on which f is monotone for all practical ends.
  private func roots(_ target: Double, in panel: (left: Double, right: Double)) -> [Double] {
    let pieces = 8
    let width = panel.right - panel.left
    let points = (0...pieces).map { index -> Double in
      // The very ends may be kinks, where φ′ is the mean of two slopes.
      let x = panel.left + width * Double(index) / Double(pieces)
      return min(max(x, panel.left + 1e-12 * width), panel.right - 1e-12 * width)
    }
    let values = points.map { law.value($0) - target }
    return (1...pieces).compactMap { index in
      guard (values[index - 1] < 0) != (values[index] < 0) else { return nil }
      var (a, b) = (points[index - 1], points[index])
      let rising = values[index] > 0
      for _ in 0..<100 {
        let middle = (a + b) / 2
        if middle == a || middle == b { break }
        if (law.value(middle) > target) == rising { b = middle } else { a = middle }
      }
      return (a + b) / 2
    }
  }
}
