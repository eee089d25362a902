public import PoiseNumerics

/// The binary version of CIFAR-10: records of a label byte and 3072 pixel bytes.
///
/// Source: A. Krizhevsky, "Learning multiple layers of features from tiny images" (2009).
public enum CIFAR10 {
  /// Pixels of one image: three colours (red, green, blue) of 32 × 32, row by row.
  public static let pixels = 3072
  /// Bytes of one record: the label and the pixels.
  public static let recordBytes = 1 + pixels

  /// Reads one batch file; gzip is recognised by its signature.
  ///
  /// - Returns: rows × 3072, values 0 to 255, with labels 0 to 9.
  /// - Throws: `unreadable`.
  public static func read(path: String) throws(PoiseError) -> Dataset {
    try decode(FileAccess.readInflated(path: path))
  }

  /// Reads one batch from bytes; `name` stands for the path in messages.
  public static func decode(
    _ bytes: [UInt8], name: String = "CIFAR-10 content"
  ) throws(PoiseError) -> Dataset {
    try decode(FileBytes(bytes: bytes, name: name))
  }

  static func decode(_ file: FileBytes) throws(PoiseError) -> Dataset {
    let rows = file.count / recordBytes
    guard rows > 0, rows * recordBytes == file.count else {
      throw file.fault(
        "\(file.count) bytes", expected: "a multiple of \(recordBytes) bytes, CIFAR-10 binary",
        suggestion: "unpack data_batch_1.bin from the binary version of CIFAR-10")
    }
    _ = try file.entryCount(shape: [rows, pixels], byteCount: 1)
    var labels: [Int] = []
    for row in 0..<rows {
      let label = Int(file.bytes[row * recordBytes])
      guard label < 10 else {
        throw file.fault("label \(label) in record \(row + 1)", expected: "labels 0 to 9")
      }
      labels.append(label)
    }
    let inputs = Matrix<Double>(rows: rows, columns: pixels) { output in
      for row in 0..<rows {
        let start = row * recordBytes + 1
        for pixel in 0..<pixels { output[row * pixels + pixel] = Double(file.bytes[start + pixel]) }
      }
    }
    return try Dataset(
      name: file.name, inputs: inputs, labels: labels, classes: 10, source: file.name)
  }
}
