import Foundation
import PoiseMeanField
import PoiseModel
import PoiseNumerics

/// The cells of a map of phases, block by block of whole rows, each kept once it is finished.
struct PhaseCells {
  var activation: Activation
  var weightVariances: [Double]
  var biasVariances: [Double]
  /// Whether c* and ξ_c are wanted.
  var correlations: Bool
  /// Dropout keep probability.
  var keep: Double
  /// Weight of the identity branch.
  var residual: Double
  var jobs: Int

  private var isPlain: Bool { keep == 1 && residual == 0 }

  /// All cells, weight variance running fastest.
  ///
  /// - Parameters:
  ///   - store: keeps finished blocks of a map that may be interrupted.
  ///   - progress: called with the number of cells done.
  func run(
    store: PointStore?, progress: ((Int) -> Void)?
  ) throws(PoiseError) -> [PhaseDiagram.Cell] {
    let columns = weightVariances.count
    let isTabulated = isPlain && columns * biasVariances.count > 16
    let diagram = isTabulated ? PhaseDiagram(activation) : nil
    // Cells from tables cost some ten microseconds, others a millisecond.
    let rows = max(1, (isTabulated ? 4096 : 64) / max(columns, 1))
    var cells: [PhaseDiagram.Cell] = []
    cells.reserveCapacity(columns * biasVariances.count)
    for first in stride(from: 0, to: biasVariances.count, by: rows) {
      let biases = Array(biasVariances[first..<min(first + rows, biasVariances.count)])
      let compute = { () throws(PoiseError) -> [PhaseDiagram.Cell] in
        guard let diagram else { return try cellByCell(biases) }
        return try diagram.cells(
          weightVariances: weightVariances, biasVariances: biases, correlations: correlations,
          jobs: jobs)
      }
      if biases.count == biasVariances.count {
        // A single block: nothing to come back to.
        cells += try compute()
      } else {
        let block = try store.value(
          "rows \(first) to \(first + biases.count)", counting: columns * biases.count
        ) { () throws(PoiseError) -> CellBlock in CellBlock(try compute()) }
        if let kept = block.cells(weightVariances, biases) {
          cells += kept
        } else {
          cells += try compute()
        }
      }
      progress?(cells.count)
    }
    return cells
  }

  /// Straight from mean field, without tables.
  private func cellByCell(_ biases: [Double]) throws(PoiseError) -> [PhaseDiagram.Cell] {
    let columns = weightVariances.count
    return try parallelMap(count: columns * biases.count, jobs: jobs) {
      (index: Int) throws(PoiseError) -> PhaseDiagram.Cell in
      let theory = try theory(weightVariances[index % columns], biases[index / columns])
      return Self.cell(theory, try theory.outcome())
    }
  }

  private func theory(_ weight: Double, _ bias: Double) throws(PoiseError) -> MeanField {
    try MeanField(
      of: NetworkEnsemble(
        activation: activation, weights: .gaussian(variance: weight),
        biases: .gaussian(variance: bias)), keep: keep, residual: residual)
  }

  /// A map of one cell, with all that is known of it.
  func single() throws(PoiseError) -> (cell: PhaseDiagram.Cell, detail: PointDetail) {
    let theory = try theory(weightVariances[0], biasVariances[0])
    let points = try theory.lengthMap.fixedPoints()
    let outcome = try theory.outcome(among: points)
    return (Self.cell(theory, outcome), PointDetail(outcome, points))
  }

  private static func cell(
    _ theory: MeanField, _ outcome: MeanField.Outcome
  ) -> PhaseDiagram.Cell {
    let point = outcome.point
    return PhaseDiagram.Cell(
      weightVariance: theory.ensemble.weightVariance, biasVariance: theory.ensemble.biasVariance,
      length: point?.length, chi1: outcome.chi1, chiQ: point?.chiQ, phase: outcome.phase,
      correlation: point?.correlation, chiC: point?.chiC)
  }
}

/// Cells of some rows as a store keeps them: six numbers a cell, bit by bit, a fifth of their JSON.
struct CellBlock: Codable {
  private var bits: Data

  private static let phases = Phase.allCases

  init(_ cells: [PhaseDiagram.Cell]) {
    let numbers = cells.flatMap { cell in
      [
        cell.length ?? .nan, cell.chi1, cell.chiQ ?? .nan,
        Double(Self.phases.firstIndex(of: cell.phase)!), cell.correlation ?? .nan,
        cell.chiC ?? .nan,
      ]
    }
    bits = numbers.withUnsafeBytes { Data($0) }
  }

  /// The cells of these rows; nil if it holds others.
  func cells(_ weightVariances: [Double], _ biasVariances: [Double]) -> [PhaseDiagram.Cell]? {
    let count = weightVariances.count * biasVariances.count
    guard bits.count == 6 * 8 * count else { return nil }
    let numbers = [Double](unsafeUninitializedCapacity: 6 * count) { buffer, filled in
      filled = bits.copyBytes(to: buffer) / 8
    }
    func number(_ place: Int) -> Double? { numbers[place].isNaN ? nil : numbers[place] }
    var cells: [PhaseDiagram.Cell] = []
    cells.reserveCapacity(count)
    for index in 0..<count {
      let place = 6 * index
      guard let phase = number(place + 3), (0..<Double(Self.phases.count)).contains(phase) else {
        return nil
      }
      cells.append(
        PhaseDiagram.Cell(
          weightVariance: weightVariances[index % weightVariances.count],
          biasVariance: biasVariances[index / weightVariances.count], length: number(place),
          chi1: numbers[place + 1], chiQ: number(place + 2), phase: Self.phases[Int(phase)],
          correlation: number(place + 4), chiC: number(place + 5)))
    }
    return cells
  }
}
