import Dispatch
import PoiseNumerics

/// Units of a layer in fixed blocks, which several threads may work through.
///
/// Where a block begins depends on the layer alone, so that products, whose last bits depend on the
/// shape that BLAS is given, are the same for any number of threads.
struct UnitBlocks {
  /// Most threads at once.
  let jobs: Int

  /// Units of a block, but for the last: large enough that a product fills the vector units, small
  /// enough that a layer of a thousand units keeps several processors busy.
  static let size = 196

  /// Calls `body` with ranges that together are 0 ..< units.
  func forEach(_ units: Int, _ body: (Range<Int>) -> Void) {
    let count = max(1, units / Self.size)
    let range = { (index: Int) in units * index / count..<units * (index + 1) / count }
    guard jobs > 1, count > 1 else {
      for index in 0..<count { body(range(index)) }
      return
    }
    let lanes = min(jobs, count)
    withoutActuallyEscaping(body) { body in
      // Blocks touch units of their own only, and concurrentPerform returns when all are done.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: lanes) { lane in
        for index in stride(from: lane, to: count, by: lanes) {
          body(units * index / count..<units * (index + 1) / count)
        }
      }
    }
  }
}
