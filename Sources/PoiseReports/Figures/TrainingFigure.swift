import Foundation
import PoiseLab

/// Learning curves, and what became of the layers.
enum TrainingFigure {
  static func scripts(_ result: TrainingResult) -> [FigureScript] {
    [curves(result), layers(result)].compactMap { $0 }
  }

  /// Networks that are drawn.
  private static let shown = 20

  /// Accuracy above, loss below; a thin line for each network.
  private static func curves(_ result: TrainingResult) -> FigureScript? {
    let courses = result.courses.filter { !$0.trainingLoss.isEmpty }.prefix(shown)
    guard let longest = courses.map(\.trainingLoss.count).max() else { return nil }
    let hasValidation = result.validationRows > 0
    let blocks = courses.map { course in
      GnuplotText.rows(
        course.trainingLoss.indices.map { epoch in
          [
            Double(epoch + 1), course.trainingAccuracy[epoch],
            hasValidation ? course.validationAccuracy[epoch] : nil, course.testAccuracy[epoch],
            course.trainingLoss[epoch], hasValidation ? course.validationLoss[epoch] : nil,
            course.testLoss[epoch],
          ]
        })
    }
    let many = courses.count > 1
    // Test in front.
    let kinds: [(title: String, column: Int, style: Int)] =
      [("training", 2, 5)] + (hasValidation ? [("validation", 3, 2)] : []) + [("test", 4, 1)]
    func plots(_ offset: Int) -> [String] {
      kinds.flatMap { kind in
        courses.indices.map { index in
          "data index \(index) using 1:\(kind.column + offset) with "
            + (longest == 1 ? "points ls \(kind.style) pt 7" : "lines ls \(kind.style)")
            + (many ? " lw 1.1" : "") + (index == 0 && offset == 0 ? " title '\(kind.title)'" : "")
        }
      }
    }
    let accuracies = courses.flatMap { $0.trainingAccuracy + $0.testAccuracy } + [result.threshold]
    let losses = courses.flatMap { $0.trainingLoss + $0.testLoss }
    let panels = [
      Panel(
        yLabel: "'accuracy'", values: accuracies,
        // Four entries stay within the picture.
        before: [Panel.key(width: hasValidation ? -3 : -1)],
        plots: plots(0) + [
          "\(result.threshold) with lines lw 1.2 dt 3 lc rgb '#777777' title 'threshold'"
        ]),
      Panel(
        yLabel: GnuplotText.title(result.loss + " loss"),
        isLogarithmic: Panel.wantsLogarithm(losses), values: losses, plots: plots(3)),
    ]
    let stack = PanelStack(
      panels: panels, xLabel: "'epoch'",
      xRange: longest > 1 ? 1...Double(longest) : 0.5...1.5)
    let accuracy = result.summary.accuracy.value
    return FigureScript(
      name: "training", width: stack.width, height: stack.height, commands: stack.commands(),
      data: "# epoch, accuracy (training, validation, test), loss (training, validation, test); "
        + "one block a network\n" + blocks.joined(separator: "\n\n\n") + "\n",
      caption: "\(result.activation), depth \(result.depth), width \(result.width); "
        + "\(result.ensemble); rate \(NumberText.short(result.rate))."
        + (many ? " A line for each of \(courses.count) networks." : "")
        + " Training: mean over the batches of an epoch before their steps.",
      alternativeText: "Test accuracy \(TrainingWords.percent(accuracy)) after "
        + "\(TrainingWords.epochs(longest)).")
  }

  /// Layer profiles at the start, in between and at the end.
  private static func layers(_ result: TrainingResult) -> FigureScript? {
    guard let first = result.observations.first, result.depth > 1 else { return nil }
    let all = result.observations.filter { $0.network == first.network }
    let looks = pick(all)
    typealias Values = (TrainingResult.Observation) -> [Double]?
    let kinds: [(label: String, values: Values)] = [
      ("length q", { $0.length }), ("effective dimension", { $0.dimension }),
      ("D_2 of D W", { $0.fractality }), ("I(x; T) ≥, nats", { $0.inputInformation?.lower }),
      ("I(y; T) ≥, nats", { $0.classInformation?.lower }),
    ].filter { $0.values(first) != nil }
    guard !kinds.isEmpty else { return nil }
    let blocks = looks.map { look in
      GnuplotText.rows(
        (0..<result.depth).map { layer in
          [Double(layer + 1)] + kinds.map { $0.values(look)?[layer] }
        })
    }
    let panels = kinds.enumerated().map { place, kind in
      let values = looks.flatMap { kind.values($0) ?? [] }
      return Panel(
        yLabel: GnuplotText.title(kind.label), isLogarithmic: Panel.wantsLogarithm(values),
        values: values, before: place == 0 ? [Panel.key(width: -1)] : [],
        plots: looks.indices.map { index in
          "data index \(index) using 1:\(place + 2) with lines ls \(index + 1)"
            + (place == 0 ? " title 'epoch \(looks[index].epoch)'" : "")
        })
    }
    var stack = PanelStack(
      panels: panels, xLabel: "'layer'", xRange: 1...Double(result.depth))
    stack.panelHeight = 170
    return FigureScript(
      name: "training-layers", width: stack.width, height: stack.height,
      commands: stack.commands(),
      data: "# layer, \(kinds.map(\.label).joined(separator: ", ")); one block a look\n"
        + blocks.joined(separator: "\n\n\n") + "\n",
      caption: "Layers of network \(first.network) in the course of training.",
      alternativeText: "Profiles over \(result.depth) layers after epochs "
        + looks.map { "\($0.epoch)" }.joined(separator: ", ") + ".")
  }

  /// At most four looks, the first and the last among them.
  private static func pick(
    _ all: [TrainingResult.Observation]
  ) -> [TrainingResult.Observation] {
    guard all.count > 4 else { return all }
    return (0..<4).map { all[$0 * (all.count - 1) / 3] }
  }
}
