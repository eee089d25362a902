/// A sweep, collected: its axes, what became of its points, and the numbers behind its figures. All
/// numbers stand in the files beside the record.
public struct SweepResult: Codable, Sendable {
  /// One option that varies.
  public struct Axis: Codable, Sendable, Equatable {
    /// The option without dashes.
    public var name: String
    /// Its values; 0, 1, … for names.
    public var values: [Double]
    /// Its values where they are names.
    public var names: [String]?
    /// The dimension of the grid along which it runs; zipped axes share one.
    public var dimension: Int
  }

  /// One number of every point.
  public struct Quantity: Codable, Sendable, Equatable {
    /// Its path in the record of a point.
    public var name: String
    /// Points at which it exists.
    public var defined: Int
    /// Its range; null where it exists nowhere.
    @Nullable public var minimum: Double?
    @Nullable public var maximum: Double?
  }

  /// One word of every point.
  public struct Words: Codable, Sendable, Equatable {
    public var name: String
    /// Code 0 and following of the array.
    public var legend: [String]
    /// Points with each word.
    public var counts: [Int]
  }

  /// Several numbers of every point.
  public struct Series: Codable, Sendable, Equatable {
    public var name: String
    public var length: Int
  }

  /// A quantity that is drawn: its values in the order of the grid.
  public struct Shown: Codable, Sendable, Equatable {
    public var name: String
    public var values: [Double?]
  }

  /// A point without a result.
  public struct Failure: Codable, Sendable, Equatable {
    public var index: Int
    /// The point in words.
    public var place: String
    /// failed or time-limit.
    public var status: String
    public var reason: String
  }

  /// The command that was swept, with its ranges.
  public var swept: String
  public var axes: [Axis]
  /// Points along each dimension; the last runs fastest.
  public var lengths: [Int]
  public var done: Int
  public var failed: Int
  public var timeLimit: Int
  public var missing: Int
  /// The first hundred points that have no result and are not missing.
  public var failures: [Failure]
  /// Seconds that the points took together.
  public var seconds: Double
  public var quantities: [Quantity]
  public var words: [Words]
  public var series: [Series]
  /// Series whose length differs between points, or that are too many numbers.
  public var leftOut: [String]
  public var shown: [Shown]
  /// Lines of journals that were damaged, and files cut short.
  public var damagedLines: Int
  public var tornFiles: Int
  /// The collected files.
  public var files: [String]

  /// All points.
  public var points: Int { done + failed + timeLimit + missing }
}

extension SweepResult: RecordedResult {
  public var shape: [(name: String, isWhole: Bool)] {
    var count = 1
    var isWhole = true
    for length in lengths {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      isWhole = isWhole && length >= 1 && !overflow
      count = isWhole ? product : 1
    }
    let axes = axes.allSatisfy { axis in
      lengths.indices.contains(axis.dimension) && axis.values.count == lengths[axis.dimension]
        && (axis.names.map { $0.count == axis.values.count } ?? true)
    }
    return [
      ("sweep", isWhole && axes && count == points),
      ("words of a sweep", words.allSatisfy { $0.legend.count == $0.counts.count }),
      ("numbers of a sweep", shown.allSatisfy { $0.values.count == count }),
    ]
  }
}
