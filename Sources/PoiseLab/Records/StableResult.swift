/// What `poise stable` found: values of the law, a fit, a comparison, a tail.
public struct StableResult: Codable, Sendable {
  /// The subcommand.
  public enum Operation: String, Codable, Sendable, CaseIterable {
    case pdf, cdf, quantile, sample, fit, compare, tail
  }

  /// A stable law.
  public struct Law: Codable, Sendable, Equatable {
    public var alpha: Double
    public var beta: Double
    public var scale: Double
    public var location: Double
    /// s0 or s1: what the location means.
    public var parameterization: String
  }

  /// Values of one law. Null stands for −∞ (ln of a density that vanishes) and for infinite quantiles.
  public struct Curve: Codable, Sendable {
    public var law: Law
    /// x, or probabilities.
    public var arguments: [Double]
    /// Densities, F, or quantiles.
    public var values: [Double?]
    /// ln of the densities, or 1 − F; empty for quantiles.
    public var companions: [Double?]
    /// The law between and around the arguments, for the figure; the first curves have it.
    public var line: Line?
  }

  /// Density, 1 − F or quantile at the ascending arguments of a smooth curve.
  public struct Line: Codable, Sendable, Equatable {
    public var arguments: [Double]
    public var values: [Double]
  }

  /// The law against numbers drawn from it.
  public struct Check: Codable, Sendable, Equatable {
    /// One argument of one curve.
    public struct Comparison: Codable, Sendable, Equatable {
      /// Which of `curves`.
      public var curve: Int
      /// x, or the probability of a quantile.
      public var argument: Double
      /// Mean density about x, F, or quantile.
      public var theory: Double
      /// The same of the numbers.
      public var measured: Double
      /// Standard error of `measured`.
      public var standardError: Double
      /// (share − probability)/(binomial standard error).
      public var z: Double
      /// Two-sided, by the binomial law.
      public var pValue: Double
    }

    /// Numbers drawn from each law.
    public var draws: Int
    public var seed: UInt64
    public var comparisons: [Comparison]
    /// The smallest p-value, and the one below which the verdict is `differs`.
    public var leastP: Double
    public var level: Double
    /// Relative error of a probability that would show at a typical argument.
    public var resolution: Double
    public var verdict: CheckResult.Verdict
    /// The verdict in a sentence.
    public var statement: String
  }

  /// Where the numbers came from.
  public struct Sample: Codable, Sendable, Equatable {
    public var name: String
    public var count: Int
    /// Numbers that were not finite and were left out.
    public var dropped: Int
    public var least: Double
    public var median: Double
    public var largest: Double
  }

  /// A fitted stable law.
  public struct Fit: Codable, Sendable {
    /// full or symmetric.
    public var model: String
    /// likelihood, mcculloch or koutrouvelis.
    public var method: String
    public var law: Law
    /// Standard errors of α, β, scale, location by the observed information; null where a parameter is
    /// fixed or at an end of its range.
    public var standardErrors: [Double?]
    /// The same without the assumption that the law is true.
    public var robustErrors: [Double?]
    public var logLikelihood: Double
    public var aic: Double
    public var bic: Double
    /// α = 2: the Gaussian.
    public var isGaussian: Bool
    public var isBetaExtreme: Bool
    public var iterations: Int
    /// Error of the tabulated ln f; 0 where every density was computed.
    public var tableError: Double
    public var distances: Distances
    /// Twice the gain of lnL over the Gaussian, and its p-value by simulation.
    public var gaussianRatio: Double
    @Nullable public var gaussianP: Double?
    /// Laws of quicker methods, for comparison: (name, law).
    public var others: [Named]
  }

  public struct Named: Codable, Sendable {
    public var name: String
    public var law: Law
  }

  /// Distances of the sample from a law.
  public struct Distances: Codable, Sendable, Equatable {
    public var kolmogorovSmirnov: Double
    @Nullable public var kolmogorovSmirnovP: Double?
    /// A², and A²/n.
    public var andersonDarling: Double
    public var andersonDarlingPerCount: Double
    @Nullable public var andersonDarlingP: Double?
    /// Simulated samples behind the p-values.
    public var replicates: Int
  }

