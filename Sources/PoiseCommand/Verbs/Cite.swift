import ArgumentParser
import Foundation
import Poise

struct Cite: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Which papers stand behind an answer? BibTeX.",
    discussion: """
        poise cite advise > advise.bib
        poise cite reproduce criticality

      Without a verb, everything.
      """)

  @Argument(
    help: "A verb: advise, phase, propagate, …; with its second word, if its sources differ.")
  var verb: [String] = []
  @Flag(help: "Print JSON instead of BibTeX.") var json = false

  func run() throws {
    let name = verb.joined(separator: " ")
    guard name.isEmpty || Citations.verbs.contains(name) else {
      throw PoiseError(
        .unknownName, quantity: "verb", value: name,
        allowed: Citations.verbs.joined(separator: ", "), suggestion: "poise cite, for everything")
    }
    let entries = name.isEmpty ? Citations.all : Citations.forVerb(name)
    guard json else { return Terminal.print(entries.map(\.bibTeX).joined(separator: "\n\n")) }
    let objects = entries.map { entry in
      [
        "key": entry.key, "authors": entry.authors, "title": entry.title, "year": entry.year,
        "venue": entry.venue, "arXiv": entry.arXiv ?? NSNull(), "use": entry.use,
        "bibTeX": entry.bibTeX,
      ] as [String: Any]
    }
    let data = try JSONSerialization.data(
      withJSONObject: objects, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    Terminal.print(String(decoding: data, as: UTF8.self))
  }
}
