public import PoiseNumerics
import RealModule
import Synchronization

/// Answers of `poise stable` as records.
public enum StableSurvey {
  /// What is taken for granted.
  public static let assumptions = [
    "numbers are independent and of one law",
    "locations are in the parametrisation S0 unless S1 is asked for",
  ]
  /// The papers behind the numbers.
  public static let sources = [
    "Zolotarev 1986; Nolan 1997 (law)", "Chambers, Mallows and Stuck 1976 (sampling)",
    "McCulloch 1986; Koutrouvelis 1980 (starts)", "Clauset, Shalizi and Newman 2009 (tails)",
    "Vuong 1989 (comparison)", "docs/theory/stable-fits.md",
  ]

  /// Called with a stage, what is done of it, and all of it; from any thread.
  public typealias Progress = @Sendable (String, Int, Int) -> Void

  /// Densities, probabilities or quantiles of several laws at the same arguments.
  ///
  /// - Parameter check: draws numbers of each law and compares; nil for none.
  public static func curves(
    _ operation: StableResult.Operation, _ laws: [StableLaw], at arguments: [Double], jobs: Int,
    check: StableCheck? = nil, progress: @escaping Progress = { _, _, _ in }
  ) throws(PoiseError) -> StableResult {
    var result = StableResult(operation)
    let block = 1 << 16
    let blocks = (arguments.count + block - 1) / block
    let counter = Counter(progress, "values", laws.count * blocks)
    for law in laws {
      var curve = StableResult.Curve(
        law: StableResult.Law(law), arguments: arguments, values: [], companions: [])
      for start in stride(from: 0, to: arguments.count, by: block) {
        let part = Array(arguments[start..<min(arguments.count, start + block)])
        let found = try values(operation, law, part, jobs)
        curve.values += found.values
        curve.companions += found.companions
        counter.step()
      }
      result.curves.append(curve)
    }
    for (index, law) in laws.enumerated().prefix(StablePicture.mostCurves) {
      result.curves[index].line = StablePicture.line(operation, law, arguments, jobs)
    }
    result.check = try check?.run(operation, laws, result.curves, progress)
    return result
  }

  private static func values(
    _ operation: StableResult.Operation, _ law: StableLaw, _ arguments: [Double], _ jobs: Int
  ) throws(PoiseError) -> (values: [Double?], companions: [Double?]) {
    switch operation {
    case .pdf:
      return (
        law.pdf(arguments, jobs: jobs), law.logPDF(arguments, jobs: jobs).map { finite($0) }
      )
    case .cdf: return (law.cdf(arguments, jobs: jobs), law.survival(arguments, jobs: jobs))
    default:
      for p in arguments where !(p >= 0 && p <= 1) {
        throw PoiseError(
          .outOfRange, quantity: "--p", value: "\(p)", allowed: "probabilities from 0 to 1")
      }
      // Those of 0 and 1 are the ends of the support, infinite or not told here.
      var inner = try law.quantile(arguments.filter { $0 > 0 && $0 < 1 }, jobs: jobs)[...]
      return (arguments.map { $0 > 0 && $0 < 1 ? inner.popFirst() : nil }, [])
    }
  }

  /// A fit with its distances, p-values and the quicker estimates.
  public static func fit(
    _ sample: RealSample, name: String, model: StableFit.Model, method: StableFit.Method,
    replicates: Int, seed: UInt64, jobs: Int, progress: @escaping Progress
  ) throws(PoiseError) -> StableResult {
    var result = StableResult(.fit)
    result.sample = StableResult.Sample(name, sample)
    progress("fit", 0, 1)
    let fit = try StableFit(sample, model: model, method: method, jobs: jobs)
    var distances = try GoodnessOfFit(of: fit.law, sample)
    let counter = Counter(progress, "samples of the fitted law", replicates)
    let start = fit.law
    try distances.bootstrap(
      fit.law, count: sample.count, replicates: replicates, seed: seed, jobs: jobs,
      progress: counter.step
    ) { (simulated: RealSample) throws(PoiseError) in
      try StableFit(simulated, model: model, method: method, start: start, withErrors: false).law
    }
    var p: Double?
    if method == .likelihood, replicates > 0, fit.law.alpha > 1.8 {
      let gaussian = Counter(progress, "Gaussian samples", replicates)
      p = try fit.gaussianP(
        sample, replicates: replicates, seed: seed, jobs: jobs, progress: gaussian.step)
    }
    var others: [StableResult.Named] = []
    for other in [StableFit.Method.mcculloch, .koutrouvelis] where other != method {
      if let quick = try? StableFit(sample, model: model, method: other, jobs: jobs) {
        others.append(.init(name: other.rawValue, law: StableResult.Law(quick.law)))
      }
    }
    result.fit = StableResult.Fit(
      fit, distances: StableResult.Distances(distances, sample.count),
      gaussianRatio: try fit.gaussianRatio(sample), gaussianP: p, others: others)
    result.caveats = StableCaveats.fit(fit, sample, distances)
    result.picture = try StablePicture.of(sample, fit.law, others: [GaussianLaw(fitting: sample)])
    return result
  }

