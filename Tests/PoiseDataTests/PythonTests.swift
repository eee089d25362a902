import Foundation
import PoiseNumerics
import Testing

@testable import PoiseData

/// A Python with numpy and safetensors, where the machine has one.
private enum Python {
  static let isAvailable = (try? run("import numpy, safetensors.numpy")) != nil
  static let why: Comment = "needs python3 with the modules numpy and safetensors"

  struct Failure: Error { let status: Int32 }

  @discardableResult
  static func run(_ program: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
    return String(decoding: data, as: UTF8.self)
  }
}

/// The official readers read what is written here, and the other way round.
@Suite(.enabled(if: Python.isAvailable, Python.why))
struct PythonTests {
  @Test func theirsReadsOurs() throws {
    try withTemporaryFolder { folder in
      let single = StoredArray(
        checkedShape: [2, 1, 3], elements: Samples.array.elements, elementType: .float32)
      try NPY.write(Samples.array, path: folder + "/a.npy")
      try NPZ(arrays: ["x": Samples.array, "s": single]).write(path: folder + "/a.npz")
      let half = StoredArray(
        checkedShape: [2, 3], elements: Samples.array.elements, elementType: .float16)
      try Safetensors(
        tensors: ["d": Samples.array, "layers.0.weight": single, "h": half], metadata: ["k": "ü\n"]
      ).write(path: folder + "/a.safetensors")
      try Python.run(
        """
        import sys, numpy as np
        from safetensors import safe_open
        f = sys.argv[1]
        a = np.array([[1, -2, .5], [1e-3, 7, 1/3]])
        s = a.astype('f4').reshape(2, 1, 3)
        def same(x, y): assert x.dtype == y.dtype and x.shape == y.shape and (x == y).all()
        same(np.load(f + '/a.npy'), a)
        z = np.load(f + '/a.npz'); same(z['x'], a); same(z['s'], s)
        assert z.zip.testzip() is None
        with safe_open(f + '/a.safetensors', 'np') as t:
          same(t.get_tensor('d'), a); same(t.get_tensor('layers.0.weight'), s)
          same(t.get_tensor('h'), a.astype('f2'))
          assert t.metadata() == {'k': 'ü\\n'} and len(t.keys()) == 3
        """, folder)
    }
  }

  @Test func oursReadsTheirs() throws {
    try withTemporaryFolder { folder in
      try Python.run(
        """
        import sys, numpy as np
        from safetensors.numpy import save_file
        f = sys.argv[1]
        types = 'f8 f4 f2 i1 i2 i4 i8 u1 u2 u4 u8 b1'.split()
        a = np.arange(24).reshape(2, 3, 4)
        z = {}
        for t in types:
          for o in '<>':
            for order in 'CF':
              z[t + ('big' if o == '>' else '') + order] = a.astype(o + t, order=order)
        np.savez(f + '/a.npz', **z)
        np.savez_compressed(f + '/b.npz', **z)
        save_file({t: a.astype(t) for t in types}, f + '/a.safetensors', metadata={'k': 'v'})
        """, folder)
      let expected = (0..<24).map(Double.init)
      for file in ["/a.npz", "/b.npz"] {
        let arrays = try NPZ.read(path: folder + file).arrays
        #expect(arrays.count == 48)
        for (name, array) in arrays {
          #expect(array.shape == [2, 3, 4])
          let wanted = name.hasPrefix("b1") ? expected.map { min($0, 1) } : expected
          #expect(array.elements == wanted, "\(name)")
        }
      }
      let read = try Safetensors.read(path: folder + "/a.safetensors")
      #expect(read.tensors.count == 12 && read.metadata == ["k": "v"])
      for (name, tensor) in read.tensors {
        #expect(tensor.elements == (name == "b1" ? expected.map { min($0, 1) } : expected))
      }
    }
  }

  /// numpy has no bfloat16: the official serialiser takes its bytes as they are.
  @Test func brainFloats() throws {
    try withTemporaryFolder { folder in
      try Python.run(
        """
        import sys, numpy as np
        import safetensors
        v = np.array([1, -2.5, 3.140625, 2.0**-130, np.inf], 'f4')
        b = np.ascontiguousarray((v.view('u4') >> 16).astype('<u2'))
        path = sys.argv[1] + '/b.safetensors'
        if hasattr(safetensors, 'TensorSpec'):
          a = safetensors.TensorSpec(
            dtype='bfloat16', shape=[5], data_ptr=b.ctypes.data, data_len=b.nbytes)
        else:
          a = {'dtype': 'bfloat16', 'shape': [5], 'data': b.tobytes()}
        safetensors.serialize_file({'a': a}, path)
        """, folder)
      let read = try Safetensors.read(path: folder + "/b.safetensors")
      #expect(read.tensors["a"]?.elementType == .bfloat16)
      let values = [
        1, -2.5, 3.140625, Double(sign: .plus, exponent: -130, significand: 1), .infinity,
      ]
      #expect(read.tensors["a"]?.elements == values)
      try read.write(path: folder + "/c.safetensors")
      try Python.run(
        """
        import sys
        from safetensors import deserialize
        files = [open(sys.argv[1] + n, 'rb').read() for n in ('/b.safetensors', '/c.safetensors')]
        a, b = map(deserialize, files)
        assert a[0][1]['dtype'] == b[0][1]['dtype'] == 'BF16'
        assert bytes(a[0][1]['data']) == bytes(b[0][1]['data'])
        """, folder)
    }
  }
}
