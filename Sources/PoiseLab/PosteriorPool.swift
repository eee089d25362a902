import PoiseData
public import PoiseNumerics
import RealModule

/// A learning task: training patterns with targets, and test points.
public struct PosteriorTask: Sendable {
  /// pattern × N₀.
  public let inputs: Matrix<Double>
  /// pattern × output.
  public let targets: Matrix<Double>
  /// test point × N₀.
  public let testInputs: Matrix<Double>
  /// test point × output.
  public let testTargets: Matrix<Double>
  /// Whether every target is ±1, so that signs are classes.
  public let isBinary: Bool

  /// A task of these points; shapes are not checked here.
  public init(
    inputs: Matrix<Double>, targets: Matrix<Double>, testInputs: Matrix<Double>,
    testTargets: Matrix<Double>
  ) {
    self.inputs = inputs
    self.targets = targets
    self.testInputs = testInputs
    self.testTargets = testTargets
    isBinary = (targets.elements + testTargets.elements).allSatisfy { abs($0) == 1 }
  }
}

/// Where tasks of any number of patterns come from: a smaller task is the beginning of a larger one.
public struct PosteriorPool: Sendable {
  /// For the record.
  public let summary: DataSummary
  /// Most patterns that leave the test points out.
  public let patternLimit: Int
  private let source: Source

  private enum Source: Sendable {
    case rows(inputs: Matrix<Double>, targets: Matrix<Double>, tests: Int)
    case teacher(dimension: Int, signal: Double, noise: Double, tests: Int, seed: UInt64)
    case template(dimension: Int, spread: Double, tests: Int, seed: UInt64)
  }

  /// Most numbers of a synthetic task.
  static let sizeLimit = 50_000_000

  /// Rows of a labelled data set, in a seeded order, the test points first.
  ///
  /// - Parameters:
  ///   - classes: two classes give one output ±1 (the first is −1), more give one output each, +1 for
  ///     the class and −1 for the others; nil for all classes.
  ///   - tests: test points that are set aside.
  /// - Throws: as loading; `outOfRange` for data without labels or classes that are not there.
  public init(
    _ specification: String, preparation: PreparedData.Preparation, classes: [Int]?, tests: Int,
    seed: UInt64
  ) throws(PoiseError) {
    let data = try PreparedData(specification, preparation: preparation, rows: nil, seed: seed)
    guard let labels = data.labels, let count = data.classes else {
      throw PoiseError(
        .outOfRange, quantity: specification, value: "no labels",
        allowed: "data with labels, or teacher:N0, template:N0",
        suggestion: "digits, with --classes 0,1")
    }
    let wanted = classes ?? Array(0..<count)
    guard Set(wanted).count == wanted.count, wanted.count >= 2,
      wanted.allSatisfy({ class_ in labels.contains(class_) })
    else {
      throw PoiseError(
        .outOfRange, quantity: "--classes", value: wanted.map(String.init).joined(separator: ","),
        allowed: "at least two different classes of 0 to \(count - 1) that have rows")
    }
    var stream = RandomStream(seed: seed, item: 0, purpose: LabStream.posteriorRows)
    let order = stream.permutation(of: labels.count).filter { wanted.contains(labels[$0]) }
    guard tests >= 1, tests < order.count else {
      throw PoiseError(
        .outOfRange, quantity: "--tests", value: "\(tests)", allowed: "1 to \(order.count - 1)")
    }
    let outputs = wanted.count == 2 ? 1 : wanted.count
    var targets = Matrix<Double>(rows: order.count, columns: outputs, repeating: -1)
    for (row, index) in order.enumerated() {
      let place = wanted.firstIndex(of: labels[index])!
      if outputs == 1 { targets[row, 0] = place == 0 ? -1 : 1 } else { targets[row, place] = 1 }
    }
    source = .rows(
      inputs: data.inputs.selecting(rows: order), targets: targets, tests: tests)
    patternLimit = order.count - tests
    summary = DataSummary(
      name: specification, rows: order.count, totalRows: data.summary.totalRows,
      features: data.summary.features, meanSquare: data.summary.meanSquare,
      preparation: data.summary.preparation + ", classes "
        + wanted.map(String.init).joined(separator: ", "))
  }

  /// Gaussian inputs, labels w·x/√N₀ + noise with |w|²/N₀ = signal, clean test labels.
  public static func teacher(
    dimension: Int, signal: Double, noiseVariance: Double, tests: Int, seed: UInt64
  ) throws(PoiseError) -> PosteriorPool {
    try check(dimension, tests)
    _ = try signal.checked("--signal", in: 0...1e6)
    _ = try noiseVariance.checked("--noise", in: 0...1e6)
    return PosteriorPool(
      .teacher(
        dimension: dimension, signal: signal, noise: noiseVariance, tests: tests, seed: seed),
      "teacher:\(dimension)", dimension, "Gaussian inputs, noisy linear teacher")
  }

