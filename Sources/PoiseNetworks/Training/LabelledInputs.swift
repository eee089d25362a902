public import PoiseNumerics

/// Inputs with classes, in the precision in which a network trains.
public struct LabelledInputs<Scalar: NetworkScalar>: Sendable {
  /// (sample × input).
  public let inputs: Matrix<Scalar>
  /// The class of each row, 0 ..< classes.
  public let labels: [Int]
  /// Number of classes.
  public let classes: Int

  /// - Throws: `shapeMismatch` for another number of labels, or no rows; `outOfRange` for a label
  ///   outside the classes, or fewer than two classes.
  public init(inputs: Matrix<Double>, labels: [Int], classes: Int) throws(PoiseError) {
    guard labels.count == inputs.rows, inputs.rows > 0 else {
      throw PoiseError(
        .shapeMismatch, quantity: "labels", value: "\(labels.count)",
        allowed: "\(inputs.rows), one per row, at least one")
    }
    guard classes >= 2 else {
      throw PoiseError(
        .outOfRange, quantity: "classes", value: "\(classes)", allowed: "at least 2")
    }
    if let row = labels.firstIndex(where: { !(0..<classes).contains($0) }) {
      throw PoiseError(
        .outOfRange, quantity: "label of row \(row + 1)", value: "\(labels[row])",
        allowed: "0 to \(classes - 1)")
    }
    var elements = [Scalar](repeating: 0, count: inputs.elements.count)
    inputs.elements.withUnsafeBufferPointer { source in
      elements.withUnsafeMutableBufferPointer { target in
        Scalar.round(source.count, 1, source.baseAddress!, target.baseAddress!)
      }
    }
    self.inputs = Matrix(rows: inputs.rows, columns: inputs.columns, elements: elements)
    self.labels = labels
    self.classes = classes
  }

  /// Number of samples.
  public var count: Int { inputs.rows }
}
