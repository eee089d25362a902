import PoiseNetworks
import PoiseNumerics
import Testing

/// Bias and spread from samples alone.
@Suite struct BlockMeansTests {
  @Test func means() {
    var means = BlockMeans(draws: 45)
    #expect(means.length == 2)
    for draw in 0..<45 {
      means.add(Matrix(rows: 1, columns: 2, elements: [Double(draw), 1]), draw: draw)
    }
    #expect(means.blocks.count == BlockMeans.most)
    #expect(means.blocks[3].elements == [6.5, 1] && means.blocks[19].elements == [38.5, 1])
  }

  /// Two chains of independent draws about f̄ = (1, 2, 3) with spread 2, targets 0: bias 14/3, variance 4.
  /// The mean over many runs has no bias of its own, and errors are as large as they say.
  @Test func independentChains() throws {
    var (biases, variances, claimed) = ([Double](), [Double](), [Double]())
    let runs = 60
    for run in 0..<runs {
      var means: [BlockMeans] = []
      var errors: [[Double]] = []
      for chain in 0..<2 {
        var stream = RandomStream(
          seed: 11, item: UInt64(2 * run + chain), purpose: .init(rawValue: 5))
        var block = BlockMeans(draws: 80)
        var error: [Double] = []
        for draw in 0..<80 {
          let f = (1...3).map { Double($0) + 2 * stream.normal() }
          block.add(Matrix(rows: 3, columns: 1, elements: f), draw: draw)
          error.append(f.reduce(0) { $0 + $1 * $1 } / 3)
        }
        means.append(block)
        errors.append(error)
      }
      let found = try #require(
        SampledBias(means, targets: Matrix(rows: 3, columns: 1), errors: errors))
      biases.append(found.bias)
      variances.append(found.variance)
      claimed.append(found.biasError)
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func spread(_ values: [Double]) -> Double {
      let centre = mean(values)
      return mean(values.map { ($0 - centre) * ($0 - centre) }).squareRoot()
    }
    let root = Double(runs).squareRoot()
    #expect(abs(mean(biases) - 14.0 / 3) < 4 * spread(biases) / root)
    #expect(abs(mean(variances) - 4) < 4 * spread(variances) / root)
    #expect(abs(mean(claimed) / spread(biases) - 1) < 0.35)
    // Squares of the means of single chains would be too large by spread²/draws of a block.
    #expect(mean(biases) < 14.0 / 3 + 0.5)
  }

  @Test func tooLittle() {
    let one = BlockMeans(draws: 80)
    #expect(SampledBias([one], targets: Matrix(rows: 1, columns: 1), errors: [[]]) == nil)
    #expect(SampledBias([], targets: Matrix(rows: 1, columns: 1), errors: []) == nil)
  }
}
