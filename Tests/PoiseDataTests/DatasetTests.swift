import Foundation
import PoiseNumerics
import Testing

@testable import PoiseData

@Suite struct DatasetTests {
  private func small() throws -> Dataset {
    try Dataset(
      name: "small", inputs: Matrix(rows: 5, columns: 2, elements: (0..<10).map(Double.init)),
      labels: [0, 1, 2, 3, 4])
  }

  @Test func validation() {
    #expect(throws: PoiseError.self) { try Dataset(name: "a", inputs: Matrix(rows: 0, columns: 3)) }
    #expect(throws: PoiseError.self) { try Dataset(name: "a", inputs: Matrix(rows: 3, columns: 0)) }
    for bad in [Double.nan, .infinity, -.infinity] {
      var inputs = Matrix<Double>(rows: 3, columns: 2)
      inputs[1, 1] = bad
      let error = #expect(throws: PoiseError.self) { try Dataset(name: "a", inputs: inputs) }
      #expect(error?.quantity == "a, row 2, column 2")
    }
    for labels in [[0], [0, -1], [0, 3], [0, 1, 2]] {
      #expect(throws: PoiseError.self) {
        try Dataset(name: "a", inputs: Matrix(rows: 2, columns: 1), labels: labels, classes: 3)
      }
    }
  }

  @Test func sampling() throws {
    let all = try small()
    let three = try all.sample(rows: 3, seed: 4)
    #expect(Set(three.labels ?? []).count == 3)
    #expect(three == (try all.sample(rows: 3, seed: 4)))
    #expect(try all.sample(rows: 5, seed: 4).labels?.prefix(3) == three.labels?.prefix(3))
    for row in 0..<3 { #expect(three.inputs[row, 0] == Double(2 * (three.labels?[row] ?? -1))) }
    #expect(Set(all.shuffled(seed: 1).labels ?? []) == [0, 1, 2, 3, 4])
    #expect(throws: PoiseError.self) { try all.sample(rows: 0, seed: 1) }
    #expect(throws: PoiseError.self) { try all.sample(rows: 6, seed: 1) }
    #expect(throws: PoiseError.self) { try all.sample(rows: -1, seed: 1) }
  }

  @Test func splitting() throws {
    let (train, test) = try small().split(trainCount: 2, seed: 9)
    #expect(train.count == 2 && test.count == 3)
    #expect(Set((train.labels ?? []) + (test.labels ?? [])).count == 5)
    #expect(train.classes == 5)
    #expect(try small().split(trainFraction: 0.8, seed: 9).train.count == 4)
    for count in [0, 5, -3] {
      #expect(throws: PoiseError.self) { try small().split(trainCount: count, seed: 1) }
    }
    for fraction in [0, 1, -1, 2, Double.nan] {
      #expect(throws: PoiseError.self) { try small().split(trainFraction: fraction, seed: 1) }
    }
  }

  @Test func scaling() throws {
    let (scaled, factor) = try small().scaledToUnitMeanSquare()
    // Mean of 0², 1², …, 9² is 28.5.
    #expect(abs(factor - 1 / 28.5.squareRoot()) < 1e-15)
    #expect(abs(scaled.meanSquare - 1) < 1e-14)
    let zero = try Dataset(name: "zero", inputs: Matrix(rows: 2, columns: 2))
    #expect(throws: PoiseError.self) { try zero.scaledToUnitMeanSquare() }
    let huge = try Dataset(name: "huge", inputs: Matrix(rows: 1, columns: 1, repeating: 1e200))
    #expect(throws: PoiseError.self) { try huge.scaledToUnitMeanSquare() }
  }

  @Test func standardizing() throws {
    // Columns: spread around 1e9; constant; nearly constant.
    let values: [Double] = [1e9 + 1, 5, 1e-9, 1e9 + 2, 5, 0, 1e9 + 3, 5, 0]
    let dataset = try Dataset(name: "a", inputs: Matrix(rows: 3, columns: 3, elements: values))
    let result = try dataset.standardized(deviationFloor: 1e-3).inputs
    #expect(abs(result[0, 0] + 1.5.squareRoot()) < 1e-9 && result[1, 0] == 0)
    #expect(result[0, 1] == 0 && abs(result[0, 2]) < 1e-6)
    let other = try small().standardized(by: Standardization(of: small()))
    #expect(abs(other.meanSquare - 1) < 1e-14)
    #expect(throws: PoiseError.self) { try small().standardized(by: Standardization(of: dataset)) }
    for floor in [0, -1, Double.nan, .infinity] {
      #expect(throws: PoiseError.self) { try small().standardized(deviationFloor: floor) }
    }
  }
}