  /// One law of a comparison.
  public struct Candidate: Codable, Sendable {
    public var name: String
    public var parameters: [Parameter]
    public var parameterCount: Int
    public var logLikelihood: Double
    public var aic: Double
    public var bic: Double
    /// (AIC − smallest AIC)/n.
    public var aicGapPerCount: Double
    public var distances: Distances
    public var remark: String?
  }

  public struct Parameter: Codable, Sendable {
    public var name: String
    public var value: Double
  }

  /// Vuong's test of a pair.
  public struct Pair: Codable, Sendable {
    public var first: String
    public var second: String
    /// lnL(first) − lnL(second).
    public var logLikelihoodRatio: Double
    @Nullable public var z: Double?
    @Nullable public var pValue: Double?
    public var remark: String?
    /// Fitted parameters of the second.
    public var parameters: [Parameter]
  }

  /// A power-law tail.
  public struct Tail: Codable, Sendable {
    /// γ of the density.
    public var exponent: Double
    public var exponentError: Double
    /// x_min and the numbers above it.
    public var least: Double
    public var count: Int
    /// Numbers that are not zero.
    public var total: Int
    public var distance: Double
    @Nullable public var pValue: Double?
    public var replicates: Int
    public var candidates: Int
    public var evaluated: Int
    public var alternatives: [Pair]
    public var noise: [Noise]
  }

  /// γ of simulated samples of a law without the tail in question.
  public struct Noise: Codable, Sendable {
    public var law: String
    /// Quantiles of γ at 5, 50 and 95 per cent.
    public var low: Double
    public var median: Double
    public var high: Double
    /// Share of simulated samples with a γ as small.
    public var heavierP: Double
    public var replicates: Int
  }

  /// Points for the figures of a sample.
  public struct Picture: Codable, Sendable {
    /// Middles of bins, density with its standard error.
    public var x: [Double]
    public var density: [Double]
    public var densityError: [Double]
    /// Abscissae of the curves of the laws.
    public var line: [Double]
    /// |x| and the share of numbers beyond.
    public var size: [Double]
    public var beyond: [Double]
    /// The laws beside them.
    public var laws: [Curves]
    /// Sample and stable quantiles at the same probabilities.
    public var sampleQuantiles: [Double]
    public var lawQuantiles: [Double]
  }

  /// One law in the figures.
  public struct Curves: Codable, Sendable {
    public var name: String
    /// Density at `Picture.line`.
    public var density: [Double]
    /// P(|X| > size) at `Picture.size`.
    public var beyond: [Double]
  }

  public var operation: Operation
  public var curves: [Curve] = []
  /// Numbers drawn from the laws beside them, if asked for.
  public var check: Check?
  public var sample: Sample?
  /// The NPY file that was written.
  public var file: String?
  public var fit: Fit?
  public var candidates: [Candidate] = []
  public var pairs: [Pair] = []
  public var tail: Tail?
  public var picture: Picture?
  /// Sentences that limit what was found.
  public var caveats: [String] = []

  public init(_ operation: Operation) { self.operation = operation }
}

extension StableResult: RecordedResult {
  public var shape: [(name: String, isWhole: Bool)] {
    var parts = curves.map { curve in
      (
        "stable curve",
        curve.values.count == curve.arguments.count
          && (curve.companions.isEmpty || curve.companions.count == curve.arguments.count)
      )
    }
    for line in curves.compactMap(\.line) {
      parts.append(("stable line", line.arguments.count == line.values.count))
    }
    if let check {
      parts.append(
        ("stable check", check.comparisons.allSatisfy { curves.indices.contains($0.curve) }))
    }
    if let fit {
      parts.append(("errors", fit.standardErrors.count == 4 && fit.robustErrors.count == 4))
    }
    guard let picture else { return parts }
    let bins = [picture.density, picture.densityError]
    let sizes = [picture.beyond] + picture.laws.map(\.beyond)
    parts.append(("bins", bins.allSatisfy { $0.count == picture.x.count }))
    parts.append(
      ("densities", picture.laws.allSatisfy { $0.density.count == picture.line.count }))
    parts.append(("sizes", sizes.allSatisfy { $0.count == picture.size.count }))
    parts.append(("quantiles", picture.sampleQuantiles.count == picture.lawQuantiles.count))
    return parts
  }
}
