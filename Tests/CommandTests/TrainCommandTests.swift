import Foundation
import Testing

@Suite("poise train")
struct TrainCommandTests {
  private static let small = "train --activation tanh --depth 6 --width 48 --epochs 4"

  private func result(_ line: String) throws -> [String: Any] {
    let run = try Command.run(line + " --quiet --json")
    #expect(run.status == 0, "\(run.errors)")
    let result = try #require(try run.object()["result"] as? [String: Any])
    return try #require(result["train"] as? [String: Any])
  }

  private func courses(_ answer: [String: Any]) throws -> [[String: Any]] {
    try #require(answer["courses"] as? [[String: Any]])
  }

  private func accuracy(_ answer: [String: Any]) throws -> Double {
    let summary = try #require(answer["summary"] as? [String: Any])
    return try #require((summary["accuracy"] as? [String: Any])?["value"] as? Double)
  }

  /// The advice learns the digits in a few epochs; nothing of the test enters training.
  @Test func theAdviceTrains() throws {
    let answer = try result(Self.small + " --networks 2 --validation-rows 200")
    #expect(try accuracy(answer) > 0.93)
    #expect(answer["trainingRows"] as? Int == 1298 && answer["testRows"] as? Int == 299)
    #expect((answer["ensemble"] as? String)?.hasPrefix("orthogonal weights") == true)
    #expect((answer["rateRule"] as? String)?.hasPrefix("2/λ_max") == true)
    for course in try courses(answer) {
      #expect(course["outcome"] as? String == "trained")
      #expect((course["validationAccuracy"] as? [Double])?.count == 4)
      let initial = try #require(course["initialAccuracy"] as? Double)
      #expect(initial < 0.35)
    }
    let text = try Command.run(Self.small + " --quiet")
    #expect(text.output.hasPrefix("Test accuracy 0.9") && text.output.columns <= 100)
  }

  /// PyTorch's default at depth 30: no signal arrives, which the answer says.
  @Test func aDeadStartIsSaidToGuess() throws {
    let run = try Command.run(
      "train --activation tanh --depth 40 --width 32 --init pytorch_default --rate 0.01 --epochs 2 --quiet"
    )
    #expect(run.status == 0)
    #expect(run.output.contains("never reached") && run.output.contains("cannot be told"))
  }

  @Test func divergenceIsAnAnswer() throws {
    let line =
      "train --activation relu --depth 3 --width 32 --init he_normal --rate 1e6 --loss squared --epochs 3"
    let answer = try result(line)
    let course = try #require(try courses(answer).first)
    #expect(course["outcome"] as? String == "diverged")
    #expect(course["divergedEpoch"] as? Double == 1)
    #expect((answer["summary"] as? [String: Any])?["diverged"] as? Int == 1)
    let text = try Command.run(line + " --quiet")
    #expect(text.status == 0 && text.output.hasPrefix("It does not train"))
    #expect(!text.output.lowercased().contains("nan"))
  }

  /// The same record for any number of threads, and for one network as for the first of two.
  @Test func threadsDoNotShow() throws {
    let line = Self.small + " --rate 0.05 --optimizer adam --schedule cosine --width 400"
    let (one, two) = (
      try result(line + " --jobs 1 --networks 2"), try result(line + " --jobs 2 --networks 2")
    )
    #expect(one as NSDictionary == two as NSDictionary)
    let alone = try courses(try result(line + " --jobs 2"))[0] as NSDictionary
    #expect(try courses(one)[0] as NSDictionary == alone)
  }

  /// A run of two epochs and one of four that goes on from it give the bits of one of four.
  @Test func checkpointsGoOn() throws {
    try Command.withFolder { folder in
      let line =
        "train --activation tanh --depth 4 --width 32 --rate 0.05 --momentum 0.5 --observe length"
      let (first, second) = ("\(folder)/a", "\(folder)/b")
      _ = try result(line + " --epochs 2 --output \(first)")
      let resumed = try result(line + " --epochs 4 --output \(first)")
      let whole = try result(line + " --epochs 4 --output \(second)")
      #expect(try courses(resumed) as NSArray == courses(whole) as NSArray)
      func bytes(_ folder: String) -> Data? {
        FileManager.default.contents(atPath: "\(folder)/network-0.safetensors")
      }
      let weights = try #require(bytes(second))
      #expect(weights == bytes(first))
      for name in [
        "record.json", "report.html", "figure-training.svg", "figure-training-layers.svg",
      ] {
        #expect(FileManager.default.fileExists(atPath: "\(second)/\(name)"))
      }
      let other = try Command.run(line + " --epochs 4 --seed 2 --quiet --output \(first)")
      #expect(other.status == 66 && other.errors.contains("another command"))
      try weights.prefix(weights.count / 2).write(
        to: URL(fileURLWithPath: "\(second)/network-0.safetensors"))
      let torn = try Command.run(line + " --epochs 4 --quiet --output \(second)")
      #expect(torn.status == 66)
    }
  }

