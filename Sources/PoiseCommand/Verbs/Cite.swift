import ArgumentParser
import Foundation
import Poise

struct Cite: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Which papers stand behind an answer? BibTeX.",
    discussion: """
        poise cite advise > advise.bib

      Without a verb, everything.
      """)

  @Argument(help: "A verb: advise, phase, propagate, …") var verb: String?
  @Flag(help: "Print JSON instead of BibTeX.") var json = false

  func run() throws {
    let verbs = ["advise", "phase", "propagate", "spectrum", "kernel"]
    if let verb, !verbs.contains(verb) {
      throw PoiseError(
        .unknownName, quantity: "verb", value: verb, allowed: verbs.joined(separator: ", "))
    }
    let entries = verb.map { Citations.forVerb($0) } ?? Citations.all
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
