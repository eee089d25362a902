import PoiseNumerics
import Testing

@Suite struct ParallelTests {
  struct Fault: Error, Equatable { let index: Int }

  @Test(arguments: [-1, 0, 1, 2, 3, 8, 1000])
  func orderAndJobs(_ jobs: Int) {
    let found = parallelMap(count: 137, jobs: jobs) { (index) throws(Never) in index * index }
    #expect(found == (0..<137).map { $0 * $0 })
  }

  @Test func empty() {
    #expect(parallelMap(count: 0, jobs: 4) { (index) throws(Never) in index }.isEmpty)
    #expect(parallelMap(count: 1, jobs: 64) { (index) throws(Never) in index } == [0])
  }

  @Test(arguments: [1, 2, 7])
  func lowestError(_ jobs: Int) {
    for _ in 0..<50 {
      #expect(throws: Fault(index: 11)) {
        try parallelMap(count: 200, jobs: jobs) { (index) throws(Fault) -> Int in
          // The lowest failing item is the slowest.
          if index == 11 {
            var sum = 0.0
            for i in 0..<20_000 { sum += 1 / Double(i + 1) }
            if sum > 0 { throw Fault(index: 11) }
          }
          if index > 11 && index % 2 == 0 { throw Fault(index: index) }
          return index
        }
      }
    }
  }

  @Test func jobsAreCounted() { #expect(availableJobs >= 1) }
}
