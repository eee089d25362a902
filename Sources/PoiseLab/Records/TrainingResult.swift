/// Networks that were trained: how well, how fast, and what became of their layers.
public struct TrainingResult: Codable, Sendable {
  /// What became of a network.
  public enum Outcome: String, Codable, Sendable {
    /// Its accuracy on the test data reached the threshold.
    case trained
    /// It did not within the epochs given.
    case below
    /// Its loss overflowed.
    case diverged
  }

  /// The course of one network.
  public struct Course: Codable, Sendable, Equatable {
    /// Number of the network.
    public var network: Int
    /// What became of it.
    public var outcome: Outcome
    /// Epoch in which the loss overflowed, from 1; null if it did not.
    @Nullable public var divergedEpoch: Double?
    /// First epoch, from 1, after which the test accuracy is at least the threshold; null if none.
    @Nullable public var firstEpoch: Double?
    /// Mean loss of the batches of each epoch before their steps (epoch), in nats for cross-entropy.
    public var trainingLoss: [Double]
    /// Share of hits in the same batches.
    public var trainingAccuracy: [Double]
    /// After each epoch; empty without validation data.
    public var validationLoss: [Double]
    /// Share of hits in the validation data; empty without them.
    public var validationAccuracy: [Double]
    /// After each epoch.
    public var testLoss: [Double]
    /// Share of hits in the test data.
    public var testAccuracy: [Double]
    /// Test accuracy after the last epoch; of a network that diverged, of its last finite epoch, or of
    /// the start.
    public var finalAccuracy: Double
    /// Test accuracy after the epoch of the highest validation accuracy; null without validation data.
    @Nullable public var chosenAccuracy: Double?
    /// Highest validation accuracy; null without validation data.
    @Nullable public var bestValidation: Double?
    /// Test accuracy before training.
    public var initialAccuracy: Double
    /// Test loss before training; null if it overflows.
    @Nullable public var initialLoss: Double?
  }

  /// One quantity over the networks.
  public struct Summary: Codable, Sendable, Equatable {
    /// Final test accuracy.
    public var accuracy: MeasuredValue
    /// Test accuracy at the epoch that validation chooses; without validation data the final one.
    public var chosenAccuracy: MeasuredValue
    /// Highest validation accuracy; null without validation data.
    @Nullable public var validation: Double?
    /// Mean loss of the last epoch over networks that did not diverge; null if all did.
    @Nullable public var trainingLoss: Double?
    /// Networks that reached the threshold.
    public var reached: Int
    /// Networks that diverged.
    public var diverged: Int
    /// Median first epoch, a network that never reached the threshold counting as later than all;
    /// null if half of them did not.
    @Nullable public var firstEpoch: Double?
  }

  /// What one network was like after an epoch, layer by layer.
  public struct Observation: Codable, Sendable, Equatable {
    /// Number of the network, from 0.
    public var network: Int
    /// Complete epochs; 0 is the start.
    public var epoch: Int
    /// ⟨|hˡ|²⟩/N over the probe (layer).
    public var length: [Double]?
    /// (tr C)²/tr C² of the centred covariance of φ(hˡ) over the probe (layer).
    public var dimension: [Double]?
    /// Mean D_2 of the right singular vectors of D W of each layer at one input.
    public var fractality: [Double]?
    /// Singular values of the Jacobian from the first to the last hidden layer at one input.
    public var jacobian: JacobianSummary?
    /// Lower and upper bound of the nats that φ(hˡ) with noise tells of which input of the probe was
    /// sent (layer).
    public var inputInformation: Bounds?
    /// The same of the class of the input.
    public var classInformation: Bounds?
  }

  /// Means of observations over networks, layer by layer.
  public struct LayerMeans: Codable, Sendable, Equatable {
    /// Complete epochs.
    public var epoch: Int
    /// ⟨|hˡ|²⟩/N (layer); nil unless it was looked at.
    public var length: [Double]?
    /// (tr C)²/tr C² of φ(hˡ) (layer); nil unless it was looked at.
    public var dimension: [Double]?
    /// Mean D_2 of right singular vectors (layer); nil unless it was looked at.
    public var fractality: [Double]?

    /// Those at one epoch; nil if there are none.
    init?(of observations: [Observation], epoch: Int) {
      let here = observations.filter { $0.epoch == epoch }
      guard !here.isEmpty else { return nil }
      func mean(_ value: (Observation) -> [Double]?) -> [Double]? {
        let rows = here.compactMap(value)
        guard let first = rows.first, rows.allSatisfy({ $0.count == first.count }) else {
          return nil
        }
        return first.indices.map { layer in
          rows.reduce(0) { $0 + $1[layer] } / Double(rows.count)
        }
      }
      self.epoch = epoch
      length = mean(\.length)
      dimension = mean(\.dimension)
      fractality = mean(\.fractality)
    }
  }

