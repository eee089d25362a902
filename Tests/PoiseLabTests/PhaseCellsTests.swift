import Foundation
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import Testing

@testable import PoiseLab

/// Maps that were interrupted: what a journal holds is taken from it, the rest computed, bit for bit.
@Suite struct PhaseCellsTests {
  /// Computes with a store, cuts its journal to the header and `kept` lines, and computes again.
  ///
  /// - Returns: both answers and the points that the second one found.
  private func interrupted<Answer>(
    kept: Int, _ answer: (PointStore) throws -> Answer
  ) throws -> (calm: Answer, resumed: Answer, found: Int) {
    try JournalTests.withFolder { folder in
      let first = try PointStore(folder: "\(folder)/s", subject: "map")
      let calm = try answer(first)
      #expect(first.resumed == 0)
      let name = try #require(FileManager.default.contentsOfDirectory(atPath: "\(folder)/s").first)
      let path = URL(fileURLWithPath: "\(folder)/s/\(name)")
      let lines = String(decoding: try Data(contentsOf: path), as: UTF8.self)
        .split(separator: "\n")
      #expect(lines.count > kept + 2)
      // The last line is torn.
      let text = lines[...kept].joined(separator: "\n") + "\n" + lines[kept + 1].dropLast(9)
      try Data(text.utf8).write(to: path)
      let second = try PointStore(folder: "\(folder)/s", subject: "map")
      return (calm, try answer(second), second.resumed)
    }
  }

  /// From tables, with chaotic cells whose correlations come from tables too; cell by cell.
  @Test(arguments: [1, 0.9]) func phases(keep: Double) throws {
    let rows = keep == 1 ? 24 : 6
    let outcome = try interrupted(kept: 2) { store in
      try PhaseSurvey.map(
        .tanh, weightVariances: (0..<(keep == 1 ? 700 : 40)).map { 0.3 + 0.005 * Double($0) },
        biasVariances: (0..<rows).map { 0.02 * Double($0) }, keep: keep, store: store)
    }
    #expect(outcome.calm.cells == outcome.resumed.cells)
    #expect(outcome.found == (keep == 1 ? 2 * 5 * 700 : 2 * 40))
    let phases = Set(outcome.calm.cells.map(\.phase))
    #expect(keep < 1 || phases.isSuperset(of: ["ordered", "chaotic"]))
  }

  @Test func isometry() throws {
    let ensembles = try (0..<300).map { index in
      try NetworkEnsemble(
        activation: .tanh, weights: .orthogonal(variance: 1 + 0.001 * Double(index)),
        biases: .gaussian(variance: 1e-4))
    }
    let outcome = try interrupted(kept: 2) { store in
      try IsometrySurvey.map(ensembles, depths: [4, 16], jobs: 1, store: store)
    }
    #expect(outcome.found == 2 * 64 * 2)
    #expect(outcome.calm.logChi1 == outcome.resumed.logChi1)
    #expect(outcome.calm.spreadPerLayer == outcome.resumed.spreadPerLayer)
  }

  @Test func layers() throws {
    let outcome = try interrupted(kept: 2) { store in
      try LayerSpectrumSurvey(activation: .tanh, points: 20)
        .run(alphas: [1.5, 1.8], scales: [0.5, 2], store: store)
    }
    #expect(outcome.found == 2 && outcome.calm.curves == outcome.resumed.curves)
  }

  /// Every number of a cell survives, and those that do not exist stay away.
  @Test func blocks() throws {
    let cells = Phase.allCases.enumerated().map { index, phase in
      PhaseDiagram.Cell(
        weightVariance: 1 + Double(index), biasVariance: 0.5,
        length: index == 1 ? nil : 0.1 + Double(index) / 3, chi1: index == 2 ? .infinity : 1 / 3,
        chiQ: index == 3 ? nil : -0.0, phase: phase, correlation: index == 4 ? nil : 1 / 7,
        chiC: index == 0 ? nil : .leastNonzeroMagnitude)
    }
    let data = try JSONEncoder().encode(CellBlock(cells))
    let block = try JSONDecoder().decode(CellBlock.self, from: data)
    let weights = cells.map(\.weightVariance)
    let found = try #require(block.cells(weights, [0.5]))
    #expect(found == cells && found[0].chiQ?.sign == .minus)
    #expect(block.cells(weights, [0.5, 1]) == nil)
  }
}
