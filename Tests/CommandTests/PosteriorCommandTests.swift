import Foundation
import Testing

@Suite("poise posterior")
struct PosteriorCommandTests {
  private func result(_ line: String, status: Int32 = 0) throws -> [String: Any] {
    let run = try Command.run("posterior " + line + " --quiet --json")
    #expect(run.status == status, "\(run.errors)")
    let result = try #require(try run.object()["result"] as? [String: Any])
    return try #require(result["posterior"] as? [String: Any])
  }

  private func points(_ answer: [String: Any]) throws -> [[String: Any]] {
    try #require(answer["points"] as? [[String: Any]])
  }

  @Test("two classes of digits: error, and its class")
  func digits() throws {
    let answer = try result(
      "--data digits --classes 0,1 --patterns 60 --depth 2 --width 50 --temperature 0.1")
    let point = try points(answer)[0]
    #expect(try #require(point["exactTestError"] as? Double) < 0.5)
    #expect(try #require(point["signError"] as? Double) < 0.1)
    #expect(point["regime"] as? String == "noisy")
    #expect((point["orderParameters"] as? [Double])?.count == 2)
  }

  @Test("a curve over the width, unequal layers, several outputs")
  func shapes() throws {
    let curve = try result(
      "--data teacher:40 --patterns 20 --depth 2 --width 10:1000@4 --weight-variance 0.5")
    let errors = try points(curve).compactMap { $0["testError"] as? Double }
    #expect(errors.count == 4 && errors == errors.sorted(by: >))
    #expect(curve["axes"] as? [String] == ["width"])
    let layers = try result(
      "--data template:40 --patterns 20 --width 80/50/30 --weight-variance 1/0.7/1.3/1.5")
    #expect(try points(layers)[0]["widths"] as? [Int] == [80, 50, 30])
    let several = try result(
      "--classes 0,1,2 --patterns 60 --width 100 --temperature 0.2 --tests 50")
    #expect((try points(several)[0]["scales"] as? [Double])?.count == 3)
    #expect(try points(several)[0]["exactScale"] is NSNull)
  }

  @Test("samples agree, text and files")
  func check() throws {
    try Command.withFolder { folder in
      let run = try Command.run(
        "posterior --data teacher:20 --patterns 12 --width 20 --temperature 0.2 --tests 20 --check "
          + "--draws 2500 --output out --quiet", in: folder)
      #expect(run.status == 0, "\(run.output) \(run.errors)")
      #expect(run.output.hasPrefix("A network of 1 hidden layer of width 20"))
      #expect(run.output.contains("Theory and samples agree") && run.output.columns <= 100)
      #expect(FileManager.default.fileExists(atPath: folder + "/out/report.html"))
      let again = try Command.run("report out/record.json --output again", in: folder)
      #expect(again.status == 0, "\(again.errors)")
    }
  }

  @Test("chains are kept, go on, and are refused for another task")
  func chains() throws {
    try Command.withFolder { folder in
      let line =
        "posterior --data teacher:20 --patterns 12 --width 20 --tests 20 --quiet --json --check"
      func measured(_ more: String) throws -> [Double] {
        let run = try Command.run("\(line) --temperature 0.2 \(more)", in: folder)
        let result = try #require(try run.object()["result"] as? [String: Any])
        let answer = try #require(result["posterior"] as? [String: Any])
        let sampled = try #require(try points(answer)[0]["sampled"] as? [String: Any])
        let rows = try #require(sampled["comparisons"] as? [[String: Any]])
        return rows.compactMap { $0["measured"] as? Double }
      }
      let plain = try measured("--draws 400")
      #expect(plain.count > 3)
      #expect(try measured("--draws 400 --chains-file chains.json") == plain)
      // Nothing is left to draw.
      #expect(try measured("--draws 400 --chains-file chains.json") == plain)
      #expect(try measured("--draws 800 --chains-file chains.json") != plain)
      for (more, status) in [
        ("--temperature 0.3 --chains-file chains.json", 66), ("--chains-file chains.json", 64),
        ("--temperature 0.2 --width 10,20 --chains-file chains.json", 64),
      ] as [(String, Int32)] {
        let run = try Command.run("\(line) --draws 400 \(more)", in: folder)
        #expect(run.status == status, "\(more): \(run.errors)")
      }
      try "{}".write(toFile: folder + "/bad.json", atomically: true, encoding: .utf8)
      let bad = try Command.run("\(line) --temperature 0.2 --chains-file bad.json", in: folder)
      #expect(bad.status == 66 && bad.errors.contains("not a file of chains"))
    }
  }

  @Test("help of the verb names the options of its default")
  func help() throws {
    for (verb, option) in [("posterior", "--temperature"), ("information", "--noise-variance")] {
      let run = try Command.run("\(verb) --help")
      #expect(run.status == 0 && run.output.contains("  \(option) <"))
    }
  }

  @Test("kernels of the layers")
  func kernels() throws {
    let answer = try result(
      "kernels --classes 0,1 --patterns 30 --depth 3 --width 40 --temperature 0.1")
    let kernels = try #require(answer["kernels"] as? [String: Any])
    let after = try #require(kernels["alignment"] as? [Double])
    let before = try #require(kernels["priorAlignment"] as? [Double])
    #expect(after.count == 4 && after[3] > before[3])
  }

  @Test(
    "refusals",
    arguments: [
      ("--temperature -1", "T ≥ 0"), ("--width 80/50 --depth 3", "as the values per layer say"),
      ("--classes 0,0", "different classes"), ("--data gaussian:10x4", "no labels"),
      ("--patterns 5000", "1 to"), ("--classes 0,1,2 --width 2", "narrowest hidden width, 2"),
      ("--check --activation relu --temperature 0", "surface"),
      ("--width 1:9:1 --depth 1:3:1 --temperature 0,1", "at most two ranges"),
    ])
  func refusals(line: String, words: String) throws {
    let run = try Command.run("posterior --patterns 20 \(line) --quiet")
    #expect(run.status == 64, "\(run.output)")
    #expect(run.errors.contains(words), "\(run.errors)")
  }
}
