import Foundation
import Testing

/// What a person gets back for a slip: a status, and a message with the value, what is allowed,
/// and what to try.
@Suite struct BadInputTests {
  struct Slip: Sendable, CustomTestStringConvertible {
    var line: String
    var status: Int32 = 64
    /// What the message must contain.
    var words: [String]
    var testDescription: String { line }
  }

  static let small = "--activation tanh --depth 4 --width 32"

  static let slips: [Slip] = [
    Slip(line: "phase --activation tahn", words: ["tahn", "gelu", "try: tanh"]),
    Slip(line: "advise --activation rellu --depth 4 --width 32", words: ["rellu", "try: relu"]),
    Slip(line: "phase --activation tanh --weight-variance -1", words: ["-1.0", "above 0"]),
    Slip(line: "phase --activation tanh --weight-variance 0", words: ["0.0", "above 0"]),
    Slip(
      line: "phase --activation tanh --weight-variance 1 --bias-variance -0.5",
      words: ["-0.5", "at least 0"]),
    Slip(line: "phase --activation tanh --weight-variance nan", words: ["nan", "finite"]),
    Slip(line: "phase --activation tanh --weight-variance inf", words: ["inf", "finite"]),
    Slip(
      line: "phase --activation tanh --weight-variance 2:1:0.1", words: ["2:1:0.1", "from ≤ to"]),
    Slip(line: "phase --activation tanh --weight-variance 1:2", words: ["1:2", "from:to:step"]),
    Slip(
      line: "phase --activation tanh --weight-variance 0.1:4#9999 --bias-variance 0:1#9999",
      words: ["9999 × 9999", "4000000"]),
    Slip(
      line: "phase --activation tanh --weights levy --weight-variance 1",
      words: ["levy", "orthogonal"]),
    Slip(line: "phase --activation tanh --init he_norml", words: ["he_norml", "try: he_normal"]),
    Slip(
      line: "phase --activation tanh --init he_normal --weight-variance 2",
      words: ["he_normal", "either a preset"]),
    Slip(line: "propagate --activation tanh", words: ["weight variance", "--init", "try:"]),
    Slip(line: "phase --activation tanh --weight-variance 1 --keep 0", words: ["0.0", "above 0"]),
    Slip(
      line: "phase --activation tanh --weight-variance 1 --keep 1.5", words: ["1.5", "at most 1"]),
    Slip(line: "phase --activation tanh --weight-variance 1 --residual -1", words: ["-1.0"]),
    Slip(
      line: "phase --activation tanh --weight-variance 1 --jobs 0", words: ["--jobs", "1 to 1024"]),
    Slip(line: "verify --jobs 0", words: ["--jobs", "1 to 1024"]),
    Slip(
      line: "phase --activation tanh --weight-variance 1 --check --networks 1",
      words: ["networks", "at least 3"]),
    Slip(
      line: "phase --activation tanh --weight-variance 1 --check --width 1",
      words: ["width", "at least 2"]),
    Slip(
      line: "phase --activation tanh --weight-variance 1,2 --check", words: ["2 cells", "single"]),
    Slip(
      line: "propagate --activation tanh --weight-variance 1 --depth 0", words: ["--depth", "0"]),
    Slip(
      line: "propagate --activation tanh --weight-variance 1 --depth 2.5", words: ["2.5", "whole"]),
    Slip(line: "propagate --activation tanh --weight-variance 1 --check", words: ["--data"]),
    Slip(
      line: "propagate --activation tanh --weight-variance 1 --input-correlation -2",
      words: ["-2.0", "-1.0 to 1.0"]),
    Slip(
      line: "propagate --activation tanh --weight-variance 1 --input-square -1", words: ["-1.0"]),
    Slip(line: "advise --activation tanh --depth 0 --width 32", words: ["--depth", "1 to 10000"]),
    Slip(line: "advise --activation tanh --depth -3 --width 32", words: ["--depth", "-3"]),
    Slip(line: "advise --activation tanh --depth 4 --width 1", words: ["--width", "64 and more"]),
    Slip(line: "advise \(small) --networks 2", words: ["--networks", "3 to"]),
    Slip(line: "advise \(small) --outputs -1", words: ["--outputs"]),
    Slip(line: "advise \(small) --data digits --rows 0", words: ["--rows", "1 to 256"]),
    Slip(line: "advise \(small) --data digits --rows 1000", words: ["--rows", "1 to 256"]),
    Slip(line: "advise \(small) --data digit", words: ["digit", "did you mean 'digits'?"]),
    Slip(line: "advise \(small) --data gaussian:0x4", words: ["0x4"]),
    Slip(line: "advise \(small) --data gaussian:4", words: ["gaussian:ROWSxDIM"]),
    Slip(line: "advise \(small) --data gaussian:99999999x99999999", words: ["at most"]),
    Slip(line: "advise \(small) --prepare wash", words: ["wash", "standardize"]),
    Slip(line: "advise \(small) --seed -1", words: ["--seed"]),
    Slip(line: "advise \(small) --figure gif", words: ["gif", "svg"]),
    Slip(line: "advise --activation tanh --depth 4", words: ["--width"]),
    Slip(line: "cite everything", words: ["everything", "advise"]),
    Slip(line: "explain chi2z", words: ["chi2z"]),
    Slip(line: "nonsense", words: ["nonsense"]),
    Slip(line: "advise \(small) --data ./none.csv", status: 66, words: ["none.csv", "no file"]),
    Slip(line: "report none.json", status: 66, words: ["none.json", "no such file"]),
    Slip(line: "verify none.json", status: 66, words: ["none.json", "no such file"]),
  ]

