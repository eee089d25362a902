import Foundation
import PoiseInformation
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import Testing

@Suite struct CorrectedMeanFieldTests {
  static func ensemble(_ activation: Activation, _ w: Double, _ b: Double) throws
    -> NetworkEnsemble
  {
    try NetworkEnsemble(
      activation: activation, weights: .gaussian(variance: w), biases: .gaussian(variance: b))
  }

  /// q and r pair average by pair average, for every activation.
  @Test(arguments: Activation.catalogue, [0, 0.3])
  func recursion(_ activation: Activation, _ noise: Double) throws {
    let ensemble = try Self.ensemble(activation, 1.3, 0.1)
    let theory = try CorrectedMeanField(
      ensemble, meanSquare: 0.9, overlap: 0.4, noiseVariance: noise, depth: 4)
    var (q, r) = (1.3 * 0.9 + 0.1 + noise, 1.3 * 0.4 + 0.1)
    for layer in theory.layers {
      #expect(abs(layer.length - q) < 1e-11 * q && abs(layer.overlap - r) < 1e-9 * q)
      #expect(abs(layer.withinUnitVariance - (q - r)) < 1e-9 * q)
      #expect(layer.classicVariance == layer.length && layer.excessKurtosis == 0)
      let pair = activation.pairMoments(GaussianPair(lengthA: q, lengthB: q, gap: 1 - r / q))
      r = 1.3 * pair.value + 0.1
      q = 1.3 * activation.moments(length: q).valueSquared + 0.1 + noise
    }
  }

  /// Deep in the ordered phase c falls by χ₁ per layer long after q − r would have been rounding.
  @Test func smallVariancesKeepTheirDigits() throws {
    let ensemble = try Self.ensemble(.tanh, 0.8, 0.3)
    let layers = try CorrectedMeanField(ensemble, meanSquare: 1, overlap: 0.5, depth: 120).layers
    let point = try MeanField(of: ensemble).fixedPoint()
    let ratio = layers[119].withinUnitVariance / layers[118].withinUnitVariance
    #expect(layers[119].withinUnitVariance < 1e-20)
    #expect(abs(ratio - point.chi1) < 1e-9)
  }

  /// Orthogonal inputs of an odd φ without biases: c = q, and the classic theory is right.
  @Test func classicLimit() throws {
    let ensemble = try Self.ensemble(.tanh, 1.5, 0)
    for layer in try CorrectedMeanField(ensemble, meanSquare: 1, overlap: 0, depth: 5).layers {
      #expect(abs(layer.classicFactor - 1) < 1e-12)
    }
    // Equal inputs: nothing varies.
    for layer in try CorrectedMeanField(ensemble, meanSquare: 1, overlap: 1, depth: 5).layers {
      #expect(layer.withinUnitVariance == 0)
    }
  }

  /// Inputs of one norm and one overlap: both roads agree, and the kernel with them.
  @Test(arguments: [Activation.tanh, .relu, .erf])
  func kernelAgreesWithMoments(_ activation: Activation) throws {
    var inputs = Matrix<Double>(rows: 6, columns: 7, repeating: 0)
    for row in 0..<6 {
      inputs[row, row] = 2
      inputs[row, 6] = 1.5
    }
    let moments = try InputMoments(inputs)
    #expect(abs(moments.meanSquare - 6.25 / 7) < 1e-14 && abs(moments.overlap - 2.25 / 7) < 1e-14)
    #expect(moments.normSpread < 1e-14)
    let ensemble = try Self.ensemble(activation, 1.4, 0.05)
    let short = try CorrectedMeanField(
      ensemble, meanSquare: moments.meanSquare, overlap: moments.overlap, depth: 4)
    let full = try CorrectedMeanField(ensemble, inputs: inputs, depth: 4)
    for (index, (a, b)) in zip(short.layers, full.layers).enumerated() {
      #expect(abs(a.withinUnitVariance - b.withinUnitVariance) < 1e-12)
      #expect(abs(a.length - b.length) < 1e-13 && b.excessKurtosis < 1e-12)
      let kernel = try InputKernel(ensemble, inputs: inputs, layer: index + 1)
      #expect(abs(kernel.withinUnitVariance - b.withinUnitVariance) < 1e-9)
    }
  }

