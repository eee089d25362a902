import Foundation
import Testing

/// The smallest profile of the study, as continuous integration runs it.
@Suite struct RenormalizationCommandTests {
  @Test func smallestProfile() throws {
    try Command.withFolder { folder in
      let result = try Command.run(
        "reproduce renormalization --profile smallest --output out --quiet", in: folder)
      #expect(result.status == 0, "\(result.output)\(result.errors)")
      let record = try #require(
        try JSONSerialization.jsonObject(
          with: SweepCommandTests.data("\(folder)/out/renormalization/record.json"))
          as? [String: Any])
      let study = try #require((record["result"] as? [String: Any])?["study"] as? [String: Any])
      let statements = try #require(study["statements"] as? [[String: Any]])
      #expect(statements.count > 30)
      // Small tasks cannot tell everything, but what they tell is not wrong.
      let verdicts = statements.compactMap { $0["verdict"] as? String }
      #expect(verdicts.count { $0 == "agrees" } > 20, "\(verdicts)")
      #expect(!verdicts.contains("differs"), "\(verdicts)")
      let parts = try #require(study["parts"] as? [[String: Any]])
      for part in parts { #expect(part["done"] as? Int == part["points"] as? Int, "\(part)") }
      let page = String(
        decoding: try SweepCommandTests.data("\(folder)/out/renormalization/README.md"),
        as: UTF8.self)
      #expect(page.contains("poise sweep run --into width --"))
    }
  }
}
