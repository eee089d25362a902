import Foundation
import PoiseNumerics

/// The laws of a comparison with all that their judgement needs.
enum StableComparison {
  /// One fitted law on the sample.
  struct Entry {
    var name: String
    var parameters: [StableResult.Parameter]
    var score: LikelihoodScore
    var logDensities: [Double]
    var distances: GoodnessOfFit
    var remark: String?
  }

  static func entry<Law: ContinuousLaw>(
    _ law: Law, count: Int, _ sample: RealSample, _ parameters: KeyValuePairs<String, Double>,
    remark: String? = nil
  ) throws(PoiseError) -> Entry {
    let densities = law.logDensities(sample.sorted, jobs: 1)
    return Entry(
      name: Law.name, parameters: parameters.map { .init(name: $0.key, value: $0.value) },
      score: LikelihoodScore(
        logLikelihood: densities.reduce(0, +), parameterCount: count, count: sample.count),
      logDensities: densities, distances: try GoodnessOfFit(of: law, sample), remark: remark)
  }

  /// Candidates in the order of AIC, and Vuong's test of the best against each other.
  static func judged(
    _ entries: [Entry], count: Int
  ) -> (candidates: [StableResult.Candidate], pairs: [StableResult.Pair]) {
    let ordered = entries.sorted { $0.score.aic < $1.score.aic }
    let best = ordered[0]
    let candidates = ordered.map { entry in
      StableResult.Candidate(
        name: entry.name, parameters: entry.parameters,
        parameterCount: entry.score.parameterCount, logLikelihood: entry.score.logLikelihood,
        aic: entry.score.aic, bic: entry.score.bic,
        aicGapPerCount: (entry.score.aic - best.score.aic) / Double(count),
        distances: StableResult.Distances(entry.distances, count), remark: entry.remark)
    }
    let pairs = ordered.dropFirst().map { other in
      let test = VuongTest(best.logDensities, other.logDensities)
      return StableResult.Pair(
        first: best.name, second: other.name,
        logLikelihoodRatio: best.score.logLikelihood - other.score.logLikelihood, z: test?.z,
        pValue: test?.pValue, remark: test == nil ? "the laws agree" : nil,
        parameters: other.parameters)
    }
    return (candidates, Array(pairs))
  }
}

extension StableResult.Law {
  init(_ law: StableLaw) {
    self.init(
      alpha: law.alpha, beta: law.beta, scale: law.scale, location: law.location,
      parameterization: law.parameterization.rawValue)
  }
}

extension StableResult.Sample {
  init(_ name: String, _ sample: RealSample) {
    self.init(
      name: name, count: sample.count, dropped: sample.dropped, least: sample.sorted[0],
      median: sample.quantile(0.5), largest: sample.sorted[sample.count - 1])
  }
}

extension StableResult.Distances {
  init(_ fit: GoodnessOfFit, _ count: Int) {
    self.init(
      kolmogorovSmirnov: fit.kolmogorovSmirnov, kolmogorovSmirnovP: fit.kolmogorovSmirnovP,
      andersonDarling: fit.andersonDarling,
      andersonDarlingPerCount: fit.andersonDarling / Double(count),
      andersonDarlingP: fit.andersonDarlingP, replicates: fit.replicates)
  }
}

extension StableResult.Fit {
  init(
    _ fit: StableFit, distances: StableResult.Distances, gaussianRatio: Double, gaussianP: Double?,
    others: [StableResult.Named]
  ) {
    self.init(
      model: fit.model.rawValue, method: fit.method.rawValue, law: StableResult.Law(fit.law),
      standardErrors: fit.standardErrors(), robustErrors: fit.standardErrors(robust: true),
      logLikelihood: fit.logLikelihood, aic: fit.score.aic, bic: fit.score.bic,
      isGaussian: fit.isGaussian, isBetaExtreme: fit.isBetaExtreme, iterations: fit.iterations,
      tableError: fit.tableError, distances: distances, gaussianRatio: gaussianRatio,
      gaussianP: gaussianP, others: others)
  }
}

