import Dispatch
import Synchronization

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