  @Test func layersAreObserved() throws {
    let answer = try result(
      Self.small + " --rate 0.1 --observe length,dimension,fractality,jacobian,information "
        + "--observe-every 3 --fit-weights")
    let looks = try #require(answer["observations"] as? [[String: Any]])
    #expect(looks.map { $0["epoch"] as? Int } == [0, 3, 4])
    for look in looks {
      for name in ["length", "dimension", "fractality"] {
        let values = try #require(look[name] as? [Double])
        #expect(values.count == 6 && values.allSatisfy { $0 > 0 && $0.isFinite })
      }
      let bounds = try #require(look["inputInformation"] as? [String: [Double]])
      let (lower, upper) = (try #require(bounds["lower"]), try #require(bounds["upper"]))
      #expect(zip(lower, upper).allSatisfy { $0 <= $1 && $1 <= log(128) + 1e-9 })
      let label = try #require(look["classInformation"] as? [String: [Double]])
      #expect(try #require(label["upper"]).allSatisfy { $0 <= log(10) + 1e-9 })
      let jacobian = try #require(look["jacobian"] as? [String: Any])
      #expect(jacobian["logLargest"] as? Double != nil)
    }
    // The start is orthogonal: every layer but the first keeps ⟨s²⟩ near χ₁ = 1.
    let start = try #require(looks[0]["jacobian"] as? [String: Any])
    #expect(abs(try #require(start["logMeanSquare"] as? Double)) < 1)
    let fits = try #require(answer["weightFits"] as? [[String: Any]])
    #expect(fits.count == 7)
  }

  @Test(arguments: [
    ("--rate 0", "--rate"), ("--rate fast", "--rate"), ("--optimizer lbfgs", "--optimizer"),
    ("--optimizer adam --momentum 0.9", "--momentum"), ("--schedule linear", "schedule"),
    ("--observe entropy", "--observe"), ("--test-rows 1797", "rows"), ("--epochs 0", "epochs"),
    ("--batch 0", "batch"), ("--networks 0", "networks"), ("--threshold 2", "threshold"),
    ("--data gaussian:100x8", "labels"), ("--validation-rows -1", "rows"),
    ("--weight-variance 1,2", "one start"), ("--init advised --bias-variance 1", "advised"),
    ("--width 1000000", "GB"), ("--depth 100000000000", "depth"),
    ("--rate-factor -1 --rate 0.1", "rate"), ("--loss mse", "--loss squared"),
    ("--depth 3,4", "poise sweep"), ("--width 16:64#3", "poise sweep"),
    ("--init glorot", "advised"),
    ("--depth 2.5", "whole number"), ("--momentum 1 --rate 0.1", "momentum"),
  ])
  func whatCannotBeIsRefused(options: String, word: String) throws {
    let run = try Command.run(Self.small + " " + options + " --quiet")
    #expect([2, 64].contains(run.status), "\(run.status): \(run.output)")
    #expect(run.errors.contains(word) && run.errors.contains("allowed"), "\(run.errors)")
  }

  /// A fit that fails takes nothing else with it: weights of a narrow network with α = 1/2.
  @Test func failedFitsKeepTheTraining() throws {
    let answer = try result(
      "train --activation tanh --depth 3 --width 16 --epochs 2 --alpha 0.5 --scale 1 --fit-weights")
    let fits = try #require(answer["weightFits"] as? [[String: Any]])
    #expect(fits.count == 4)
    let laws = try fits.flatMap { fit in
      try ["before", "after"].map { try #require(fit[$0] as? [String: Any]) }
    }
    for law in laws {
      #expect((law["alpha"] is Double) == (law["alphaCase"] == nil) && law["scale"] != nil)
    }
    #expect(laws.contains { $0["alphaCase"] != nil })
  }

  /// Ctrl-C: the epochs that are whole stay, and the message says how to go on.
  @Test func interruption() throws {
    try Command.withFolder { folder in
      let words = (Self.small + " --rate 0.05 --epochs 100000 --quiet --output out")
        .split(separator: " ").map(String.init)
      let process = try Command.start(words, in: folder)
      for _ in 0..<500
      where !FileManager.default.fileExists(atPath: "\(folder)/out/network-0.safetensors") {
        Thread.sleep(forTimeInterval: 0.02)
      }
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      let errors = String(decoding: try SweepCommandTests.data("\(folder)/.stderr"), as: UTF8.self)
      #expect(errors.contains("the same command again"), "\(errors)")
    }
  }

  /// A picture of one epoch, too.
  @Test(.enabled(if: OutputTests.hasGnuplot)) func oneEpochIsDrawn() throws {
    try Command.withFolder { folder in
      let run = try Command.run(
        "train --activation tanh --depth 3 --width 16 --epochs 1 --output out", in: folder)
      #expect(run.status == 0 && !run.errors.contains("warning"), "\(run.errors)")
      #expect(FileManager.default.fileExists(atPath: "\(folder)/out/figure-training.svg"))
    }
  }

  /// Training is swept like any verb.
  @Test func trainingIsSwept() throws {
    try Command.withFolder { folder in
      let run = try Command.run(
        "sweep run --into \(folder)/sweep --quiet -- train --activation tanh --depth 3 --width 16 "
          + "--alpha 1.5,2 --scale 1,2 --rate 0.05 --epochs 2")
      #expect(run.status == 0, "\(run.errors)")
      let collected = try Command.run(
        "sweep collect \(folder)/sweep --output \(folder)/out --show summary.accuracy.value")
      #expect(collected.status == 0, "\(collected.errors)")
      let csv = try String(contentsOfFile: "\(folder)/out/sweep.csv", encoding: .utf8)
      #expect(csv.split(separator: "\n").count == 5 && csv.contains("summary.accuracy.value"))
      let names = try #require(csv.split(separator: "\n").first).split(separator: ",")
      #expect(Set(names).count == names.count, "\(names)")
    }
  }
}
