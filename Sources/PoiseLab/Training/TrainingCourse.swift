import PoiseNetworks
import PoiseNumerics

extension TrainingData {
  /// Share of the test rows in the most frequent class: what a constant answer reaches.
  public var testMajority: Double {
    var counts = [Int](repeating: 0, count: classes)
    for label in test.labels { counts[Int(label)] += 1 }
    return Double(counts.max() ?? 0) / Double(test.count)
  }
}

extension TrainingResult.Course {
  /// A network before its first epoch.
  init(start: LossSummary, network: Int) {
    self.init(
      network: network, outcome: .below, divergedEpoch: nil, firstEpoch: nil, trainingLoss: [],
      trainingAccuracy: [], validationLoss: [], validationAccuracy: [], testLoss: [],
      testAccuracy: [], finalAccuracy: start.accuracy, chosenAccuracy: nil, bestValidation: nil,
      initialAccuracy: start.accuracy, initialLoss: start.isFinite ? start.loss : nil)
  }

  /// Appends an epoch.
  mutating func take(_ training: LossSummary, test: LossSummary, validation: LossSummary?) {
    trainingLoss.append(training.loss)
    trainingAccuracy.append(training.accuracy)
    testLoss.append(test.loss)
    testAccuracy.append(test.accuracy)
    finalAccuracy = test.accuracy
    guard let validation else { return }
    validationLoss.append(validation.loss)
    validationAccuracy.append(validation.accuracy)
    // The first of the best epochs.
    if validation.accuracy > bestValidation ?? -1 {
      bestValidation = validation.accuracy
      chosenAccuracy = test.accuracy
    }
  }

  /// Says what became of the network.
  mutating func finish(threshold: Double) {
    let first = testAccuracy.firstIndex { $0 >= threshold }
    firstEpoch = first.map { Double($0 + 1) }
    outcome = divergedEpoch != nil ? .diverged : first == nil ? .below : .trained
  }
}

extension TrainingResult.Summary {
  init(of courses: [TrainingResult.Course]) {
    func measured(_ value: (TrainingResult.Course) -> Double) -> MeasuredValue {
      var moments = RunningMoments()
      for course in courses { moments.add(value(course)) }
      return MeasuredValue(moments)
    }
    func mean(_ values: [Double]) -> Double? {
      values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    // Networks that never got there are later than all.
    let firsts = courses.map { $0.firstEpoch ?? .infinity }.sorted()
    let middle = (firsts[(firsts.count - 1) / 2] + firsts[firsts.count / 2]) / 2
    self.init(
      accuracy: measured(\.finalAccuracy),
      chosenAccuracy: measured { $0.chosenAccuracy ?? $0.finalAccuracy },
      validation: mean(courses.compactMap(\.bestValidation)),
      trainingLoss: mean(
        courses.filter { $0.outcome != .diverged }.compactMap(\.trainingLoss.last)),
      reached: courses.count { $0.firstEpoch != nil },
      diverged: courses.count { $0.outcome == .diverged },
      firstEpoch: middle.isFinite ? middle : nil)
  }
}
