import PoiseHeavyTails
public import PoiseModel
import PoiseNetworks
public import PoiseNumerics
import RealModule

/// Singular values of finite layers beside the law of `StableJacobianLaw`, in two ways.
///
/// - Slopes drawn independently of W: what the law states. The verdict is about this.
/// - The layer itself, fed with φ of independent preactivations at the fixed point: its slopes belong to its
///   own weights, and the largest singular values are smaller at α < 2.
public struct LayerSpectrumCheck: Sendable {
  /// φ.
  public var activation: Activation
  /// α of the stable weights.
  public var alpha: Double
  /// σ_w.
  public var scale: Double
  /// σ_b.
  public var biasScale: Double
  /// Units of the layer and of its input.
  public var rows: Int
  /// Units of its input, 16 to 4096.
  public var columns: Int
  /// Matrices of each kind.
  public var matrices: Int
  /// Seed of everything random.
  public var seed: UInt64
  /// Threads.
  public var jobs: Int

  /// - Throws: `outOfRange` for fewer than 3 matrices, a size outside 16 to 4096.
  public init(
    activation: Activation, alpha: Double, scale: Double, biasScale: Double = 0, rows: Int,
    columns: Int, matrices: Int, seed: UInt64 = 1, jobs: Int = 1
  ) throws(PoiseError) {
    guard (3...100_000).contains(matrices) else {
      throw PoiseError(
        .outOfRange, quantity: "networks", value: "\(matrices)", allowed: "3 to 100000")
    }
    if let width = [rows, columns].first(where: { !(16...4096).contains($0) }) {
      throw PoiseError(.outOfRange, quantity: "width", value: "\(width)", allowed: "16 to 4096")
    }
    self.activation = activation
    self.alpha = alpha
    self.scale = scale
    self.biasScale = biasScale
    (self.rows, self.columns) = (rows, columns)
    self.matrices = matrices
    self.seed = seed
    self.jobs = jobs
  }

  private var count: Int { min(rows, columns) }
  private var aspect: Double { Double(rows) / Double(columns) }
  private static let threshold = 4.0

  /// Draws the matrices and compares.
  ///
  /// - Parameter progress: called with the number of matrices done, of twice `matrices`.
  public func run(
    progress: (@Sendable (Int) -> Void)? = nil
  ) throws(PoiseError) -> LayerSpectrumResult.Check {
    let theory = try HeavyTailMeanField(
      activation: activation, alpha: alpha, scale: scale, biasScale: biasScale)
    let (law, logLength) = try LayerSpectrumSurvey.law(of: theory, aspect: aspect)
    let logScale = logLength.map { $0 / alpha } ?? LayerSpectrumSurvey.silent
    let bins = try Bins(law, values: count * matrices)
    let counter = Counter()
    let kinds = try parallelMap(count: 2 * matrices, jobs: jobs) {
      (index: Int) throws(PoiseError) in
      let values = try singularValues(
        index / 2, logScale: logScale, isIndependent: index % 2 == 0)
      progress?(counter.next())
      return bins.counts(values, of: count)
    }
    let independent = stride(from: 0, to: kinds.count, by: 2).map { kinds[$0] }
    let layer = stride(from: 1, to: kinds.count, by: 2).map { kinds[$0] }
    let networkTail = LayerSpectrumSurvey.networkTail(theory, aspect).value.map {
      $0 / (1 + alpha) * .exp(-(1 + alpha) * bins.logTail)
    }
    return judge(bins, independent, layer, networkTail)
  }

  /// Of D W at one network.
  private func singularValues(
    _ index: Int, logScale: Double, isIndependent: Bool
  ) throws(PoiseError) -> [Double] {
    let weights: WeightLaw = .stable(alpha: alpha, scale: scale)
    let biases: BiasLaw = biasScale == 0 ? .none : .stable(alpha: alpha, scale: biasScale)
    let network = FiniteNetwork<Double>(
      sampling: try NetworkEnsemble(activation: activation, weights: weights, biases: biases),
      architecture: try Architecture(inputs: columns, widths: [rows]), seed: seed,
      index: UInt64(index))
    let function = activation.function
    var stream = RandomStream(
      seed: seed, item: UInt64(index),
      purpose: RandomStream.Purpose(kind: 0xE5, index: isIndependent ? 0 : 1))
    let size = max(Double.exp(logScale), 1e-300)
    let law = try StableLaw(alpha: alpha, scale: size * .exp2(-1 / alpha))
    let slopes: [Double]
    if isIndependent {
      slopes = law.sample(count: rows, from: &stream).map { function.derivative($0) }
    } else {
      let input = law.sample(count: columns, from: &stream).map { function.value($0) }
      let layer = network.layers[0]
      let product = Matrix.product(
        layer.weights, Matrix(rows: columns, columns: 1, elements: input))
      slopes = product.elements.indices.map {
        function.derivative(product.elements[$0] + layer.biases[$0])
      }
    }
    return try NetworkJacobian(weights: [network.layers[0].weights], slopes: [slopes])
      .matrix().singularValues()
  }

