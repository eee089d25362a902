/// What `poise stable` found: values of the law, a fit, a comparison, a tail.
public struct StableResult: Codable, Sendable {
  /// The subcommand.
  public enum Operation: String, Codable, Sendable, CaseIterable {
    case pdf, cdf, quantile, sample, fit, compare, tail
  }

  /// A stable law.
  public struct Law: Codable, Sendable, Equatable {
    /// Stability index, 0 < α ≤ 2; 2 is Gaussian.
    public var alpha: Double
    /// Skewness, −1 ≤ β ≤ 1; without effect at α = 2.
    public var beta: Double
    /// c > 0; at α = 2 the variance is 2c².
    public var scale: Double
    /// μ₀ or μ₁, as `parameterization` says.
    public var location: Double
    /// s0 or s1: what the location means.
    public var parameterization: String
  }

  /// Values of one law. Null stands for −∞ (ln of a density that vanishes) and for infinite quantiles.
  public struct Curve: Codable, Sendable {
    /// The law that was evaluated.
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
    /// Where: x, or probabilities of a quantile; ascending.
    public var arguments: [Double]
    /// Density, 1 − F or quantile, one per argument.
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
    /// Seed of the numbers.
    public var seed: UInt64
    /// One per value that exists, law by law.
    public var comparisons: [Comparison]
    /// The smallest p-value, and the one below which the verdict is `differs`.
    public var leastP: Double
    /// 1e-6 over the number of comparisons.
    public var level: Double
    /// Relative error of a probability that would show at a typical argument.
    public var resolution: Double
    /// differs where `leastP` is below `level`; inconclusive where no error below a quarter would show.
    public var verdict: CheckResult.Verdict
    /// The verdict in a sentence.
    public var statement: String
  }

  /// Where the numbers came from.
  public struct Sample: Codable, Sendable, Equatable {
    /// Path or name.
    public var name: String
    /// Finite numbers, n.
    public var count: Int
    /// Numbers that were not finite and were left out.
    public var dropped: Int
    /// Smallest number.
    public var least: Double
    /// Median.
    public var median: Double
    /// Largest number.
    public var largest: Double
  }

  /// A fitted stable law.
  public struct Fit: Codable, Sendable {
    /// full or symmetric.
    public var model: String
    /// likelihood, mcculloch or koutrouvelis.
    public var method: String
    /// The fitted law, S0.
    public var law: Law
    /// Standard errors of α, β, scale, location by the observed information; null where a parameter is
    /// fixed or at an end of its range.
    public var standardErrors: [Double?]
    /// The same without the assumption that the law is true.
    public var robustErrors: [Double?]
    /// ln L at the fitted law, nats.
    public var logLikelihood: Double
    /// 2k − 2 ln L, k free parameters; smaller is better.
    public var aic: Double
    /// k ln n − 2 ln L; smaller is better.
    public var bic: Double
    /// α = 2: the Gaussian.
    public var isGaussian: Bool
    /// |β| = 1, an end of its range: no standard error of β.
    public var isBetaExtreme: Bool
    /// Steps of the search.
    public var iterations: Int
    /// Error of the tabulated ln f; 0 where every density was computed.
    public var tableError: Double
    /// Distances of the sample from the fitted law.
    public var distances: Distances
    /// Twice the gain of lnL over the Gaussian, and its p-value by simulation.
    public var gaussianRatio: Double
    /// Share of Gaussian samples with as large a gain; null unless asked for, by likelihood, and α > 1.8.
    @Nullable public var gaussianP: Double?
    /// Laws of quicker methods, for comparison: (name, law).
    public var others: [Named]
  }

  /// A law and the method that found it.
  public struct Named: Codable, Sendable {
    /// mcculloch or koutrouvelis.
    public var name: String
    /// The law, S0.
    public var law: Law
  }

  /// Distances of the sample from a law.
  public struct Distances: Codable, Sendable, Equatable {
    /// sup |F_n − F| (Kolmogorov and Smirnov), in [0, 1].
    public var kolmogorovSmirnov: Double
    /// Share of refitted simulated samples with a larger one, (1 + k)/(1 + replicates); null without them.
    @Nullable public var kolmogorovSmirnovP: Double?
    /// A², and A²/n.
    public var andersonDarling: Double
    /// A²/n, a distance that does not grow with n.
    public var andersonDarlingPerCount: Double
    /// The share with a larger A²; null without simulated samples.
    @Nullable public var andersonDarlingP: Double?
    /// Simulated samples behind the p-values.
    public var replicates: Int
  }

  /// One law of a comparison.
  public struct Candidate: Codable, Sendable {
    /// stable, Gaussian, Student t or log-normal |x|.
    public var name: String
    /// The fitted parameters.
    public var parameters: [Parameter]
    /// Free parameters, k of AIC and BIC.
    public var parameterCount: Int
    /// ln L at the fit, nats.
    public var logLikelihood: Double
    /// 2k − 2 ln L; smaller is better.
    public var aic: Double
    /// k ln n − 2 ln L; smaller is better.
    public var bic: Double
    /// (AIC − smallest AIC)/n.
    public var aicGapPerCount: Double
    /// Distances of the sample from the fit.
    public var distances: Distances
    /// What is to be known of the fit; nil for nothing.
    public var remark: String?
  }

