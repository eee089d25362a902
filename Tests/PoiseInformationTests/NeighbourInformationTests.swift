import Foundation
import PoiseInformation
import PoiseNumerics
import Testing

@Suite struct NeighbourInformationTests {
  /// Against an exhaustive search by the definitions.
  @Test(arguments: EstimatorReferences.all.ksg)
  func definition(_ reference: EstimatorReferences.Neighbour) throws {
    let (x, y) = EstimatorReferences.samples(reference.count, reference.dimension)
    let variant = try #require(NeighbourInformation.Variant(rawValue: reference.variant))
    let found = try NeighbourInformation(variant, neighbours: reference.neighbours).estimate(x, y)
    #expect(abs(found.nats - reference.value) < 1e-11)
  }

  @Test func referencesExist() {
    #expect(EstimatorReferences.all.ksg.count == 8)
    #expect(EstimatorReferences.all.bottleneck.count == 12)
  }

  /// Gaussian pairs in the regime of trust: mean over 20 sets within 4 standard errors and 0.02, and
  /// an error bar between the true spread and 1.6 times it (the jackknife is conservative).
  @Test(arguments: NeighbourInformation.Variant.allCases, [(1, 0.8), (2, 0.6)])
  func gaussianPairs(_ variant: NeighbourInformation.Variant, _ cell: (Int, Double)) throws {
    let estimator = try NeighbourInformation(variant)
    var (estimates, errors, truth) = (RunningMoments(), RunningMoments(), 0.0)
    for seed in 0..<20 {
      let (x, y, information) = KnownSamples.correlated(400, cell.0, cell.1, seed: UInt64(seed))
      let found = try estimator.estimate(x, y, jobs: 2)
      estimates.add(found.nats)
      errors.add(found.standardError)
      truth = information
      #expect(found.warnings.isEmpty)
    }
    #expect(abs(estimates.mean - truth) < 4 * estimates.standardError! + 0.02)
    let ratio = errors.mean / estimates.variance!.squareRoot()
    // The spread of 20 is itself known to 16 %.
    #expect(ratio > 0.75 && ratio < 2.2, "\(ratio)")
  }

  /// Same bits for any number of jobs; invariant under rescaling of X by a power of two, exactly.
  @Test func sameBits() throws {
    let (x, y, _) = KnownSamples.correlated(1500, 3, 0.7, seed: 4)
    let estimator = try NeighbourInformation(.rectangles, neighbours: 4)
    let one = try estimator.estimate(x, y, jobs: 1)
    #expect(one == (try estimator.estimate(x, y, jobs: 3)))
    var swapped = x
    swapped.elements = x.elements.map { -$0 }
    #expect(try estimator.estimate(swapped, y).nats == one.nats)
  }

  @Test func warnsOutsideItsRegime() throws {
    let wide = KnownSamples.correlated(300, 4, 0.5, seed: 2)
    #expect(try NeighbourInformation().estimate(wide.x, wide.y).warnings.count == 1)
    let strong = KnownSamples.correlated(300, 2, 0.999, seed: 2)
    let found = try NeighbourInformation().estimate(strong.x, strong.y)
    // 6.2 nats: saturated, and said so.
    #expect(found.nats < 0.8 * strong.information && found.warnings.count == 1)
  }

  @Test func badSamples() throws {
    let (x, y, _) = KnownSamples.correlated(60, 2, 0.5, seed: 3)
    let estimator = try NeighbourInformation()
    func fails(_ x: Matrix<Double>, _ y: Matrix<Double>, _ word: String) {
      #expect {
        try estimator.estimate(x, y)
      } throws: { error in
        (error as? PoiseError)?.message.contains(word) == true
      }
    }
    fails(x.selecting(rows: Array(0..<9)), y.selecting(rows: Array(0..<9)), "at least 10")
    fails(x, y.selecting(rows: Array(0..<59)), "as in X")
    var constant = x
    for row in 0..<60 { constant[row, 1] = 2 }
    fails(constant, y, "X, column 2")
    var missing = y
    missing[7, 0] = .nan
    fails(x, missing, "Y, row 8")
    var rectified = y
    rectified.elements = y.elements.map { max(0, $0) }
    fails(x, rectified, "repeated values")
    fails(
      KnownSamples.normal(60, 40, seed: 1), KnownSamples.normal(60, 40, seed: 2), "at most 64")
    // A lattice: the neighbours on both sides are equally far, up to rounding.
    let lattice = Matrix(rows: 60, columns: 1, elements: (0..<60).map { Double($0) * 0.1 })
    fails(lattice, lattice, "at one distance")
    #expect(throws: PoiseError.self) { try NeighbourInformation(neighbours: 0) }
    let jittered = try NeighbourInformation(ties: .jitter(seed: 1)).estimate(x, rectified)
    #expect(jittered.nats.isFinite)
  }

  /// A jitter of 1e-10 changes nothing that has no ties.
  @Test func jitterIsHarmless() throws {
    let (x, y, _) = KnownSamples.correlated(300, 1, 0.7, seed: 8)
    let plain = try NeighbourInformation().estimate(x, y).nats
    let jittered = try NeighbourInformation(ties: .jitter(seed: 1)).estimate(x, y).nats
    #expect(abs(plain - jittered) < 1e-9)
  }
}
