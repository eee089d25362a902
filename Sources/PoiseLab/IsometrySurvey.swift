import PoiseMeanField
public import PoiseModel
public import PoiseNumerics
import PoiseSpectra
import RealModule

/// Where networks are isometric: maps and lines for records.
public enum IsometrySurvey {
  /// v over weight variance and depth, at the fixed points of the lengths.
  ///
  /// Where all lengths are preserved (ReLU at criticality) v does not depend on the length.
  ///
  /// - Parameters:
  ///   - ensembles: one per column, alike but for the weight variance.
  ///   - depths: 1 to 1000 hidden layers.
  ///   - store: keeps finished columns of a map that may be interrupted.
  /// - Throws: `outOfRange`.
  public static func map(
    _ ensembles: [NetworkEnsemble], depths: [Int], jobs: Int, store: PointStore? = nil
  ) throws(PoiseError) -> IsometryMap {
    for depth in depths { try check(depth) }
    guard ensembles.count <= 100_000, ensembles.count * depths.count <= 4_000_000 else {
      throw PoiseError(
        .outOfRange, quantity: "map", value: "\(ensembles.count) × \(depths.count) cells",
        allowed: "at most 4000000, of at most 100000 weight variances")
    }
    // A column costs a millisecond: kept in blocks.
    let blocks = try parallelMap(count: (ensembles.count + 63) / 64, jobs: jobs) {
      (block: Int) throws(PoiseError) -> [Column?] in
      let range = 64 * block..<min(64 * block + 64, ensembles.count)
      let first = ensembles[range.lowerBound]
      return try store.value(
        "columns \(range) of bias \(first.biasVariance)", counting: range.count * depths.count
      ) { () throws(PoiseError) -> [Column?] in
        try range.map { index throws(PoiseError) in try column(ensembles[index]) }
      }
    }
    let columns = blocks.flatMap { $0 }
    let weights = ensembles.map(\.weightVariance)
    var critical: [Double] = []
    if let first = ensembles.first, let low = weights.min(), let high = weights.max() {
      critical = try EdgeOfChaos(first.activation).points(biasVariance: first.biasVariance)
        .map(\.weightVariance).filter { (low...high).contains($0) }
    }
    return IsometryMap(
      weightVariances: weights, depths: depths, lengths: columns.map { $0?.length },
      logChi1: columns.map { $0?.logChi1 }, spreadPerLayer: columns.map { $0?.spread },
      criticalWeightVariances: critical)
  }

  private static func column(
    _ ensemble: NetworkEnsemble
  ) throws(PoiseError) -> Column? {
    let length: Double
    switch try MeanField(of: ensemble).outcome() {
    case .fixedPoint(let point): length = point.length
    case .marginal: length = 1
    case .diverging: return nil
    }
    let layer = try JacobianFluctuations(of: ensemble, atLength: length)
    guard layer.chi1 > 0, layer.slopeSpread.isFinite else { return nil }
    return Column(
      length: length, logChi1: .log(layer.chi1), spread: JacobianFluctuations.spread([layer]))
  }

  private struct Column: Codable, Sendable {
    var length: Double
    var logChi1: Double
    var spread: Double
  }

  /// At every depth the critical variances at which orthogonal networks have a given v: how they
  /// must approach the linear network as depth grows.
  ///
  /// - Parameters:
  ///   - depths: 1 to 1000 hidden layers.
  ///   - relativeVariance: v above 0.
  ///   - store: keeps finished depths of a line that may be interrupted.
  /// - Throws: `outOfRange`.
  public static func line(
    _ activation: Activation, depths: [Int], relativeVariance v: Double, jobs: Int,
    store: PointStore? = nil
  ) throws(PoiseError) -> [IsometricPoint] {
    for depth in depths { try check(depth) }
    return try parallelMap(count: depths.count, jobs: jobs) {
      index throws(PoiseError) in
      try store.value("isometric at \(depths[index])") { () throws(PoiseError) -> IsometricPoint in
        let point = try Isometry.criticalPoint(
          of: activation, depth: depths[index], relativeVariance: v)
        return IsometricPoint(
          depth: depths[index], relativeVariance: v, weightVariance: point?.weightVariance,
          biasVariance: point?.biasVariance, length: point?.length,
          weightVarianceCase: point == nil ? "no such point" : nil)
      }
    }
  }

  private static func check(_ depth: Int) throws(PoiseError) {
    guard (1...1000).contains(depth) else {
      throw PoiseError(
        .outOfRange, quantity: "depth", value: "\(depth)", allowed: "1 to 1000 hidden layers")
    }
  }
}