  /// Stable, Gaussian, Student's t and log-normal side by side.
  public static func compare(
    _ sample: RealSample, name: String, model: StableFit.Model, replicates: Int, seed: UInt64,
    jobs: Int, progress: @escaping Progress
  ) throws(PoiseError) -> StableResult {
    var result = StableResult(.compare)
    result.sample = StableResult.Sample(name, sample)
    progress("fits", 0, 1)
    let stable = try StableFit(sample, model: model, withErrors: false, jobs: jobs)
    let start = stable.law
    let gauss = GaussianLaw(fitting: sample)
    let student = try StudentTLaw(fitting: sample, jobs: jobs)
    var entries = [
      try StableComparison.entry(
        stable.law, count: stable.parameterCount, sample,
        [
          "alpha": start.alpha, "beta": start.beta, "scale": start.scale,
          "location": start.location,
        ]),
      try StableComparison.entry(
        gauss, count: 2, sample, ["mean": gauss.mean, "deviation": gauss.deviation]),
      try StableComparison.entry(
        student, count: 3, sample,
        [
          "location": student.location, "scale": student.scale, "nu": student.degreesOfFreedom,
        ],
        remark: student.isGaussianLimit ? "ν at its largest: the Gaussian limit" : nil),
    ]
    let counter = Counter(progress, "simulated samples", 4 * replicates)
    let count = sample.count
    try entries[0].distances.bootstrap(
      stable.law, count: count, replicates: replicates, seed: seed, item: 0, jobs: jobs,
      progress: counter.step
    ) { (simulated: RealSample) throws(PoiseError) in
      try StableFit(simulated, model: model, start: start, withErrors: false).law
    }
    try entries[1].distances.bootstrap(
      gauss, count: count, replicates: replicates, seed: seed, item: 1, jobs: jobs,
      progress: counter.step
    ) { GaussianLaw(fitting: $0) }
    try entries[2].distances.bootstrap(
      student, count: count, replicates: replicates, seed: seed, item: 2, jobs: jobs,
      progress: counter.step
    ) { (simulated: RealSample) throws(PoiseError) in
      try StudentTLaw(fitting: simulated, from: student)
    }
    var others: [any ContinuousLaw] = [gauss, student]
    if let logs = LogNormalLaw(fitting: sample) {
      var entry = try StableComparison.entry(
        logs, count: 2, sample, ["mu": logs.logMean, "sigma": logs.logDeviation],
        remark: "of |x|, the sign a fair coin")
      try entry.distances.bootstrap(
        logs, count: count, replicates: replicates, seed: seed, item: 3, jobs: jobs,
        progress: counter.step
      ) { LogNormalLaw(fitting: $0) ?? logs }
      entries.append(entry)
      others.append(logs)
    } else {
      result.caveats.append("The log-normal is left out: the sample holds zeros.")
    }
    (result.candidates, result.pairs) = StableComparison.judged(entries, count: count)
    result.caveats += StableCaveats.comparison(result, sample, stable)
    result.picture = try StablePicture.of(sample, stable.law, others: others)
    return result
  }

  /// The power-law tail, against other tails and against noise.
  public static func tail(
    _ sample: RealSample, name: String, replicates: Int, noise: Int, seed: UInt64, jobs: Int,
    progress: @escaping Progress
  ) throws(PoiseError) -> StableResult {
    var result = StableResult(.tail)
    result.sample = StableResult.Sample(name, sample)
    progress("tail", 0, 1)
    let tail = try PowerLawTail(of: sample)
    let comparison = try TailComparison(tail, sample)
    let bootstrap = Counter(progress, "samples with this tail", replicates)
    let p = try tail.bootstrap(
      sample, replicates: replicates, seed: seed, jobs: jobs, progress: bootstrap.step)
    var noises: [StableResult.Noise] = []
    let counter = Counter(progress, "samples of noise", 2 * noise)
    if let gauss = try tail.noise(
      of: GaussianLaw(fitting: sample), count: sample.count, replicates: noise, seed: seed, item: 0,
      jobs: jobs, progress: counter.step)
    {
      noises.append(StableResult.Noise("Gaussian", gauss))
    }
    let fit = try? StableFit(sample, withErrors: false, jobs: jobs)
    if let fit, !fit.isGaussian,
      let stable = try tail.noise(
        of: fit.law, count: sample.count, replicates: noise, seed: seed, item: 1, jobs: jobs,
        progress: counter.step)
    {
      noises.append(StableResult.Noise("stable", stable))
    }
    result.tail = StableResult.Tail(
      tail, comparison, pValue: p, replicates: replicates, noise: noises)
    result.caveats = StableCaveats.tail(tail, fit)
    result.picture = try StablePicture.of(sample, fit?.law, others: [GaussianLaw(fitting: sample)])
    return result
  }

  /// A law without values.
  public static func lawOnly(_ law: StableLaw) -> StableResult.Curve {
    StableResult.Curve(
      law: StableResult.Law(law), arguments: [], values: [], companions: [])
  }

  /// Size, ends and middle of numbers, infinite ones taken to the largest number.
  public static func summary(_ values: [Double], name: String) -> StableResult.Sample {
    let sorted = values.sorted()
    func clamped(_ x: Double) -> Double {
      min(max(x, -Double.greatestFiniteMagnitude), .greatestFiniteMagnitude)
    }
    return StableResult.Sample(
      name: name, count: sorted.count, dropped: 0, least: clamped(sorted[0]),
      median: clamped(sorted[sorted.count / 2]), largest: clamped(sorted[sorted.count - 1]))
  }

  private static func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

  /// Counts finished samples from any thread.
  final class Counter: Sendable {
    private let done = Mutex(0)
    private let progress: Progress
    private let stage: String
    private let total: Int

    init(_ progress: @escaping Progress, _ stage: String, _ total: Int) {
      self.progress = progress
      self.stage = stage
      self.total = total
    }

    var step: @Sendable () -> Void {
      { [self] in
        let now = done.withLock { value in
          value += 1
          return value
        }
        progress(stage, now, total)
      }
    }
  }
}
