import PoiseModel
import PoiseNumerics
import Testing

@testable import PoiseNetworks

/// Weights and biases of stable law in finite networks.
@Suite struct StableWeightsTests {
  static let seed: UInt64 = 977

  static func network(
    _ weights: WeightLaw, biases: BiasLaw = .none, inputs: Int = 120, widths: [Int] = [80, 250]
  ) throws -> LayerSampler {
    LayerSampler(
      ensemble: try NetworkEnsemble(activation: .tanh, weights: weights, biases: biases),
      architecture: try Architecture(inputs: inputs, widths: widths), seed: seed, index: 3)
  }

  static func weights(_ sample: LayerSampler, _ layer: Int) -> [Double] {
    let shape = sample.architecture.shape(ofLayer: layer)
    return [Double](unsafeUninitializedCapacity: shape.rows * shape.columns) { buffer, count in
      sample.fillWeights(layer, buffer.baseAddress!)
      count = buffer.count
    }
  }

  /// α = 2 is the Gaussian law, number for number; biases too.
  @Test func twoIsGaussian() throws {
    let stable = try Self.network(
      .stable(alpha: 2, scale: 1.25), biases: .stable(alpha: 2, scale: 0.5))
    let gaussian = try Self.network(
      .gaussian(variance: 1.5625), biases: .gaussian(variance: 0.25))
    for layer in 0..<2 {
      #expect(Self.weights(stable, layer) == Self.weights(gaussian, layer))
      var (a, b) = ([Double](repeating: 0, count: 250), [Double](repeating: 0, count: 250))
      a.withUnsafeMutableBufferPointer { stable.fillBiases(layer, $0.baseAddress!) }
      b.withUnsafeMutableBufferPointer { gaussian.fillBiases(layer, $0.baseAddress!) }
      #expect(a == b)
    }
  }

  /// Entries follow their law: √n times the Kolmogorov-Smirnov distance, above 2.7 with
  /// probability 1e-6.
  @Test(arguments: [WeightLaw.Fan.in, .geometric]) func entries(fan: WeightLaw.Fan) throws {
    let sample = try Self.network(.stable(alpha: 1.4, scale: 1.5, fan: fan))
    for layer in 0..<2 {
      let shape = sample.architecture.shape(ofLayer: layer)
      let columns = Double(shape.columns)
      let units = fan == .in ? columns : (columns * Double(shape.rows)).squareRoot()
      // exp(−|1.5 t|^1.4/(2n)): the S1 scale is 1.5 (2n)^(−1/1.4).
      let law = try StableLaw(alpha: 1.4, scale: 1.5 / power(2 * units, 1 / 1.4))
      let sorted = Self.weights(sample, layer).sorted()
      let n = Double(sorted.count)
      let worst = zip(law.cdf(sorted), 1...).map { abs($0 - Double($1) / n) }.max()!
      #expect(worst * n.squareRoot() < 2.7, "seed \(Self.seed)")
    }
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    VectorMath.exp([VectorMath.log([base])[0] * exponent])[0]
  }

  /// A Float network is the rounded Double network, finite even where Float cannot follow.
  @Test(arguments: [1.5, 0.2]) func singlePrecision(alpha: Double) throws {
    let sample = try Self.network(
      .stable(alpha: alpha, scale: 1), biases: .stable(alpha: alpha, scale: 1))
    let double = Self.weights(sample, 0)
    var single = [Float](repeating: 0, count: double.count)
    single.withUnsafeMutableBufferPointer { sample.fillWeights(0, $0.baseAddress!) }
    let bound = Double(Float.greatestFiniteMagnitude)
    #expect(zip(double, single).allSatisfy { Float(max(-bound, min(bound, $0))) == $1 })
    #expect(single.allSatisfy { $0.isFinite })
  }
}
