import Foundation
import PoiseData
import PoiseLab
import PoiseMeanField
import PoiseModel
import PoiseNumerics
import Synchronization
import Testing

@Suite("Kernels on disk and regression with them")
struct KernelFileTests {
  private static func plan() throws -> KernelPlan {
    var stream = RandomStream(seed: 3, item: 0, purpose: .init(kind: 255, index: 2))
    let inputs = Matrix<Double>(rows: 1100, columns: 9) { (buffer) throws(Never) in
      stream.fillNormal(buffer)
    }
    let ensemble = try NetworkEnsemble(
      activation: .erf, weights: .gaussian(variance: 1.5), biases: .gaussian(variance: 0.1))
    return try KernelPlan(NetworkKernel(of: ensemble, depth: 2), rows: inputs)
  }

  private static func withFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("poise-kernel-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }

  @Test("a file holds the matrix; interrupted and damaged runs end in the same bytes")
  func resume() throws {
    let plan = try Self.plan()
    try Self.withFolder { folder in
      let whole = try KernelFile(plan, kind: .ntk, path: "\(folder)/a.npy").write(jobs: 2)
      #expect(whole.resumed == 0 && whole.tiles == 15)
      let stored = try NPY.read(path: "\(folder)/a.npy")
      #expect(stored.shape == [1100, 1100])
      #expect(stored.elements == plan.matrices().ntk.elements)

      let file = KernelFile(plan, kind: .ntk, path: "\(folder)/b.npy")
      let batches = Mutex(0)
      #expect(throws: PoiseError.self) {
        try file.write(
          jobs: 1,
          isCancelled: {
            batches.withLock {
              $0 += 1
              return $0 > 2
            }
          })
      }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/b.npy"))
      let journal = "\(folder)/b.npy.tiles"
      var lines = try String(contentsOfFile: journal, encoding: .utf8)
        .split(separator: "\n").map(String.init)
      #expect(lines.count == 9)
      // One line is torn, one claims another checksum, the bytes of one tile are spoilt.
      lines[3] = String(lines[3].dropLast(2))
      lines[5] = lines[5].replacingOccurrences(of: " ", with: " f")
      try lines.joined(separator: "\n").write(toFile: journal, atomically: true, encoding: .utf8)
      let handle = try #require(FileHandle(forUpdatingAtPath: "\(folder)/b.npy.part"))
      try handle.seek(toOffset: 1000)
      handle.write(Data([1, 2, 3]))
      try handle.close()
      let resumed = try file.write(jobs: 2)
      #expect(resumed.resumed == 5)
      let (a, b) = (
        try Data(contentsOf: URL(fileURLWithPath: "\(folder)/a.npy")),
        try Data(contentsOf: URL(fileURLWithPath: "\(folder)/b.npy"))
      )
      #expect(a == b)
      #expect(!FileManager.default.fileExists(atPath: journal))
    }
  }

  @Test("a journal of another kernel is not believed, an impossible place is refused")
  func strangers() throws {
    let plan = try Self.plan()
    try Self.withFolder { folder in
      try "poise.tiles/1 abc\n0 1 2\n".write(
        toFile: "\(folder)/k.npy.tiles", atomically: true, encoding: .utf8)
      let outcome = try KernelFile(plan, kind: .nngp, path: "\(folder)/k.npy").write()
      #expect(outcome.resumed == 0)
      #expect { try KernelFile(plan, kind: .nngp, path: "\(folder)/no/k.npy").write() } throws: {
        ($0 as? PoiseError)?.code == .unwritable
      }
    }
  }
}