extension StableResult.Tail {
  init(
    _ tail: PowerLawTail, _ comparison: TailComparison, pValue: Double?, replicates: Int,
    noise: [StableResult.Noise]
  ) {
    self.init(
      exponent: tail.exponent, exponentError: tail.exponentError, least: tail.least,
      count: tail.count, total: tail.total, distance: tail.distance, pValue: pValue,
      replicates: replicates, candidates: tail.candidates, evaluated: tail.evaluated,
      alternatives: comparison.alternatives.map { other in
        StableResult.Pair(
          first: "power law", second: other.name,
          logLikelihoodRatio: other.logLikelihoodRatio.isFinite
            ? other.logLikelihoodRatio : .greatestFiniteMagnitude,
          z: other.z, pValue: other.pValue, remark: other.remark,
          parameters: other.parameters.sorted { $0.key < $1.key }.map {
            .init(name: $0.key, value: $0.value)
          })
      }, noise: noise)
  }
}

extension StableResult.Noise {
  init(_ law: String, _ noise: PowerLawTail.Noise) {
    self.init(
      law: law, low: noise.low, median: noise.median, high: noise.high, heavierP: noise.heavierP,
      replicates: noise.exponents.count)
  }
}

/// When not to trust a fit.
enum StableCaveats {
  static func fit(
    _ fit: StableFit, _ sample: RealSample, _ distances: GoodnessOfFit
  ) -> [String] {
    var all: [String] = []
    if fit.isGaussian {
      all.append(
        "α = 2 is an end of its range: the likelihood has no larger value below it. It has no "
          + "standard error there, and β no meaning.")
    } else if fit.isBetaExtreme {
      all.append("|β| = 1 is an end of its range: β has no standard error.")
    } else if fit.model == .full, let error = fit.standardErrors()[1], error > 0.5 {
      all.append("The sample hardly tells β: near α = 2 its effect vanishes.")
    }
    if fit.method == .likelihood, fit.covariance == nil {
      all.append("The observed information is not positive: no standard errors.")
    }
    if let one = fit.standardErrors()[0], let robust = fit.standardErrors(robust: true)[0],
      robust > 1.5 * one || robust < one / 1.5
    {
      all.append(
        "The errors that do not assume the law (\(robust.formatted3) for α) differ from the usual "
          + "ones (\(one.formatted3)): the sample is not of this law.")
    }
    all += size(sample, distances.replicates)
    return all
  }

  static func size(_ sample: RealSample, _ replicates: Int) -> [String] {
    var all: [String] = []
    if sample.count > 100_000 {
      all.append(
        "With \(sample.count) numbers every law is refused by a test and error bars are tiny: read "
          + "the distances themselves.")
    } else if replicates == 0 {
      all.append("No p-values were asked for (--bootstrap).")
    }
    if sample.dropped > 0 {
      all.append("\(sample.dropped) numbers were not finite and were left out.")
    }
    return all
  }

  static func comparison(
    _ result: StableResult, _ sample: RealSample, _ stable: StableFit
  ) -> [String] {
    var all: [String] = []
    if stable.isGaussian { all.append("The stable fit is the Gaussian (α = 2).") }
    return all + size(sample, result.candidates.first?.distances.replicates ?? 0)
  }

  static func tail(_ tail: PowerLawTail, _ fit: StableFit?) -> [String] {
    var all = [
      "The error of γ is for a threshold known beforehand; choosing it adds to it."
    ]
    if tail.count < 50 { all.append("Only \(tail.count) numbers make up the tail.") }
    if let fit, fit.law.alpha > 1.6, !fit.isGaussian {
      all.append(
        "γ = 1 + α holds only deep in the tail: for α above 1.6 samples do not reach it, and γ above 3 "
          + "does not speak against a stable law.")
    }
    return all
  }
}

extension Double {
  /// Three significant digits.
  fileprivate var formatted3: String { formatted(.number.precision(.significantDigits(3))) }
}
