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
