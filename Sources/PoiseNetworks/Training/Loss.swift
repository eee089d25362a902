import PoiseNumerics
import RealModule

/// What training makes small: a function of the outputs z of a sample and of its class y, averaged
/// over samples.
public enum Loss: String, Sendable, CaseIterable, Codable {
  /// −ln p_y, p = softmax z; nats. ln(classes) for outputs that say nothing.
  case crossEntropy = "cross-entropy"
  /// ½ |z − e_y|², e_y = 1 for the class and 0 for the others.
  case squared

  /// Loss of one sample.
  ///
  /// - Parameters:
  ///   - outputs: z (class).
  ///   - label: y.
  ///   - gradient: receives ∂loss/∂z.
  func value(
    _ outputs: UnsafeMutableBufferPointer<Double>, label: Int,
    gradient: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    switch self {
    case .squared:
      var sum = 0.0
      for index in outputs.indices {
        let residual = outputs[index] - (index == label ? 1 : 0)
        gradient[index] = residual
        sum += residual * residual
      }
      return sum / 2
    case .crossEntropy:
      // Shifted by the largest output, so that no exponential overflows.
      let largest = outputs.max() ?? 0
      var sum = 0.0
      for index in outputs.indices {
        gradient[index] = .exp(outputs[index] - largest)
        sum += gradient[index]
      }
      for index in outputs.indices { gradient[index] /= sum }
      gradient[label] -= 1
      return .log(sum) + largest - outputs[label]
    }
  }
}

/// Loss and hits of several samples.
public struct LossSummary: Sendable, Equatable, Codable {
  /// Mean loss of a sample.
  public var loss: Double
  /// Share of samples whose largest output is that of their class.
  public var accuracy: Double
  /// How many samples.
  public var samples: Int

  /// - Parameters:
  ///   - loss: mean over the samples.
  ///   - accuracy: share of hits, 0 to 1.
  ///   - samples: how many.
  public init(loss: Double, accuracy: Double, samples: Int) {
    self.loss = loss
    self.accuracy = accuracy
    self.samples = samples
  }

  /// Whether the loss is a number.
  public var isFinite: Bool { loss.isFinite }
}