  private func judge(
    _ bins: Bins, _ independent: [[Int]], _ layer: [[Int]], _ networkTail: Double?
  ) -> LayerSpectrumResult.Check {
    let total = Double(count * matrices)
    let (one, two) = (histogram(independent), histogram(layer))
    let z = bins.theory.indices.map { bin in
      let expected = total * bins.theory[bin]
      return (total * one.shares[bin] - expected) / max(expected, 1).squareRoot()
    }
    let (worst, square) = (z.map { abs($0) }.max() ?? 0, z.reduce(0) { $0 + $1 * $1 })
    let (tail, layerTail) = (bins.tail(independent, count), bins.tail(layer, count))
    let verdict: CheckResult.Verdict = worst < Self.threshold ? .agrees : .differs
    let kind = "\(matrices) matrices D W of \(rows) × \(columns)"
    return LayerSpectrumResult.Check(
      matrices: matrices, rows: rows, columns: columns, seed: seed, edges: bins.edges,
      theory: bins.theory, independent: one, layer: two, z: z, worstZ: worst,
      threshold: Self.threshold, chiSquare: square, logTail: bins.logTail,
      tailTheory: bins.tailShare, tailIndependent: tail, tailLayer: layerTail,
      tailLayerTheory: networkTail, verdict: verdict,
      statement: "The singular values of \(kind), D drawn independently of W, "
        + "\(verdict == .agrees ? "agree" : "differ") with the law: worst |z| "
        + "\(worst.significant(2)), chi-square \(square.significant(3)) over \(z.count) bins.",
      layerStatement: words(bins, layerTail, networkTail))
  }

  /// What a large weight does to its own unit.
  private func words(
    _ bins: Bins, _ measured: MeasuredValue, _ networkTail: Double?
  ) -> String {
    let (place, law) = (Double.exp(bins.logTail).significant(3), bins.tailShare.significant(2))
    let error = measured.standardError.map { " ± \($0.significant(1))" } ?? ""
    let share = "\(measured.value.significant(2))\(error)"
    guard alpha < 2 else {
      return
        "In the layers themselves the slopes depend on W; at alpha = 2 that is of order 1/width: "
        + "a share \(share) lies above s = \(place), by the law \(law)."
    }
    let other =
      networkTail.map { ", by their own tail B₂ s^(−2−α) \($0.significant(2))" } ?? ""
    return
      "In the layers themselves a large weight saturates its own unit: a share \(share) lies above "
      + "s = \(place), by the law \(law)\(other)."
  }

  private func histogram(_ counts: [[Int]]) -> LayerSpectrumResult.Histogram {
    var moments = [RunningMoments](
      repeating: RunningMoments(), count: counts.first.map { $0.count - 1 } ?? 0)
    for one in counts {
      for bin in moments.indices { moments[bin].add(Double(one[bin]) / Double(count)) }
    }
    return .init(
      shares: moments.map(\.mean), standardError: moments.map { $0.standardError ?? 0 })
  }
}

/// Bins in ln s of a check, and what the law puts into them.
private struct Bins {
  var edges: [Double]
  var theory: [Double]
  /// Where the power law has been reached within a tenth, and the share above.
  var logTail: Double
  var tailShare: Double

  /// - Parameter values: how many will be counted.
  init(_ law: StableJacobianLaw, values: Int) throws(PoiseError) {
    let profile = try law.profile(points: 240)
    let grid = profile.logSingularValues
    // From where a thousandth lies below to where ten values lie above.
    let rest = 1 - law.zeroMass
    let low = grid.indices.first { profile.survivals[$0] < rest * 0.999 } ?? 0
    let least = max(10 / Double(values), 1e-5)
    let high = grid.indices.last { profile.survivals[$0] > least } ?? grid.count - 1
    let kept = (0...18).map {
      grid[low] + Double($0) / 18 * (grid[max(high, low + 1)] - grid[low])
    }
    let inner = try law.shares(between: kept.map { .exp($0) })
    let top = Self.survival(kept[kept.count - 1], profile)
    theory = [max(0, 1 - inner.reduce(top, +))] + inner + [top]
    self.edges = [kept[0] - 40] + kept + [kept[kept.count - 1] + 40]
    let power = law.alpha
    let start =
      power < 2
      ? grid.indices.first { index in
        let local = profile.densities[index] * .exp(power * grid[index])
        return index > low && abs(local / law.tailConstant - 1) < 0.1
          && profile.survivals[index] < 0.2
      } ?? high : high
    logTail = grid[start]
    tailShare = profile.survivals[start]
  }

  private static func survival(_ place: Double, _ profile: StableJacobianLaw.Profile) -> Double {
    let grid = profile.logSingularValues
    let cell = min(grid.lastIndex { $0 <= place } ?? 0, grid.count - 2)
    let t = (place - grid[cell]) / (grid[cell + 1] - grid[cell])
    let (a, b) = (profile.survivals[cell], profile.survivals[cell + 1])
    return a + t * (b - a)
  }

  /// Counts by bin, and at the end that above the tail's place.
  func counts(_ values: [Double], of total: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: theory.count + 1)
    for value in values {
      let place = value > 0 ? Double.log(value) : -.infinity
      let bin = edges.lastIndex { $0 <= place } ?? 0
      counts[min(bin, theory.count - 1)] += 1
      if place > logTail { counts[theory.count] += 1 }
    }
    counts[0] += total - values.count
    return counts
  }

  func tail(_ counts: [[Int]], _ total: Int) -> MeasuredValue {
    var moments = RunningMoments()
    for one in counts { moments.add(Double(one[theory.count]) / Double(total)) }
    return MeasuredValue(moments)
  }
}
