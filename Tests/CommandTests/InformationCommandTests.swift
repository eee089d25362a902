import Foundation
import Testing

@Suite("poise information")
struct InformationCommandTests {
  /// X uniform, Y = X + noise, both as CSV; a column of zeros and ones; a wide Y.
  private func withSamples(_ body: (String) throws -> Void) throws {
    func fraction(_ t: Double) -> Double { t - t.rounded(.down) }
    let x = (1...400).map { fraction(100 * sin(Double($0))) }
    let y = (1...400).map { x[$0 - 1] + 0.2 * fraction(100 * cos(1.7 * Double($0))) }
    let wide = (1...400).map { row in
      (1...12).map { "\(fraction(100 * sin(Double(row * $0) * 1.3)))" }.joined(separator: ",")
    }
    try Command.withFolder { folder in
      for (name, lines) in [
        ("X", x.map { "\($0)" }), ("Y", y.map { "\($0)" }), ("wide", wide),
        ("relu", y.map { "\(max(0.5, $0))" }), ("short", Array(y.map { "\($0)" }.prefix(30))),
      ] {
        try (lines.joined(separator: "\n") + "\n").write(
          toFile: "\(folder)/\(name).csv", atomically: true, encoding: .utf8)
      }
      try body(folder)
    }
  }

  private func values(_ run: Command.Result) throws -> [[String: Any]] {
    #expect(run.status == 0, "\(run.errors)")
    let result = try #require(try run.object()["result"] as? [String: Any])
    let estimate = try #require(result["estimate"] as? [String: Any])
    return try #require(estimate["values"] as? [[String: Any]])
  }

