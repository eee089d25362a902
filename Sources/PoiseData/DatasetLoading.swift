public import PoiseNumerics

extension Dataset {
  /// What `load` understands, one line each.
  public static let specifications: [(form: String, meaning: String)] = [
    ("digits", "built-in 8 x 8 handwritten digits, 1797 x 64"),
    ("gaussian:ROWSxDIM[:SCALE]", "independent normal entries"),
    ("sparse:ROWSxDIM:FRACTION", "a fraction of normal entries, the others 0"),
    ("clustered:ROWSxDIM:CLUSTERS[:WITHIN]", "normal clusters, labelled"),
    ("binary:ROWSxDIM", "entries +1 or -1"),
    ("FILE.csv[.gz][#LABELCOLUMN|#last]", "a table"),
    ("FILE.npy", "an array of NumPy"),
    ("FILE.npz[#NAME]", "an array of a NumPy archive"),
    ("FILE.safetensors[#NAME]", "a tensor"),
    ("FILE-idx3-ubyte[.gz]", "MNIST images, labels from the file beside"),
    ("FILE.bin", "CIFAR-10 binary"),
  ]

  /// The data set that a word of the command line names: built in, drawn from a law, or a file.
  ///
  /// - Parameters:
  ///   - specification: one of the forms of ``specifications``. A built-in name wins over a file
  ///     of the same name; write `./digits` for the file.
  ///   - seed: for the laws.
  /// - Returns: raw values; scale or standardise them next.
  /// - Throws: `unknownName` with the nearest name; `outOfRange`, `shapeMismatch`; `unreadable`.
  public static func load(
    _ specification: String, seed: UInt64 = 1
  ) throws(PoiseError) -> Dataset {
    if specification == "digits" { return try Digits.load() }
    let parts = specification.split(separator: ":", omittingEmptySubsequences: false).map(
      String.init)
    if let law = SyntheticLaw(rawValue: parts[0]), !FileAccess.isRegularFile(specification) {
      return try law.draw(Array(parts.dropFirst()), specification: specification, seed: seed)
    }
    if FileAccess.exists(specification) { return try DatasetFile(path: specification).load() }
    if let hash = specification.lastIndex(of: "#") {
      let path = String(specification[..<hash])
      let member = String(specification[specification.index(after: hash)...])
      if FileAccess.exists(path) { return try DatasetFile(path: path, member: member).load() }
    }
    throw unknown(specification, word: parts[0])
  }

  private static func unknown(_ specification: String, word: String) -> PoiseError {
    let isPath = specification.contains("/") || specification.contains(".")
    let names = ["digits"] + SyntheticLaw.allCases.map(\.rawValue)
    let nearest = isPath ? nil : NameList.nearest(to: word, in: names)
    return PoiseError(
      isPath ? .unreadable : .unknownName, quantity: "data",
      value: isPath ? "there is no file '\(specification)'" : "'\(specification)'",
      allowed: specifications.map(\.form).joined(separator: ", "),
      suggestion: nearest.map { "did you mean '\($0)'?" }
        ?? (isPath ? "check the spelling and the folder" : "digits"))
  }
}

/// A law of inputs by its name on the command line.
private enum SyntheticLaw: String, CaseIterable {
  case gaussian, sparse, clustered, binary

  private var form: String {
    let name = rawValue
    return Dataset.specifications.first { $0.form.hasPrefix(name + ":") }?.form ?? name
  }

  func draw(
    _ parameters: [String], specification: String, seed: UInt64
  ) throws(PoiseError) -> Dataset {
    let fault = PoiseError(
      .outOfRange, quantity: "data", value: "'\(specification)'", allowed: form,
      suggestion: "\(rawValue):1000x64\(self == .sparse ? ":0.1" : self == .clustered ? ":10" : "")"
    )
    let sizes = parameters.first?.split(separator: "x", omittingEmptySubsequences: false) ?? []
    guard sizes.count == 2, let rows = Int(sizes[0]), let dimension = Int(sizes[1]) else {
      throw fault
    }
    var numbers: [Double] = []
    for text in parameters.dropFirst() {
      guard let number = decimalNumber(Array(text.utf8)[...]) else { throw fault }
      numbers.append(number)
    }
    switch (self, numbers.count) {
    case (.gaussian, 0...1):
      return try SyntheticInputs.gaussian(
        rows: rows, dimension: dimension, scale: numbers.first ?? 1, seed: seed)
    case (.sparse, 1):
      return try SyntheticInputs.sparse(
        rows: rows, dimension: dimension, fraction: numbers[0], seed: seed)
    case (.clustered, 1...2):
      guard let clusters = Int(exactly: numbers[0]) else { throw fault }
      return try SyntheticInputs.clustered(
        rows: rows, dimension: dimension, clusters: clusters,
        withinFraction: numbers.count == 2 ? numbers[1] : 0.5, seed: seed)
    case (.binary, 0):
      return try SyntheticInputs.binary(rows: rows, dimension: dimension, seed: seed)
    default: throw fault
    }
  }
}