  /// Statistics of singular values s.
  public struct JacobianSummary: Codable, Sendable, Equatable {
    /// ln ⟨s²⟩; null for a Jacobian of zeros.
    @Nullable public var logMeanSquare: Double?
    /// Var s²/⟨s²⟩²; null for a Jacobian of zeros.
    @Nullable public var relativeVariance: Double?
    /// ln of the largest s; null for a Jacobian of zeros.
    @Nullable public var logLargest: Double?
  }

  /// Bounds by layer.
  public struct Bounds: Codable, Sendable, Equatable {
    /// Lower bound, nats (layer).
    public var lower: [Double]
    /// Upper bound, nats (layer).
    public var upper: [Double]
  }

  /// Stable laws of the weights of one layer of one network.
  public struct WeightFit: Codable, Sendable, Equatable {
    /// Number of the network, from 0.
    public var network: Int
    /// From 1; depth + 1 is the read-out.
    public var layer: Int
    /// At initialisation.
    public var before: Law
    /// After the last epoch.
    public var after: Law
  }

  /// A fitted law.
  public struct Law: Codable, Sendable, Equatable {
    /// Stability index; null where the fit came to no end.
    @Nullable public var alpha: Double?
    /// Its standard error; null at the end of the range, and without a fit.
    @Nullable public var alphaError: Double?
    /// Scale in units of (2 fan-in)^(−1/α): the σ_w of heavy-tailed theory; null without a fit.
    @Nullable public var scale: Double?
    /// Why there is no fit; absent if there is one.
    public var alphaCase: String?
  }

  /// Law of weights and biases, in words and numbers.
  public var ensemble: String
  /// Name of φ.
  public var activation: String
  /// Hidden layers L.
  public var depth: Int
  /// Units per hidden layer N.
  public var width: Int
  /// The data; rows are those of the training part.
  public var data: DataSummary
  /// Rows that are learned from.
  public var trainingRows: Int
  /// Rows that rates and epochs may be chosen by; 0 without.
  public var validationRows: Int
  /// Rows that accuracy is reported of.
  public var testRows: Int
  /// Classes, and outputs of the networks.
  public var classes: Int
  /// Share of the test rows in the most frequent class: what a constant answer would reach; absent in
  /// records that do not say.
  public var testMajority: Double?
  /// cross-entropy or squared.
  public var loss: String
  /// sgd or adam.
  public var optimizer: String
  /// μ of sgd; null for Adam.
  @Nullable public var momentum: Double?
  /// η at the start.
  public var rate: Double
  /// Where it comes from, in words.
  public var rateRule: String
  /// constant, cosine or step:EPOCHS:FACTOR.
  public var schedule: String
  /// Samples of a step; the last of an epoch takes what is left.
  public var batch: Int
  /// Passes through the training rows that were asked for.
  public var epochs: Int
  /// Test accuracy that counts as trained.
  public var threshold: Double
  /// All networks together.
  public var summary: Summary
  /// One per network.
  public var courses: [Course]
  /// Network by network, epochs ascending; empty unless asked for.
  public var observations: [Observation]
  /// Their means before the first epoch, and after the last that was looked at.
  public var observedStart: LayerMeans?
  /// After the last epoch that was looked at; nil if none but the start was.
  public var observedEnd: LayerMeans?
  /// Variance of the noise behind the bounds of information.
  @Nullable public var noiseVariance: Double?
  /// Network by network, layers ascending; empty unless asked for.
  public var weightFits: [WeightFit]
  /// Final weights, one file a network.
  public var files: [String]
}

extension TrainingResult: RecordedResult {
  /// Whole if a course has one value per epoch and an observation one per layer.
  public var shape: [(name: String, isWhole: Bool)] {
    let courses = courses.map { course in
      let count = course.trainingLoss.count
      let hasValidation = !course.validationLoss.isEmpty
      let whole =
        [course.trainingAccuracy, course.testLoss, course.testAccuracy].allSatisfy {
          $0.count == count
        }
        && [course.validationLoss, course.validationAccuracy].allSatisfy {
          $0.count == (hasValidation ? count : 0)
        }
      return ("course of training", whole)
    }
    let layers = observations.flatMap { one in
      [
        one.length, one.dimension, one.fractality, one.inputInformation?.lower,
        one.inputInformation?.upper, one.classInformation?.lower, one.classInformation?.upper,
      ].compactMap(\.self)
    }
    return courses + [("layers of observations", layers.allSatisfy { $0.count == depth })]
  }
}