@Suite struct DigitsTests {
  @Test func content() throws {
    let digits = try Digits.load()
    #expect(digits.count == 1797 && digits.dimension == 64 && digits.classes == 10)
    var histogram = [Int](repeating: 0, count: 10)
    for label in digits.labels ?? [] { histogram[label] += 1 }
    // As scikit-learn's load_digits.
    #expect(histogram == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    #expect(
      digits.inputs.row(0).prefix(16) == [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0])
    #expect(digits.inputs.elements.allSatisfy { (0...16).contains($0) && $0 == $0.rounded() })
    #expect(digits.source.contains("CC BY 4.0"))
  }

  @Test func missingResource() {
    let error = #expect(throws: PoiseError.self) { try Digits.load(from: ["/none/digits.csv.gz"]) }
    #expect(error?.code == .unreadable && error?.suggestion.contains("POISE_RESOURCES") == true)
  }
}

@Suite struct SyntheticInputsTests {
  private static let rows = 4000
  private static let dimension = 25
  /// 1e5 numbers; thresholds are 5 standard errors (false alarm 6e-7 each) at a fixed seed.
  private static let count = 1e5

  private func moments(_ dataset: Dataset) -> (mean: Double, square: Double, fourth: Double) {
    let values = dataset.inputs.elements
    let mean = { (power: (Double) -> Double) in values.reduce(0) { $0 + power($1) } / Self.count }
    return (mean { $0 }, mean { $0 * $0 }, mean { $0 * $0 * $0 * $0 })
  }

  @Test func gaussian() throws {
    let dataset = try SyntheticInputs.gaussian(
      rows: Self.rows, dimension: Self.dimension, scale: 2, seed: 1)
    let found = moments(dataset)
    #expect(abs(found.mean) < 5 * 2 / Self.count.squareRoot())
    #expect(abs(found.square - 4) < 5 * 4 * (2 / Self.count).squareRoot())
    #expect(abs(found.fourth - 48) < 5 * 16 * (96 / Self.count).squareRoot())
  }

  @Test(arguments: [0.1, 0.5, 1])
  func sparse(fraction: Double) throws {
    let dataset = try SyntheticInputs.sparse(
      rows: Self.rows, dimension: Self.dimension, fraction: fraction, seed: 2)
    let nonzero = Double(dataset.inputs.elements.count { $0 != 0 }) / Self.count
    #expect(abs(nonzero - fraction) <= 5 * (fraction * (1 - fraction) / Self.count).squareRoot())
    // Fourth moment 3/p, so the variance of the square is 3/p − 1.
    #expect(abs(moments(dataset).square - 1) < 5 * ((3 / fraction - 1) / Self.count).squareRoot())
  }

  @Test func clustered() throws {
    let dataset = try SyntheticInputs.clustered(
      rows: Self.rows, dimension: Self.dimension, clusters: 400, withinFraction: 0.3, seed: 3)
    #expect(dataset.classes == 400 && dataset.labels?[401] == 1)
    // 1e4 independent centre entries dominate the error of the mean square.
    #expect(abs(moments(dataset).square - 1) < 5 * (2 * 0.49 / 1e4 + 2 / Self.count).squareRoot())
    // Differences within a cluster have variance 2 w.
    var within = 0.0
    for row in 0..<400 {
      for feature in 0..<Self.dimension {
        let difference = dataset.inputs[row, feature] - dataset.inputs[row + 400, feature]
        within += difference * difference / 1e4
      }
    }
    #expect(abs(within / 0.6 - 1) < 5 * (2 / 1e4).squareRoot())
    let points = try SyntheticInputs.clustered(
      rows: 6, dimension: 2, clusters: 3, withinFraction: 0, seed: 3)
    #expect(points.inputs.row(0) == points.inputs.row(3))
  }

  @Test func binary() throws {
    let dataset = try SyntheticInputs.binary(rows: Self.rows, dimension: Self.dimension, seed: 4)
    #expect(dataset.inputs.elements.allSatisfy { $0.magnitude == 1 })
    #expect(abs(moments(dataset).mean) < 5 / Self.count.squareRoot())
  }

  @Test func rowsOwnTheirStreams() throws {
    for law in ["gaussian:9x7", "sparse:9x7:0.5", "clustered:9x7:3", "binary:9x7"] {
      let few = try Dataset.load(law, seed: 5)
      let many = try Dataset.load(law.replacing("9x7", with: "12x7"), seed: 5)
      #expect(many.inputs.selecting(rows: Array(0..<9)) == few.inputs)
      #expect(try Dataset.load(law, seed: 6).inputs != few.inputs)
    }
  }
}
