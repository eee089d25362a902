import Foundation
import PoiseLab
import Testing

@testable import PoiseReports

@Suite struct TextTests {
  @Test(arguments: [
    (0.41072, 0.0009, "0.4107(9)"), (0.41072, 0.00012, "0.41072(12)"), (1.5, 0.02, "1.50(2)"),
    (0.41072, 0.00096, "0.4107(10)"), (-3.14159, 0.05, "-3.14(5)"), (123.4, 12, "123(12)"),
    (2.5e-5, 3e-7, "2.50(3)e-5"), (1.234e7, 2e4, "1.234(2)e7"), (0, 0.003, "0.000(3)"),
    (0.5, 0, "0.5"), (1, 0.1, "1.00(10)"), (1234, 56, "1234(56)"),
  ])
  func measured(value: Double, error: Double, expected: String) {
    #expect(Measured.format(value: value, error: error) == expected)
  }

  @Test func numbersOfOneColumnShareDecimals() {
    #expect(
      NumberText.column([1.1025, 2, nil, 0.3333], digits: 5).map { $0.count } == [6, 6, 1, 6])
    #expect(NumberText.column([0, 1.68e-4, 0.0013]) == ["0", "1.68e-4", "1.30e-3"])
    #expect(NumberText.short(1.68e-4) == "1.68e-4")
    #expect(NumberText.short(1.1025) == "1.103")
    #expect(NumberText.short(0) == "0")
    #expect(NumberText.fixed([-0.001, -0.01], decimals: 2) == ["0.00", "-0.01"])
    #expect(NumberText.short(.nan) == "–")
  }

  @Test func widthCountsColumns() {
    #expect(TextLayout.width("σ_w² χ₁") == 7)
    #expect(TextLayout.width("q\u{0302}") == 1)
    #expect(TextLayout.width("数据") == 4)
    #expect(TextLayout.width("\u{1B}[31mred\u{1B}[0m") == 3)
  }

  /// Bytes of a binary file do not reach the terminal; colours do.
  @Test func controlCharactersAreWrittenOut() {
    #expect(TextLayout.visible("a\u{1B}]0;b\u{07}\r\nc\u{9B}d") == "a\\x1b]0;b\\x7\\xd\nc\\x9bd")
    let styled = TextStyle.colored.bold("plain") + "\n"
    #expect(TextLayout.visible(styled) == styled)
    #expect(ShellText.word("it's") == "'it'\\''s'" && ShellText.word("a.csv") == "a.csv")
  }

  @Test func longCellsAreWrapped() {
    let long = String(repeating: "word ", count: 30)
    let table = TextTable([
      .init("quantity", [long + "one", long + "two"], .left, isWrapped: true),
      .init("value", ["1", "2"]),
    ])
    let text = table.render()
    #expect(text.contains("one") && text.contains("two") && !text.contains("…"))
    #expect(text.split(separator: "\n").allSatisfy { TextLayout.width(String($0)) <= 100 })
  }

  @Test func wrappingBreaksWordsThatAreLongerThanALine() {
    let text = TextLayout.wrapped(String(repeating: "x", count: 250), first: "  - ")
    #expect(text.split(separator: "\n").allSatisfy { TextLayout.width(String($0)) <= 100 })
    #expect(text.filter { $0 == "x" }.count == 250)
    #expect(TextLayout.wrapped("") == "")
  }

  static func all(_ record: Record, _ style: TextStyle) -> String {
    let files = (0..<12).map { "some/rather/long/folder/figure-\($0).svg" }
    return RecordText.render(record, style: style, files: files)
  }

  @Test func noLineIsWiderThanAHundredColumns() {
    for (name, record) in Samples.small() {
      let plain = Self.all(record, .plain)
      let lines = plain.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      #expect(lines.count > 5, "\(name)")
      for line in lines { #expect(TextLayout.width(line) <= 100, "\(name): \(line)") }
      #expect(!plain.contains("\u{1B}"))
      #expect(Self.all(record, .colored).contains("\u{1B}["))
    }
  }

  @Test func theAnswerComesFirstAndTheNextStepLast() {
    let advice = Samples.advice("tanh", depth: 8, columns: 4)
    let text = RecordText.render(
      Samples.record(.advise(advice), verb: "advise"), style: .plain, files: ["record.json"],
      next: "something")
    #expect(text.hasPrefix("Use orthogonal weights"))
    #expect(text.hasSuffix("Wrote record.json\n\nNext: something\n"))
    #expect(text.contains("poise orthogonal *"))
  }

  @Test func theCheckShowsTheWorstLayer() {
    var check = Samples.check(depth: 40)
    check.series[0].z[22] = -9.5
    let rows = CheckTable(check).rows.filter { $0.quantity == "length q" }
    #expect(rows.map(\.layer) == [1, 10, 20, 23, 40])
    #expect(rows.filter(\.isWorst).map(\.z) == [-9.5])
  }

  @Test func aTableOfLongWordsIsShortened() {
    let table = TextTable([
      .init("name", [String(repeating: "word", count: 40)], .left), .init("x", ["1.5"]),
    ])
    let text = table.render()
    #expect(text.split(separator: "\n").allSatisfy { TextLayout.width(String($0)) <= 100 })
    #expect(text.contains("…") && text.contains("1.5"))
  }

  @Test func citationsAreWholeAndNamedOnce() {
    #expect(Set(Citations.all.map(\.key)).count == Citations.all.count)
    for citation in Citations.all {
      let entry = citation.bibTeX
      #expect(entry.filter { $0 == "{" }.count == entry.filter { $0 == "}" }.count)
      #expect(entry.hasPrefix("@\(citation.kind){\(citation.key),"))
    }
    for verb in ["advise", "phase", "propagate", "doctor"] {
      #expect(Citations.forVerb(verb).last?.key == "poise")
    }
    #expect(Citations.bibTeX(forVerb: "phase").contains("eprint = {1606.05340}"))
    #expect(Citations.forVerb("phase")[0].short == "Poole et al. 2016")
  }
}
