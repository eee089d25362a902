import Foundation
import PoiseNumerics
import Testing

@testable import PoiseData

/// Words of the command line.
@Suite struct DatasetLoadingTests {
  @Test func names() throws {
    #expect(try Dataset.load("digits").count == 1797)
    #expect(try Dataset.load("gaussian:100x64").inputs.columns == 64)
    #expect(try Dataset.load("gaussian:10x4:2", seed: 3).inputs.rows == 10)
    #expect(try Dataset.load("sparse:10x4:0.1").count == 10)
    #expect(try Dataset.load("clustered:10x4:2:0.1").classes == 2)
    #expect(try Dataset.load("binary:10x4").dimension == 4)
  }

  @Test(arguments: [
    "gaussian", "gaussian:", "gaussian:10", "gaussian:10x", "gaussian:x10", "gaussian:10x10x10",
    "gaussian:0x3", "gaussian:-1x3", "gaussian:9999999999x9999999999", "gaussian:10x10:0",
    "gaussian:99999999999999999999x1", "gaussian:10x10:1:1", "sparse:10x10", "sparse:10x10:2",
    "sparse:10x10:nan", "sparse:10x10:x", "clustered:10x10", "clustered:10x10:0",
    "clustered:10x10:2.5", "clustered:10x10:1e30", "clustered:10x10:2:3", "binary:10x10:1",
    "", ":", "#", "x#", "none.csv#", "none.csv", "gaussian:10x10#a", "digits#x",
  ])
  func badSpecifications(_ text: String) {
    #expect(throws: PoiseError.self) { try Dataset.load(text) }
  }

  @Test func nearestName() {
    let digits = #expect(throws: PoiseError.self) { try Dataset.load("digts") }
    #expect(digits?.code == .unknownName && digits?.suggestion == "did you mean 'digits'?")
    #expect(digits?.allowed.contains("sparse:ROWSxDIM:FRACTION") == true)
    let law = #expect(throws: PoiseError.self) { try Dataset.load("gausian:10x10") }
    #expect(law?.suggestion == "did you mean 'gaussian'?")
    let file = #expect(throws: PoiseError.self) { try Dataset.load("./digts") }
    #expect(file?.code == .unreadable)
  }

  @Test func arrays() throws {
    try withTemporaryFolder { folder in
      try NPY.write(Samples.array, path: folder + "/a.npy")
      #expect(try Dataset.load(folder + "/a.npy").count == 2)
      #expect(throws: PoiseError.self) { try Dataset.load(folder + "/a.npy#x") }
      let labels = StoredArray([1, 0])
      try NPZ(arrays: ["x": Samples.array, "other": labels]).write(path: folder + "/a.npz")
      #expect(try Dataset.load(folder + "/a.npz").dimension == 3)
      #expect(try Dataset.load(folder + "/a.npz#other").dimension == 1)
      let error = #expect(throws: PoiseError.self) { try Dataset.load(folder + "/a.npz#z") }
      #expect(error?.allowed == "other, x")
      let whole = try StoredArray(shape: [2], elements: [1, 0], elementType: .float64)
      try NPZ(arrays: ["x": Samples.array, "y": whole]).write(path: folder + "/y.npz")
      // Labels are integers; a float array called y is a regression target, not a label.
      #expect(try Dataset.load(folder + "/y.npz").labels == nil)
      let tensors = ["first": Samples.array, "second": Samples.array]
      try Safetensors(tensors: tensors).write(path: folder + "/a.safetensors")
      #expect(throws: PoiseError.self) { try Dataset.load(folder + "/a.safetensors") }
      #expect(try Dataset.load(folder + "/a.safetensors#second").count == 2)
    }
  }

  @Test func tables() throws {
    try withTemporaryFolder { folder in
      try FileAccess.write(Samples.gzipTable, path: folder + "/t.csv.gz")
      #expect(try Dataset.load(folder + "/t.csv.gz").dimension == 3)
      #expect(try Dataset.load(folder + "/t.csv.gz#last").labels == [0, 1])
      try FileAccess.write(Array("a,b\n1,2\n".utf8), path: folder + "/h#1.csv")
      #expect(try Dataset.load(folder + "/h#1.csv").dimension == 2)
      #expect(try Dataset.load(folder + "/h#1.csv#a").labels == [1])
      try FileAccess.write([1, 2, 3], path: folder + "/strange")
      #expect(throws: PoiseError.self) { try Dataset.load(folder + "/strange") }
      try FileAccess.write([], path: folder + "/empty.csv")
      #expect(throws: PoiseError.self) { try Dataset.load(folder + "/empty.csv") }
    }
  }

  @Test func images() throws {
    try withTemporaryFolder { folder in
      let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 255]
      let path = folder + "/t10k-images-idx3-ubyte"
      try FileAccess.write(images, path: path)
      #expect(try Dataset.load(path).labels == nil)
      let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 3]
      try FileAccess.write(labels, path: folder + "/t10k-labels-idx1-ubyte")
      let dataset = try Dataset.load(path)
      #expect(dataset.labels == [7, 3] && dataset.inputs.elements == [1, 2, 3, 255])
      try FileAccess.write(Array(labels.dropLast()), path: folder + "/t10k-labels-idx1-ubyte")
      #expect(throws: PoiseError.self) { try Dataset.load(path) }
      try FileAccess.write(try SampleFormat.cifar.bytes, path: folder + "/batch.bin")
      #expect(try Dataset.load(folder + "/batch.bin").labels == [3])
    }
  }
}
