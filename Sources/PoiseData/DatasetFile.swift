import PoiseNumerics

/// A data file on disk whose format is told by its signature, else by its name.
struct DatasetFile {
  let path: String
  /// The array, tensor or label column named behind `#`.
  let member: String?

  init(path: String, member: String? = nil) {
    self.path = path
    self.member = member
  }

  private static let inputNames = ["inputs", "x", "X", "x_train", "data", "images", "features"]
  private static let labelNames = ["labels", "label", "y", "Y", "y_train", "targets"]

  private var fileName: Substring {
    path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
  }

  private var stem: String {
    let name = fileName.lowercased()
    return name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
  }

  func load() throws(PoiseError) -> Dataset {
    let file = try FileAccess.readInflated(path: path)
    if NPY.isNPY(file.bytes) { return try single(NPY.decode(file), file: file) }
    if ZipArchive.isZip(file.bytes) || stem.hasSuffix(".npz") {
      let wanted = try pick(from: NPZ.names(in: file))
      return try dataset(from: NPZ.decode(file, names: wanted).arrays, wanted)
    }
    if stem.hasSuffix(".safetensors") {
      let wanted = try pick(from: Safetensors.names(in: file))
      return try dataset(from: Safetensors.decode(file, names: wanted).tensors, wanted)
    }
    if stem.hasSuffix(".csv") {
      return try CSV.decode(file, header: .automatic, labels: labelColumn)
    }
    if stem.hasSuffix(".bin") {
      try refuseMember(file)
      return try CIFAR10.decode(file)
    }
    if IDX.isIDX(file.bytes) { return try images(file) }
    if stem.hasSuffix(".npy") { _ = try NPY.decode(file) }
    throw file.fault(
      file.count == 0 ? "an empty file" : "a file of unknown format",
      expected: "CSV, NPY, NPZ, safetensors, IDX or CIFAR-10 binary, by the usual suffix")
  }

  private var labelColumn: CSV.LabelColumn {
    switch member {
    case nil: .automatic
    case "last": .last
    case .some(let name): .named(name)
    }
  }

  private func refuseMember(_ file: FileBytes) throws(PoiseError) {
    guard let member else { return }
    throw PoiseError(
      .unknownName, quantity: path, value: "#\(member)", allowed: "no name: it holds one array")
  }

  private func single(_ array: StoredArray, file: FileBytes) throws(PoiseError) -> Dataset {
    try refuseMember(file)
    return try Dataset(name: path, inputs: array.matrix, source: path)
  }

  /// The name of the inputs (the one asked for, or a usual one, or the only one), then the usual
  /// names of labels that are there.
  private func pick(from names: [String]) throws(PoiseError) -> [String] {
    let candidates = names.filter { !Self.labelNames.contains($0) }
    let chosen =
      member ?? Self.inputNames.first(where: names.contains)
      ?? (candidates.count == 1 ? candidates[0] : nil)
    guard let chosen, names.contains(chosen) else {
      throw PoiseError(
        .unknownName, quantity: "array in \(path)", value: member ?? "none chosen",
        allowed: NameList.text(names), suggestion: "write \(path)#NAME")
    }
    return [chosen] + Self.labelNames.filter { $0 != chosen && names.contains($0) }
  }

  private func dataset(
    from arrays: [String: StoredArray], _ names: [String]
  ) throws(PoiseError) -> Dataset {
    guard let matrix = arrays[names[0]]?.matrix else {
      preconditionFailure("decoding throws for a name that is missing")
    }
    let labels = names.dropFirst().compactMap { arrays[$0] }
      .first { $0.elementType.isInteger && $0.elements.count == matrix.rows }
    return try Dataset(
      name: member == nil ? path : "\(path)#\(names[0])", inputs: matrix,
      labels: try labels.map { array throws(PoiseError) in try integers(array) }, source: path)
  }

  private func integers(_ array: StoredArray) throws(PoiseError) -> [Int] {
    var labels: [Int] = []
    for value in array.elements {
      guard let label = Int(exactly: value) else {
        throw PoiseError(
          .outOfRange, quantity: "label in \(path)", value: "\(value)",
          allowed: "0 to \(FileLimits.classes - 1)")
      }
      labels.append(label)
    }
    return labels
  }

  private func images(_ file: FileBytes) throws(PoiseError) -> Dataset {
    try refuseMember(file)
    return try IDX.readImages(path: path, labelsPath: labelsBeside)
  }

  /// `train-labels-idx1-ubyte` beside `train-images-idx3-ubyte`, compressed or not.
  private var labelsBeside: String? {
    let name = String(fileName)
    guard name.contains("images") else { return nil }
    let folder = path.dropLast(name.count)
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    let labels = plain.replacing("images", with: "labels").replacing("idx3", with: "idx1")
    return ["\(folder)\(labels)", "\(folder)\(labels).gz"].first(where: FileAccess.isRegularFile)
  }
}
