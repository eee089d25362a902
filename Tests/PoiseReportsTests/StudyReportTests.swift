import Foundation
import Testing

@testable import PoiseLab
@testable import PoiseReports

@Suite struct StudyReportTests {
  @Test func words() throws {
    let text = RecordText.render(Samples.study(), style: .plain, files: ["out/README.md"])
    #expect(
      text.hasPrefix(
        "A sample of studies: verdict differs. Of 4 statements 1 agrees, 1 differs, 2 are inconcl"))
    // What does not agree is said in full, with its number.
    for line in ["2 differs: No. (there)", "3 inconclusive: Perhaps.", "4 inconclusive: Unknown."] {
      #expect(text.contains(line), "\(text)")
    }
    #expect(!text.contains("1 agrees: It is one"))
    for cell in ["1.010(2)", "≤ 1.5", "no bound above 0"] { #expect(text.contains(cell)) }
    #expect(text.contains("1 of 2 points without a result, the first at depth 4: lengths diverge"))
    #expect(text.split(separator: "\n").allSatisfy { TextLayout.width(String($0)) <= 100 })
    let none = RecordText.render(Samples.study(statements: 0), style: .plain)
    #expect(none.hasPrefix("A sample of studies: verdict inconclusive. Nothing could be judged."))
  }

  @Test func readme() throws {
    let text = try #require(StudyReadme.text(Samples.study(), format: .png))
    #expect(text.hasPrefix("# A sample of studies\n"))
    #expect(text.contains("| 1 | It is one \\| or so. "))
    #expect(text.contains("| **differs** by 2 |") && text.contains("| **inconclusive** |"))
    for name in ["curves", "map", "signs"] { #expect(text.contains("(figure-\(name).png)")) }
    #expect(text.contains("poise sweep run --into first -- phase --depth 2,4"))
    // Every row of the table has as many cells as its head.
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") }
    #expect(rows.count == 5)
    for row in rows { #expect(row.replacing("\\|", with: "").count { $0 == "|" } == 6, "\(row)") }
    #expect(StudyReadme.text(Samples.sweep(rows: 1), format: .svg) == nil)
  }

  /// A record whose arrays do not fit together is refused before anything indexes them.
  @Test func brokenPanels() throws {
    guard case .study(var result) = Samples.study().result else { return }
    #expect(result.shape.allSatisfy(\.isWhole) && result.shape.count == 3)
    result.panels[0].curves[1].error = [0.1]
    result.panels[1].map?.values.removeLast()
    #expect(result.shape.map(\.isWhole) == [false, false, true])
  }

  /// Marks of an axis: few places themselves, else steps that are easily read.
  @Test func axes() {
    func commands(_ values: [Double], _ isLogarithmic: Bool) -> String {
      StudyAxis("x", .init("x", isLogarithmic: isLogarithmic), values).commands
        .joined(separator: ";")
    }
    #expect(commands([2, 4, 64], true).contains("set xtics ('2' 2.0, '4' 4.0, '64' 64.0)"))
    let many = (1...20).map { 0.5 * Double($0) }
    #expect(many.count > 8 && commands(many, true).contains("'0.5' 0.5, '1' 1.0, '2' 2.0"))
    #expect(commands(many.map { pow(10, $0) }, true).contains("10^{%L}"))
    #expect(commands([3], false) == "set xrange [2.5:3.5]" && commands([], true).contains("xrange"))
    #expect(!commands([0, -1], true).contains("logscale"))
  }
}