  /// Gaussian centres with random labels ±1, test points √(1−γ)x^μ + √γ η.
  public static func template(
    dimension: Int, spread: Double, tests: Int, seed: UInt64
  ) throws(PoiseError) -> PosteriorPool {
    try check(dimension, tests)
    _ = try spread.checked("--spread", in: 0...1)
    return PosteriorPool(
      .template(dimension: dimension, spread: spread, tests: tests, seed: seed),
      "template:\(dimension)", dimension, "Gaussian centres, random labels")
  }

  private static func check(_ dimension: Int, _ tests: Int) throws(PoiseError) {
    guard (1...100_000).contains(dimension), (1...100_000).contains(tests) else {
      throw PoiseError(
        .outOfRange, quantity: "synthetic data", value: "dimension \(dimension), \(tests) tests",
        allowed: "1 to 100000 of each")
    }
  }

  private init(_ source: Source, _ name: String, _ dimension: Int, _ words: String) {
    self.source = source
    patternLimit = Self.sizeLimit / dimension
    summary = DataSummary(
      name: name, rows: 0, totalRows: 0, features: dimension, meanSquare: 1, preparation: words)
  }

  /// The first patterns of the pool, and its test points.
  /// - Throws: `outOfRange` for more patterns than there are.
  public func task(patterns: Int) throws(PoiseError) -> PosteriorTask {
    guard (1...patternLimit).contains(patterns) else {
      throw PoiseError(
        .outOfRange, quantity: "--patterns", value: "\(patterns)",
        allowed: "1 to \(patternLimit)", suggestion: "fewer patterns, or fewer test points")
    }
    switch source {
    case .rows(let inputs, let targets, let tests):
      let (train, test) = (Array(tests..<tests + patterns), Array(0..<tests))
      return PosteriorTask(
        inputs: inputs.selecting(rows: train), targets: targets.selecting(rows: train),
        testInputs: inputs.selecting(rows: test), testTargets: targets.selecting(rows: test))
    case .teacher(let dimension, let signal, let noise, let tests, let seed):
      return Self.taught(dimension, signal, noise, tests, seed, patterns)
    case .template(let dimension, let spread, let tests, let seed):
      return Self.centres(dimension, spread, tests, seed, patterns)
    }
  }

  private static func normals(
    _ rows: Int, _ columns: Int, _ seed: UInt64, _ purpose: RandomStream.Purpose
  ) -> Matrix<Double> {
    var stream = RandomStream(seed: seed, item: 0, purpose: purpose)
    return Matrix(rows: rows, columns: columns) { stream.fillNormal($0) }
  }

  private static func taught(
    _ n: Int, _ signal: Double, _ noise: Double, _ tests: Int, _ seed: UInt64, _ patterns: Int
  ) -> PosteriorTask {
    let teacher = normals(1, n, seed, LabStream.posteriorTeacher)
    let square = teacher.elements.reduce(0) { $0 + $1 * $1 }
    let inputs = normals(patterns, n, seed, LabStream.posteriorInputs)
    let test = normals(tests, n, seed, LabStream.posteriorTests)
    let errors = normals(patterns, 1, seed, LabStream.posteriorNoise)
    // w/√N₀ with |w|²/N₀ = signal.
    let scale = (signal / square).squareRoot()
    var targets = Matrix.product(inputs, teacher, transposeB: true)
    for row in 0..<patterns {
      targets[row, 0] = scale * targets[row, 0] + noise.squareRoot() * errors[row, 0]
    }
    var testTargets = Matrix.product(test, teacher, transposeB: true)
    for row in 0..<tests { testTargets[row, 0] *= scale }
    return PosteriorTask(
      inputs: inputs, targets: targets, testInputs: test, testTargets: testTargets)
  }

  private static func centres(
    _ n: Int, _ spread: Double, _ tests: Int, _ seed: UInt64, _ patterns: Int
  ) -> PosteriorTask {
    let inputs = normals(patterns, n, seed, LabStream.posteriorInputs)
    let signs = normals(patterns, 1, seed, LabStream.posteriorNoise)
    var test = normals(tests, n, seed, LabStream.posteriorTests)
    let targets = Matrix(
      rows: patterns, columns: 1, elements: signs.elements.map { $0 < 0 ? -1 : 1 })
    var testTargets = Matrix<Double>(rows: tests, columns: 1)
    for row in 0..<tests {
      let centre = row % patterns
      testTargets[row, 0] = targets[centre, 0]
      for column in 0..<n {
        test[row, column] =
          (1 - spread).squareRoot() * inputs[centre, column]
          + spread.squareRoot() * test[row, column]
      }
    }
    return PosteriorTask(
      inputs: inputs, targets: targets, testInputs: test, testTargets: testTargets)
  }
}

/// Purposes of the laboratory's own random streams.
enum LabStream {
  static let posteriorRows = RandomStream.Purpose(kind: 0xE0, index: 0)
  static let posteriorTeacher = RandomStream.Purpose(kind: 0xE0, index: 1)
  static let posteriorInputs = RandomStream.Purpose(kind: 0xE0, index: 2)
  static let posteriorTests = RandomStream.Purpose(kind: 0xE0, index: 3)
  static let posteriorNoise = RandomStream.Purpose(kind: 0xE0, index: 4)
  static let posteriorDraws = RandomStream.Purpose(kind: 0xE0, index: 5)
}
