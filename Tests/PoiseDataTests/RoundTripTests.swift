import PoiseNumerics
import Testing

@testable import PoiseData

/// What is written is read back, and small files written by hand mean what they should.
@Suite struct RoundTripTests {
  static let shapes: [[Int]] = [[], [1], [5], [0], [2, 3], [3, 0], [2, 3, 4], [1, 1, 1, 7]]
  static let special = [
    0, -0.0, .infinity, -.infinity, 1, -1, 0.5, 65504, 6.103515625e-05, 5.9604644775390625e-08,
  ]

  private func array(_ shape: [Int], _ type: ElementType = .float64) throws -> StoredArray {
    let count = shape.reduce(1, *)
    return try StoredArray(
      shape: shape, elements: (0..<count).map { Double($0) - 2.5 }, elementType: type)
  }

  @Test(arguments: shapes, [ElementType.float64, .float32])
  func npy(shape: [Int], type: ElementType) throws {
    let original = try array(shape, type)
    let bytes = try NPY.encode(original)
    #expect(try NPY.decode(bytes) == original)
    #expect((bytes.count - original.elements.count * type.byteCount) % 64 == 0)
  }

  @Test(arguments: shapes, [ElementType.float64, .float32, .float16, .bfloat16])
  func safetensors(shape: [Int], type: ElementType) throws {
    let original = Safetensors(
      tensors: [
        "layers.0.weight": try array(shape, type), "ü \"\\\n\u{1}": try array([3], .float64),
        "": StoredArray([1], elementType: .float16),
      ],
      metadata: ["format": "pt", "a\u{1F600}": "\t"])
    let bytes = try original.encode()
    #expect(try Safetensors.decode(bytes) == original)
    #expect(bytes[0] % 8 == 0)
    let one = try Safetensors.decode(bytes, names: ["layers.0.weight"])
    #expect(one.tensors.count == 1)
    let error = #expect(throws: PoiseError.self) { try Safetensors.decode(bytes, names: ["none"]) }
    #expect(error?.code == .unknownName)
  }

  @Test(arguments: [ElementType.float64, .float32, .float16, .bfloat16])
  func specialValues(type: ElementType) throws {
    var values = Self.special
    if type == .bfloat16 { values.removeAll { $0 == 65504 } }
    let original = Safetensors(tensors: ["a": StoredArray(values + [.nan], elementType: type)])
    let read = try Safetensors.decode(original.encode()).tensors["a"]?.elements ?? []
    #expect(read.dropLast().map(\.bitPattern) == values.map(\.bitPattern))
    #expect(read.last?.isNaN == true)
  }

