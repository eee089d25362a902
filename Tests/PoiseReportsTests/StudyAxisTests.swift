import Testing

@testable import PoiseLab
@testable import PoiseReports

@Suite struct StudyAxisTests {
  private static let panel = StudyPanel(
    "kinds", caption: "Two kinds.",
    x: .init("activation", low: 0.5, high: 2.5, names: ["hard_tanh", "ReLU"]), y: .init("accuracy"),
    curves: [
      .init("advice", .points, color: 0, x: [0.9, 1.9], y: [0.5, 0.75]),
      .init("", .line, color: 0, x: [0.9, 1.9], y: [0.5, 0.75]),
    ])

  /// Names stand at 1, 2, … as they are written.
  @Test func namesAreMarks() {
    let script = StudyFigure.script(Self.panel)
    #expect(script.commands.contains("set xtics ('hard\\_tanh' 1, 'ReLU' 2)"), "\(script.commands)")
    #expect(script.commands.contains("set xrange [0.5:2.5]"))
    #expect(!script.commands.contains("set ytics ("))
  }

  /// Words name the kinds, and the curves that have a name.
  @Test func words() {
    #expect(
      StudyFigure.script(Self.panel).alternativeText
        == "accuracy against activation, hard_tanh, ReLU with advice (0.5 to 0.75).")
    var numbers = Self.panel
    numbers.x.names = nil
    #expect(
      StudyFigure.script(numbers).alternativeText
        == "accuracy against activation, 0.9 to 1.9 with advice (0.5 to 0.75).")
  }
}
