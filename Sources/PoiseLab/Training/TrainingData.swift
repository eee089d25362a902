import PoiseData
import PoiseMeanField
public import PoiseNetworks
public import PoiseNumerics

/// Labelled data for training: a part to learn from, a part to choose by (rate, epoch), a part that is
/// only ever looked at.
///
/// All are brought to scale by the statistics of the first: nothing of the others enters training.
public struct TrainingData: Sendable {
  /// What the networks learn from.
  public let training: LabelledInputs<Float>
  /// What rates and epochs may be chosen by; nil if no rows were set aside.
  public let validation: LabelledInputs<Float>?
  /// What accuracy is reported of.
  public let test: LabelledInputs<Float>
  /// The inputs of the training part in double precision.
  public let inputs: Matrix<Double>
  /// Rows of the test part in double precision, for observables.
  public let probe: LabelledInputs<Double>
  /// For the record; rows are those of the training part.
  public let summary: DataSummary

  /// Number of classes.
  public var classes: Int { training.classes }
  /// Features of an input.
  public var features: Int { inputs.columns }

  /// Most rows of the probe.
  static let probeRows = 128

  /// Loads and splits.
  ///
  /// - Parameters:
  ///   - specification: a name or path, as `Dataset.load` takes it; labels are needed.
  ///   - test: a data set of its own for the test, such as the 10,000 images beside MNIST; nil to set
  ///     rows of the first aside.
  ///   - testRows: rows of the test; nil for a sixth of the data, or all of a test set of its own.
  ///   - validationRows: rows set aside for validation.
  ///   - trainingRows: most rows to learn from; nil for all that are left.
  ///   - seed: of the split.
  /// - Throws: as `Dataset.load`; `noAnswer` for data without labels; `outOfRange` for splits that
  ///   leave nothing.
  public init(
    _ specification: String, test: String? = nil, preparation: PreparedData.Preparation,
    testRows: Int? = nil, validationRows: Int = 0, trainingRows: Int? = nil, seed: UInt64
  ) throws(PoiseError) {
    let raw = try Dataset.load(specification, seed: seed).shuffled(seed: seed)
    guard raw.labels != nil, let classes = raw.classes, classes >= 2 else {
      throw PoiseError(
        .noAnswer, quantity: "training on \(specification)",
        value: raw.labels == nil ? "data without labels" : "all labels are 0",
        allowed: "data with a class for every row, of at least two",
        suggestion: "FILE.csv#COLUMN; train-labels-idx1-ubyte beside train-images-idx3-ubyte")
    }
    var parts = try Self.parts(
      raw, ownTest: test != nil, testRows: testRows, validationRows: validationRows)
    if let test {
      let other = try Dataset.load(test, seed: seed).shuffled(seed: seed)
      guard other.dimension == raw.dimension, other.labels != nil else {
        throw PoiseError(
          .shapeMismatch, quantity: "test data \(test)",
          value: "\(other.dimension) features, \(other.labels == nil ? "no " : "")labels",
          allowed: "\(raw.dimension) features and labels, as \(specification)")
      }
      try Self.check(other, isNot: raw, name: test)
      parts.test = try other.sample(rows: min(testRows ?? other.count, other.count), seed: seed)
    }
    if let trainingRows {
      guard trainingRows >= 1 else {
        throw PoiseError(
          .outOfRange, quantity: "training rows", value: "\(trainingRows)", allowed: "at least 1")
      }
      parts.training = parts.training.selecting(
        rows: Array(0..<min(trainingRows, parts.training.count)))
    }
    let rule = try PreparedData.rule(of: parts.training, preparation)
    func ready<Scalar>(_ part: Dataset) throws(PoiseError) -> LabelledInputs<Scalar> {
      try LabelledInputs(
        inputs: try rule.apply(to: part).inputs, labels: part.labels ?? [], classes: classes)
    }
    let learning = try rule.apply(to: parts.training)
    inputs = learning.inputs
    training = try LabelledInputs(
      inputs: inputs, labels: parts.training.labels ?? [], classes: classes)
    validation = try parts.validation.map { part throws(PoiseError) in try ready(part) }
    self.test = try ready(parts.test)
    probe = try ready(
      parts.test.selecting(rows: Array(0..<min(Self.probeRows, parts.test.count))))
    summary = DataSummary(
      name: specification, rows: learning.count, totalRows: raw.count, features: raw.dimension,
      meanSquare: learning.meanSquare,
      preparation: PreparedData.words(preparation) + " by the training part")
  }

  /// - Throws: `outOfRange` if most rows of a test are rows of the data to learn from.
  private static func check(
    _ test: Dataset, isNot data: Dataset, name: String
  ) throws(PoiseError) {
    func rows(_ set: Dataset) -> [UInt64] {
      let columns = set.dimension
      return set.inputs.elements.withUnsafeBufferPointer { elements in
        (0..<set.count).map { row in
          var sum = Checksum()
          for index in row * columns..<(row + 1) * columns { sum.add(elements[index].bitPattern) }
          return sum.value
        }
      }
    }
    let known = Set(rows(data))
    let shared = rows(test).count { known.contains($0) }
    guard 2 * shared <= test.count else {
      throw PoiseError(
        .outOfRange, quantity: "test data \(name)",
        value: "\(shared) of \(test.count) rows are in the data to learn from",
        allowed: "rows that training does not see",
        suggestion: "no --test-data, which sets rows of --data aside")
    }
  }

  private typealias Parts = (training: Dataset, validation: Dataset?, test: Dataset)

  /// Consecutive parts of shuffled rows: test first, so that it is the same for any validation.
  private static func parts(
    _ raw: Dataset, ownTest: Bool, testRows: Int?, validationRows: Int
  ) throws(PoiseError) -> Parts {
    let aside = ownTest ? 0 : testRows ?? max(1, raw.count / 6)
    guard validationRows >= 0, aside >= (ownTest ? 0 : 1),
      aside < raw.count, validationRows < raw.count - aside
    else {
      throw PoiseError(
        .outOfRange, quantity: "rows for test and validation",
        value: "\(aside) and \(validationRows)",
        allowed: "fewer than the \(raw.count) rows of the data together, at least one for the test")
    }
    func rows(_ range: Range<Int>) -> Dataset { raw.selecting(rows: Array(range)) }
    let first = aside + validationRows
    return (
      rows(first..<raw.count), validationRows > 0 ? rows(aside..<first) : nil,
      ownTest ? raw : rows(0..<aside)
    )
  }
}
