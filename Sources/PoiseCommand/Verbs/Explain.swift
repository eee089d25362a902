import ArgumentParser
import Foundation
import Poise
import PoiseReports

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What does a quantity mean, by which equation, under which assumptions?",
    discussion: """
        poise explain chi1

      Without a name, the list of all quantities.
      """)

  @Argument(help: "A quantity: its name or its symbol.") var quantity: String?
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let entries = try quantity.map { name throws(PoiseError) in [try Glossary.entry(name)] }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let data = try encoder.encode(entries ?? Glossary.entries)
      return Terminal.print(String(decoding: data, as: UTF8.self))
    }
    let style = Terminal.style
    guard let entry = entries?.first else {
      let all = Glossary.entries
      let table = TextTable([
        .init("symbol", all.map(\.symbol), .left), .init("name", all.map(\.name), .left),
        .init("what it is", all.map(\.summary), .left),
      ])
      return Terminal.print(table.render(style: style))
    }
    var lines = [style.bold("\(entry.symbol)  \(entry.title)"), ""]
    lines.append(TextLayout.wrapped(entry.summary))
    lines += ["", "  " + entry.equation, "", TextLayout.wrapped(entry.meaning), ""]
    lines.append(TextLayout.wrapped("Assumes: " + entry.assumptions))
    lines.append(TextLayout.wrapped("Source: " + entry.source))
    lines.append("In the library: \(entry.library)")
    Terminal.print(lines.joined(separator: "\n"))
  }
}