  /// Two norms: excess kurtosis 3 Var/q², which persists for relu and dies for tanh.
  @Test func normDispersion() throws {
    var inputs = KnownSamples.normal(40, 30, seed: 1)
    for row in 0..<40 {
      for column in 0..<30 { inputs[row, column] *= row % 2 == 0 ? 1 : 1.6 }
    }
    let relu = try CorrectedMeanField(Self.ensemble(.relu, 2, 0), inputs: inputs, depth: 6).layers
    let tanh = try CorrectedMeanField(Self.ensemble(.tanh, 1.5, 0.1), inputs: inputs, depth: 6)
      .layers
    #expect(relu[0].excessKurtosis > 0.5)
    #expect(abs(relu[5].excessKurtosis - relu[0].excessKurtosis) < 1e-10)
    #expect(tanh[5].excessKurtosis < 0.1 * tanh[0].excessKurtosis)
  }

  /// The mixture of a unit: its variance is that of the kernel, its density that of its draws.
  @Test func unitMixture() throws {
    var inputs = KnownSamples.normal(60, 20, seed: 2)
    let labels = (0..<60).map { $0 % 3 }
    for row in 0..<60 {
      for column in 0..<20 where column % 3 == labels[row] { inputs[row, column] += 2 }
    }
    let ensemble = try Self.ensemble(.tanh, 2, 0.1)
    let kernel = try InputKernel(ensemble, inputs: inputs, layer: 3)
    let mixture = try UnitMixture(kernel, labels: labels)
    #expect(abs(mixture.shares.reduce(0, +) - 1) < 1e-14)
    // Both are variances over inputs; clusters of 20 make them differ by 1/20 of the within part.
    #expect(abs(mixture.variance - kernel.withinUnitVariance) < 0.06 * mixture.variance)
    var stream = RandomStream(seed: 1, item: 0, purpose: .init(rawValue: 5))
    var moments = RunningMoments()
    for _ in 0..<4000 {
      let means = try mixture.drawMeans(&stream)
      let average = zip(mixture.shares, means).reduce(0) { $0 + $1.0 * $1.1 }
      moments.add(
        zip(mixture.shares, zip(mixture.variances, means)).reduce(0) {
          $0 + $1.0 * ($1.1.0 + ($1.1.1 - average) * ($1.1.1 - average))
        })
    }
    #expect(abs(moments.mean - mixture.variance) < 4.5 * moments.standardError!)
    let means = try mixture.drawMeans(&stream)
    let total = (-3000...3000).reduce(0) {
      $0 + 0.01 * mixture.density(Double($1) / 100, means: means)
    }
    #expect(abs(total - 1) < 1e-9)
    #expect(throws: PoiseError.self) { try UnitMixture(kernel, labels: [1, 2]) }
  }

  /// Bounds from the kernel: ordered, monotone in the width, at most ln P.
  @Test func kernelBounds() throws {
    let inputs = KnownSamples.normal(50, 10, seed: 9)
    let ensemble = try Self.ensemble(.relu, 2, 0)
    var before = 0.0
    for width in [1, 4, 16, 400] {
      let bounds = try InputKernel(ensemble, inputs: inputs, layer: 3)
        .bounds(width: width, noiseVariance: 0.5)
      // Where both are ln P, rounding decides.
      #expect(bounds.lower <= bounds.upper + 1e-12 && bounds.upper <= log(50))
      #expect(bounds.lower >= before - 1e-12)
      before = bounds.lower
    }
    #expect(before > 0.99 * log(50))
  }

  @Test func refusals() throws {
    let ensemble = try Self.ensemble(.tanh, 1.5, 0)
    #expect(throws: PoiseError.self) {
      try CorrectedMeanField(ensemble, meanSquare: 1, overlap: 1.1, depth: 2)
    }
    #expect(throws: PoiseError.self) {
      try CorrectedMeanField(ensemble, meanSquare: .nan, overlap: 0, depth: 2)
    }
    #expect(throws: PoiseError.self) {
      try CorrectedMeanField(ensemble, meanSquare: 1, overlap: 0, depth: 0)
    }
    let one = Matrix<Double>(rows: 1, columns: 2, elements: [1, 2])
    #expect(throws: PoiseError.self) { try CorrectedMeanField(ensemble, inputs: one, depth: 2) }
    #expect(throws: PoiseError.self) { try InputMoments(one) }
    #expect(throws: PoiseError.self) { try InputKernel(ensemble, inputs: one, layer: 1) }
  }
}
