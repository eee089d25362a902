import Foundation
import PoiseHeavyTails
import PoiseModel
import PoiseNumerics
import Synchronization
import Testing

@testable import PoiseLab

/// The plane of stable weights, its dear boundaries, and the advice that rests on them.
@Suite struct StablePhaseTests {
  @Test func cells() throws {
    let survey = try StablePhaseSurvey(activation: .tanh, width: 1000)
    let plane = try survey.run(alphas: [1.5, 2], scales: [0.5, 1, 1.5], jobs: 2)
    #expect(plane.cells.map(\.alpha) == [1.5, 1.5, 1.5, 2, 2, 2])
    #expect(plane.cells.map(\.scale) == [0.5, 1, 1.5, 0.5, 1, 1.5])
    // From tables of an independent program.
    let lengths: [(Int, Double)] = [(0, 1.3668e-5), (1, 0.105928), (2, 0.664820), (5, 0.793354)]
    for (index, length) in lengths {
      let found = exp(try #require(plane.cells[index].logLength))
      #expect(abs(found / length - 1) < 1e-4, "\(index): \(found)")
    }
    #expect(plane.cells[3].logLengthCase == "dies" && plane.cells[3].logLength == nil)
    // α = 2: ⟨s²⟩ = χ₁, 1.1393 at σ_w = 1.5, and E ln s² = 2 ln σ_w − 1 where q* = 0.
    #expect(abs(try #require(plane.cells[5].medianMeanSquare) - 1.1393) < 1e-3)
    #expect(abs(try #require(plane.cells[3].meanLogSquare) - (2 * log(0.5) - 1)) < 1e-9)
    let death = try #require(plane.boundary("death"))
    #expect(abs(try #require(death.points[0].scale) - 0.593) < 0.005)
    #expect(death.size == 1000 && death.sizeName == "width")
    for cell in plane.cells {
      let edge = try #require(death.points.first { $0.alpha == cell.alpha }?.scale)
      #expect((try #require(cell.growthRate) > 0) == (cell.scale > edge))
    }
    let floor = try #require(plane.boundary("raw-floor"))
    #expect(abs(try #require(floor.points[1].scale) - 1) < 1e-6)
    // At the floor the median is 1.
    let there = try #require(floor.points[0].scale)
    let at = try survey.run(alphas: [1.5], scales: [there])
    #expect(abs(try #require(at.cells[0].medianMeanSquare) - 1) < 1e-6)
  }

  @Test func refusals() {
    #expect(throws: PoiseError.self) { try StablePhaseSurvey(activation: .relu) }
    #expect(throws: PoiseError.self) { try StablePhaseSurvey(activation: .tanh, width: 2) }
    #expect(throws: PoiseError.self) { try BoundarySurvey.kinds("lyapunov,death") }
    #expect(throws: PoiseError.self) { try BoundarySurvey(activation: .sigmoid) }
    #expect(throws: PoiseError.self) {
      try BoundarySurvey(activation: .tanh, width: 5000).run([.multifractal], alphas: [1.5])
    }
  }

  /// λ = 0 at α = 2 is the edge of chaos; the traces come back from their journal bit for bit, and a
  /// refusal before the first leaves nothing.
  @Test func boundaries() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("poise-traces-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var survey = try BoundarySurvey(activation: .tanh, width: 64)
    survey.pool = 1000
    let kinds = try BoundarySurvey.kinds("lyapunov,multifractal")
    let refusal = PoiseError(.outOfRange, quantity: "time", value: "", allowed: "")
    #expect(throws: refusal) {
      try survey.run(
        kinds, alphas: [2], journal: folder,
        announce: { _, _ throws(PoiseError) in throw refusal })
    }
    #expect(!FileManager.default.fileExists(atPath: folder))
    let steps = Steps()
    let first = try survey.run(
      kinds, alphas: [1.2, 2], journal: folder, jobs: 2,
      progress: { _, done, _ in if done > 0 { steps.next() } })
    #expect(steps.count > 5)
    let edge = first[0].points[1]
    let error = try #require(edge.error)
    #expect(abs(try #require(edge.scale) - 1) < 4 * error + 0.02, "\(edge)")
    #expect(error < 0.05)
    // At α = 2 no vector is far from extended.
    #expect(first[1].points[1].scale == nil && first[1].points[1].scaleCase != nil)
    let before = steps.count
    let again = try survey.run(
      kinds, alphas: [1.2, 2], journal: folder, jobs: 1,
      progress: { _, done, _ in if done > 0 { steps.next() } })
    #expect(again == first && steps.count == before)
    // Another seed is another trace.
    survey.seed = 2
    let other = try survey.run([.lyapunov], alphas: [2], journal: folder)
    #expect(other[0].points[0] != first[0].points[1])
  }

  /// At α = 2 both ends are known: σ_c(N) near 1, and ½ ln χ₁ = 2/L, which is 0.0652 at σ_w = 1.5.
  @Test func windows() throws {
    let advice = try StableAdvisor(
      activation: .tanh, depth: 31, width: 200, alphas: [1.5, 2], jobs: 2
    ).answer()
    let gauss = advice.windows[1]
    #expect(abs(gauss.lower - 1) < 0.01)
    #expect(abs(try #require(gauss.upper) - 1.497) < 0.06, "\(gauss)")
    #expect(gauss.verdict == "open")
    for window in advice.windows {
      let upper = try #require(window.upper)
      let start = try #require(window.suggested)
      #expect(window.lower < start && start < upper, "\(window)")
    }
    #expect(advice.windows[0].lower < 0.7 && advice.measurement == nil)
    #expect(advice.plane.boundary("chaos")?.points.count == 2)
    #expect(throws: PoiseError.self) {
      try StableAdvisor(activation: .relu, depth: 4, width: 64, alphas: [1.5])
    }
  }
}

/// Steps that were reported, from any thread.
private final class Steps: Sendable {
  private let value = Mutex(0)
  var count: Int { value.withLock { $0 } }
  func next() { value.withLock { $0 += 1 } }
}
