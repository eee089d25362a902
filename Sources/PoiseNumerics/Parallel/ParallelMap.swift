import Dispatch
import Synchronization

/// Applies `body` to 0 ..< count on at most `jobs` threads and returns the results in index order.
///
/// Which thread computes an item never shows in the result: items own their random streams, and
/// sums are taken by the caller in index order. After a throw no new item is started, and the
/// error of the lowest failed index is thrown.
///
/// - Parameters:
///   - count: number of items.
///   - jobs: most threads at work at once; at least 1.
public func parallelMap<Result: Sendable, Failure: Error>(
  count: Int, jobs: Int, _ body: @Sendable (Int) throws(Failure) -> Result
) throws(Failure) -> [Result] {
  guard count > 0 else { return [] }
  BLAS.useOneThread()
  var results = [Swift.Result<Result, Failure>?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    let slots = SharedSlots(base: buffer.baseAddress!)
    let next = Atomic<Int>(0)
    let failed = Atomic<Bool>(false)
    let lanes = max(1, min(jobs, count))
    // The closure does not escape: concurrentPerform returns only when every lane is done.
    withoutActuallyEscaping(body) { body in
      let lane: @Sendable (Int) -> Void = { _ in
        while !failed.load(ordering: .relaxed) {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          do throws(Failure) {
            slots.base[index] = .success(try body(index))
          } catch {
            slots.base[index] = .failure(error)
            failed.store(true, ordering: .relaxed)
          }
        }
      }
      if lanes == 1 {
        lane(0)
      } else {
        DispatchQueue.concurrentPerform(iterations: lanes, execute: lane)
      }
    }
  }
  var values: [Result] = []
  values.reserveCapacity(count)
  for slot in results {
    // An empty slot can only follow a failure at a lower or equal index that is met first,
    // or a failure at a higher one: look for it.
    guard let slot else { break }
    values.append(try slot.get())
  }
  if values.count < count {
    for slot in results { _ = try slot?.get() }
  }
  return values
}

/// Each lane writes only the slots whose index it has claimed.
private struct SharedSlots<Element>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>
}

/// Number of threads used when nobody says otherwise: the processors that the system offers.
public var availableJobs: Int { max(1, ProcessorCount.active) }
