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
    /// Upper end; null with `minimum`.
    @Nullable public var maximum: Double?
  }

  /// One word of every point.
  public struct Words: Codable, Sendable, Equatable {
    /// Its path in the record of a point.
    public var name: String
    /// Code 0 and following of the array.
    public var legend: [String]
    /// Points with each word.
    public var counts: [Int]
  }

  /// Several numbers of every point.
  public struct Series: Codable, Sendable, Equatable {
    /// Its path in the record of a point.
    public var name: String
    /// Numbers at every point.
    public var length: Int
  }

  /// A quantity that is drawn: its values in the order of the grid.
  public struct Shown: Codable, Sendable, Equatable {
    /// Its path in the record of a point.
    public var name: String
    /// One per point, the last dimension running fastest; null where a point has none.
    public var values: [Double?]
  }

  /// A point without a result.
  public struct Failure: Codable, Sendable, Equatable {
    /// Number of the point in the grid, from 0, the last dimension running fastest.
    public var index: Int
    /// The point in words.
    public var place: String
    /// failed or time-limit.
    public var status: String
    /// The message of its error, or what became of its process.
    public var reason: String
  }

  /// The command that was swept, with its ranges.
  public var swept: String
  /// In the order of the command line.
  public var axes: [Axis]
  /// Points along each dimension; the last runs fastest.
  public var lengths: [Int]
  /// Points with a result.
  public var done: Int
  /// Points that ended with an error, or whose process died.
  public var failed: Int
  /// Points that took longer than they may.
  public var timeLimit: Int
  /// Points of which nothing is known.
  public var missing: Int
  /// The first hundred points that have no result and are not missing.
  public var failures: [Failure]
  /// Seconds that the points took together.
  public var seconds: Double
  /// Single numbers, in the order of the results.
  public var quantities: [Quantity]
  /// Single words, in the order of the results.
  public var words: [Words]
  /// Arrays of one length at every point.
  public var series: [Series]
  /// Series whose length differs between points, or that are too many numbers.
  public var leftOut: [String]
  /// Quantities in the figures: those asked for, or the first three that vary; empty for large grids.
  public var shown: [Shown]
  /// Lines of journals that were damaged, and files cut short.
  public var damagedLines: Int
  /// Journals whose last line is cut short, as an interruption leaves it.
  public var tornFiles: Int
  /// The collected files.
  public var files: [String]

  /// All points.
  public var points: Int { done + failed + timeLimit + missing }
}

extension SweepResult: RecordedResult {
  /// Whole if lengths, axes, words and shown quantities fit the number of points.
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
