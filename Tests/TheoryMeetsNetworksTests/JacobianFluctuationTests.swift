import Poise
import RealModule
import Testing

/// Var ln |J u|² over networks, predicted to order 1/width, against networks.
@Suite struct JacobianFluctuationTests {
  static let depth = 8
  static let width = 64

  struct Plan: Sendable, CustomTestStringConvertible {
    var ensemble: NetworkEnsemble
    var length: Double
    var testDescription: String { "\(ensemble.activation) \(ensemble.weights)" }
  }

  /// Critical ensembles at their own q, so that every layer has one length.
  static let plans: [Plan] = [
    (Activation.linear, 1.0), (.relu, 1), (.tanh, 0.5), (.hardTanh, 0.3), (.erf, 0.5),
  ].flatMap { activation, length in
    [WeightLaw.gaussian(variance: 1), .orthogonal(variance: 1)].compactMap { law in
      guard let point = EdgeOfChaos(activation).point(atLength: length),
        let ensemble = try? NetworkEnsemble(
          activation: activation, weights: law.with(variance: point.weightVariance),
          biases: .gaussian(variance: point.biasVariance))
      else { return nil }
      return Plan(ensemble: ensemble, length: length)
    }
  }

  @Test func noPlanIsMissing() { #expect(Self.plans.count == 10) }

  @Test(arguments: plans) func logVariance(plan: Plan) throws {
    let (depth, width, seed) = (Self.depth, Self.width, UInt64(31))
    let networks = plan.ensemble.weights.name == "orthogonal" ? 800 : 2000
    let layer = try JacobianFluctuations(of: plan.ensemble, atLength: plan.length)
    let predicted = JacobianFluctuations.logVariance(
      (0..<depth).map { _ in (layer: layer, width: width) })
    let measured = try EnsembleMeasurements.measure(
      plan.ensemble, architecture: Architecture(inputs: width, depth: depth, width: width),
      inputs: try input(plan, width), networks: networks, seed: seed, jobs: 1,
      options: MeasurementOptions(directionRows: 1))
    let logs = measured.logTangent(row: 0).map { $0[depth - 1] }
    let moments = RunningMoments(logs)
    let variance = try #require(moments.variance)
    if predicted < 1e-12 {
      // Linear and orthogonal: an isometry, exactly.
      #expect(variance < 1e-20, "seed \(seed): \(variance)")
      return
    }
    // The error of a variance from the fourth moment of the sample itself.
    let fourth = RunningMoments(logs.map { .pow($0 - moments.mean, 4) }).mean
    let error = ((fourth - variance * variance) / Double(networks)).squareRoot()
    // The next order in depth/width is not computed: 15 % of the prediction here.
    #expect(error < 0.08 * predicted, "too few networks to tell")
    #expect(
      abs(variance - predicted) < 5 * error + 0.15 * predicted,
      "seed \(seed): measured \(variance) ± \(error), predicted \(predicted)")
    // The mean is lower by half the variance, the sign of a logarithm of a fluctuating factor.
    let mean = Double(depth) * .log(layer.chi1) - predicted / 2
    let meanError = (variance / Double(networks)).squareRoot()
    #expect(
      abs(moments.mean - mean) < 5 * meanError + 0.15 * predicted,
      "seed \(seed): mean \(moments.mean) ± \(meanError), predicted \(mean)")
  }

  /// One row whose first preactivations have exactly the length wanted.
  private func input(_ plan: Plan, _ width: Int) throws -> Matrix<Double> {
    var inputs = try SyntheticInputs.gaussian(rows: 1, dimension: width, seed: 4).inputs
    let square = inputs.elements.reduce(0) { $0 + $1 * $1 } / Double(width)
    let wanted = (plan.length - plan.ensemble.biasVariance) / plan.ensemble.weightVariance
    for index in inputs.elements.indices {
      inputs.elements[index] *= (wanted / square).squareRoot()
    }
    return inputs
  }

  /// A linear Gaussian network without biases multiplies |h|²/N by an independent χ²_N/N in every
  /// layer: mean and variance of the logarithm are sums of digamma and trigamma functions.
  @Test(arguments: [16, 64]) func chiSquareLaw(width: Int) throws {
    let (depth, networks, seed) = (6, 4000, UInt64(41))
    let ensemble = try NetworkEnsemble(activation: .linear, weights: .gaussian(variance: 1))
    let inputs = try SyntheticInputs.gaussian(rows: 1, dimension: 8, seed: 5).inputs
    let start = Double.log(inputs.elements.reduce(0) { $0 + $1 * $1 } / 8)
    let measured = try EnsembleMeasurements.measure(
      ensemble, architecture: Architecture(inputs: 8, depth: depth, width: width),
      inputs: inputs, networks: networks, seed: seed, jobs: 1, options: MeasurementOptions())
    let half = Double(width) / 2
    for layer in 0..<depth {
      let moments = RunningMoments(measured.length.map { .log($0[layer]) - start })
      let layers = Double(layer + 1)
      let variance = layers * trigamma(half)
      let mean = layers * (digamma(half) - .log(half))
      let error = (variance / Double(networks)).squareRoot()
      #expect(abs(moments.mean - mean) < 5 * error, "seed \(seed) layer \(layer + 1)")
      let spread = try #require(moments.variance)
      #expect(
        abs(spread / variance - 1) < 5 * (3 / Double(networks)).squareRoot(),
        "seed \(seed) layer \(layer + 1): \(spread), \(variance)")
    }
  }

  /// ψ(x) by its recursion up to x + 20 and the asymptotic series there.
  private func digamma(_ x: Double) -> Double {
    let sum = (0..<20).reduce(0.0) { $0 - 1 / (x + Double($1)) }
    let y = x + 20
    return sum + .log(y) - 1 / (2 * y) - 1 / (12 * y * y) + 1 / (120 * y * y * y * y)
  }

  /// ψ′(x), likewise.
  private func trigamma(_ x: Double) -> Double {
    let sum = (0..<20).reduce(0.0) { $0 + 1 / ((x + Double($1)) * (x + Double($1))) }
    let y = x + 20
    return sum + 1 / y + 1 / (2 * y * y) + 1 / (6 * y * y * y)
  }
}
