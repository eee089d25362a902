import PoiseModel
import PoiseNumerics
import RealModule

/// Sums over frozen means, with their weights.
struct ScalarChannelSums: Sendable {
  /// I(h; √r φ(h) + ξ | m).
  var information = 0.0
  /// E_m E Var(φ(h) | y, m).
  var outputError = 0.0
  /// tp − E_m E Var(h | y, m): by how much y narrows h.
  var narrowing = 0.0

  static func + (left: Self, right: Self) -> Self {
    Self(
      information: left.information + right.information,
      outputError: left.outputError + right.outputError,
      narrowing: left.narrowing + right.narrowing)
  }

  var halved: Self {
    Self(information: information / 2, outputError: outputError / 2, narrowing: narrowing / 2)
  }

  func isClose(to other: Self) -> Bool {
    abs(information - other.information) < 1e-6
      && abs(outputError - other.outputError) < 1e-5 * outputError
      && abs(narrowing - other.narrowing) < 1e-5 * narrowing
  }
}

/// The scalar channel of a hidden layer: h = m + √tp z is seen through y = √r φ(h) + ξ, with m known.
///
///     I = E_m [−∫ p ln p dy] − ½ ln 2πe,   p(y|m) = ∫ N(h; m, tp) N(y; √r φ(h), 1) dh
///
/// The density and the two posterior means are three products of one matrix N(h; m, tp) (means ×
/// nodes in h) with another N(y; √r φ(h), 1) (nodes in h × y), so that the exponentials number
/// m·h + h·y, not m·h·y. Nodes in h follow both factors: panels are a few √tp wide, and √r φ moves by
/// a few units over each. The step in y resolves mixtures of unit normals (`docs/theory/information.md`).
struct ScalarChannel: HiddenChannel {
  let activation: Activation
  let shape: FunctionShape

  /// Step in y: trapezoid sums over y then err by less than 1e-12.
  static let step = 0.29
  /// y-values handled together.
  private static let band = 48
  private static let reach = 8.6

  init(_ activation: Activation) {
    self.activation = activation
    shape = FunctionShape(activation)
  }

  /// - Parameters:
  ///   - spread: the variance of the frozen means m.
  ///   - prior: tp, the variance of h about m; above 0.
  ///   - gain: r ≥ 0.
  func values(spread: Double, prior: Double, gain: Double) -> HiddenChannelValues {
    let sums = sums(spread: spread, prior: prior, gain: gain)
    return HiddenChannelValues(
      information: sums.information, outputError: sums.outputError,
      narrowing: Narrowing(
        curvature: sums.narrowing / (prior * prior), remainder: 1 - sums.narrowing / prior))
  }

  private func sums(spread: Double, prior: Double, gain: Double) -> ScalarChannelSums {
    BLAS.useOneThread()
    let deviation = prior.squareRoot()
    let frozen = spread > 1e-15 * (spread + prior) ? spread : 0
    guard shape.kinks.isEmpty, frozen > 0 else {
      return sum(
        GaussianGrid(variance: frozen, shape: shape, smear: deviation, folds: shape.folds),
        deviation, gain)
    }
    // The average over m as a function of m has singularities that draw near for large gains. Halving
    // the step squares the error of the trapezoid rule: a change of 1e-6 leaves 1e-11 (measured).
    let first = min(frozen.squareRoot(), 0.4 * shape.strip)
    var total = ScalarChannelSums()
    for level in 0..<7 {
      let grid = GaussianGrid(
        deviation: frozen.squareRoot(), first: first, level: level, folds: shape.folds)
      let part = sum(grid, deviation, gain)
      if level == 0 {
        total = part
        continue
      }
      let before = total
      total = total.halved + part
      if total.isClose(to: before) { break }
    }
    return total
  }

  /// The average over the means of a grid.
  private func sum(
    _ means: GaussianGrid, _ deviation: Double, _ gain: Double
  ) -> ScalarChannelSums {
    var total = ScalarChannelSums()
    var start = 0
    while start < means.nodes.count {
      // Means within a few deviations share their nodes in h.
      var end = start + 1
      while end < means.nodes.count, means.nodes[end] - means.nodes[start] < 8 * deviation {
        end += 1
      }
      total =
        total
        + block(
          Array(means.nodes[start..<end]), Array(means.weights[start..<end]), deviation, gain)
      start = end
    }
    return total
  }

