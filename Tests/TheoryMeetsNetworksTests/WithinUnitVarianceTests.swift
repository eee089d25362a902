import Foundation
import Poise
import Testing

/// Variance of single units over inputs at fixed weights: corrected mean field against classic mean
/// field against networks of width 1000.
struct VarianceCase: Sendable, CustomTestStringConvertible {
  enum Inputs: String, Sendable {
    case digits, standardizedDigits, shifted, binary, sparse, cluster, gaussian
  }

  let activation: Activation
  let weightVariance, biasVariance: Double
  let inputs: Inputs
  /// Least classic/measured variance at layers 1, 2 and 5.
  let factors: [Double]

  var testDescription: String { "\(activation) \(weightVariance) \(biasVariance) \(inputs)" }

  static let all = [
    VarianceCase(
      activation: .tanh, weightVariance: 1.5, biasVariance: 0.1, inputs: .shifted,
      factors: [1.6, 1.7, 2.6]),
    VarianceCase(
      activation: .tanh, weightVariance: 3, biasVariance: 0.1, inputs: .binary,
      factors: [1.5, 1.55, 1.6]),
    VarianceCase(
      activation: .tanh, weightVariance: 3, biasVariance: 0.1, inputs: .sparse,
      factors: [1.1, 1.15, 1.3]),
    VarianceCase(
      activation: .relu, weightVariance: 2, biasVariance: 0, inputs: .gaussian,
      factors: [0.97, 1.4, 2.7]),
    VarianceCase(
      activation: .relu, weightVariance: 2, biasVariance: 0, inputs: .cluster,
      factors: [3.1, 3.7, 5]),
    VarianceCase(
      activation: .erfUnitSlope, weightVariance: 1.2, biasVariance: 0.05, inputs: .binary,
      factors: [1.5, 1.7, 2.7]),
    VarianceCase(
      activation: .tanh, weightVariance: 1.5, biasVariance: 0.05, inputs: .digits,
      factors: [3, 2.8, 3.2]),
    VarianceCase(
      activation: .relu, weightVariance: 2, biasVariance: 0, inputs: .digits,
      factors: [3, 3.4, 4.8]),
    // Standardised features have overlap 0 on average: classic theory is right at the first layer.
    VarianceCase(
      activation: .tanh, weightVariance: 1.5, biasVariance: 0.05, inputs: .standardizedDigits,
      factors: [0.97, 1.08, 1.4]),
    VarianceCase(
      activation: .relu, weightVariance: 2, biasVariance: 0, inputs: .standardizedDigits,
      factors: [0.97, 1.37, 2.3]),
  ]

  /// (rows × 400) of the named law; the digits have 64 features.
  func matrix(rows: Int) throws -> Matrix<Double> {
    if inputs == .digits || inputs == .standardizedDigits {
      return try PreparedData(
        "digits", preparation: inputs == .digits ? .scale : .standardize, rows: rows, seed: 1
      ).inputs
    }
    let features = 400
    var stream = RandomStream(seed: 9, item: 1, purpose: .init(kind: 202, index: 0))
    let common = (0..<features).map { _ in stream.normal() }
    var result = Matrix<Double>(rows: rows, columns: features)
    for row in 0..<rows {
      for k in 0..<features {
        switch inputs {
        case .shifted: result[row, k] = 0.6 + 0.8 * stream.normal()
        case .binary: result[row, k] = stream.uniform() < 0.3 ? 1 : 0
        case .sparse: result[row, k] = stream.uniform() < 0.1 ? -1.5 * log(stream.uniform()) : 0
        case .cluster:
          result[row, k] = 0.7.squareRoot() * common[k] + 0.3.squareRoot() * stream.normal()
        case .gaussian, .digits, .standardizedDigits: result[row, k] = stream.normal()
        }
      }
    }
    return result
  }

  /// Compares layers 1, 2 and 5.
  func check(rows: Int, networks: Int, width: Int) throws {
    let ensemble = try NetworkEnsemble(
      activation: activation, weights: .gaussian(variance: weightVariance),
      biases: .gaussian(variance: biasVariance))
    let inputs = try matrix(rows: rows)
    let theory = try CorrectedMeanField(
      ensemble, inputs: inputs, depth: 5, jobs: availableJobs
    ).layers
    let moments = try InputMoments(inputs)
    let short = try CorrectedMeanField(
      ensemble, meanSquare: moments.meanSquare, overlap: moments.overlap, depth: 5
    ).layers
    let measured = try measure(ensemble, inputs, networks, width)
    for (factor, layer) in zip(factors, [0, 1, 4]) {
      let (mean, error) = (measured[layer].mean, measured[layer].standardError!)
      let (corrected, classic) = (theory[layer].withinUnitVariance, theory[layer].classicVariance)
      let line =
        "layer \(layer + 1): measured \(mean) ± \(error), corrected \(corrected),"
        + " by moments \(short[layer].withinUnitVariance), classic \(classic)"
      // Beside the sampling error, a shift of order depth/width of a few units.
      let allowance = 4 * Double(layer + 1) / Double(width) * corrected
      #expect(error < 0.06 * corrected, "too few networks: \(line)")
      #expect(abs(mean - corrected) < 5 * error + allowance, "\(line)")
      #expect(classic / mean > factor, "\(line)")
      if factor > 1 { #expect(classic - mean > 6 * error + allowance, "\(line)") }
      // Two numbers suffice where norms concentrate: here to some percent.
      let spread = moments.normSpread * moments.normSpread
      #expect(
        abs(short[layer].withinUnitVariance - corrected) < (0.02 + spread) * corrected, "\(line)")
      if ProcessInfo.processInfo.environment["POISE_VALIDATE"] == "1" { print(self, line) }
    }
  }

  /// Unbiased variance over inputs, averaged over units, of each network (layer).
  private func measure(
    _ ensemble: NetworkEnsemble, _ inputs: Matrix<Double>, _ networks: Int, _ width: Int
  ) throws -> [RunningMoments] {
    let architecture = try Architecture(inputs: inputs.columns, depth: 5, width: width)
    let all = try parallelMap(count: networks, jobs: availableJobs) {
      (index: Int) throws(PoiseError) -> [Double] in
      let network = FiniteNetwork<Double>(
        sampling: ensemble, architecture: architecture, seed: 31, index: UInt64(index))
      return try network.preactivations(inputs).map { layer in
        var total = 0.0
        for unit in 0..<layer.columns {
          total += RunningMoments((0..<layer.rows).lazy.map { layer[$0, unit] }).variance!
        }
        return total / Double(layer.columns)
      }
    }
    return (0..<5).map { layer in RunningMoments(all.map { $0[layer] }) }
  }
}

@Suite struct WithinUnitVarianceTests {
  @Test(arguments: VarianceCase.all)
  func correctedAgreesAndClassicIsOff(_ test: VarianceCase) throws {
    try test.check(rows: 200, networks: 8, width: 1000)
  }
}

/// The same with more inputs and networks; prints the table.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["POISE_VALIDATE"] == "1", "set POISE_VALIDATE=1"),
  .serialized)
struct WithinUnitVarianceValidation {
  @Test(arguments: VarianceCase.all)
  func correctedAgreesAndClassicIsOff(_ test: VarianceCase) throws {
    try test.check(rows: 500, networks: 20, width: 1000)
  }
}
