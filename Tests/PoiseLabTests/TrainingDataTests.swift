import PoiseLab
import PoiseNetworks
import PoiseNumerics
import Testing

@Suite struct TrainingDataTests {
  private static func data(validation: Int, training: Int? = nil) throws -> TrainingData {
    try TrainingData(
      "digits", preparation: .standardize, testRows: 297, validationRows: validation,
      trainingRows: training, seed: 1)
  }

  /// Means and mean square of the rows learnt from are 0 and 1; those of the test are not, because
  /// they had no part in the scale.
  @Test func scaleComesFromTheTrainingPart() throws {
    let data = try Self.data(validation: 300)
    #expect(data.training.count == 1200 && data.validation?.count == 300 && data.test.count == 297)
    func mean(_ matrix: Matrix<Double>, _ column: Int) -> Double {
      (0..<matrix.rows).reduce(0) { $0 + matrix[$1, column] } / Double(matrix.rows)
    }
    #expect((0..<data.features).allSatisfy { abs(mean(data.inputs, $0)) < 1e-12 })
    #expect(abs(data.summary.meanSquare - 1) < 1e-12)
    #expect((0..<data.features).contains { abs(mean(data.probe.inputs, $0)) > 0.02 })
  }

  /// The test is the same whatever is set aside for validation, and shares no row with the rest.
  @Test func partsAreDisjoint() throws {
    let (one, two) = (try Self.data(validation: 0), try Self.data(validation: 300))
    #expect(one.test.labels == two.test.labels && one.training.count == 1500)
    #expect(Array(one.training.labels.suffix(1200)) == two.training.labels)
    #expect(Array(one.training.labels.prefix(300)) == two.validation?.labels)
    #expect(try Self.data(validation: 300, training: 100).training.count == 100)
  }

  @Test func impossibleSplitsAreRefused() throws {
    for (test, validation) in [(1797, 0), (0, 0), (-1, 0), (297, 1500), (297, -1)] {
      #expect(throws: PoiseError.self) {
        try TrainingData(
          "digits", preparation: .raw, testRows: test, validationRows: validation, seed: 1)
      }
    }
    #expect(throws: PoiseError.self) {
      try TrainingData("gaussian:10x4", preparation: .raw, seed: 1)
    }
  }
}
