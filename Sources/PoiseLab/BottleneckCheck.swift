import PoiseInformation
import PoiseModel
public import PoiseNumerics
import RealModule

/// Theory of the information plane against the networks that are placed in it.
extension BottleneckSurvey {
  /// Fewest networks of a check.
  static let fewestNetworks = 8
  /// Noisy passes for every unit of a layer.
  static let passesPerUnit = 60

  /// A Gaussian target: what linear readers find of x and Y, the log-determinant, and the variance of a
  /// unit, per neuron. Networks of this width and of half of it are extrapolated, each against a theory
  /// of its own target.
  ///
  /// - Throws: `outOfRange` for an odd width, one below 16, or fewer than 8 networks; as `run`.
  public func check(targets: Int?, targetNoise: Double) throws(PoiseError) -> CheckResult {
    guard width % 2 == 0, width >= 16 else {
      throw PoiseError(
        .outOfRange, quantity: "--width of a check", value: "\(width)", allowed: "even, 16 to 512",
        suggestion: "40: networks of half the width are built too")
    }
    try checkNetworks()
    var (broad, narrow) = (self, self)
    // The spread over networks is what errors come from: few passes do.
    broad.passes = Self.passesPerUnit * width
    narrow.width = width / 2
    narrow.passes = Self.passesPerUnit * narrow.width
    // Other streams than those of the wide networks.
    narrow.seed = seed &+ 0x9E37_79B9
    let whole = try broad.measured(targets: targets, targetNoise: targetNoise)
    let half = try narrow.measured(
      targets: targets.map { max(1, $0 / 2) }, targetNoise: targetNoise)
    var all = [
      CheckResult.Series("overInputs", "variance of a unit over inputs"),
      CheckResult.Series("linearX", "I(T; x) of a linear reader, nats per neuron"),
      CheckResult.Series("linearY", "I(T; Y) of a linear reader, nats per neuron"),
    ]
    if ensemble.activation != .linear {
      all.append(CheckResult.Series("logDetX", "½ ln det C/s, nats per neuron"))
    }
    for place in all.indices {
      for layer in 0..<depth {
        let (wide, other) = (whole[place][layer], half[place][layer])
        let offset = wide.theory - other.theory
        all[place].append(
          extrapolating: wide.values, other.values.map { $0 + offset }, theory: wide.theory)
      }
    }
    return try InformationCheck.verdict(
      all, of: 1, "linear information", networks: networks, width: width,
      rows: broad.passes, seed: seed)
  }

  /// Values of the networks and of theory (quantity × layer).
  private func measured(
    targets: Int?, targetNoise: Double
  ) throws(PoiseError) -> [[(values: [Double], theory: Double)]] {
    let (question, readings) = try gaussianReadings(targets: targets, targetNoise: targetNoise)
    // Directions of which Y tells nothing keep their variance.
    var left = question.bottleneck.eigenvalues
    left += [Double](repeating: 1, count: max(0, width - left.count))
    let channel = try NetworkChannel(
      ensemble, inputs: .gaussian(),
      noise: noise == .output
        ? .output(variance: noiseVariance) : .everyLayer(variance: noiseVariance))
    let plane = try channel.plane(
      toLayer: depth, eigenvalues: targets == nil ? [left[0]] : left)
    let size = Double(width)
    return [
      try (0..<depth).map { layer throws(PoiseError) in
        let c = try channel.variances(toLayer: layer + 1)[layer].overInputs - noiseVariance
        return (readings.map { $0[layer].variance }, c)
      },
      (0..<depth).map { l in (readings.map { $0[l].x.lower / size }, plane[l].linearX) },
      (0..<depth).map { l in (readings.map { $0[l].y.lower / size }, plane[l].linearY) },
      (0..<depth).map { l in (readings.map { $0[l].x.upper / size }, plane[l].logDetX) },
    ]
  }

