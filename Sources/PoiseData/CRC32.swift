/// The checksum of zip, gzip and Ethernet: finds torn and damaged bytes, no defence against intent.
public enum CRC32 {
  /// The CRC-32 (IEEE 802.3) of bytes; 0xCBF43926 for the text `123456789`.
  public static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.withContiguousStorageIfAvailable { of($0) } ?? Gzip.checksum(Array(bytes)[...])
  }

  /// The CRC-32 of a buffer.
  public static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    Gzip.checksum(UnsafeRawBufferPointer(bytes))
  }
}