  @Test("both nearest-neighbour estimates agree, in nats and bits")
  func neighbours() throws {
    try withSamples { folder in
      var nats: [Double] = []
      for method in ["ksg1", "ksg2"] {
        let run = try Command.run(
          "information estimate X.csv Y.csv --method \(method) --neighbors 4 --json", in: folder)
        let value = try #require(try values(run).first)
        nats.append(try #require(value["nats"] as? Double))
        #expect(abs(try #require(value["bits"] as? Double) * log(2) - nats.last!) < 1e-12)
        #expect(try #require(value["standardError"] as? Double) < 0.15)
      }
      // Uniform noise of width 0.2 on a uniform x: I = h(Y) − ln 0.2 = 0.1 − ln 0.2.
      #expect(abs(nats[0] - 0.1 + log(0.2)) < 0.2 && abs(nats[0] - nats[1]) < 0.15, "\(nats)")
      let text = try Command.run("information estimate X.csv Y.csv", in: folder)
      #expect(text.output.contains("nats (") && text.output.columns <= 100)
    }
  }

  @Test("bounds from both sides, and Gaussians")
  func bounds() throws {
    try withSamples { folder in
      let pairwise = try values(
        Command.run(
          "information estimate X.csv wide.csv --method pairwise --noise-variance 1 --json",
          in: folder))
      let bounds = try pairwise.map { try #require($0["nats"] as? Double) }
      #expect(bounds.count == 2 && bounds[0] < bounds[1])
      let logdet = try values(
        Command.run(
          "information estimate X.csv wide.csv --method logdet --noise-variance 1 --json",
          in: folder))
      let upper = try logdet.map { try #require($0["nats"] as? Double) }
      #expect(upper[0] > upper[1] && upper[1] > bounds[0])
      let linear = try values(
        Command.run("information estimate X.csv Y.csv --method logdet --json", in: folder))
      #expect(try #require(linear[0]["nats"] as? Double) > 1)
    }
  }

  @Test("a wide layer is warned of, bad samples are refused in three parts")
  func refusals() throws {
    try withSamples { folder in
      let wide = try Command.run("information estimate X.csv wide.csv", in: folder)
      #expect(wide.status == 0 && wide.output.contains("13 dimensions together"))
      for (line, word, status) in [
        ("X.csv relu.csv", "repeated", 64), ("X.csv short.csv", "as in", 64),
        ("X.csv Y.csv --neighbors 300", "samples", 64),
        ("X.csv Y.csv --method pairwise", "--noise-variance", 64),
        ("X.csv Y.csv --noise-variance 1", "--noise-variance", 64),
        ("X.csv Y.csv --method pairwise --noise-variance 0", "noise variance", 64),
        ("X.csv none.npy", "none.npy", 66),
      ] as [(String, String, Int32)] {
        let run = try Command.run("information estimate \(line)", in: folder)
        #expect(run.status == status && run.errors.contains(word), "\(line): \(run.errors)")
        for internalWord in internalWords { #expect(!run.errors.contains(internalWord)) }
      }
      let jittered = try Command.run("information estimate X.csv relu.csv --jitter", in: folder)
      #expect(jittered.status == 0 && jittered.output.contains("jitter"))
    }
  }

  @Test("networks measure the variance over given inputs; the exact value can be left out")
  func measuredInputs() throws {
    let line =
      "information --activation tanh --weight-variance 1.5 --bias-variance 0.1 --depth 2 "
      + "--noise-variance 0.1"
    let run = try Command.run(
      "\(line) --noise output --data digits --rows 32 --width 128 --measure --networks 30 "
        + "--no-exact --json")
    #expect(run.status == 0, "\(run.errors)")
    let result = try #require(try run.object()["result"] as? [String: Any])
    let information = try #require(result["information"] as? [String: Any])
    let points = try #require(information["points"] as? [[String: Any]])
    #expect(points.allSatisfy { $0["exact"] is NSNull && $0["exactCase"] != nil })
    let data = try #require(information["data"] as? [String: Any])
    for layer in try #require(data["layers"] as? [[String: Any]]) {
      let theory = try #require(layer["withinUnitVariance"] as? Double)
      let measured = try #require(layer["measuredVariance"] as? Double)
      let error = try #require(layer["varianceError"] as? Double)
      // Classic theory is off by half of its value here.
      #expect(error < 0.05 * theory && abs(measured - theory) < 6 * error, "\(layer)")
      #expect(try #require(layer["length"] as? Double) > theory + 10 * error)
    }
    for (line, word) in [
      ("\(line) --noise output --measure", "without --data"),
      ("\(line) --noise every-layer --measure --data digits", "every layer"),
      (
        "information bottleneck --activation tanh --weight-variance 1 --noise output "
          + "--noise-variance 1 --passes 9", "--passes"
      ),
    ] {
      let run = try Command.run(line)
      #expect(run.status == 64 && run.errors.contains(word), "\(run.errors)")
    }
  }

  private func layers(_ line: String) throws -> [[String: Any]] {
    let run = try Command.run("information bottleneck \(line) --quiet --json")
    #expect(run.status == 0, "\(run.errors)")
    let result = try #require(try run.object()["result"] as? [String: Any])
    let plane = try #require(result["bottleneck"] as? [String: Any])
    return try #require(plane["layers"] as? [[String: Any]])
  }

  private func ends(_ layer: [String: Any], _ name: String) throws -> (Double, Double) {
    let range = try #require(layer[name] as? [String: Any])
    return (try #require(range["lower"] as? Double), try #require(range["upper"] as? Double))
  }

  @Test("isometric linear layers lie on the curve")
  func linearPlane() throws {
    let found = try layers(
      "--activation linear --weights orthogonal --weight-variance 1 --depth 4 --width 20"
        + " --noise every-layer --noise-variance 0.1 --networks 2")
    #expect(found.count == 4)
    for layer in found {
      let (y, most) = (try ends(layer, "informationY").0, layer["most"] as? Double ?? 0)
      #expect(abs(y / most - 1) < 1e-10)
      let (corrected, measured) = (
        layer["correctedVariance"] as? Double ?? 0, layer["measuredVariance"] as? Double ?? 1
      )
      #expect(abs(corrected - measured) < 1e-10)
    }
  }

  @Test("a tanh network is bounded, the labels of the digits too")
  func boundedPlanes() throws {
    let tanh = try layers(
      "--activation tanh --weight-variance 1.5 --bias-variance 0.05 --depth 3 --width 20"
        + " --noise every-layer --noise-variance 0.1 --targets 5 --networks 2")
    let digits = try layers(
      "--activation tanh --weight-variance 1.5 --bias-variance 0.05 --depth 3 --width 200"
        + " --noise output --noise-variance 1 --data digits --prepare scale --rows 200 --networks 3"
    )
    for layer in tanh + digits {
      for name in ["informationX", "informationY"] {
        let (lower, upper) = try ends(layer, name)
        #expect(0 <= lower && lower <= upper)
      }
    }
    for layer in digits {
      let corrected = try #require(layer["correctedVariance"] as? Double)
      let classic = try #require(layer["classicVariance"] as? Double)
      let measured = try #require(layer["measuredVariance"] as? Double)
      #expect(abs(measured / corrected - 1) < 0.2 && classic > 1.2 * measured)
    }
    #expect(
      try Command.run(
        "information bottleneck --activation tanh --weight-variance 1.5 --noise every-layer"
          + " --noise-variance 1 --data digits"
      ).status == 64)
    #expect(
      try Command.run(
        "information bottleneck --activation tanh --weight-variance 1.5 --noise output"
          + " --noise-variance 0"
      ).status == 64)
  }

  private func information(_ line: String) throws -> [String: Any] {
    let run = try Command.run("information \(line) --quiet --json")
    #expect(run.status == 0, "\(run.errors)")
    let result = try #require(try run.object()["result"] as? [String: Any])
    return try #require(result["information"] as? [String: Any])
  }

  @Test("layers of different widths")
  func unequalWidths() throws {
    let answer = try information(
      "--activation tanh --weight-variance 1.5 --inputs 60 --width 40/80/20 --convention A"
        + " --noise-variance 0.1")
    #expect(answer["widths"] as? [Int] == [60, 40, 80, 20])
    let points = try #require(answer["points"] as? [[String: Any]])
    let values = try points.map { point in
      try ["lower", "exact", "upper"].map { try #require(point[$0] as? Double) }
    }
    #expect(values.count == 3 && values.allSatisfy { $0 == $0.sorted() })
    // Totals never grow.
    #expect(values[0][1] * 40 > values[1][1] * 80 && values[1][1] * 80 > values[2][1] * 20)
    for line in ["--width 40/80 --depth 3", "--width 40/x", "--width 40/80 --inputs 0"] {
      let run = try Command.run(
        "information --activation tanh --weight-variance 1 --convention A --noise-variance 1 \(line)"
      )
      #expect(run.status == 64, "\(line): \(run.output)")
    }
  }

  @Test("given inputs under noise at every layer")
  func noisyData() throws {
    let answer = try information(
      "--activation tanh --weight-variance 1.5 --noise every-layer --noise-variance 20 --depth 3"
        + " --data digits --rows 100 --width 64")
    let data = try #require(answer["data"] as? [String: Any])
    let layers = try #require(data["layers"] as? [[String: Any]])
    let upper = layers.compactMap { $0["upper"] as? Double }
    #expect(upper.count == 3 && upper == upper.sorted(by: >) && upper[0] <= log(100))
    #expect(try #require(layers[0]["lower"] as? Double) <= upper[0])
    for layer in layers.dropFirst() {
      #expect(layer["lower"] is NSNull && layer["lowerCase"] is String)
    }
  }

  @Test("the plane is checked")
  func planeCheck() throws {
    let run = try Command.run(
      "information bottleneck --activation tanh --weight-variance 1.5 --depth 2 --width 16"
        + " --noise every-layer --noise-variance 0.3 --networks 8 --check --quiet")
    #expect(run.status == 0 && run.output.contains("8 networks"), "\(run.output) \(run.errors)")
    let few = try Command.run(
      "information bottleneck --activation linear --weight-variance 1 --width 16"
        + " --noise output --noise-variance 1 --networks 3 --check --quiet")
    #expect(few.status == 64 && few.errors.contains("at least 8"))
  }
}
