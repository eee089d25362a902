import CZlib
public import PoiseNumerics

/// Decompression of gzip content (RFC 1952) with a cap on what comes out.
public enum Gzip {
  /// Decompresses all members of a gzip file.
  ///
  /// - Parameters:
  ///   - bytes: the compressed content.
  ///   - limit: most bytes that may come out; a decompression bomb ends there.
  ///   - name: the path, for messages.
  /// - Throws: `unreadable` when the content is damaged, truncated, followed by anything else, or
  ///   larger than `limit`.
  public static func decompress(
    _ bytes: [UInt8], limit: Int = FileLimits.inflatedBytes, name: String = "gzip content"
  ) throws(PoiseError) -> [UInt8] {
    let file = FileBytes(bytes: bytes, name: name)
    guard isGzip(bytes) else {
      throw file.fault("no gzip signature", expected: "gzip content (first bytes 1f 8b)")
    }
    return try inflated(file, range: 0..<bytes.count, format: .gzip, limit: limit)
  }

  /// Whether the content carries the gzip signature.
  public static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  enum Format {
    case gzip, deflate

    /// The window of zlib: 15 bits, with 16 added for gzip, negative for bare deflate.
    var windowBits: Int32 { self == .gzip ? 15 + 16 : -15 }
  }

  /// The CRC-32 of bytes.
  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBytes { checksum($0) }
  }

  /// The CRC-32 of a buffer.
  static func checksum(_ buffer: UnsafeRawBufferPointer) -> UInt32 {
    var sum = crc32(0, nil, 0)
    var done = 0
    while done < buffer.count {
      let step = min(buffer.count - done, 1 << 28)
      let base = buffer.baseAddress!.advanced(by: done).assumingMemoryBound(to: UInt8.self)
      sum = crc32(sum, base, UInt32(step))
      done += step
    }
    return UInt32(truncatingIfNeeded: sum)
  }

  /// Inflates `range` of a file; memory grows with what really comes out, never with a promise.
  static func inflated(
    _ file: FileBytes, range: Range<Int>, format: Format, limit: Int
  ) throws(PoiseError) -> [UInt8] {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(&stream, format.windowBits, ZLIB_VERSION, size) == Z_OK else {
      throw PoiseError(
        .missingTool, quantity: "zlib", value: "does not start", allowed: "a working zlib")
    }
    defer { inflateEnd(&stream) }
    var output: [UInt8] = []
    let outcome = file.bytes.withUnsafeBytes { raw in
      run(&stream, UnsafeRawBufferPointer(rebasing: raw[range]), format, limit, &output)
    }
    switch outcome {
    case .finished: return output
    case .truncated:
      throw file.fault(
        "compressed data ends too early", expected: "complete gzip or deflate data",
        suggestion: "fetch the file again")
    case .damaged:
      throw file.fault(
        "damaged compressed data", expected: "valid gzip or deflate data",
        suggestion: "fetch the file again")
    case .tooLarge:
      throw file.fault(
        "more than \(limit) bytes when decompressed", expected: "at most \(limit) bytes",
        suggestion: "decompress it by hand and keep fewer rows")
    }
  }

  private enum Outcome { case finished, truncated, damaged, tooLarge }

  private static func run(
    _ stream: inout z_stream, _ input: UnsafeRawBufferPointer, _ format: Format, _ limit: Int,
    _ output: inout [UInt8]
  ) -> Outcome {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var fed = 0
    var isBlockFull = false
    while true {
      // A full block may leave more output behind, even when all input is taken.
      if stream.avail_in == 0 && !isBlockFull {
        guard fed < input.count else { return .truncated }
        let step = min(input.count - fed, 1 << 28)
        let base = input.baseAddress!.advanced(by: fed).assumingMemoryBound(to: UInt8.self)
        stream.next_in = UnsafeMutablePointer(mutating: base)
        stream.avail_in = UInt32(step)
        fed += step
      }
      let status = step(&stream, &block, &output)
      isBlockFull = stream.avail_out == 0
      if output.count > limit { return .tooLarge }
      if status == Z_STREAM_END {
        let isDone = stream.avail_in == 0 && fed == input.count
        if isDone { return .finished }
        // gzip files may be joined; anything else behind the end is damage.
        guard format == .gzip, inflateReset(&stream) == Z_OK else { return .damaged }
      } else if status != Z_OK && status != Z_BUF_ERROR {
        return .damaged
      }
    }
  }

  /// One call of inflate into `block`; what came out is appended.
  private static func step(
    _ stream: inout z_stream, _ block: inout [UInt8], _ output: inout [UInt8]
  ) -> Int32 {
    let status = block.withUnsafeMutableBufferPointer { buffer in
      stream.next_out = buffer.baseAddress
      stream.avail_out = UInt32(buffer.count)
      return inflate(&stream, Z_NO_FLUSH)
    }
    output.append(contentsOf: block[..<(block.count - Int(stream.avail_out))])
    return status
  }
}
