import Foundation
import Testing

/// `poise cite`: what a help tells the reader to type works.
@Suite struct CiteCommandTests {
  /// Every `poise cite VERB` in the help of any verb.
  static func named() throws -> Set<String> {
    let help = try Command.run("--experimental-dump-help")
    #expect(help.status == 0, "\(help.errors)")
    return Set(help.output.matches(of: /poise cite ([a-z]+)/).map { String($0.output.1) })
  }

  @Test func everyHelpIsRight() throws {
    let verbs = try Self.named()
    for verb in ["train", "tails", "stable", "information", "posterior", "advise"] {
      #expect(verbs.contains(verb), "\(verbs.sorted())")
    }
    for verb in verbs {
      let run = try Command.run("cite \(verb)")
      #expect(run.status == 0 && run.output.contains("@software{poise,"), "\(verb): \(run.errors)")
      #expect(run.output.contains("eprint") || run.output.contains("@article"), "\(verb)")
    }
  }

  @Test func studiesAndRefusals() throws {
    let study = try Command.run("cite reproduce criticality")
    #expect(study.status == 0 && study.output.contains("qu2022extended"))
    let all = try Command.run("cite reproduce")
    #expect(all.status == 0 && all.output.contains("qu2022extended") && all.output.contains("weng"))
    let everything = try Command.run("cite --json").json() as? [[String: Any]]
    #expect((everything?.count ?? 0) > 30)
    let wrong = try Command.run("cite reproduce nothing")
    #expect(wrong.status == 64 && wrong.errors.contains("posterior"), "\(wrong.errors)")
  }
}
