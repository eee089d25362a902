import Foundation
import PoiseInformation
import PoiseModel
import PoiseNumerics
import Testing

@Suite struct PairwiseBoundsTests {
  /// Two inputs at distance a: the exact information of a binary channel lies between the bounds.
  @Test(arguments: [0.1, 0.7, 1.5, 3.0, 8.0])
  func twoPoints(distance: Double) throws {
    let centres = Matrix(rows: 2, columns: 1, elements: [0, distance])
    let bounds = try PairwiseBounds(centres: centres, noiseVariance: 1)
    // I = ln 2 − E ln(1 + e^{−a z − a²/2}), z ~ N(0, 1), by the trapezoid rule.
    var loss = 0.0
    for step in -1200...1200 {
      let z = Double(step) / 100
      let exponent = -distance * z - distance * distance / 2
      loss += 0.01 * exp(-z * z / 2) / (2 * .pi).squareRoot() * log1p(exp(exponent))
    }
    let exact = log(2) - loss
    #expect(bounds.lower.nats <= exact && exact <= bounds.upper.nats)
    #expect(bounds.upper.nats <= log(2))
    #expect(abs(bounds.lower.nats + log((1 + exp(-distance * distance / 8)) / 2)) < 1e-14)
  }

  /// By the definition, for any number of jobs, from centres and from their kernel.
  @Test func definition() throws {
    let centres = KnownSamples.normal(300, 5, seed: 2)
    let noise = 0.4
    let bounds = try PairwiseBounds(centres: centres, noiseVariance: noise, jobs: 2)
    var sums = [0.0, 0.0]
    for a in 0..<300 {
      var means = [0.0, 0.0]
      for b in 0..<300 {
        let d = (0..<5).reduce(0) { $0 + pow(centres[a, $1] - centres[b, $1], 2) }
        means[0] += exp(-d / (8 * noise)) / 300
        means[1] += exp(-d / (2 * noise)) / 300
      }
      for kind in 0..<2 { sums[kind] -= log(means[kind]) / 300 }
    }
    #expect(abs(bounds.lower.nats - sums[0]) < 1e-12 && abs(bounds.upper.nats - sums[1]) < 1e-12)
    #expect(bounds == (try PairwiseBounds(centres: centres, noiseVariance: noise, jobs: 1)))
    var kernel = centres.gram
    kernel.elements = kernel.elements.map { $0 / 5 }
    let other = try PairwiseBounds(kernel: kernel, width: 5, noiseVariance: noise)
    #expect(abs(other.lower.nats - bounds.lower.nats) < 1e-12)
  }

  /// The error bar says how far the bound of one draw of inputs is from that of another.
  @Test func errorBar() throws {
    var (values, errors) = (RunningMoments(), RunningMoments())
    for seed in 0..<60 {
      let centres = KnownSamples.normal(100, 2, seed: UInt64(seed))
      let upper = try PairwiseBounds(centres: centres, noiseVariance: 0.5).upper
      values.add(upper.nats)
      errors.add(upper.standardError)
    }
    let ratio = errors.mean / values.variance!.squareRoot()
    #expect(ratio > 0.7 && ratio < 1.5, "\(ratio)")
  }

  @Test func saturationIsSaid() throws {
    let centres = KnownSamples.normal(50, 20, seed: 1)
    let bounds = try PairwiseBounds(centres: centres, noiseVariance: 1e-4)
    #expect(abs(bounds.lower.nats - log(50)) < 1e-6 && bounds.lower.warnings.count == 1)
    #expect(throws: PoiseError.self) { try PairwiseBounds(centres: centres, noiseVariance: 0) }
    #expect(throws: PoiseError.self) { try PairwiseBounds(centres: centres, noiseVariance: .nan) }
  }

  /// Classes far apart: H(Y). Labels that have nothing to do with the layer: bounds around 0.
  @Test func labels() throws {
    var centres = KnownSamples.normal(120, 4, seed: 3)
    let labels = (0..<120).map { $0 % 3 }
    let mixed = try LabelInformation(centres: centres, labels: labels, noiseVariance: 0.5)
    #expect(mixed.lower == 0 && mixed.lowerRaw.nats < 0 && mixed.upperRaw.nats > 0)
    for row in 0..<120 { centres[row, 0] += 1000 * Double(labels[row]) }
    let apart = try LabelInformation(centres: centres, labels: labels, noiseVariance: 500)
    #expect(abs(apart.labelEntropy - log(3)) < 1e-12)
    #expect(apart.lower > 0.95 * log(3) && apart.upper <= log(3) + 1e-15, "\(apart)")
    #expect(apart.lower <= apart.upper + 1e-12, "\(apart)")
    #expect(throws: PoiseError.self) {
      try LabelInformation(centres: centres, labels: [1], noiseVariance: 1)
    }
  }

  /// Two noisy tanh units, against quadrature.
  @Test func nestedMonteCarlo() throws {
    let estimator = try NestedMonteCarlo(noiseVariance: 0.5, outer: 600, inner: 1500)
    @Sendable func centre(_ x: [Double], _ stream: inout RandomStream) -> [Double] {
      x.map { tanh($0 + 0.3 * stream.normal()) }
    }
    let found = try estimator.estimate(
      seed: 3, jobs: 2, input: { stream in [stream.normal(), stream.normal()] }, centre: centre)
    // Two units that do not meet: twice one scalar channel, by quadrature.
    let exact = 2 * EstimatorReferences.all.scalarChannel
    #expect(abs(found.nats - exact) < 4 * found.standardError)
    #expect(found.standardError < 0.06 * exact + 0.03 && found.warnings.isEmpty)
    let other = try estimator.estimate(
      seed: 3, jobs: 1, input: { stream in [stream.normal(), stream.normal()] }, centre: centre)
    #expect(other == found)
    #expect(throws: PoiseError.self) {
      try estimator.estimate(seed: 1, input: { _ in [0] }) { _, _ in
        [Double](repeating: 0, count: 17)
      }
    }
    #expect(throws: PoiseError.self) { try NestedMonteCarlo(noiseVariance: 0) }
    // Little noise: the densities rest on single passes, which is said.
    let poor = try NestedMonteCarlo(noiseVariance: 1e-8, outer: 20, inner: 200)
      .estimate(seed: 1, input: { stream in [stream.normal(), stream.normal()] }, centre: centre)
    #expect(!poor.warnings.isEmpty)
  }
}
