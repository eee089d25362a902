import Foundation
import PoiseNumerics
import Testing

@testable import PoiseData

/// Damaged and malicious files end in a typed error, never in a trap or a full memory.
@Suite struct HostileFileTests {
  @Test(arguments: SampleFormat.allCases)
  func samplesParse(_ format: SampleFormat) throws {
    try format.parse(format.bytes)
  }

  @Test(arguments: SampleFormat.allCases)
  func truncatedAtEveryByte(_ format: SampleFormat) throws {
    let bytes = try format.bytes
    var refused = 0
    for length in 0..<bytes.count {
      do throws(PoiseError) {
        try format.parse(Array(bytes[..<length]))
      } catch {
        #expect(error.code == .unreadable, "\(error)")
        refused += 1
      }
    }
    // Binary formats know their length; a table may end anywhere.
    let isTable = format == .csv || format == .csvWithHeader
    if !isTable { #expect(refused == bytes.count) }
    #expect(refused > 0)
  }

  @Test(arguments: SampleFormat.allCases)
  func mutated(_ format: SampleFormat) throws {
    let original = try format.bytes
    let seed: UInt64 = 11
    var generator = TestGenerator(state: seed)
    let special: [UInt8] = [
      0, 1, 0x22, 0x2C, 0x0A, 0x2D, 0x39, 0x5B, 0x5D, 0x7B, 0x7D, 0x7F, 0x80, 0xFF,
    ]
    for _ in 0..<2000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        // Headers are where the promises stand: hit the first 200 bytes half of the time.
        let isHead = Bool.random(using: &generator)
        let bound = isHead ? min(200, bytes.count) : bytes.count
        guard bound > 0 else { break }
        let place = Int.random(in: 0..<bound, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[place] = special.randomElement(using: &generator) ?? 0
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        case 3: bytes.remove(at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + 7))
        }
      }
      // Reaching the next line is the test; which error it is does not matter here.
      do throws(PoiseError) { try format.parse(bytes) } catch { #expect(!error.message.isEmpty) }
    }
  }

  @Test(arguments: [
    "{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 2), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4, 0), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 4611686018427387904, 4), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2,), }",
    "{'descr': '<f8', 'fortran_order': 0, 'shape': (2,), }",
    "{'descr': '<f8', 'shape': (2,), }", "{'descr': '<f8'", "{", "", "(((((((((", "{'descr': '",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
      + "1,1,1,1,1,1,1,1,1,1,1,1,2), }",
  ])
  func npyHeaders(_ header: String) {
    #expect(throws: PoiseError.self) { try NPY.decode(Samples.npy(header, data: 16)) }
  }

  @Test(arguments: [
    #"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#,
    #"{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#,
    #"{"a":{"dtype":"F64","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}}"#,
    #"{"a":{"dtype":"F8","shape":[8],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} {}"#,
    #"{"__metadata__":{"a":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}"#, #"{"a":"\ud800"}"#, #"{"a":"\u12"}"#,
    #"{"a":12"#, "{}", "[]", "", "null", #"{"a":nan}"#, #"{"a":0x10}"#,
  ])
  func safetensorsHeaders(_ header: String) {
    #expect(throws: PoiseError.self) {
      try Safetensors.decode(Samples.safetensors(header, data: 8))
    }
  }

  @Test func safetensorsLimits() {
    let deep = "{\"a\":" + String(repeating: "[", count: 100_000)
    #expect(throws: PoiseError.self) {
      try Safetensors.decode(Samples.safetensors(deep, data: 0))
    }
    for length: UInt64 in [0, 9, 1 << 40, .max] {
      let head = withUnsafeBytes(of: length.littleEndian) { Array($0) }
      #expect(throws: PoiseError.self) { try Safetensors.decode(head + Array("{}".utf8)) }
    }
    #expect(throws: Never.self) { try Safetensors.decode(Samples.safetensors("{}", data: 0)) }
  }

  @Test func bombs() throws {
    let zeros = try Gzip.decompress(Samples.gzipZeros, limit: 100_000)
    #expect(zeros.count == 100_000 && zeros.allSatisfy { $0 == 0 })
    #expect(throws: PoiseError.self) { try Gzip.decompress(Samples.gzipZeros, limit: 99_999) }
    // Joined members count together; what is no member is damage.
    let twice = Samples.gzipZeros + Samples.gzipZeros
    #expect(try Gzip.decompress(twice, limit: 200_000).count == 200_000)
    #expect(throws: PoiseError.self) { try Gzip.decompress(twice, limit: 199_999) }
    #expect(throws: PoiseError.self) { try Gzip.decompress(Samples.gzipZeros + [1, 2, 3]) }
    // A member that says 16 bytes (at 24 in the directory entry) and inflates to more.
    var archive = Samples.compressedArchive
    archive[142 + 24] = 16
    #expect(throws: PoiseError.self) { try NPZ.decode(archive) }
  }

  @Test func idxAndCIFAR() {
    let huge: [UInt8] = [0, 0, 8, 4] + [UInt8](repeating: 0xFF, count: 16)
    #expect(throws: PoiseError.self) { try IDX.decode(huge) }
    #expect(throws: PoiseError.self) { try IDX.decode([0, 0, 8, 0, 1]) }
    #expect(throws: PoiseError.self) { try IDX.decode([0, 0, 8, 255, 1]) }
    let wrongLabel = [10] + [UInt8](repeating: 0, count: 3072)
    #expect(throws: PoiseError.self) { try CIFAR10.decode(wrongLabel) }
    #expect(throws: PoiseError.self) { try CIFAR10.decode([]) }
  }
}

/// What is not a plain readable file is refused, at once.
@Suite struct FileAccessTests {
  @Test func placesThatAreNoFiles() throws {
    try withTemporaryFolder { folder in
      let pipe = folder + "/pipe.csv"
      #expect(mkfifo(pipe, 0o600) == 0)
      for path in [pipe, folder, folder + "/none.csv", "/dev/null", "/dev/zero", "", "a\0b.csv"] {
        let error = #expect(throws: PoiseError.self) { try CSV.read(path: path) }
        #expect(error?.code == .unreadable)
        #expect(throws: PoiseError.self) { try Dataset.load(path) }
      }
    }
  }

  @Test func hugeSparseFile() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/huge.npy"
      #expect(FileManager.default.createFile(atPath: path, contents: nil))
      #expect(truncate(path, 1 << 40) == 0)
      let error = #expect(throws: PoiseError.self) { try NPY.read(path: path) }
      #expect(error?.value == "a file of \(1 << 40) bytes")
    }
  }

  @Test func writing() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.npy"
      try NPY.write(Samples.array, path: path)
      try NPY.write(StoredArray([1]), path: path)
      #expect(try NPY.read(path: path).elements == [1])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.npy"])
      for bad in [folder, folder + "/none/a.npy", "/dev/null", "", "/proc/poise.npy"] {
        let error = #expect(throws: PoiseError.self) { try NPY.write(Samples.array, path: bad) }
        #expect(error?.code == .unwritable)
      }
    }
  }
}
