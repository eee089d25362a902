import Foundation
import PoiseLab
import PoiseNumerics
import Testing

@testable import PoiseReports

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Collects elements and attributes of a page.
private final class Outline: NSObject, XMLParserDelegate {
  var names: [String] = []
  var ids: [String] = []
  var addresses: [(element: String, value: String)] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    names.append(name)
    if let id = attributes["id"] { ids.append(id) }
    for key in ["src", "href", "xlink:href", "data", "action", "poster", "srcset"] {
      if let value = attributes[key] { addresses.append((name, value)) }
    }
  }

  static func read(_ page: String) throws -> Outline {
    let outline = Outline()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = outline
    guard parser.parse() else {
      throw PoiseError(
        .unreadable, quantity: "page, line \(parser.lineNumber)",
        value: "\(parser.parserError.map { "\($0)" } ?? "")", allowed: "well-formed XML")
    }
    return outline
  }
}

@Suite struct PageTests {
  static func page(_ record: Record) throws -> String {
    let folder = try FigureTests.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try ReportWriter.write(record: record, to: folder, pytorch: Samples.pytorch)
    return try String(contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
  }

  @Test func everyPageIsWellFormedSmallAndAlone() throws {
    for (name, record) in Samples.small() {
      let page = try Self.page(record)
      let outline = try Outline.read(page)
      #expect(Set(outline.ids).count == outline.ids.count, "\(name)")
      #expect(page.utf8.count < 2_000_000)
      for address in outline.addresses where address.element != "a" {
        let isInside = address.value.hasPrefix("#") || address.value.hasPrefix("data:")
        #expect(isInside, "\(name): \(address)")
      }
      #expect(!page.contains("@import"))
      #expect(outline.names.filter { $0 == "h1" }.count == 1)
      let figures = outline.names.filter { $0 == "figure" }.count
      #expect(outline.names.filter { $0 == "svg" }.count == figures)
    }
  }

  @Test func referencesInsideAPictureAreWhole() throws {
    let record = try #require(Samples.small()["advise"])
    let outline = try Outline.read(try Self.page(record))
    for address in outline.addresses where address.value.hasPrefix("#") {
      #expect(outline.ids.contains(String(address.value.dropFirst())), "\(address)")
    }
  }

  @Test func theOrderIsAnswerPictureTableCheckTrustRedo() throws {
    let record = try #require(Samples.small()["advise"])
    let page = Page.render(
      record: record,
      figures: Figures.all(of: record).map { .init(figure: $0, svg: "<svg></svg>") },
      pytorch: Samples.pytorch)
    let marks = [
      "<h1>", "id=\"pytorch\"", "<figure>", "id=\"comparison\"", "id=\"check\"", "id=\"trust\"",
      "id=\"redo\"", "BibTeX",
    ]
    let places = try marks.map { try #require(page.range(of: $0)).lowerBound }
    #expect(places == places.sorted())
    #expect(page.contains("role=\"img\" aria-label="))
  }

  @Test func textFromARecordIsEscaped() throws {
    var advice = Samples.advice("tanh", depth: 8, columns: 4)
    let hostile = "<script>alert('1')</script> & \"quoted\" ]]> \u{7}"
    advice.headline = hostile
    advice.reasons = [hostile]
    advice.caveats = [hostile]
    advice.data?.name = hostile
    advice.candidates[1].name = hostile
    advice.candidates[1].verdict = hostile
    advice.check?.statement = hostile
    advice.plane.criticalStatement = hostile
    var record = Samples.record(.advise(advice), verb: "advise")
    record.command = hostile
    record.assumptions = [hostile]
    record.sources = [hostile]
    let page = Page.render(
      record: record,
      figures: Figures.all(of: record).map { .init(figure: $0, svg: "<svg></svg>") },
      pytorch: hostile, note: hostile)
    #expect(!page.contains("<script>alert"))
    #expect(try Outline.read(page).names.filter { $0 == "script" }.count == 1)
  }

  @Test func withoutGnuplotThePageIsStillMade() throws {
    let folder = try FigureTests.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let record = try #require(Samples.small()["advise"])
    let outcome = try ReportWriter.write(
      record: record, to: folder, gnuplotPath: "/nonexistent:/neither")
    #expect(outcome.warning?.code == .missingTool)
    #expect(
      outcome.files.map { URL(fileURLWithPath: $0).lastPathComponent }
        == ["record.json", "report.html"])
    let page = try String(
      contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
    #expect(page.contains("No pictures: ") && page.contains("gnuplot-nox"))
    #expect(
      try Record.read(from: folder.appendingPathComponent("record.json").path).verb == "advise")
  }

  @Test func aRecordThatWasChangedByHandIsRefused() throws {
    let folder = try FigureTests.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var phase = Samples.plane("tanh", columns: 4, rows: 3)
    phase.cells.removeLast()
    let file = folder.appendingPathComponent("record.json")
    try Samples.phase(phase).json().write(to: file)
    let error = #expect(throws: PoiseError.self) { try Record.read(from: file.path) }
    #expect(error?.code == .unreadable)
  }

  @Test func aFolderThatCannotBeMadeIsAnError() throws {
    let record = try #require(Samples.small()["map"])
    #expect(throws: PoiseError.self) {
      try ReportWriter.write(record: record, to: URL(fileURLWithPath: "/dev/null/out"))
    }
  }
}
