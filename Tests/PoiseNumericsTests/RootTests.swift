import Foundation
import PoiseNumerics
import Testing

@Suite struct RootTests {
  @Test func nastyFunctions() throws {
    let cases: [(Double, Double, Double, @Sendable (Double) -> Double)] = [
      (0, 1, 0.5 * 1.4780, { cos($0) - $0 }),
      (-1, 4, 0, { $0 * $0 * $0 }),
      (-1, 4, 1, { pow($0 - 1, 9) }),
      (0, 3, 2, { $0 < 2 ? -1 : 1 }),
      (-10, 10, 0.3, { atan(1e8 * ($0 - 0.3)) }),
      (1e-300, 1, 1e-200, { log($0) + 200 * log(10) }),
      (0, 1, 1, { $0 - 1 }), (0, 1, 0, { $0 }),
      (5, -5, 1, { $0 - 1 }),
      (0, 700, 100, { exp($0) - exp(100) }),
    ]
    for (index, (lower, upper, expected, f)) in cases.enumerated() {
      let root = try bracketedRoot(from: lower, to: upper) { f($0) }
      #expect(root.converged, "case \(index)")
      if index == 0 {
        #expect(abs(root.value - 0.7390851332151607) < 3e-16)
      } else if index == 2 {
        // (x − 1)⁹ underflows for |x − 1| < 1e-36 and is flat long before.
        #expect(abs(root.value - expected) < 1e-12)
      } else {
        #expect(abs(root.value - expected) <= 8e-16 * abs(expected) + 1e-60, "case \(index)")
      }
    }
  }

  @Test func infiniteEnds() throws {
    let root = try bracketedRoot(from: 0, to: 1) { x in x == 0 ? -.infinity : log(x) + 1 }
    #expect(abs(root.value - exp(-1)) < 2e-16)
    let both = try bracketedRoot(from: -1, to: 1) { x in x == 0.25 ? 0 : 1 / (0.25 - x) / 0 }
    #expect(abs(both.value - 0.25) < 1e-15)
  }

  @Test func refusals() {
    #expect(throws: PoiseError.self) { try bracketedRoot(from: 0, to: 1) { $0 + 1 } }
    #expect(throws: PoiseError.self) { try bracketedRoot(from: 0, to: 1) { _ in .nan } }
    #expect(throws: PoiseError.self) { try bracketedRoot(from: -.infinity, to: 1) { $0 } }
    #expect(throws: PoiseError.self) { try bracketedRoot(from: .nan, to: 1) { $0 - 0.5 } }
    // Not a number on the way: never a root.
    #expect(throws: PoiseError.self) {
      try bracketedRoot(from: 0, to: 1) { x in x > 0.2 && x < 0.9 ? .nan : x - 0.5 }
    }
    let fault = PoiseError(.noAnswer, quantity: "f", value: "", allowed: "")
    #expect(throws: fault) {
      try bracketedRoot(from: 0, to: 1) { (x) throws(PoiseError) -> Double in
        if x > 0.3 && x < 0.7 { throw fault }
        return x - 0.5
      }
    }
  }

  @Test func tellsWhenItDidNotConverge() throws {
    // A bracket of 300 decades round a sign function takes a thousand halvings.
    let root = try bracketedRoot(from: -1e300, to: 1e300) { $0 < 1e-3 ? -1 : 1 }
    #expect(root.converged == (abs(root.value - 1e-3) < 1e-15))
  }

  @Test func toleranceIsKept() throws {
    let root = try bracketedRoot(from: 0, to: 2, tolerance: 1e-3) { $0 * $0 - 2 }
    #expect(abs(root.value - 2.0.squareRoot()) < 1e-3)
    #expect(root.residual == root.value * root.value - 2)
  }
}
