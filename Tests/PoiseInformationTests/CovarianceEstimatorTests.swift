import Foundation
import PoiseInformation
import PoiseNumerics
import Testing

@Suite struct CovarianceEstimatorTests {
  /// Against the determinant of numpy's covariance, for more samples than units and for fewer.
  @Test(arguments: EstimatorReferences.all.logdet)
  func sampledLogDet(_ reference: EstimatorReferences.LogDet) throws {
    let y = EstimatorReferences.uniform(reference.count, reference.dimension, offset: 0)
    let found = try LogDetInformation(y, noiseVariance: reference.noise).sampled.nats
    #expect(abs(found - reference.value) < 1e-11 * abs(reference.value))
  }

  /// Gaussian layers of known spectrum with as many samples as 10, 2 or 0.8 times the units: the
  /// corrected value is right, the sampled one wrong by many standard errors.
  @Test(arguments: [(40, 400, 0.05), (40, 80, 0.2), (40, 32, 1.5)])
  func correctedLogDet(_ units: Int, _ samples: Int, _ noise: Double) throws {
    var (sampled, corrected, errors, truth) = (
      RunningMoments(), RunningMoments(), RunningMoments(), 0.0
    )
    for seed in 0..<30 {
      var layer = KnownSamples.normal(samples, units, seed: UInt64(seed))
      truth = 0
      for unit in 0..<units {
        let variance = 0.05 + 2 * Double(unit) / Double(units)
        truth += 0.5 * log(1 + variance / noise)
        for row in 0..<samples { layer[row, unit] *= variance.squareRoot() }
      }
      let found = try LogDetInformation(layer, noiseVariance: noise)
      sampled.add(found.sampled.nats)
      let value = try #require(found.corrected)
      corrected.add(value.nats)
      errors.add(value.standardError)
    }
    let error = corrected.standardError!
    #expect(abs(corrected.mean - truth) < 4 * error + 0.002 * truth, "\(corrected.mean) \(truth)")
    #expect(sampled.mean < truth - 10 * error)
    let ratio = errors.mean / corrected.variance!.squareRoot()
    #expect(ratio > 0.6 && ratio < 1.8, "\(ratio)")
  }

  /// Fewer samples than units and little noise: the law is not determined, and nothing is claimed.
  @Test func undetermined() throws {
    let layer = KnownSamples.normal(30, 100, seed: 1)
    let found = try LogDetInformation(layer, noiseVariance: 0.01)
    #expect(found.corrected == nil && found.sampled.nats > 0)
    #expect(throws: PoiseError.self) { try LogDetInformation(layer, noiseVariance: 0) }
  }

  @Test(arguments: [(1, 20), (3, 30), (8, 40)])
  func gaussianInformation(_ dimensions: Int, _ samples: Int) throws {
    var (estimates, errors, truth) = (RunningMoments(), RunningMoments(), 0.0)
    for seed in 0..<150 {
      let known = KnownSamples.correlated(samples, dimensions, 0.6, seed: UInt64(seed))
      let found = try GaussianInformation.estimate(known.x, known.y)
      estimates.add(found.nats)
      errors.add(found.standardError)
      truth = known.information
    }
    #expect(abs(estimates.mean - truth) < 4 * estimates.standardError!, "\(estimates.mean)")
    let ratio = errors.mean / estimates.variance!.squareRoot()
    #expect(ratio > 0.7 && ratio < 1.6, "\(ratio)")
  }

  @Test func refusals() throws {
    let (x, y, _) = KnownSamples.correlated(7, 3, 0.5, seed: 1)
    #expect(throws: PoiseError.self) { try GaussianInformation.estimate(x, y) }
    let big = KnownSamples.correlated(50, 2, 0.5, seed: 1)
    var dependent = big.x
    for row in 0..<50 { dependent[row, 1] = 2 * dependent[row, 0] }
    #expect {
      try GaussianInformation.estimate(dependent, big.y)
    } throws: { error in
      (error as? PoiseError)?.code == .noAnswer
    }
    // Information does not change with the unit of a column.
    var scaled = big.x
    for row in 0..<50 { scaled[row, 0] *= 1e9 }
    let plain = try GaussianInformation.estimate(big.x, big.y).nats
    #expect(abs((try GaussianInformation.estimate(scaled, big.y).nats) - plain) < 1e-9)
  }
}
