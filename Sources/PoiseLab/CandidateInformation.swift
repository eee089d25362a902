import PoiseInformation
import PoiseModel
import PoiseNumerics
import RealModule

extension Advisor {
  /// s, at the output alone: convention B.
  static let noiseVariance = 0.01
  /// Beyond, the equations of many layers are no longer cheap.
  static let mostLayers = 128

  /// How much of a normal input with the mean square of the data a linear reader finds in the last layer,
  /// for every candidate: nats per neuron. Nil where lengths diverge, and for deeper networks.
  func informations(of judged: [Judged]) -> [Double?] {
    guard question.depth <= Self.mostLayers else { return judged.map { _ in nil } }
    let square = (question.data?.summary.meanSquare ?? 1) * appliedScale * appliedScale
    return parallelMap(count: judged.count, jobs: question.jobs) { index -> Double? in
      let channel = try? NetworkChannel(
        judged[index].ensemble, inputs: .gaussian(variance: square),
        noise: .output(variance: Self.noiseVariance))
      let bounds = try? channel?.bounds(atLayer: question.depth)
      return bounds?.linearEstimator.map { max(0, $0) }
    }
  }

  /// What the recommendation keeps beside the best preset, in a sentence; nil if it is not known.
  func informationSentence(_ candidates: [AdviceResult.Candidate]) -> String? {
    guard let best = candidates.first(where: \.isRecommended)?.linearInformation else { return nil }
    let presets = candidates.filter { !$0.name.hasPrefix("poise_") }
    let other = presets.compactMap { one in one.linearInformation.map { (one.name, $0) } }
      .max { $0.1 < $1.1 }
    return
      "A linear reader of the last layer finds \(best.significant(3)) nats per neuron of the input"
      + (other.map { ", \($0.1.significant(3)) at most with a preset (\($0.0))" } ?? "")
      + "; noise of variance \(Self.noiseVariance) at the output, convention B."
  }
}
