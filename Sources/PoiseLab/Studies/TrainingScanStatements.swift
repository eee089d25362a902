import PoiseNumerics

/// What the scan of trainings says: statements and pictures.
extension TrainingScan {
  private static let paper = "arXiv:2203.12967, training"
  private static let page = "docs/theory/heavy-tails.md, section 8"

  func statements(fixed: Rates, threshold: Double) -> [StudyStatement] {
    // One step of the scale, of all.
    let step = 1 / Double(scales.count)
    // Faster by less than this many epochs is no faster.
    let half = 0.5
    func window(_ rates: Rates) -> Estimate {
      contrast { share(rates, $0, seed: $1, threshold: threshold) }
    }
    func late(_ rates: Rates) -> Estimate { contrast { fastest(rates, $0, seed: $1) } }
    let away = contrast { meanFirst(fixed, $0, seed: $1, from: 2) }
    return [
      Self.statement(
        "excess share of scales, one rate",
        "At one learning rate heavy tails train over a range of scales wider by a step or more.",
        Self.paper, window(fixed), .atLeast, step),
      Self.statement(
        "excess share of scales, tuned rates",
        "They still do when the rate is tuned for every (α, σ_w).", Self.paper, window(.tuned),
        .atLeast, step),
      Self.statement(
        "excess first epoch, one rate, best σ_w",
        "At one learning rate heavy tails train faster, each α at its best scale, which the other seeds choose.",
        Self.paper, late(fixed), .atMost, -half),
      Self.statement(
        "excess first epoch, one rate, σ_w ≥ 2",
        "At one learning rate heavy tails train faster at scales away from the Gaussian edge.",
        Self.paper, away,
        .atMost, -half),
      Self.statement(
        "excess first epoch, best σ_w and rate",
        "Heavy tails still train faster with scale and rate of every α tuned for speed on the other seeds.",
        Self.paper, late(.tuned), .atMost, -half),
      Self.statement(
        "excess best accuracy, depth \(depth)",
        "At depth \(depth), with scale and rate tuned, all α reach the same accuracy.", Self.page,
        contrast { bestAccuracy($0)[$1] }, .equal, 0, tolerance: 0.02),
    ]
  }

  /// Of deep networks.
  func depthStatements() -> [StudyStatement] {
    [
      Self.statement(
        "excess best accuracy, depth \(depth)",
        "At depth \(depth) heavy tails train worse at this width.", Self.page,
        contrast { bestAccuracy($0)[$1] }, .atMost, 0)
    ]
  }

  private static func statement(
    _ quantity: String, _ claim: String, _ source: String, _ found: Estimate,
    _ relation: StudyStatement.Relation, _ expected: Double, tolerance: Double = 0
  ) -> StudyStatement {
    StudyStatement(
      quantity, claim: claim, source: source, measured: found, is: relation, expected,
      tolerance: tolerance)
  }

  // MARK: pictures

  func panels(fixed: Rates, threshold: Double, lines: [StudyPanel.Curve]) -> [StudyPanel] {
    let rate =
      if case .one(let place) = fixed { "learning rate \(rates[place].significant(2))" } else { "" }
    let means = "mean over \(seeds.count) seeds"
    func accuracies(_ rates: Rates) -> (Int, Int) -> Double? {
      { i, j in Self.mean(self.seeds.indices.map { self.accuracy(rates, i, j, seed: $0) }) }
    }
    func firsts(_ rates: Rates) -> (Int, Int) -> Double? {
      { i, j in self.medianFirst(rates, i, j) }
    }
    let level = "test accuracy \(threshold.significant(2))"
    let maps = [
      map(
        "accuracy-one-rate", "Test accuracy of \(depth) layers at \(rate) everywhere, \(means).",
        lines, "test accuracy", accuracies(fixed)),
      map(
        "accuracy-tuned",
        "Test accuracy of \(depth) layers at the best rate of every cell, \(means).",
        lines, "test accuracy", accuracies(.tuned)),
      map(
        "epochs-one-rate",
        "First epoch with \(level) at \(rate) everywhere, median over "
          + "\(seeds.count) seeds, of \(Int(epochs)) epochs.", lines, "first epoch", firsts(fixed)),
      map(
        "epochs-tuned",
        "First epoch with \(level) at the best rate of every cell, median over "
          + "\(seeds.count) seeds, of \(Int(epochs)) epochs.", lines, "first epoch", firsts(.tuned)),
    ]
    return [windowPanel(fixed, threshold)] + maps
  }

  /// Shares of the scales that train by α, with one rate and with the best.
  private func windowPanel(_ fixed: Rates, _ threshold: Double) -> StudyPanel {
    func curve(
      _ name: String, _ rates: Rates, _ level: Double, _ color: Int, _ shift: Double
    ) -> StudyPanel.Curve {
      let shares = alphas.indices.map { i in
        Estimate(seeds.indices.map { share(rates, i, seed: $0, threshold: level) })
      }
      return .init(
        "\(name), ≥ \(level.significant(2))", .points, color: color,
        x: alphas.map { $0 + shift },
        y: shares.map(\.value), error: shares.map(\.error))
    }
    let strict = (1 + threshold) / 2
    return StudyPanel(
      "trainable-window",
      caption:
        "Share of the \(scales.count) scales σ_w from \((scales.min() ?? 0).significant(2)) to "
        + "\((scales.max() ?? 0).significant(2)) at which \(depth) layers reach a test accuracy, at one "
        + "rate and with the rate tuned for every (α, σ_w). Errors over \(seeds.count) seeds; points are "
        + "shifted sideways so that none hides another.",
      x: .init("stability index α", low: 0.95, high: 2.05),
      y: .init("share of scales that train", low: 0, high: 1),
      curves: [
        curve("one rate", fixed, threshold, 0, -0.015),
        curve("tuned", .tuned, threshold, 1, -0.005),
        curve("one rate", fixed, strict, 5, 0.005), curve("tuned", .tuned, strict, 4, 0.015),
      ])
  }

  /// Best accuracy by α, with that of shallower networks.
  func depthPanel(against shallow: TrainingScan) -> StudyPanel {
    let curves = [(shallow, 0), (self, 1)].map { scan, color in
      let values = scan.alphas.indices.map { Estimate(scan.bestAccuracy($0)) }
      return StudyPanel.Curve(
        "\(scan.depth) layers, \(Int(scan.epochs)) epochs", .points, color: color, x: scan.alphas,
        y: values.map(\.value), error: values.map(\.error))
    }
    return StudyPanel(
      "depth",
      caption: "Test accuracy at the scale and rate that validation chooses for each α. "
        + "Errors over seeds.",
      x: .init("stability index α", low: 0.95, high: 2.05),
      y: .init("best test accuracy", low: 0, high: 1), curves: curves)
  }

  private func map(
    _ name: String, _ caption: String, _ lines: [StudyPanel.Curve], _ title: String,
    _ value: (_ alpha: Int, _ scale: Int) -> Double?
  ) -> StudyPanel {
    StudyPanel(
      name, caption: caption, x: .init("stability index α"), y: .init("weight scale σ_w"),
      map: .init(
        title, x: alphas, y: scales,
        values: scales.indices.flatMap { j in alphas.indices.map { value($0, j) } }),
      curves: lines)
  }
}