  private func checkNetworks() throws(PoiseError) {
    guard networks >= Self.fewestNetworks else {
      throw PoiseError(
        .outOfRange, quantity: "--networks of a check", value: "\(networks)",
        allowed: "at least \(Self.fewestNetworks)",
        suggestion: "40: a verdict needs the spread over networks")
    }
  }

  /// Labels of given data: pairwise bounds of the kernel at this width, and the variance of a unit.
  ///
  /// Distances in a network of n units fluctuate by √(2l/n) at layer l, which moves an average of
  /// e^{−D/8s} from its value at the mean distance to (1 + lD/4sn)^{−n/2l}: that much is allowed for.
  /// - Throws: `outOfRange` for fewer than 8 networks; as `run`.
  public func check(_ data: PreparedData) throws(PoiseError) -> CheckResult {
    try checkNetworks()
    let (labels, readings) = try labelReadings(data)
    let theory = try CorrectedMeanField(ensemble, inputs: data.inputs, depth: depth, jobs: jobs)
    var series = [
      CheckResult.Series("overInputs", "variance of a unit over inputs"),
      CheckResult.Series("pairwiseLower", "lower bound of I(T; x), nats"),
      CheckResult.Series("pairwiseUpper", "upper bound of I(T; x), nats"),
      CheckResult.Series("labelsLower", "lower bound of I(T; Y), nats"),
      CheckResult.Series("labelsUpper", "upper bound of I(T; Y), nats"),
    ]
    for layer in 1...depth {
      let kernel = try InputKernel(ensemble, inputs: data.inputs, layer: layer, jobs: jobs).matrix
      let x = try PairwiseBounds(
        kernel: kernel, width: width, noiseVariance: noiseVariance, jobs: jobs)
      let y = try LabelInformation(
        kernel: kernel, width: width, labels: labels, noiseVariance: noiseVariance, jobs: jobs)
      let blurred = Self.blurred(kernel, layer: layer, width: width, noiseVariance: noiseVariance)
      let (low, high) = (abs(blurred.lower - x.lower.nats), abs(blurred.upper - x.upper.nats))
      let c = theory.layers[layer - 1].withinUnitVariance
      let all = readings.map { $0[layer - 1] }
      let rows: [([Double], Double, Double)] = [
        (all.map(\.variance), c, 2 * Double(layer) / Double(width) * c),
        (all.map(\.x.lower), x.lower.nats, low), (all.map(\.x.upper), x.upper.nats, high),
        (all.map(\.y.lower), y.lower, low + high), (all.map(\.y.upper), y.upper, low + high),
      ]
      for (place, row) in rows.enumerated() {
        let moments = RunningMoments(row.0)
        series[place].append(
          moments.mean, moments.standardError ?? 0, theory: row.1,
          allowance: row.2 + 1e-9 * abs(row.1))
      }
    }
    return try InformationCheck.verdict(
      series, of: 0, "variance over inputs", networks: networks, width: width,
      rows: data.inputs.rows, seed: seed)
  }

  /// Pairwise bounds with the averages over distances that fluctuate like χ² of n/l degrees.
  static func blurred(
    _ kernel: Matrix<Double>, layer: Int, width: Int, noiseVariance: Double
  ) -> (lower: Double, upper: Double) {
    let (count, freedom) = (kernel.rows, Double(width) / Double(layer))
    func bound(_ scale: Double) -> Double {
      var sum = 0.0
      for a in 0..<count {
        var mean = 0.0
        for b in 0..<count {
          let distance = max(0, kernel[a, a] + kernel[b, b] - 2 * kernel[a, b]) * Double(width)
          mean += .exp(-freedom / 2 * .log(onePlus: 2 * distance / (scale * freedom)))
        }
        sum -= .log(mean / Double(count))
      }
      return sum / Double(count)
    }
    return (bound(8 * noiseVariance), bound(2 * noiseVariance))
  }
}
