import Foundation
import PoiseNumerics
import Testing

@testable import PoiseLab

@Suite struct SweepGridTests {
  static func grid(_ line: String, zip: [[String]] = [], fixed: [String] = []) throws -> SweepGrid {
    try SweepGrid(line.split(separator: " ").map(String.init), zipped: zip, fixed: fixed)
  }

  @Test func axesAreCrossedLastFastest() throws {
    let grid = try Self.grid("tails --activation tanh --alpha 1:2:0.5 --scale=0.5,1 --pool 0 --yes")
    #expect(grid.shape == [3, 2] && grid.count == 6)
    #expect(grid.axes.map(\.name) == ["alpha", "scale"])
    #expect(
      grid.arguments(at: 3) == [
        "tails", "--activation=tanh", "--alpha=1.5", "--scale=1", "--pool=0", "--yes",
      ])
    #expect(grid.place(of: 5) == "alpha 2, scale 1")
  }

  @Test func zippedAxesRunTogether() throws {
    let grid = try Self.grid(
      "phase --weight-variance 1,2,3 --depth 2,4 --bias-variance 0,0.1,0.2",
      zip: [["weight-variance", "bias-variance"]])
    #expect(grid.shape == [3, 2] && grid.dimensions == [0, 1, 0])
    #expect(grid.values(at: 3) == ["2", "4", "0.1"])
    for index in 0..<grid.count {
      let places = (0..<3).map { grid.place(along: $0, at: index) }
      #expect(zip(grid.axes, places).map { $0.values[$1] } == grid.values(at: index))
    }
    for (zip, code) in [
      (["weight-variance", "depth"], PoiseError.Code.shapeMismatch), (["alpha"], .unknownName),
    ] {
      #expect {
        try Self.grid("phase --weight-variance 1,2,3 --depth 2,4", zip: [zip])
      } throws: { ($0 as? PoiseError)?.code == code }
    }
  }

  /// Names, numbers, counts, and what only looks like a range.
  @Test func values() throws {
    let grid = try Self.grid(
      "spectrum --activation tanh,relu --depth 1:100@5 --data gaussian:100x20 --seed 1:5:1 --classes 0,1"
    )
    #expect(grid.axes.map(\.name) == ["activation", "depth", "seed"])
    #expect(grid.axes[0].values == ["tanh", "relu"] && grid.axes[0].numbers == nil)
    #expect(grid.axes[1].values == ["1", "3", "10", "32", "100"])
    #expect(grid.axes[2].values == ["1", "2", "3", "4", "5"])
    #expect(grid.arguments(at: 0).contains("--classes=0,1"))
    #expect(try Self.grid("stable pdf --x 1,2 --alpha 1.5", fixed: ["x"]).count == 1)
    let negative = try Self.grid("stable pdf --x -1:1:0.5 --alpha 1.5")
    #expect(negative.count == 5 && negative.arguments(at: 0).contains("--x=-1"))
  }

  @Test(arguments: [
    "", "--alpha 1,2", "phase --alpha 1:2:3:4", "phase --alpha 1:2", "phase --alpha 1,2 --alpha 3",
    "phase --output x --alpha 1,2", "phase --json --alpha 1,2", "phase --alpha a,,b",
    "phase --alpha 1:1e9:0.001", "phase --a 1:1e4:1 --b 1:1e4:1 --c 1:1e4:1",
  ]) func refusals(line: String) {
    #expect(throws: PoiseError.self) { try Self.grid(line) }
  }

  /// A point is its values, however they are written; any other value is another point.
  @Test func identities() throws {
    let grid = try Self.grid("tails --alpha 1:2:0.5 --scale 0.50 --activation tanh --jobs 2")
    let same = try Self.grid("tails --activation tanh --scale 0.5 --alpha 2,1.50")
    #expect(grid.identity(at: 1) == same.identity(at: 1))
    #expect(grid.identity(at: 2) == same.identity(at: 0))
    let others = [
      "tails --activation tanh --scale 0.5 --alpha 1.6", "tails --scale 0.5 --alpha 1.5",
      "tails --activation tanh --scale 0.5 --alpha 1.5 --yes",
      "phase --activation tanh --scale 0.5 --alpha 1.5",
    ]
    for line in others {
      #expect(try Self.grid(line).identity(at: 0) != grid.identity(at: 1), "\(line)")
    }
    let large = try Self.grid("tails --alpha 1:2#300 --scale 1:2#300")
    #expect(Set((0..<large.count).map { large.identity(at: $0) }).count == 90_000)
  }

  /// Other ranges of one command share a folder, other commands do not.
  @Test func continuation() throws {
    let grid = try Self.grid("tails --activation tanh --alpha 1:2#3 --scale 1")
    for (line, isSame) in [
      ("tails --activation tanh --alpha 1:2#5 --scale 1", true),
      ("tails --scale 1.0 --alpha 1.5 --activation tanh --jobs 3", true),
      ("tails --activation tanh --alpha 1:2#3 --scale 1,2", true),
      ("tails --activation tanh --alpha 1:2#3 --scale 2", false),
      ("tails --activation relu --alpha 1:2#3 --scale 1", false),
      ("tails --activation tanh --alpha 1:2#3 --scale 1 --yes", false),
      ("phase --activation tanh --alpha 1:2#3 --scale 1", false),
    ] {
      #expect(try Self.grid(line).continues(grid) == isSame, "\(line)")
    }
  }

  /// The shares of a submission are disjoint, complete, of equal size up to one, and mixed.
  @Test(arguments: [(1, 1), (7, 3), (1000, 8), (5, 8), (10_000, 100)])
  func shares(points: Int, tasks: Int) throws {
    let indices = (0..<points).map { 3 * $0 }
    let shares = (0..<tasks).map { SweepSubmission.share($0, of: tasks, indices) }
    #expect(shares.joined().sorted() == indices)
    let sizes = shares.map(\.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    guard points == 10_000 else { return }
    // A grid of 100 columns: no task gets the same column over and over.
    for share in shares { #expect(Set(share.map { $0 / 3 % 100 }).count > 40) }
  }

  @Test func indexLists() throws {
    let indices = [0, 1, 2, 5, 7, 8, 100]
    let text = SweepSubmission.text(of: indices)
    #expect(text == "0-2,5,7-8,100")
    func read(_ text: String) throws -> [Int] {
      try SweepSubmission(
        number: 1, engine: "slurm", arguments: [], tasks: 1, processors: 1, points: text, jobs: []
      ).indices(below: 101, path: "file")
    }
    #expect(try read(text) == indices)
    for text in ["5,4", "0-101", "1-", "a", "3-2", "-1", "1-2-3"] {
      #expect(throws: PoiseError.self, "\(text)") { try read(text) }
    }
  }
}
