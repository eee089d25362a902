import Foundation
import PoiseLab
import Testing

@testable import PoiseReports

/// The plane of stable weights in words and pictures.
@Suite struct StablePlaneTests {
  static func plane() -> StablePhaseResult {
    let alphas = (0...10).map { 1 + 0.1 * Double($0) }
    let scales = (1...20).map { 0.15 * Double($0) }
    let cells = alphas.flatMap { alpha in
      scales.map { scale -> StablePhaseResult.Cell in
        var cell = StablePhaseResult.Cell(alpha: alpha, scale: scale)
        cell.logLength = alpha == 2 && scale < 1 ? nil : log(scale) * 6 / alpha
        cell.logLengthCase = cell.logLength == nil ? "dies" : nil
        cell.growthRate = log(scale / (0.4 * alpha + 0.2))
        cell.meanLogSquare = alpha > 1 ? -1 - scale : nil
        cell.meanLogSquareCase = alpha > 1 ? nil : "diverges"
        cell.medianMeanSquare = scale * scale
        return cell
      }
    }
    func boundary(
      _ name: String, _ sizeName: String, _ size: Int, error: Double, _ line: (Double) -> Double?
    ) -> StablePhaseResult.Boundary {
      .init(
        name: name, definition: "defined so", sizeName: sizeName, size: size,
        points: alphas.map {
          .init(
            alpha: $0, scale: line($0), error: line($0).map { _ in error },
            scaleCase: line($0) == nil ? "none" : nil)
        })
    }
    return StablePhaseResult(
      activation: "tanh", biasScale: 0, width: 256, depth: 20, alphas: alphas, scales: scales,
      cells: cells,
      boundaries: [
        boundary("death", "width", 256, error: 0) { 0.4 * $0 + 0.2 },
        boundary("raw-floor", "width", 256, error: 0) { 0.6 * $0 - 0.2 },
        boundary("lyapunov", "pool", 10_000, error: 0.02) { 0.5 * $0 },
        boundary("delocalized", "pool", 5000, error: 0.05) { _ in 1 },
        boundary("multifractal", "width", 256, error: 0.1) { $0 > 1.4 ? 4 - $0 : nil },
      ])
  }

  @Test func everyBoundaryIsNamedWithItsSize() throws {
    let record = Samples.record(.stablePhase(Self.plane()), verb: "phase")
    let figures = Figures.all(of: record)
    #expect(figures.map(\.name) == ["stable-phase", "stable-gain"])
    let figure = try #require(figures.first)
    for words in [
      "N = 256: signals die below", "raw floor, N = 256", "λ = 0, P = 10000", "P = 5000",
      "multifractal end, N = 256",
    ] {
      #expect(figure.commands.contains(words), "\(words)")
      #expect(figure.caption.contains(words), "\(words)")
    }
    #expect(figure.caption.contains("independent of W"))
    let text = RecordText.render(record, style: .plain)
    #expect(text.split(separator: "\n").allSatisfy { TextLayout.width(String($0)) <= 100 })
    #expect(text.contains("None of these is \"the\" boundary"))
    #expect(text.contains("χ_deloc take φ′(h) as independent of W"))
    guard let gnuplot = FigureTests.gnuplot else { return }
    let folder = try FigureTests.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try gnuplot.draw(figures, format: .svg, in: folder).count == 2)
  }

  @Test func linesAndPoints() throws {
    var plane = Self.plane()
    plane.alphas = [1]
    plane.cells = Array(plane.cells.prefix(plane.scales.count))
    let record = Samples.record(.stablePhase(plane), verb: "phase")
    #expect(Figures.all(of: record).isEmpty)
    #expect(record.answer.tables.map(\.heading) == ["Boundaries", "Numbers"])
    #expect(RecordText.render(record, style: .plain).contains("-infinite"))
  }
}
