import Foundation
import PoiseNumerics
import Testing

@Suite struct StatisticsTests {
  static let offsets = [0, 1e6, -1e9, 1e12]

  @Test(arguments: offsets)
  func welford(_ offset: Double) {
    // Quarters are exact at every offset: the two-pass sums have no rounding of the data.
    let values = (0..<1000).map { offset + Double(($0 * 7919) % 1009) / 4 }
    let centred = values.map { $0 - offset }
    let mean = centred.reduce(0, +) / 1000
    let variance = centred.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 999
    let moments = RunningMoments(values)
    #expect(moments.count == 1000)
    #expect(abs(moments.mean - offset - mean) < 1e-15 * max(abs(offset), 1000) * 4)
    #expect(abs(moments.variance! / variance - 1) < 1e-12 + 1e-17 * abs(offset))
    #expect(moments.standardError! == (moments.variance! / 1000).squareRoot())
    for cut in [0, 1, 400, 999, 1000] {
      var left = RunningMoments(values[..<cut])
      left.merge(RunningMoments(values[cut...]))
      #expect(left.count == 1000)
      #expect(abs(left.mean - moments.mean) < 1e-15 * max(abs(offset), 1000) * 4)
      #expect(abs(left.variance! / variance - 1) < 1e-12 + 1e-17 * abs(offset))
    }
  }

  @Test func fewNumbers() {
    var moments = RunningMoments()
    #expect(moments.variance == nil && moments.standardError == nil && moments.mean == 0)
    moments.add(3)
    #expect(moments.variance == nil && moments.mean == 3)
    moments.add(3)
    #expect(moments.variance == 0)
    var covariance = RunningCovariance()
    #expect(covariance.covariance == nil && covariance.correlation == nil)
    covariance.add(1, 1)
    covariance.add(1, 2)
    #expect(covariance.covariance == 0 && covariance.correlation == nil)
  }

  @Test(arguments: offsets)
  func covariances(_ offset: Double) {
    var running = RunningCovariance()
    let x = (0..<500).map { Double(($0 * 7919) % 1009) / 4 }
    let y = (0..<500).map { Double(($0 * 104_729) % 997) / 4 + x[$0] }
    for (a, b) in zip(x, y) { running.add(a + offset, b - offset) }
    let (mx, my) = (x.reduce(0, +) / 500, y.reduce(0, +) / 500)
    let expected = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / 499
    #expect(abs(running.covariance! / expected - 1) < 1e-12 + 1e-16 * abs(offset))
    #expect(abs(running.correlation!) <= 1)
  }

  @Test(arguments: NumericsReference.of("tail"))
  func studentTails(_ entry: NumericsReference) {
    let found = StudentT.twoSidedTail(
      entry.number("x"), degreesOfFreedom: entry.number("nu"))
    let tolerance = 1e-12 + 1e-16 * entry.number("nu")
    #expect(abs(found / entry.expected - 1) < tolerance, "\(entry.parameters): \(found)")
  }

  @Test(arguments: NumericsReference.of("quantile"))
  func studentQuantiles(_ entry: NumericsReference) throws {
    let found = try StudentT.twoSidedQuantile(
      entry.number("p"), degreesOfFreedom: entry.number("nu"))
    let tolerance = 1e-12 + 1e-16 * entry.number("nu")
    #expect(abs(found / entry.expected - 1) < tolerance, "\(entry.parameters): \(found)")
  }

  @Test(arguments: [0, 1, -0.1, Double.nan, .infinity])
  func refusedProbabilities(_ p: Double) {
    #expect(throws: PoiseError.self) { try StudentT.twoSidedQuantile(p, degreesOfFreedom: 3) }
    #expect(throws: PoiseError.self) {
      try StudentT.twoSidedQuantile(0.1, degreesOfFreedom: p == 1 ? -1 : min(p, 0))
    }
  }
}
