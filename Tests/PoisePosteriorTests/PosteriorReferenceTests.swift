import Foundation
import PoiseLab
import Testing

/// Values by mpmath (`References/posterior_reference.py`): other seeds, widths and temperatures than
/// the shipped table.
@Suite struct PosteriorReferenceTests {
  @Test func independentValues() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("References/posterior_reference.json").path
    let report = Verification.run(try Verification.table(at: path))
    #expect(report.entries.count >= 18)
    for entry in report.entries {
      #expect(entry.passed, "\(entry.id): \(entry.reason ?? "")")
    }
  }
}
