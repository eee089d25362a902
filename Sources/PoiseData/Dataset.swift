public import PoiseNumerics

/// Inputs for networks, with labels if there are any: never empty, every number finite.
public struct Dataset: Sendable, Equatable {
  /// The name it goes by in reports.
  public let name: String
  /// The inputs (rows × features), one input per row.
  public let inputs: Matrix<Double>
  /// The class of each row, 0 ..< `classes`; nil for unlabelled data.
  public let labels: [Int]?
  /// The number of classes; nil for unlabelled data.
  public let classes: Int?
  /// Where the data come from, with the notice that their licence asks for.
  public let source: String

  /// A data set over given inputs.
  ///
  /// - Parameters:
  ///   - inputs: rows × features, at least one of each.
  ///   - labels: one per row, >= 0.
  ///   - classes: number of classes; nil for one more than the largest label.
  /// - Throws: `shapeMismatch` for an empty matrix or labels of another number; `outOfRange` for
  ///   an entry that is not finite (naming row and column, from 1) or a label outside the classes.
  public init(
    name: String, inputs: Matrix<Double>, labels: [Int]? = nil, classes: Int? = nil,
    source: String = ""
  ) throws(PoiseError) {
    guard inputs.rows > 0, inputs.columns > 0 else {
      throw PoiseError(
        .shapeMismatch, quantity: name, value: "\(inputs.rows) rows × \(inputs.columns) features",
        allowed: "at least one row and one feature")
    }
    if let index = inputs.elements.firstIndex(where: { !$0.isFinite }) {
      throw PoiseError(
        .outOfRange,
        quantity:
          "\(name), row \(index / inputs.columns + 1), column \(index % inputs.columns + 1)",
        value: "\(inputs.elements[index])", allowed: "finite numbers",
        suggestion: "remove or fill in the rows with missing values")
    }
    self.name = name
    self.inputs = inputs
    self.labels = labels
    self.classes = try Self.checkedClasses(labels, classes, rows: inputs.rows, name: name)
    self.source = source
  }

  /// Derived from a data set whose checks still hold.
  private init(_ origin: Dataset, inputs: Matrix<Double>, labels: [Int]?) {
    name = origin.name
    self.inputs = inputs
    self.labels = labels
    classes = origin.classes
    source = origin.source
  }

  private static func checkedClasses(
    _ labels: [Int]?, _ classes: Int?, rows: Int, name: String
  ) throws(PoiseError) -> Int? {
    guard let labels else { return nil }
    guard labels.count == rows else {
      throw PoiseError(
        .shapeMismatch, quantity: "labels of \(name)", value: "\(labels.count)",
        allowed: "\(rows), one per row")
    }
    let limit = classes ?? FileLimits.classes
    guard limit >= 1, limit <= FileLimits.classes else {
      throw PoiseError(
        .outOfRange, quantity: "classes of \(name)", value: "\(limit)",
        allowed: "1 to \(FileLimits.classes)")
    }
    if let row = labels.firstIndex(where: { $0 < 0 || $0 >= limit }) {
      throw PoiseError(
        .outOfRange, quantity: "label of row \(row + 1) of \(name)", value: "\(labels[row])",
        allowed: "0 to \(limit - 1)")
    }
    return classes ?? labels.max().map { $0 + 1 }
  }

  /// Number of inputs.
  public var count: Int { inputs.rows }
  /// Number of features of an input, N_0.
  public var dimension: Int { inputs.columns }

  /// The given rows in the given order; indices may repeat.
  public func selecting(rows indices: [Int]) -> Dataset {
    precondition(!indices.isEmpty, "a data set is never empty")
    return Dataset(
      self, inputs: inputs.selecting(rows: indices),
      labels: labels.map { all in indices.map { all[$0] } })
  }
}

extension Dataset {
  private func order(seed: UInt64) -> [Int] {
    var stream = RandomStream(seed: seed, item: 0, purpose: DataPurpose.order)
    return stream.permutation(of: count)
  }

  private func checkRows(_ rows: Int, most: Int, _ quantity: String) throws(PoiseError) {
    guard rows >= 1, rows <= most else {
      throw PoiseError(
        .outOfRange, quantity: "\(quantity) of \(name)", value: "\(rows)", allowed: "1 to \(most)")
    }
  }

  /// All rows in an order drawn by `seed`.
  public func shuffled(seed: UInt64) -> Dataset { selecting(rows: order(seed: seed)) }

  /// Some rows without replacement, in the order drawn.
  ///
  /// A smaller sample of the same seed is the start of a larger one.
  ///
  /// - Throws: `outOfRange` unless 1 <= rows <= count.
  public func sample(rows: Int, seed: UInt64) throws(PoiseError) -> Dataset {
    try checkRows(rows, most: count, "sampled rows")
    return selecting(rows: Array(order(seed: seed).prefix(rows)))
  }

