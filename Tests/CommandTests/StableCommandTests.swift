import Foundation
import Testing

@Suite("poise stable")
struct StableCommandTests {
  private func result(_ line: String, in folder: String? = nil) throws -> [String: Any] {
    let run = try Command.run("stable " + line + " --json", in: folder)
    #expect(run.status == 0, "\(run.errors)")
    let result = try #require(try run.object()["result"] as? [String: Any])
    return try #require(result["stable"] as? [String: Any])
  }

  private func curve(_ line: String) throws -> [Double] {
    let curves = try #require(try result(line)["curves"] as? [[String: Any]])
    return try #require(curves[0]["values"] as? [Double])
  }

  /// Cauchy's law and the Gaussian in closed form.
  @Test("values")
  func values() throws {
    let cauchy = try curve("pdf --x -2,0,3 --alpha 1")
    for (value, x) in zip(cauchy, [-2.0, 0, 3]) {
      #expect(abs(value * Double.pi * (1 + x * x) - 1) < 1e-12)
    }
    let gauss = try curve("cdf --x 1 --alpha 2")
    #expect(abs(gauss[0] - (1 - erfc(0.5) / 2)) < 1e-12)
    let quartile = try curve("quantile --p 0.25,0.75 --alpha 1 --scale 2")
    #expect(abs(quartile[0] + 2) < 1e-9 && abs(quartile[1] - 2) < 1e-9)
    let text = try Command.run("stable pdf --x 0.5,3 --alpha 1.5")
    #expect(text.output.hasPrefix("The density at 0.5 is 0.26"))
    #expect(text.output.columns <= 100)
  }

  @Test("values against numbers drawn from the law")
  func check() throws {
    for line in [
      "pdf --x -1,0,2 --alpha 1.5 --beta 0.5", "cdf --x 1:100@5 --alpha 0.8,1.2",
      "quantile --p 0.1,0.5,0.999 --alpha 1",
    ] {
      let check = try #require(
        try result(line + " --check --draws 20000")["check"] as? [String: Any])
      #expect(check["verdict"] as? String == "agrees")
      let count = try #require(check["comparisons"] as? [Any]).count
      #expect(count == (line.hasPrefix("cdf") ? 10 : 3))
    }
    try Command.withFolder { folder in
      let run = try Command.run(
        "stable quantile --p 0.1,0.9 --alpha 1.5 --check --draws 5000 --output q", in: folder)
      #expect(run.status == 0 && run.output.columns <= 100, "\(run.errors)")
      #expect(run.output.contains("5000 numbers agree"))
      #expect(FileManager.default.fileExists(atPath: folder + "/q/figure-quantiles.svg"))
    }
  }

  @Test("sample, fit, compare and tail of one file")
  func files() throws {
    try Command.withFolder { folder in
      let sample = try Command.run(
        "stable sample --count 2000 --alpha 1.5 --beta 0.3 --output x.npy", in: folder)
      #expect(sample.status == 0, "\(sample.errors)")
      let size = try FileManager.default.attributesOfItem(atPath: folder + "/x.npy")[.size] as? Int
      #expect(size == 128 + 8 * 2000)
      let fit = try #require(
        try result("fit --data x.npy --bootstrap 0", in: folder)["fit"] as? [String: Any])
      let law = try #require(fit["law"] as? [String: Any])
      #expect(abs(try #require(law["alpha"] as? Double) - 1.5) < 0.15)
      let all = try result("compare --data x.npy --bootstrap 0", in: folder)
      let candidates = try #require(all["candidates"] as? [[String: Any]])
      #expect(candidates.count == 4 && candidates[0]["name"] as? String != "Gaussian")
      let tail = try #require(
        try result("tail --data x.npy --bootstrap 20 --noise 10", in: folder)["tail"]
          as? [String: Any])
      #expect(try #require(tail["exponent"] as? Double) > 1.5)
      for verb in ["fit", "compare"] {
        let text = try Command.run("stable \(verb) --data x.npy --bootstrap 9", in: folder)
        #expect(text.status == 0 && text.output.columns <= 100, "\(text.output)")
      }
    }
  }

  @Test("what cannot be asked")
  func refusals() throws {
    try Command.withFolder { folder in
      func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      try write("nan.csv", "a,b\n1,2\n2,nan\n3,inf\n4,5\n5,6\n6,9\n7,4\n8,3\n")
      try write("same.csv", "1\n1\n1\n1\n1\n1\n")
      try write("few.csv", "1\n2\n3\n")
      for line in [
        "fit --data nan.csv", "fit --data same.csv", "fit --data few.csv",
        "fit --data nan.csv --column c", "fit --data nan.csv --tensor t",
        "pdf --x 1 --alpha 2.5", "pdf --x 1 --alpha 0", "pdf --x 1 --alpha 1 --beta 2",
        "pdf --x 1 --alpha 1 --scale -1", "quantile --p 1.5 --alpha 1",
        "pdf --x 1 --alpha 1 --scale 0", "pdf --x 1 --alpha -1", "pdf --x nan --alpha 1",
        "pdf --x 1 --alpha nan", "cdf --x 1 --alpha 1 --check --draws 10",
        "compare --data same.csv", "tail --data same.csv", "tail --data few.csv",
        "compare --data nan.csv", "tail --data nan.csv",
        "sample --count 0 --alpha 1 --output x.npy",
      ] {
        let run = try Command.run("stable " + line, in: folder)
        #expect(run.status == 64, "\(line): \(run.status) \(run.errors)")
        for word in internalWords { #expect(!run.errors.contains(word), "\(run.errors)") }
      }
      let bad = try Command.run("stable fit --data nan.csv", in: folder)
      #expect(bad.errors.contains("2 of 16 numbers"))
      let dropped = try result(
        "fit --data nan.csv --column b --drop-invalid --bootstrap 0 --method mcculloch", in: folder)
      let sample = try #require(dropped["sample"] as? [String: Any])
      #expect(sample["count"] as? Int == 6 && sample["dropped"] as? Int == 2)
    }
  }
}
