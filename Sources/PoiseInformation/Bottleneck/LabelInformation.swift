public import PoiseNumerics
import RealModule

/// Bounds of what a noisy layer tells of discrete labels, I(T; Y) = h(T) − Σ p_c h(T|c), each entropy
/// bounded by pairwise distances:
///
///     lower = lo(all) − Σ p_c up(class c),   upper = up(all) − Σ p_c lo(class c).
///
/// Informative where classes are well apart or merged; in between the raw lower bound falls below 0.
public struct LabelInformation: Sendable, Equatable {
  /// As computed; the lower one may be negative, the upper one above H(Y).
  public let lowerRaw: InformationEstimate
  /// The upper bound as computed; may be above H(Y).
  public let upperRaw: InformationEstimate
  /// H(Y) of the labels, nats.
  public let labelEntropy: Double

  /// The bounds within what information can be: 0 to H(Y).
  public var lower: Double { min(max(0, lowerRaw.nats), labelEntropy) }
  /// The upper bound within what information can be, nats: 0 to H(Y).
  public var upper: Double { min(max(0, upperRaw.nats), labelEntropy) }

  /// - Parameters:
  ///   - centres: noiseless values of the layer (sample × unit).
  ///   - labels: a class for each sample.
  ///   - noiseVariance: s > 0.
  /// - Throws: `shapeMismatch` for another number of labels; else as `PairwiseBounds`.
  public init(
    centres: Matrix<Double>, labels: [Int], noiseVariance: Double, jobs: Int = 1
  ) throws(PoiseError) {
    try self.init(labels: labels, samples: centres.rows) { rows throws(PoiseError) in
      try PairwiseBounds(
        centres: rows.map { centres.selecting(rows: $0) } ?? centres,
        noiseVariance: noiseVariance, jobs: jobs)
    }
  }

  /// From a kernel of inputs at width n, as `PairwiseBounds`.
  /// - Throws: as for centres.
  public init(
    kernel: Matrix<Double>, width: Int, labels: [Int], noiseVariance: Double, jobs: Int = 1
  ) throws(PoiseError) {
    try self.init(labels: labels, samples: kernel.rows) { rows throws(PoiseError) in
      try PairwiseBounds(
        kernel: rows.map { kernel.selecting(rows: $0).transposed.selecting(rows: $0) } ?? kernel,
        width: width, noiseVariance: noiseVariance, jobs: jobs)
    }
  }

  /// - Parameter bounds: of the rows given, or of all.
  private init(
    labels: [Int], samples: Int,
    bounds: ([Int]?) throws(PoiseError) -> PairwiseBounds
  ) throws(PoiseError) {
    guard labels.count == samples else {
      throw PoiseError(
        .shapeMismatch, quantity: "labels", value: "\(labels.count)",
        allowed: "\(samples), one for each row")
    }
    let all = try bounds(nil)
    var (low, high) = (all.influences[0], all.influences[1])
    var (lower, upper, entropy) = (all.lower.nats, all.upper.nats, 0.0)
    for label in Set(labels).sorted() {
      let rows = labels.indices.filter { labels[$0] == label }
      let share = Double(rows.count) / Double(labels.count)
      let part = try bounds(rows)
      lower -= share * part.upper.nats
      upper -= share * part.lower.nats
      entropy -= share * .log(share)
      for (index, row) in rows.enumerated() {
        low[row] -= part.influences[1][index]
        high[row] -= part.influences[0][index]
      }
    }
    lowerRaw = Self.estimate(lower, low)
    upperRaw = Self.estimate(upper, high)
    labelEntropy = max(0, entropy)
  }

  private static func estimate(_ nats: Double, _ influence: [Double]) -> InformationEstimate {
    InformationEstimate(nats: nats, standardError: RunningMoments(influence).standardError ?? 0)
  }
}
