import PoiseNumerics
import RealModule

/// Nodes and weights for averages over a centred Gaussian of functions whose finest scale is known.
///
/// Functions that are analytic in a strip meet the trapezoid rule, which is exact there to
/// e^(−2π·strip/step); functions with kinks meet Gauss-Legendre panels, halved towards each kink
/// down to the scale over which it is smeared.
struct GaussianGrid {
  private(set) var nodes: [Double] = []
  private(set) var weights: [Double] = []

  /// How far out, in standard deviations: the rest weighs 2e-17.
  static let reach = 8.5
  /// Nodes of a panel.
  static let rule = GaussLegendre.sixteen

  /// - Parameters:
  ///   - variance: of the Gaussian; 0 is the single node 0.
  ///   - shape: what is known of the function.
  ///   - smear: the scale, at most 1, over which kinks are smoothed.
  ///   - folds: give only nodes ≥ 0, with doubled weights: for even functions.
  ///   - step: of the trapezoid rule, as a share of the strip.
  init(
    variance: Double, shape: FunctionShape, smear: Double = 1, folds: Bool = false,
    step: Double = 0.14
  ) {
    let deviation = max(0, variance).squareRoot()
    if deviation == 0 {
      (nodes, weights) = ([0], [1])
    } else if shape.kinks.isEmpty {
      addTrapezoid(
        deviation: deviation, step: min(0.5 * deviation, step * shape.strip), folds: folds,
        isRefinement: false)
    } else {
      let edges = Self.edges(
        from: folds ? 0 : -Self.reach * deviation, to: Self.reach * deviation,
        width: 3.5 * deviation, kinks: shape.kinks, smear: smear)
      addPanels(edges, deviation: deviation, folds: folds)
    }
  }

  /// The part of a trapezoid rule that a finer one adds: level 0 has the step `first`, level k adds
  /// the points half-way between those of all levels below.
  init(deviation: Double, first: Double, level: Int, folds: Bool) {
    addTrapezoid(
      deviation: deviation, step: first / Double(1 << level), folds: folds,
      isRefinement: level > 0)
  }

  private mutating func addTrapezoid(
    deviation: Double, step: Double, folds: Bool, isRefinement: Bool
  ) {
    let count = Int((Self.reach * deviation / step).rounded(.up))
    let norm = step / (deviation * (2 * Double.pi).squareRoot())
    for index in (folds ? 0 : -count)...count where !isRefinement || index % 2 != 0 {
      let z = Double(index) * step / deviation
      nodes.append(Double(index) * step)
      weights.append(norm * .exp(-z * z / 2) * (folds && index > 0 ? 2 : 1))
    }
  }

  private mutating func addPanels(_ edges: [Double], deviation: Double, folds: Bool) {
    let norm = (folds ? 2 : 1) / (deviation * (2 * Double.pi).squareRoot())
    for panel in 1..<edges.count {
      let (half, middle) = (
        (edges[panel] - edges[panel - 1]) / 2, (edges[panel] + edges[panel - 1]) / 2
      )
      for index in Self.rule.nodes.indices {
        let x = middle + half * Self.rule.nodes[index]
        let z = x / deviation
        nodes.append(x)
        weights.append(norm * half * Self.rule.weights[index] * .exp(-z * z / 2))
      }
    }
  }

  /// Panel edges, broken at kinks, at most `width` wide and halved towards kinks down to `smear`.
  private static func edges(
    from lower: Double, to upper: Double, width: Double, kinks: [Double], smear: Double
  ) -> [Double] {
    let steps = Int(((upper - lower) / width).rounded(.up))
    var edges = (0...steps).map { lower + (upper - lower) * Double($0) / Double(steps) }
    for kink in kinks {
      if kink > lower, kink < upper { edges.append(kink) }
      var distance = max(min(smear, 1), 1e-7 * width)
      while distance < width {
        for edge in [kink - distance, kink + distance] where edge > lower && edge < upper {
          edges.append(edge)
        }
        distance *= 2
      }
    }
    edges.sort()
    var unique = [edges[0]]
    for edge in edges where edge - unique[unique.count - 1] > 1e-12 * width { unique.append(edge) }
    return unique
  }
}