  /// Entropies and errors of neighbouring means.
  private func block(
    _ means: [Double], _ weights: [Double], _ deviation: Double, _ gain: Double
  ) -> ScalarChannelSums {
    let nodes = PreactivationNodes(
      self, from: means[0] - GaussianGrid.reach * deviation,
      to: means[means.count - 1] + GaussianGrid.reach * deviation, deviation: deviation,
      root: gain.squareRoot())
    var prior = PriorMatrix(means, nodes, deviation)
    var result = ScalarChannelSums()
    for index in means.indices { result.outputError += weights[index] * prior.power(index) }
    let (lowest, highest) = (nodes.signals.min()! - Self.reach, nodes.signals.max()! + Self.reach)
    let count = Int(((highest - lowest) / Self.step).rounded(.up)) + 1
    var first = 0
    while first < count {
      let size = min(Self.band, count - first)
      let bottom = lowest + Double(first) * Self.step
      let panels = nodes.panels(
        from: bottom - Self.reach, to: bottom + Double(size - 1) * Self.step + Self.reach)
      if !panels.isEmpty {
        prior.multiply(nodes, panels, from: bottom, step: Self.step, count: size)
        prior.accumulate(&result, weights, step: Self.step, count: size)
      }
      first += size
    }
    // The entropy of the bare noise.
    result.information -= 0.5 * (1 + .log(2 * .pi)) * weights.reduce(0, +)
    return result
  }
}

/// Gauss-Legendre nodes in h with the signals √r φ(h).
struct PreactivationNodes {
  var nodes: [Double] = []
  var weights: [Double] = []
  var values: [Double] = []
  var signals: [Double] = []
  /// Smallest and largest signal of every panel.
  private var ranges: [(low: Double, high: Double)] = []
  static let size = 16

  init(
    _ channel: ScalarChannel, from lower: Double, to upper: Double, deviation: Double, root: Double
  ) {
    let function = channel.activation.function
    let kinks = channel.shape.kinks.filter { $0 > lower && $0 < upper } + [upper]
    let widest = min(3.3 * deviation, 1.4 * channel.shape.strip)
    var edges = [lower]
    var left = lower
    var leftValue = function.value(lower)
    for kink in kinks {
      while left < kink {
        var width = min(widest, kink - left)
        // The rest of a piece is not left as a sliver.
        if kink - left < 1.5 * width { width = (kink - left) > widest ? (kink - left) / 2 : width }
        var right = left + width >= kink ? kink : left + width
        var rightValue = function.value(right)
        while root * Self.change(function, left, leftValue, right, rightValue) > 3.6 {
          right = left + (right - left) / 2
          rightValue = function.value(right)
        }
        edges.append(right)
        (left, leftValue) = (right, rightValue)
      }
    }
    fill(edges, function, root)
  }

  /// How far φ moves over a panel, by its ends and middle.
  private static func change(
    _ function: any ActivationFunction, _ left: Double, _ leftValue: Double, _ right: Double,
    _ rightValue: Double
  ) -> Double {
    let middle = function.value((left + right) / 2)
    return max(
      abs(rightValue - leftValue), 2 * abs(middle - leftValue) - 0.5 * abs(rightValue - leftValue),
      2 * abs(middle - rightValue) - 0.5 * abs(rightValue - leftValue))
  }

  private mutating func fill(_ edges: [Double], _ function: any ActivationFunction, _ root: Double)
  {
    let rule = GaussianGrid.rule
    for panel in 1..<edges.count {
      let (half, middle) = (
        (edges[panel] - edges[panel - 1]) / 2, (edges[panel] + edges[panel - 1]) / 2
      )
      for index in 0..<Self.size {
        nodes.append(middle + half * rule.nodes[index])
        weights.append(half * rule.weights[index])
      }
    }
    values = [Double](repeating: 0, count: nodes.count)
    function.evaluate(nodes, count: nodes.count, value: &values, derivative: nil)
    signals = values.map { root * $0 }
    ranges = stride(from: 0, to: nodes.count, by: Self.size).map {
      let part = signals[$0..<$0 + Self.size]
      return (part.min()!, part.max()!)
    }
  }

  /// The nodes, as whole panels, whose signals can lie between two values.
  func panels(from low: Double, to high: Double) -> Range<Int> {
    guard let first = ranges.firstIndex(where: { $0.high >= low && $0.low <= high }),
      let last = ranges.lastIndex(where: { $0.high >= low && $0.low <= high })
    else { return 0..<0 }
    return first * Self.size..<(last + 1) * Self.size
  }
}
