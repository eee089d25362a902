import Poise

/// Nearest-neighbour information of 10⁴ samples, with its error bar, against scikit-learn's trees,
/// which give none.
enum InformationBenchmarks {
  static func run(_ numpy: NumpyPeer?) throws -> [Outcome] {
    let peers = numpy?.run("ksg_sklearn.py", as: [String: Double].self) ?? [:]
    var outcomes = try [2, 5, 10].map { dimensions in
      let (x, y) = samples(10_000, dimensions)
      let estimator = try NeighbourInformation(.cubes, neighbours: 3)
      let timing = try Clock.processor.time(3) { _ = try estimator.estimate(x, y, jobs: 1) }
      var outcome = Outcome(name: "KSG 10⁴ samples, \(dimensions) + \(dimensions)", timing: timing)
      if let time = peers["\(dimensions)"] {
        outcome.peers = [Peer(name: "scikit-learn trees", seconds: time)]
      }
      return outcome
    }
    let (layer, _) = samples(2000, 256)
    let timing = try Clock.processor.time(3) {
      _ = try PairwiseBounds(centres: layer, noiseVariance: 1, jobs: 1)
    }
    outcomes.append(Outcome(name: "pairwise bounds 2000 × 256", timing: timing))
    return outcomes
  }

  /// Gaussian pairs of correlation 0.6.
  private static func samples(_ rows: Int, _ dimensions: Int) -> (Matrix<Double>, Matrix<Double>) {
    func normal(_ item: UInt64) -> Matrix<Double> {
      var stream = RandomStream(seed: 1, item: item, purpose: .init(rawValue: 1))
      var result = Matrix<Double>(rows: rows, columns: dimensions)
      result.withUnsafeMutableElements { stream.fillNormal($0) }
      return result
    }
    let x = normal(0)
    var y = normal(1)
    y.elements = zip(x.elements, y.elements).map { 0.6 * $0 + 0.8 * $1 }
    return (x, y)
  }
}
