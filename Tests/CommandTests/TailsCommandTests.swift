import Foundation
import Testing

@Suite("poise tails, spectrum of stable layers")
struct TailsCommandTests {
  private func result(
    _ line: String, _ key: String, status: Int32 = 0
  ) throws -> [String: Any] {
    let run = try Command.run(line + " --quiet --json")
    #expect(run.status == status, "\(run.errors)")
    let result = try #require(try run.object()["result"] as? [String: Any])
    return try #require(result[key] as? [String: Any])
  }

  /// q* of tanh at α = 1.5: ln q* from an independent program; a map of two scales.
  @Test("lengths and thresholds")
  func tails() throws {
    let answer = try result(
      "tails --activation tanh --alpha 1.5 --scale 0.5,1 --pool 0 --width 1000", "tails")
    let points = try #require(answer["points"] as? [[String: Any]])
    #expect(abs(try #require(points[0]["logLength"] as? Double) + 11.2004) < 1e-3)
    #expect(try #require(points[0]["growthRate"] as? Double) < 0)
    #expect(try #require(points[1]["growthRate"] as? Double) > 0)
    let text = try Command.run("tails --activation tanh --alpha 1.5 --scale 1 --pool 0")
    #expect(text.output.hasPrefix("At α = 1.5, σ_w = 1 lengths settle at q* = 0.1059"))
    #expect(text.output.columns <= 100)
  }

  /// The constants of the tail, the bulk against matrices, the layer's own faster tail.
  @Test("one layer with stable weights")
  func layer() throws {
    let line = "spectrum --activation tanh --weights stable --alpha 1.5 --scale 1"
    let answer = try result(line + " --check --networks 12 --width 96", "layerSpectrum")
    let curve = try #require((answer["curves"] as? [[String: Any]])?.first)
    func number(_ key: String) throws -> Double { try #require(curve[key] as? Double) }
    #expect(abs(try number("tailConstant") - 0.27206) < 1e-5)
    #expect(abs(try number("tailRatio") - 1) < 1e-3)
    #expect(try number("massBelow") < 0.003 && number("zeroMass") == 0)
    let check = try #require(answer["check"] as? [String: Any])
    #expect(check["verdict"] as? String == "agrees")
    let theory = try #require(check["theory"] as? [Double])
    #expect(abs(theory.reduce(0, +) - 1) < 1e-6)
    let own = try #require((check["tailLayer"] as? [String: Any])?["value"] as? Double)
    #expect(own < 0.7 * (try #require(check["tailTheory"] as? Double)))
    let text = try Command.run(line + " --check --networks 3 --width 64 --quiet")
    #expect(text.output.hasPrefix("At α = 1.5, σ_w = 1 half of the singular values"))
    #expect(text.output.contains("saturates its own unit") && text.output.columns <= 100)
  }

  /// α = 2 below σ_w = 1: q* = 0 and the quarter circle of W; several laws; a layer that is not square.
  @Test("Gaussian limit, several laws, shapes")
  func laws() throws {
    let circle = try result(
      "spectrum --activation tanh --alpha 2 --scale 0.5", "layerSpectrum")
    let curve = try #require((circle["curves"] as? [[String: Any]])?.first)
    #expect(curve["logLengthCase"] as? String == "dies")
    let quantiles = try #require(curve["quantiles"] as? [[String: Any]])
    let median = try #require(
      quantiles.first { $0["share"] as? Double == 0.5 }?["logSingularValue"] as? Double)
    // Half of the quarter circle of radius 1 lies below x: x√(1−x²) + asin x = π/4.
    let x = exp(median)
    #expect(abs(x * (1 - x * x).squareRoot() + asin(x) - Double.pi / 4) < 1e-5)
    let several = try result(
      "spectrum --activation hard_tanh --alpha 1.2,1.8 --scale 1,2", "layerSpectrum")
    #expect((several["curves"] as? [[String: Any]])?.count == 4)
    let wide = try result(
      "spectrum --activation tanh --alpha 1.5 --scale 1 --width 128/64 --check --networks 10",
      "layerSpectrum")
    #expect((wide["check"] as? [String: Any])?["verdict"] as? String == "agrees")
  }

  @Test("a circle of inputs")
  func geometry() throws {
    let small = "tails geometry --activation tanh --width 40 --depth 4 --points 32 --networks 2"
    let answer = try result(small + " --alpha 1.5 --scale 1.5", "manifold")
    let profiles = try #require(answer["profiles"] as? [[String: Any]])
    #expect(profiles.map { $0["alpha"] as? Double } == [1.5, 2])
    let layers = try #require(profiles[0]["layers"] as? [[String: Any]])
    #expect(layers.count == 4)
    // The first layer is linear in the inputs: an ellipse, which turns once and fills a plane.
    let first = try #require(layers.first)
    let turns = try #require((first["logTurns"] as? [String: Any])?["value"] as? Double)
    let dimension = try #require((first["dimension"] as? [String: Any])?["value"] as? Double)
    #expect(abs(turns) < 1e-9 && dimension > 1 && dimension <= 2)
    #expect((profiles[0]["projection"] as? [Double])?.count == 96)
    let map = try result(small + " --alpha 1.5,2 --scale 1,1.5,2", "manifold")
    #expect((map["cells"] as? [[String: Any]])?.count == 6)
    // The same numbers for any number of threads.
    let once = try result(small + " --alpha 1.5 --scale 1.5 --jobs 1", "manifold")
    #expect(NSDictionary(dictionary: once) == NSDictionary(dictionary: answer))
    let text = try Command.run(small + " --alpha 1.5 --scale 1.5 --quiet")
    #expect(text.output.hasPrefix("At α = 1.5, σ_w = 1.5 a circle of inputs reaches layer 4"))
    #expect(text.output.columns <= 100)
  }

