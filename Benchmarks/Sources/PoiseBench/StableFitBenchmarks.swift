import Poise

/// Fits of stable laws and tails, on one thread, beside what NumPy and SciPy do in seconds.
enum StableFitBenchmarks {
  /// What the script prints: seconds of SciPy's quantile start, and of a tail search over a hundred
  /// thresholds of a sorted sample (all thresholds would take hours).
  private struct Answer: Decodable {
    var quantileStart: Double
    var studentFit: Double
    var tailHundred: Double
  }

  static func run(_ numpy: NumpyPeer?) throws -> [Outcome] {
    let small = try sample(10_000)
    let large = try sample(1_000_000)
    let huge = try values(5_000_000)
    var fit = try StableFit(small)
    let first = try Clock.processor.time(5) { fit = try StableFit(small) }
    var outcomes = [
      Outcome(name: "stable fit 10⁴, 4 parameters", timing: first, error: abs(fit.law.alpha - 1.5))
    ]
    let second = try Clock.processor.time(3) { fit = try StableFit(large) }
    outcomes.append(
      Outcome(name: "stable fit 10⁶, 4 parameters", timing: second, error: abs(fit.law.alpha - 1.5))
    )
    let third = try Clock.processor.time(5) { _ = try StudentTLaw(fitting: small) }
    outcomes.append(Outcome(name: "Student t fit 10⁴", timing: third))
    let fourth = try Clock.processor.time(3) { _ = try PowerLawTail(of: RealSample(huge)) }
    outcomes.append(Outcome(name: "power-law tail 5·10⁶, all thresholds", timing: fourth))
    if let numpy, let answer = numpy.run("stable_fits_scipy.py", as: Answer.self) {
      let label = "scipy, \(numpy.version)"
      outcomes[0].peers = [
        Peer(name: label + " (quantile start only)", seconds: answer.quantileStart)
      ]
      outcomes[2].peers = [Peer(name: label, seconds: answer.studentFit)]
      outcomes[3].peers = [Peer(name: label + " (100 thresholds)", seconds: answer.tailHundred)]
    }
    return outcomes
  }

  private static func values(_ count: Int) throws -> [Double] {
    var stream = RandomStream(seed: 1, item: 0, purpose: .init(kind: 255, index: 1))
    return try StableLaw(alpha: 1.5, beta: 0.3).sample(count: count, from: &stream)
  }

  private static func sample(_ count: Int) throws -> RealSample { try RealSample(values(count)) }
}
