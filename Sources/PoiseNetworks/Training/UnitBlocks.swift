import Dispatch
import Synchronization

/// The units of a layer in fixed blocks, each of which is one piece of work for a thread.
///
/// Where a block begins depends on the layer alone, so that products, whose last bits depend on the
/// shape that BLAS is given, are the same for any number of threads.
enum UnitBlocks {
  /// Units of a block, but for the last: large enough that a product fills the vector units, small
  /// enough that a layer of a thousand units keeps several processors busy.
  static let size = 196

  /// Ranges that together are 0 ..< units.
  static func of(_ units: Int) -> [Range<Int>] {
    let count = max(1, units / size)
    return (0..<count).map { units * $0 / count..<units * ($0 + 1) / count }
  }
}

/// Threads that share the pieces of work of one step.
struct Lanes {
  /// Most threads at once; at least 1.
  let count: Int

  /// Calls `body` once for each piece 0 ..< pieces, with the lane 0 ..< count that does it. Which lane
  /// that is must not show in the result.
  func forEach(_ pieces: Int, _ body: (_ piece: Int, _ lane: Int) -> Void) {
    let lanes = min(count, pieces)
    guard lanes > 1 else {
      for piece in 0..<pieces { body(piece, 0) }
      return
    }
    let next = Atomic<Int>(0)
    withoutActuallyEscaping(body) { body in
      // Pieces touch memory of their own only, and concurrentPerform returns when all are done.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: lanes) { lane in
        while true {
          let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard piece < pieces else { return }
          body(piece, lane)
        }
      }
    }
  }
}
