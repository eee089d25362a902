import Foundation
import PoiseNumerics

@testable import PoiseData

/// A folder that is gone after the test.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("poise-data-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}

/// A small file of each kind, and what reads it.
enum SampleFormat: String, CaseIterable, Sendable {
  case csv, csvWithHeader, csvGzip, npy, npyFortran, npz, npzCompressed, npzWide, safetensors, idx
  case cifar

  var bytes: [UInt8] {
    get throws {
      switch self {
      case .csv: Array("1,2.5,0\r\n-3e-1,4,1\r\n".utf8)
      case .csvWithHeader: Array("a,\"b\"\"c\",label\n1,\"2\",0\n3,4,1\n".utf8)
      case .csvGzip: Samples.gzipTable
      case .npy: try NPY.encode(Samples.array)
      case .npyFortran:
        Samples.npy("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }", data: 12)
      case .npz: try NPZ(arrays: ["x": Samples.array, "y": StoredArray([1, 2])]).encode()
      case .npzCompressed: Samples.compressedArchive
      case .npzWide: Samples.wideArchive
      case .safetensors:
        try Safetensors(
          tensors: [
            "layers.0.weight": Samples.array, "b": StoredArray([1, -2], elementType: .bfloat16),
          ], metadata: ["made by": "a \"test\"\n"]
        ).encode()
      case .idx: [0, 0, 0x0B, 2, 0, 0, 0, 2, 0, 0, 0, 3] + [UInt8](0..<12)
      case .cifar: [3] + [UInt8](repeating: 7, count: 3072)
      }
    }
  }

  func parse(_ bytes: [UInt8]) throws(PoiseError) {
    switch self {
    case .csv, .csvWithHeader: _ = try CSV.decode(bytes, labels: .last)
    case .csvGzip: _ = try CSV.decode(Gzip.decompress(bytes, limit: 1 << 20))
    case .npy, .npyFortran: _ = try NPY.decode(bytes).matrix
    case .npz, .npzCompressed, .npzWide: _ = try NPZ.decode(bytes).arrays.mapValues(\.matrix)
    case .safetensors: _ = try Safetensors.decode(bytes).tensors.mapValues(\.matrix)
    case .idx: _ = try IDX.decode(bytes).matrix
    case .cifar: _ = try CIFAR10.decode(bytes)
    }
  }
}

enum Samples {
  static let array = StoredArray(
    Matrix(rows: 2, columns: 3, elements: [1, -2, 0.5, 1e-3, 7, 1 / 3]))

  /// An NPY file of version 1 with a given header and so many bytes of data, 0, 1, 2, ….
  static func npy(_ header: String, data: Int) -> [UInt8] {
    let text = Array(header.utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)]
      + text + (0..<data).map { UInt8($0 & 255) }
  }

  /// A safetensors file with a given header and so many bytes of data, all 0.
  static func safetensors(_ header: String, data: Int) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    return length + Array(header.utf8) + [UInt8](repeating: 0, count: data)
  }

  /// gzip of "1,2,0\n3,4,1\n", by Python's gzip.
  static let gzipTable = decoded("H4sIAAAAAAACAzPUMdIx4DLWMdEx5AIATQfovwwAAAA=")

  /// gzip of 100,000 zero bytes, by Python's gzip.
  static let gzipZeros = decoded(
    "H4sIAAAAAAACA+3BMQEAAADCoPVPbQ0PoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIBXA32VEdSghgEA")

  /// `numpy.savez_compressed(a=numpy.arange(6.).reshape(2, 3))`.
  static let compressedArchive = decoded(
    "UEsDBC0AAAAIAAAAIQDwzTtG//////////8FABQAYS5ucHkBABAAsAAAAAAAAABXAAAAAAAAAJvsF+obEMnI"
      + "UMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgYU"
      + "8MEeynCAUBxQWgBKizgAAFBLAQItAy0AAAAIAAAAIQDwzTtGVwAAALAAAAAFAAAAAAAAAAAAAACAAQAAAABh"
      + "Lm5weVBLBQYAAAAAAQABADMAAACOAAAAAAA="
  )

  /// `a = [0, 1]` in an archive whose every size and position stands in the 64-bit extension.
  static let wideArchive = decoded(
    "UEsDBC0AAAAAAAAAIQDuVWiK//////////8FABQAYS5ucHkBABAAkAAAAAAAAACQAAAAAAAAAJNOVU1QWQEAdgB7"
      + "J2Rlc2NyJzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCksIH0gICAgICAgICAg"
      + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAAAAAAAAAAADw"
      + "P1BLAQItAC0AAAAAAAAAIQDuVWiK//////////8FABwAAAAAAAAAAAAAAP////9hLm5weQEAGACQAAAAAAAAAJAA"
      + "AAAAAAAAAAAAAAAAAABQSwYGLAAAAAAAAAAtAC0AAAAAAAAAAAABAAAAAAAAAAEAAAAAAAAATwAAAAAAAADHAAAA"
      + "AAAAAFBLBgcAAAAAFgEAAAAAAAABAAAAUEsFBgAAAAD///////////////8AAA==")

  private static func decoded(_ text: String) -> [UInt8] {
    Array(Data(base64Encoded: text) ?? Data())
  }
}

/// A small generator for test cases, apart from the one under test (SplitMix64).
struct TestGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
