import PoiseInformation
import PoiseNumerics
import Testing

@Suite struct MarchenkoPasturTests {
  /// Against 30-digit values (`References/channel.py`).
  @Test(arguments: [
    (0.5, 1.0, 0.355861523933749), (10, 0.5, 2.16631163713298), (100, 2, 2.5006832469224),
  ])
  func shannonTransform(gain: Double, ratio: Double, expected: Double) throws {
    let value = try MarchenkoPastur.shannonTransform(gain: gain, ratio: ratio)
    #expect(abs(value - expected) < 1e-13)
  }

  @Test func refusesWhatDoesNotExist() {
    #expect(throws: PoiseError.self) { try MarchenkoPastur.shannonTransform(gain: -1) }
    #expect(throws: PoiseError.self) { try MarchenkoPastur.shannonTransform(gain: 1, ratio: 0) }
  }
}