  /// Two disjoint parts that together hold every row, drawn by `seed`.
  ///
  /// - Throws: `outOfRange` unless both parts hold at least one row.
  public func split(
    trainCount: Int, seed: UInt64
  ) throws(PoiseError) -> (train: Dataset, test: Dataset) {
    try checkRows(trainCount, most: count - 1, "training rows")
    let drawn = order(seed: seed)
    return (
      selecting(rows: Array(drawn.prefix(trainCount))),
      selecting(rows: Array(drawn.dropFirst(trainCount)))
    )
  }

  /// As `split(trainCount:seed:)`, with the count nearest to a fraction of all rows.
  ///
  /// - Throws: `outOfRange` unless 0 < trainFraction < 1 and both parts hold a row.
  public func split(
    trainFraction: Double, seed: UInt64
  ) throws(PoiseError) -> (train: Dataset, test: Dataset) {
    let fraction = try trainFraction.checked("training fraction", in: 0...1)
    return try split(trainCount: Int((fraction * Double(count)).rounded()), seed: seed)
  }
}

extension Dataset {
  /// Mean |x|²/N_0 over the rows: the mean squared entry.
  public var meanSquare: Double {
    // Running mean: the sum of large squares may overflow where the mean does not.
    var mean = 0.0
    for (index, value) in inputs.elements.enumerated() {
      mean += (value * value - mean) / Double(index + 1)
    }
    return mean
  }

  /// All entries times one factor, such that the mean of |x|²/N_0 over the rows is 1.
  ///
  /// - Returns: the scaled data and the factor.
  /// - Throws: `outOfRange` when all entries are 0 or their squares leave the range of `Double`.
  public func scaledToUnitMeanSquare() throws(PoiseError) -> (dataset: Dataset, factor: Double) {
    let square = meanSquare
    guard square.isNormal else {
      throw PoiseError(
        .outOfRange, quantity: "mean square of \(name)", value: "\(square)",
        allowed: "positive and finite", suggestion: "data that are not all zero")
    }
    let factor = 1 / square.squareRoot()
    return (try scaled(by: factor), factor)
  }

  /// All entries times a factor.
  ///
  /// - Throws: `outOfRange` on overflow.
  public func scaled(by factor: Double) throws(PoiseError) -> Dataset {
    try mapped { value, _ in value * factor }
  }

  /// Each feature minus its mean, over its standard deviation, from the rows of this data set.
  ///
  /// - Parameter deviationFloor: smallest divisor, in the units of the data, so that constant
  ///   features become 0 and nearly constant ones are not blown up; > 0.
  /// - Throws: `outOfRange`.
  public func standardized(deviationFloor: Double = 1e-8) throws(PoiseError) -> Dataset {
    try standardized(by: Standardization(of: self, deviationFloor: deviationFloor))
  }

  /// Standardised by the statistics of another data set, such as the training part.
  ///
  /// - Throws: `shapeMismatch` for another number of features; `outOfRange` on overflow.
  public func standardized(by statistics: Standardization) throws(PoiseError) -> Dataset {
    guard statistics.means.count == dimension else {
      throw PoiseError(
        .shapeMismatch, quantity: "features of \(name)", value: "\(dimension)",
        allowed: "\(statistics.means.count), as in the standardisation")
    }
    return try mapped { value, feature in
      (value - statistics.means[feature]) / statistics.deviations[feature]
    }
  }

  private func mapped(
    _ transform: (_ value: Double, _ feature: Int) -> Double
  ) throws(PoiseError) -> Dataset {
    var elements = inputs.elements
    for index in elements.indices {
      elements[index] = transform(elements[index], index % dimension)
    }
    let result = Matrix(rows: count, columns: dimension, elements: elements)
    return try Dataset(name: name, inputs: result, labels: labels, classes: classes, source: source)
  }
}

/// Mean and standard deviation of each feature.
public struct Standardization: Sendable, Equatable {
  /// Mean of each feature over the rows.
  public let means: [Double]
  /// Standard deviation of each feature over the rows (divisor: number of rows), never below the
  /// floor.
  public let deviations: [Double]

  /// The statistics of a data set.
  ///
  /// - Throws: `outOfRange` unless deviationFloor is positive and finite.
  public init(of dataset: Dataset, deviationFloor: Double = 1e-8) throws(PoiseError) {
    let smallest = Double.leastNormalMagnitude
    let floor = try deviationFloor.checked(
      "deviation floor", in: smallest...Double.greatestFiniteMagnitude)
    let width = dataset.dimension
    var means = [Double](repeating: 0, count: width)
    var squares = [Double](repeating: 0, count: width)
    for row in 0..<dataset.count {
      for feature in 0..<width {
        // Welford's update: no cancellation for features far from 0.
        let value = dataset.inputs.elements[row * width + feature]
        let before = value - means[feature]
        means[feature] += before / Double(row + 1)
        squares[feature] += before * (value - means[feature])
      }
    }
    self.means = means
    deviations = squares.map { max(floor, ($0 / Double(dataset.count)).squareRoot()) }
  }
}