  /// One fitted parameter.
  public struct Parameter: Codable, Sendable {
    /// Name of the parameter: alpha, scale, nu, …
    public var name: String
    /// Its fitted value.
    public var value: Double
  }

  /// Vuong's test of a pair.
  public struct Pair: Codable, Sendable {
    /// The law that `logLikelihoodRatio` above 0 favours: the best candidate, or power law.
    public var first: String
    /// The law it is compared with.
    public var second: String
    /// lnL(first) − lnL(second).
    public var logLikelihoodRatio: Double
    /// Vuong's z, above 0 for the first; null where one law contains the other or both agree.
    @Nullable public var z: Double?
    /// Two-sided for z; for a contained law by its likelihood ratio; null without a test.
    @Nullable public var pValue: Double?
    /// Why there is no test, or what limits the fit; nil for nothing.
    public var remark: String?
    /// Fitted parameters of the second.
    public var parameters: [Parameter]
  }

  /// A power-law tail.
  public struct Tail: Codable, Sendable {
    /// γ of the density.
    public var exponent: Double
    /// (γ − 1)/√count, for a threshold known beforehand.
    public var exponentError: Double
    /// x_min and the numbers above it.
    public var least: Double
    /// Numbers in the tail.
    public var count: Int
    /// Numbers that are not zero.
    public var total: Int
    /// Kolmogorov-Smirnov distance of the tail from its power law.
    public var distance: Double
    /// Share of simulated samples with as large a distance, each searched again; null without them.
    @Nullable public var pValue: Double?
    /// Simulated samples asked for behind `pValue`.
    public var replicates: Int
    /// Thresholds that were possible: each with at least ten numbers above.
    public var candidates: Int
    /// Thresholds whose distance had to be computed; the others are proved worse.
    public var evaluated: Int
    /// The power law against other laws on the same tail.
    public var alternatives: [Pair]
    /// What samples of laws fitted to all numbers would show.
    public var noise: [Noise]
  }

  /// γ of simulated samples of a law without the tail in question.
  public struct Noise: Codable, Sendable {
    /// Gaussian or stable.
    public var law: String
    /// Quantiles of γ at 5, 50 and 95 per cent.
    public var low: Double
    /// Quantile at 50 per cent.
    public var median: Double
    /// Quantile at 95 per cent.
    public var high: Double
    /// Share of simulated samples with a γ as small.
    public var heavierP: Double
    /// Simulated samples.
    public var replicates: Int
  }

  /// Points for the figures of a sample.
  public struct Picture: Codable, Sendable {
    /// Middles of bins, density with its standard error.
    public var x: [Double]
    /// Share of the numbers in a bin over its width.
    public var density: [Double]
    /// √count over n and width; bins without numbers are left out.
    public var densityError: [Double]
    /// Abscissae of the curves of the laws.
    public var line: [Double]
    /// |x| and the share of numbers beyond.
    public var size: [Double]
    /// Share of numbers beyond each of `size`.
    public var beyond: [Double]
    /// The laws beside them.
    public var laws: [Curves]
    /// Sample and stable quantiles at the same probabilities.
    public var sampleQuantiles: [Double]
    /// Quantiles of the fitted stable law; empty without one.
    public var lawQuantiles: [Double]
  }

  /// One law in the figures.
  public struct Curves: Codable, Sendable {
    /// Name of the law, as in `Candidate.name`.
    public var name: String
    /// Density at `Picture.line`.
    public var density: [Double]
    /// P(|X| > size) at `Picture.size`.
    public var beyond: [Double]
  }

  /// What was asked for.
  public var operation: Operation
  /// One per law for pdf, cdf and quantile; the law without values for sample; else empty.
  public var curves: [Curve] = []
  /// Numbers drawn from the laws beside them, if asked for.
  public var check: Check?
  /// Numbers that were drawn or read; nil where there are none.
  public var sample: Sample?
  /// The NPY file that was written.
  public var file: String?
  /// The fit; nil for other operations.
  public var fit: Fit?
  /// Laws of a comparison, AIC ascending; empty for other operations.
  public var candidates: [Candidate] = []
  /// The first candidate against each other one; empty for other operations.
  public var pairs: [Pair] = []
  /// The tail; nil for other operations.
  public var tail: Tail?
  /// Figures of a sample; nil where none were made.
  public var picture: Picture?
  /// Sentences that limit what was found.
  public var caveats: [String] = []

  /// No results yet.
  public init(_ operation: Operation) { self.operation = operation }
}

extension StableResult: RecordedResult {
  /// Whole if arrays that are drawn together have one length.
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
