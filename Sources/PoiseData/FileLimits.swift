/// Caps on what is read, so that a hostile or mistaken file ends in a message, not in a full memory.
public enum FileLimits {
  /// Largest file, in bytes (4 GiB).
  public static let fileBytes = 1 << 32
  /// Largest decompressed content, in bytes (1 GiB).
  public static let inflatedBytes = 1 << 30
  /// Most numbers in one array or data set (2^29: 4 GiB in memory).
  public static let elements = 1 << 29
  /// Most axes of an array.
  public static let axes = 32
  /// Most classes of a data set.
  public static let classes = 1 << 16

  /// The product of lengths, or nil when one is negative or the product overflows.
  static func product(_ lengths: [Int]) -> Int? {
    var product = 1
    for length in lengths {
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      guard !overflow, length >= 0 else { return nil }
      product = next
    }
    return product
  }
}