  /// Records come back, and their figures are drawn.
  @Test("records and figures")
  func files() throws {
    try Command.withFolder { folder in
      let runs = [
        ("spectrum --activation tanh --alpha 1.5 --scale 1 --output a", ["layer-spectrum"]),
        (
          "tails geometry --activation tanh --width 24 --depth 3 --points 32 --networks 2 "
            + "--alpha 1.5 --scale 1.5 --output b",
          ["manifold", "manifold-layers", "manifold-vectors"]
        ),
        (
          "tails geometry --activation tanh --width 16 --depth 2 --points 32 --networks 2 "
            + "--alpha 1.5,2 --scale 1,2 --output c", ["manifold-variation", "manifold-dimension"]
        ),
      ]
      for (line, figures) in runs {
        let run = try Command.run(line + " --quiet", in: folder)
        #expect(run.status == 0 && !run.errors.contains("warning"), "\(run.errors)")
        let output = String(line.suffix(1))
        let again = try Command.run("report \(output)/record.json", in: folder)
        #expect(again.output.split(separator: "\n")[0] == run.output.split(separator: "\n")[0])
        guard OutputTests.hasGnuplot else { continue }
        for figure in figures {
          #expect(
            FileManager.default.fileExists(atPath: "\(folder)/\(output)/figure-\(figure).svg"))
        }
      }
    }
  }

  static let refusals: [(line: String, status: Int32, words: [String])] = [
    ("tails --activation tanh --alpha 2.5 --scale 1 --pool 0", 64, ["alpha", "0.1"]),
    ("tails --activation tanh --alpha 0 --scale 1 --pool 0", 64, ["alpha"]),
    ("tails --activation tanh --alpha 1.5 --scale -1 --pool 0", 64, ["scale", "-1"]),
    ("tails --activation tanh --alpha 1.5 --scale 0.1:3#500", 64, ["minutes", "--yes"]),
    (
      "spectrum --activation relu --alpha 1.5 --scale 1", 2, ["relu", "diverges", "bounded"]
    ),
    ("spectrum --activation tanh --alpha 1.5 --scale 1 --depth 3", 64, ["--depth", "3", "1 for"]),
    ("spectrum --activation tanh --alpha 1.5 --scale 1 --input-square 1", 64, ["--input-square"]),
    ("spectrum --activation tanh --alpha 1.5", 64, ["--scale"]),
    ("spectrum --activation tanh --alpha 1.5 --scale 1,2 --check", 64, ["2 laws", "single"]),
    (
      "spectrum --activation tanh --alpha 1.5 --scale 1 --check --networks 2", 64,
      ["networks", "3 to"]
    ),
    ("spectrum --activation tanh --alpha 1.5 --scale 1 --check --width 4", 64, ["16 to 4096"]),
    ("spectrum --activation tanh --alpha 1.5 --scale 1 --width 9/9/9", 64, ["one layer"]),
    ("spectrum --activation tanh --alpha 1:2#50 --scale 1:2#50", 64, ["at most 200"]),
    ("tails geometry --activation tanh --alpha 1.5 --scale 1 --networks 1", 64, ["--networks"]),
    ("tails geometry --activation tanh --alpha 1.5 --scale 1 --points 4", 64, ["--points", "32"]),
    ("tails geometry --activation tanh --alpha 1.5 --scale 1 --width 1", 64, ["--width"]),
    ("tails geometry --activation tanh --alpha 3 --scale 1", 64, ["alpha"]),
    ("tails geometry --activation tanh --alpha 1:2#40 --scale 1:2#40", 64, ["minutes", "--yes"]),
    (
      "tails geometry --activation linear --alpha 1 --scale 100 --width 16 --depth 900 --networks 2 "
        + "--points 32", 2, ["too long", "overflow", "fewer layers"]
    ),
  ]

  @Test("what cannot be asked", arguments: refusals.indices)
  func refuses(_ index: Int) throws {
    let (line, status, words) = Self.refusals[index]
    let run = try Command.run(line)
    #expect(run.status == status, "\(line): \(run.status) \(run.errors)")
    for word in words { #expect(run.errors.contains(word), "\(line): \(run.errors)") }
    for word in internalWords where word != "nil" {
      #expect(!run.errors.contains(word), "\(run.errors)")
    }
  }
}
