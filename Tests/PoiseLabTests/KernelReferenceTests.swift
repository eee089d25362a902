import Foundation
import PoiseLab
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import Testing

/// Against `References/make_kernels.py`: numpy and scipy, from the raw digits on.
@Suite("Kernels and regression on the digits against numpy")
struct KernelReferenceTests {
  struct Reference: Decodable {
    struct Regression: Decodable {
      var right: Int
      var mean: [[Double]]
      var variance: [Double]
      var meanVariance: Double
      var squaredError: Double
    }
    var nngp: [[Double]]
    var ntk: [[Double]]
    var standard: [[Double]]
    var nngpRegression: Regression
    var ntkRegression: Regression
  }

  private static func references() throws -> [String: Reference] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("References/kernels.json")
    return try JSONDecoder().decode([String: Reference].self, from: Data(contentsOf: url))
  }

  @Test("both parametrisations, regression, mean, variance", arguments: [Activation.relu, .erf])
  func digits(_ activation: Activation) throws {
    let reference = try #require(try Self.references()[activation.name])
    let data = try PreparedData("digits", rows: nil, seed: 1)
    let ensemble = try NetworkEnsemble(
      activation: activation, weights: .gaussian(variance: 1.7), biases: .gaussian(variance: 0.1))
    let both = try NetworkKernel(of: ensemble, depth: 3).matrices(data.inputs, jobs: 2)
    let few = data.inputs.selecting(rows: Array(0..<12))
    let standard = try NetworkKernel(
      of: ensemble, depth: 3, parametrization: .standard(width: 64)
    ).matrices(few).ntk
    for (own, wanted) in [
      (both.nngp, reference.nngp), (both.ntk, reference.ntk), (standard, reference.standard),
    ] {
      for a in 0..<12 {
        // arccos of a rounded c loses digits on the diagonal: numpy puts c = 1 there.
        for b in 0..<12 {
          #expect(abs(own[a, b] - wanted[a][b]) < 1e-11 * wanted[a][a].magnitude)
        }
      }
    }
    try compare(both.nngp, data.labels, reference.nngpRegression)
    try compare(both.ntk, data.labels, reference.ntkRegression)
  }

  private func compare(
    _ kernel: Matrix<Double>, _ labels: [Int]?, _ reference: Reference.Regression
  ) throws {
    let labels = try #require(labels)
    let (train, rows) = (1000, kernel.rows)
    var own = Matrix<Double>(rows: train, columns: train)
    for a in 0..<train { for b in 0..<train { own[a, b] = kernel[a, b] } }
    var cross = Matrix<Double>(rows: rows - train, columns: train)
    for a in 0..<rows - train { for b in 0..<train { cross[a, b] = kernel[train + a, b] } }
    var targets = Matrix<Double>(rows: train, columns: 10)
    for row in 0..<train { targets[row, labels[row]] = 1 }
    let answer = try KernelRegression(kernel: own, targets: targets, noiseVariance: 1e-3).predict(
      cross: cross, diagonal: (train..<rows).map { kernel[$0, $0] })
    let variance = try #require(answer.variance)
    for (row, wanted) in reference.mean.enumerated() {
      for column in 0..<10 { #expect(abs(answer.mean[row, column] - wanted[column]) < 1e-8) }
      #expect(abs(variance[row] - reference.variance[row]) < 1e-8)
    }
    let mean = variance.reduce(0, +) / Double(variance.count)
    #expect(abs(mean - reference.meanVariance) < 1e-8)
    var (right, squares) = (0, 0.0)
    for row in 0..<rows - train {
      let line = answer.mean.row(row)
      if line.indices.max(by: { line[$0] < line[$1] }) == labels[train + row] { right += 1 }
      for column in 0..<10 {
        let error = line[column] - (column == labels[train + row] ? 1 : 0)
        squares += error * error
      }
    }
    #expect(right == reference.right)
    #expect(abs(squares / Double(10 * (rows - train)) - reference.squaredError) < 1e-8)
  }

  @Test("a second set is brought to scale by the statistics of the first")
  func commonScale() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("poise-cross-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (first, second) = (folder.path + "/first.csv", folder.path + "/second.csv")
    try "1,2\n3,5\n-2,7\n0,1\n".write(toFile: first, atomically: true, encoding: .utf8)
    try "3,5\n100,-4\n".write(toFile: second, atomically: true, encoding: .utf8)
    for preparation in PreparedData.Preparation.allCases {
      let train = try PreparedData(first, preparation: preparation, rows: nil, seed: 1)
      let test = try PreparedData(second, preparedAs: train, rows: nil, seed: 1)
      #expect(test.inputs.row(0) == train.inputs.row(1))
    }
    let train = try PreparedData(first, rows: nil, seed: 1)
    // By hand: means 0.5 and 3.75, deviations √3.25 and √5.6875, mean square 1 already.
    let test = try PreparedData(second, preparedAs: train, rows: nil, seed: 1)
    #expect(abs(test.inputs[1, 0] - 99.5 / 3.25.squareRoot()) < 1e-12)
    #expect(abs(test.inputs[1, 1] - -7.75 / 5.6875.squareRoot()) < 1e-12)
    #expect { try PreparedData("gaussian:3x5", preparedAs: train, rows: nil, seed: 1) } throws: {
      ($0 as? PoiseError)?.code == .shapeMismatch
    }
  }
}