  @Test func overflowIsRefused() {
    for (value, type) in [(1e39, ElementType.float32), (65520, .float16), (3.4e38, .bfloat16)] {
      let tensors = ["a": StoredArray([1, value], elementType: type)]
      let error = #expect(throws: PoiseError.self) { try Safetensors(tensors: tensors).encode() }
      #expect(error?.quantity == "entry 1")
    }
    #expect(throws: PoiseError.self) {
      try Safetensors(tensors: ["a": StoredArray([1], elementType: .int8)]).encode()
    }
    #expect(throws: PoiseError.self) {
      try Safetensors(tensors: ["__metadata__": StoredArray([1])]).encode()
    }
    #expect(throws: PoiseError.self) { try NPY.encode(StoredArray([1], elementType: .bfloat16)) }
    #expect(throws: PoiseError.self) { try StoredArray(shape: [2, 2], elements: [1]) }
  }

  @Test func npz() throws {
    let original = NPZ(arrays: [
      "x": try array([4, 3]), "größe": try array([2]), "e": try array([0]),
    ])
    #expect(try NPZ.decode(original.encode()) == original)
    #expect(try NPZ.decode(original.encode(), names: ["x"]).arrays.count == 1)
    #expect(throws: PoiseError.self) { try NPZ.decode(original.encode(), names: ["z"]) }
    #expect(try NPZ.decode(NPZ(arrays: [:]).encode()).arrays.isEmpty)
    #expect(try NPZ.decode(Samples.compressedArchive).arrays["a"]?.elements == [0, 1, 2, 3, 4, 5])
    #expect(try NPZ.decode(Samples.wideArchive).arrays["a"]?.elements == [0, 1])
  }

  @Test func fortranOrder() throws {
    let header = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }"
    let read = try NPY.decode(Samples.npy(header, data: 12))
    // Entry (i, j, k) is i + 2 j + 6 k.
    #expect(read.elements == [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11])
    #expect(read.matrix.rows == 2 && read.matrix.columns == 6)
    let old = "{\"shape\": (2L, 1L), \"fortran_order\": True, \"descr\": \">u2\"}"
    #expect(try NPY.decode(Samples.npy(old, data: 4)).elements == [1, 0x0203])
  }

  @Test func laterVersionsOfNPY() throws {
    let header = Array("{'descr': '<i4', 'fortran_order': False, 'shape': (1,), }".utf8)
    for version: UInt8 in [2, 3] {
      let magic = [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(header.count), 0, 0, 0]
      #expect(try NPY.decode(magic + header + [0xFE, 0xFF, 0xFF, 0xFF]).elements == [-2])
    }
    let newer = [0x93] + Array("NUMPY".utf8) + [4, 0, 0, 0, 0, 0]
    #expect(throws: PoiseError.self) { try NPY.decode(newer) }
    let longHeader = [0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF]
    #expect(throws: PoiseError.self) { try NPY.decode(longHeader) }
  }

  @Test func idx() throws {
    let integers: [UInt8] = [0, 0, 0x0B, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0xFF, 0xFE, 1, 2]
    #expect(try IDX.decode(integers).matrix == Matrix(rows: 1, columns: 2, elements: [-2, 258]))
    let singles: [UInt8] = [0, 0, 0x0D, 1, 0, 0, 0, 1, 0x3F, 0xC0, 0, 0]
    #expect(try IDX.decode(singles).elements == [1.5])
  }

  @Test func cifar() throws {
    var record = [UInt8](repeating: 0, count: 2 * CIFAR10.recordBytes)
    record[0] = 9
    record[1] = 255
    record[CIFAR10.recordBytes + 3072] = 1
    let dataset = try CIFAR10.decode(record)
    #expect(dataset.labels == [9, 0] && dataset.classes == 10 && dataset.dimension == 3072)
    #expect(dataset.inputs[0, 0] == 255 && dataset.inputs[1, 3071] == 1)
  }
}

/// 16-bit numbers against the compiler's own half type, and against the definition of rounding.
@Suite struct NarrowFloatTests {
  @Test func everyPatternSurvives() {
    for kind in [NarrowFloat.half, .brain] {
      for pattern in UInt16.min...UInt16.max {
        let value = kind.widened(pattern)
        let back = kind.narrowed(value)
        if value.isNaN { #expect(kind.widened(back).isNaN) } else { #expect(back == pattern) }
      }
    }
  }

  @Test func brainIsTheUpperHalfOfSingle() {
    for pattern in UInt16.min...UInt16.max {
      let single = Double(Float(bitPattern: UInt32(pattern) << 16))
      let value = NarrowFloat.brain.widened(pattern)
      #expect(value == single || (value.isNaN && single.isNaN))
    }
  }

  @Test func roundsToNearestEven() {
    let seed: UInt64 = 5
    var generator = TestGenerator(state: seed)
    for kind in [NarrowFloat.half, .brain] {
      let last = UInt16((1 << kind.exponentBits) - 1) << UInt16(kind.significandBits)
      for _ in 0..<20_000 {
        let pattern = UInt16.random(in: 0..<(last - 1), using: &generator)
        let (low, high) = (kind.widened(pattern), kind.widened(pattern + 1))
        let middle = (low + high) / 2
        #expect(kind.narrowed(middle) == (pattern % 2 == 0 ? pattern : pattern + 1))
        #expect(kind.narrowed(middle.nextDown) == pattern)
        #expect(kind.narrowed(-middle.nextUp) == (pattern + 1) | 0x8000)
      }
    }
  }

  #if !(os(macOS) && arch(x86_64))
    @Test func halfAgreesWithTheCompiler() {
      let seed: UInt64 = 6
      var generator = TestGenerator(state: seed)
      for _ in 0..<50_000 {
        let value = Double.random(in: -2...2, using: &generator)
        let scaled =
          value
          * Double(
            sign: .plus, exponent: Int.random(in: -30...17, using: &generator), significand: 1)
        #expect(NarrowFloat.half.narrowed(scaled) == Float16(scaled).bitPattern, "\(scaled)")
      }
    }
  #endif
}
