import Foundation
import Testing

/// What `--output` leaves in a folder.
@Suite struct OutputTests {
  static let advise =
    "advise --activation tanh --depth 3 --width 24 --outputs 10 --data digits --rows 16 --networks 5 --seed 4"

  static func names(_ folder: String) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder))
  }

  static func data(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  static let hasGnuplot = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot")
  }

  @Test func everyFile() throws {
    try Command.withFolder { folder in
      let result = try Command.run("\(Self.advise) --output out", in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let names = try Self.names("\(folder)/out")
      #expect(names.isSuperset(of: ["record.json", "report.html", "init.safetensors", "init.py"]))
      if Self.hasGnuplot {
        for figure in ["phase", "profiles", "gradient"] {
          for suffix in ["svg", "gp", "dat"] {
            #expect(names.contains("figure-\(figure).\(suffix)"), "\(figure).\(suffix)")
          }
        }
      }
      // Nothing that the answer does not name, apart from script and data beside each figure.
      for name in names where !name.hasSuffix(".gp") && !name.hasSuffix(".dat") {
        #expect(result.output.contains("out/\(name)"), "\(name)")
      }
      let page = String(decoding: try Self.data("\(folder)/out/report.html"), as: UTF8.self)
      #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("</html>"))
      #expect(!page.contains("src=\"http") && !page.contains("<script src"))
      let record = try JSONSerialization.jsonObject(
        with: try Self.data("\(folder)/out/record.json"))
      #expect((record as? [String: Any])?["command"] as? String == "poise " + Self.advise)
    }
  }

  /// `poise report` makes the same page from the record alone.
  @Test func reportRemakesThePage() throws {
    try Command.withFolder { folder in
      _ = try Command.run("\(Self.advise) --output out", in: folder)
      let result = try Command.run("report out/record.json --output again", in: folder)
      #expect(result.status == 0, "\(result.errors)")
      for name in ["record.json", "report.html"] {
        let again = try Self.data("\(folder)/again/\(name)")
        #expect(try Self.data("\(folder)/out/\(name)") == again, "\(name)")
      }
      let first = try Command.run(Self.advise, in: folder)
      let headline = first.output.split(separator: "\n")[0]
      #expect(result.output.hasPrefix(headline))
    }
  }

  /// Two runs of one command write the same networks; another seed writes others.
  @Test func sameSeedSameFiles() throws {
    try Command.withFolder { folder in
      let files = try [("a", 4, 1), ("b", 4, 2), ("c", 5, 2)].map { name, seed, jobs in
        let line = Self.advise.replacing("--seed 4", with: "--seed \(seed)")
        _ = try Command.run("\(line) --jobs \(jobs) --output \(name)", in: folder)
        return try Self.data("\(folder)/\(name)/init.safetensors")
      }
      #expect(files[0] == files[1] && files[0] != files[2])
    }
  }

  /// Several points: one folder each.
  @Test func ranges() throws {
    try Command.withFolder { folder in
      let line = "advise --activation relu --depth 2,3 --width 16 --output out"
      let result = try Command.run(line, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(try Self.names("\(folder)/out") == ["depth-2-width-16", "depth-3-width-16"])
    }
  }

  /// An interruption leaves every file whole or absent.
  @Test(arguments: [0.05, 0.2, 0.4, 0.8, 1.5]) func interruption(seconds: Double) throws {
    try Command.withFolder { folder in
      let line =
        "advise --activation tanh --depth 24 --width 160 --data digits --rows 64 --networks 30 --output out"
      let process = try Command.start(line.split(separator: " ").map(String.init), in: folder)
      Thread.sleep(forTimeInterval: seconds)
      process.interrupt()
      process.waitUntilExit()
      guard FileManager.default.fileExists(atPath: "\(folder)/out") else { return }
      for name in try Self.names("\(folder)/out") {
        let data = try Self.data("\(folder)/out/\(name)")
        switch name {
        case "record.json":
          #expect((try? JSONSerialization.jsonObject(with: data)) != nil)
        case "report.html":
          #expect(String(decoding: data, as: UTF8.self).contains("</html>"))
        case "init.safetensors":
          let length = data.prefix(8).enumerated().reduce(0) {
            $0 + Int($1.element) << (8 * $1.offset)
          }
          #expect(data.count > 4 * 24 * 160 * 100 + length)
        case "init.py":
          #expect(
            data.suffix(14).elementsEqual(Array("return model\n\n".utf8).suffix(14))
              || data.count > 400)
        default: #expect(name.hasPrefix("figure-"), "\(name)")
        }
      }
    }
  }
}

/// The official readers take what `advise` wrote.
@Suite struct PythonTests {
  /// Runs a program; nil if python3 or one of its modules is missing.
  static func python(_ program: String, in folder: String) throws -> (status: Int32, errors: String)
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let data = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  static func has(_ modules: String) -> Bool {
    (try? python("import \(modules)", in: "/"))?.status == 0
  }

  @Test(.enabled(if: has("numpy, safetensors.numpy"), "needs python3 with numpy and safetensors"))
  func safetensors() throws {
    try Command.withFolder { folder in
      _ = try Command.run("\(OutputTests.advise) --output .", in: folder)
      let result = try Self.python(
        """
        import numpy as np
        from safetensors import safe_open
        with safe_open("init.safetensors", "np") as f:
          keys = sorted(f.keys())
          assert keys == sorted(f"layers.{k}.{p}" for k in range(4) for p in ("weight", "bias")), keys
          shape = lambda k: f.get_tensor(f"layers.{k}.weight").shape
          assert [shape(k) for k in range(4)] == [(24, 64), (24, 24), (24, 24), (10, 24)]
          assert [f.get_tensor(f"layers.{k}.bias").shape for k in range(4)] == [(24,)] * 3 + [(10,)]
          w = f.get_tensor("layers.1.weight").astype("f8")
          g = w @ w.T
          assert w.dtype == np.float64 and abs(g - g[0, 0] * np.eye(24)).max() < 1e-5
          assert f.metadata()["seed"] == "4" and f.metadata()["activation"] == "tanh"
        """, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  /// init.py is Python, whatever modules there are.
  @Test(.enabled(if: has("ast"), "needs python3")) func initIsPython() throws {
    try Command.withFolder { folder in
      _ = try Command.run("\(OutputTests.advise) --output .", in: folder)
      let result = try Self.python("import ast; ast.parse(open('init.py').read())", in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test(.enabled(if: has("torch, safetensors.torch"), "SKIPPED: init.py needs python3 with torch"))
  func initLoadsIntoTorch() throws {
    try Command.withFolder { folder in
      _ = try Command.run("\(OutputTests.advise) --output .", in: folder)
      let result = try Self.python(
        """
        import torch
        from torch import nn
        from safetensors.torch import load_file
        from init import poise_init
        sizes = [64, 24, 24, 24, 10]
        layers = []
        for a, b in zip(sizes, sizes[1:]): layers += [nn.Linear(a, b), nn.Tanh()]
        model = poise_init(nn.Sequential(*layers[:-1]))
        weights = load_file("init.safetensors")
        for k in range(4): assert torch.equal(model[2 * k].weight, weights[f"layers.{k}.weight"])
        """, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
  }
}