  @Test(arguments: slips) func refusals(slip: Slip) throws {
    let result = try Command.run(slip.line)
    #expect(result.status == slip.status, "\(result.errors)")
    #expect(result.output.isEmpty)
    for word in slip.words { #expect(result.errors.contains(word), "\(result.errors)") }
    for word in internalWords { #expect(!result.errors.contains(word), "\(result.errors)") }
    // Usage lines that the parser of options writes by itself may be longer.
    let isOurs = result.errors.hasPrefix("poise:")
    #expect(!isOurs || result.errors.columns <= 100, "\(result.errors)")
  }

  /// Files that are not what they promise: 66, with the name of the file.
  static let files: [(name: String, bytes: [UInt8])] = [
    ("empty.csv", []), ("ragged.csv", Array("1,2\n3\n".utf8)),
    ("binary.csv", [0x1B, 0x5D, 7, 0, 0x2C, 1, 10, 0x1B, 8, 0x2C, 2, 10]),
    ("words.csv", Array("a,b\nc,d\n".utf8)),
    ("nan.csv", Array("1,nan\n2,3\n".utf8)),
    // A header longer than the file; one beyond any reason; one cut off.
    ("long.safetensors", [255, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8)),
    ("huge.safetensors", [UInt8](repeating: 255, count: 8) + Array("{}".utf8)),
    (
      "cut.safetensors",
      [60, 0, 0, 0, 0, 0, 0, 0]
        + Array(#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}      "#.utf8).prefix(60)
    ),
    ("short.safetensors", [1, 2, 3]), ("bad.npy", Array("\u{93}NUMPY".utf8)),
    ("huge.npy", [0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255] + Array("{".utf8)),
    (
      "overflow.npy",
      Samples.npy("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }")
    ),
    ("cut.npy", Samples.npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }") + [0]),
    ("huge-idx3-ubyte", [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12)),
    ("cut-idx3-ubyte", [0, 0, 8, 3, 0, 0]), ("text.npz", Array("no archive".utf8)),
    ("cut.bin", [UInt8](repeating: 1, count: 100)), ("cut.csv.gz", [0x1F, 0x8B, 8]),
  ]

  @Test(arguments: files) func hostileFiles(name: String, bytes: [UInt8]) throws {
    try Command.withFolder { folder in
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      let result = try Command.run("advise \(Self.small) --data ./\(name)", in: folder)
      #expect(result.status == 66, "\(result.errors)")
      #expect(result.output.isEmpty && result.errors.contains(name), "\(result.errors)")
      for word in internalWords where word != "nil" {
        #expect(!result.errors.contains(word), "\(result.errors)")
      }
      #expect(result.errors.columns <= 100, "\(result.errors)")
      let control = result.errors.unicodeScalars.filter { $0.value < 32 && $0 != "\n" }
      #expect(control.isEmpty, "\(Array(control))")
    }
  }

  /// A folder that cannot be made: no answer can be kept, and the message says which folder.
  @Test func unwritableFolder() throws {
    try Command.withFolder { folder in
      try Data().write(to: URL(fileURLWithPath: "\(folder)/file"))
      for line in [
        "advise \(Self.small) --output file/inside", "phase --activation tanh --output file",
      ] {
        let result = try Command.run(line, in: folder)
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.errors.contains("file") && result.errors.contains("--output"))
        for word in internalWords { #expect(!result.errors.contains(word), "\(result.errors)") }
      }
    }
  }
}

enum Samples {
  /// The start of an NPY file of version 1 with a given header.
  static func npy(_ header: String) -> [UInt8] {
    let text = Array(header.utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)]
      + text
  }
}
