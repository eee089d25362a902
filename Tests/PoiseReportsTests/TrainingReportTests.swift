import Foundation
import PoiseNumerics
import Testing

@testable import PoiseLab
@testable import PoiseReports

/// What the answer of `poise train` says, and what it does not claim.
@Suite struct TrainingReportTests {
  /// A made-up record: test accuracies by epoch, one list a network.
  static func result(
    _ accuracies: [[Double]], losses: [Double] = [2, 1, 0.5], testRows: Int = 300,
    classes: Int = 10, validation: Bool = false, diverged: Bool = false
  ) -> TrainingResult {
    let courses = accuracies.enumerated().map { network, test -> TrainingResult.Course in
      let loss = Array(losses.prefix(test.count))
      var course = TrainingResult.Course(
        network: network, outcome: .below, divergedEpoch: diverged ? Double(test.count + 1) : nil,
        firstEpoch: nil, trainingLoss: loss, trainingAccuracy: test,
        validationLoss: validation ? loss : [], validationAccuracy: validation ? test : [],
        testLoss: loss, testAccuracy: test, finalAccuracy: test.last ?? 0.1,
        chosenAccuracy: validation ? test.max() : nil,
        bestValidation: validation ? test.max() : nil, initialAccuracy: 0.1, initialLoss: 2.3)
      course.finish(threshold: 0.9)
      return course
    }
    return TrainingResult(
      ensemble: "orthogonal weights", activation: "tanh", depth: 3, width: 16,
      data: DataSummary(
        name: "my data.csv#0", rows: 1498, totalRows: 1797, features: 64, meanSquare: 1,
        preparation: "scaled"),
      trainingRows: 1498, validationRows: validation ? 100 : 0, testRows: testRows,
      classes: classes, loss: "cross-entropy", optimizer: "sgd", momentum: 0, rate: 0.5,
      rateRule: "as given", schedule: "constant", batch: 100_000,
      epochs: accuracies[0].count, threshold: 0.9, summary: .init(of: courses), courses: courses,
      observations: [], noiseVariance: nil, weightFits: [], files: ["out/network-0.safetensors"])
  }

  static func text(_ result: TrainingResult, isNew: Bool = true) -> String {
    let text = RecordText.render(
      Samples.record(.train(result), verb: "train"), style: .plain, isNew: isNew)
    #expect(text.split(separator: "\n").allSatisfy { TextLayout.width(String($0)) <= 100 })
    // As one line, so that sentences can be looked for.
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// An accuracy that falls back was reached once, no more.
  @Test func headlines() {
    let text = Self.text(Self.result([[0.8, 0.95, 0.85]]))
    #expect(text.hasPrefix("Test accuracy 0.8500 after 3 epochs; 90.0 % first reached in epoch 2."))
    #expect(text.contains("batches of 1498,") && text.contains("training accuracy"))
    #expect(Self.text(Self.result([[0.8]])).contains("after 1 epoch; 90.0 % never reached"))
    #expect(!Self.text(Self.result([[0.8]]), isNew: false).contains("safetensors"))
    #expect(text.contains("Wrote out/network-0.safetensors"))
  }

  /// One network tells nothing of the error of its accuracy.
  @Test func oneNetworkHasNoError() throws {
    let one = Self.result([[0.8]]).summary.accuracy
    #expect(one.value == 0.8 && one.standardError == nil)
    let two = Self.result([[0.8], [0.9]]).summary.accuracy
    #expect(abs(try #require(two.standardError) - 0.05) < 1e-12)
    let data = try JSONEncoder().encode(one)
    #expect(String(decoding: data, as: UTF8.self).contains("\"standardError\":null"))
    #expect(try JSONDecoder().decode(MeasuredValue.self, from: data) == one)
  }

  /// Guessing is what the test cannot exclude; why, it does not know.
  @Test func guessing() {
    let few = Self.text(Self.result([[0.48]], testRows: 50, classes: 3))
    #expect(
      few.contains("With 50 test rows that cannot be told from guessing (33.3 %: one of 3 classes)")
    )
    #expect(!few.contains("no gradient"))
    #expect(Self.text(Self.result([[0]], testRows: 1)).contains("With 1 test row that"))
    #expect(!Self.text(Self.result([[0.48]], classes: 3)).contains("guessing"))
    // Nine of ten rows in one class: 0.9 is what a constant says.
    var uneven = Self.result([[0.9]], classes: 2)
    #expect(!Self.text(uneven).contains("guessing"))
    uneven.testMajority = 0.9
    #expect(Self.text(uneven).contains("guessing (90.0 %: the most frequent class)"))
  }

  @Test func whatGoesWrongDecidesWhatIsNext() {
    let grown = Self.text(Self.result([[0.1, 0.1, 0.1]], losses: [2.27, 8e4, 5.5e9]))
    #expect(grown.contains("The loss has grown, from 2.3 before training to 5.50e9 in epoch 3"))
    #expect(grown.contains("Next: the same command with a smaller rate: --rate 0.05"))
    let burst = Self.result([[]], diverged: true)
    #expect(Self.text(burst).contains("--rate 0.05"))
    #expect(!TrainingWords(burst).tables.contains { $0.heading == "Course" })
    var fine = Self.result([[0.8, 0.95]])
    #expect(!Self.text(fine).contains("has grown"))
    #expect(Self.text(fine).contains("--observe length,dimension"))
    fine.observations = [.init(network: 0, epoch: 0, length: [1, 1, 1])]
    let next = TrainingWords(fine).next
    #expect(!next.contains("--observe") && next.contains("--data 'my data.csv#0'"))
  }

  /// What was looked at is shown, and a fit that failed says why.
  @Test func jacobiansAndFits() throws {
    var result = Self.result([[0.8, 0.95]])
    result.observations = [(0, -0.25, 0.5), (2, 1.5, 3)].map { epoch, mean, variance in
      .init(
        network: 0, epoch: epoch,
        jacobian: .init(logMeanSquare: mean, relativeVariance: variance, logLargest: 2))
    }
    result.weightFits = [
      .init(
        network: 0, layer: 1, before: .init(alpha: 1.5, alphaError: 0.01, scale: 1),
        after: .init(
          alpha: nil, alphaError: nil, scale: nil, alphaCase: "fit: 28 steps without a maximum"))
    ]
    let tables = TrainingWords(result).tables
    let jacobian = try #require(tables.first { $0.heading == "Jacobian" }).table
    #expect(jacobian.columns.map(\.cells.count) == [2, 2, 2, 2])
    #expect(jacobian.columns[1].cells == ["-0.250", "1.500"])
    let text = Self.text(result)
    #expect(text.contains("28 steps without a maximum") && text.contains("1.500(10)"))
  }

  /// One epoch is drawn as points, several networks as lines; the key stays inside.
  @Test func figures() throws {
    guard let gnuplot = FigureTests.gnuplot else { return }
    let folder = try FigureTests.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, result) in [
      ("one", Self.result([[0.8]])), ("two", Self.result([[0.8], [0.7]])),
      ("key", Self.result([[0.8, 0.95, 0.85]], validation: true)),
    ] {
      let scripts = TrainingFigure.scripts(result)
      let pictures = try gnuplot.draw(scripts, format: .svg, in: folder)
      let svg = try #require(pictures["training"])
      #expect(svg.contains("threshold"), "\(name)")
      if let place = ProcessInfo.processInfo.environment["POISE_REPORT_SAMPLES"] {
        let target = URL(fileURLWithPath: place).appendingPathComponent("training-\(name)")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        _ = try gnuplot.draw(scripts, format: .png, in: target)
      }
    }
  }
}
