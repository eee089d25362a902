import Foundation
import Poise

/// The alpha-stable law beside SciPy's, in the same run.
enum StableBenchmarks {
  /// What `stable_scipy.py` prints: seconds for the whole task, and values.
  struct Answer: Decodable {
    var version: String
    var seconds: [String: Double]
    var pdf: [Double]
  }

  private static let laws: [(alpha: Double, beta: Double)] = [
    (0.5, 0), (1, 0), (1.5, 0), (1.9, 0), (1.5, 0.5), (1, 0.5),
  ]

  static func run(_ numpy: NumpyPeer?) throws -> [Outcome] {
    let peer = numpy?.run("stable_scipy.py", as: Answer.self)
    return try laws.map { try density($0, peer) } + [
      try quantiles(peer), try sampling(0, peer), try sampling(0.5, nil),
    ]
  }

  /// 10⁴ points, |x| from 0.01 to 10⁴, the law made anew: the values that a fit needs.
  private static func density(
    _ law: (alpha: Double, beta: Double), _ peer: Answer?
  ) throws -> Outcome {
    let points = abscissae(10_000)
    let timing = try Clock.processor.time(9) {
      _ = try StableLaw(alpha: law.alpha, beta: law.beta).pdf(points)
    }
    var outcome = Outcome(
      name: "stable pdf, 1e4 points, alpha \(law.alpha), beta \(law.beta)", timing: timing)
    if law.alpha == 1, law.beta == 0 {
      // The exact law is Cauchy's.
      let values = try StableLaw(alpha: 1).pdf(points)
      outcome.error = zip(values, points).map { abs($0 * .pi * (1 + $1 * $1) - 1) }.max()
    }
    if law.alpha == 1.5, law.beta == 0, let peer {
      // SciPy does 500 of the points, and its error is against the values here.
      let values = try StableLaw(alpha: 1.5).pdf(abscissae(500))
      outcome.peers.append(
        Peer(
          name: peer.version, seconds: (peer.seconds["pdf 500"] ?? 0) * 20,
          error: zip(peer.pdf, values).map { abs($0 / $1 - 1) }.max()))
    }
    return outcome
  }

  private static func quantiles(_ peer: Answer?) throws -> Outcome {
    let law = try StableLaw(alpha: 1.5)
    let ps = (0..<10_000).map { (Double($0) + 0.5) / 10_000 }
    let timing = try Clock.processor.time(5) { _ = try law.quantile(ps) }
    let back = zip(ps, try law.quantile(ps)).map { abs(law.cdf($1) / $0 - 1) }.max()
    var outcome = Outcome(name: "stable quantiles, 1e4", timing: timing, error: back)
    if let peer {
      outcome.peers = [
        Peer(name: peer.version, seconds: (peer.seconds["ppf 20"] ?? 0) * 500)
      ]
    }
    return outcome
  }

  private static func sampling(_ beta: Double, _ peer: Answer?) throws -> Outcome {
    let law = try StableLaw(alpha: 1.5, beta: beta)
    var stream = RandomStream(seed: 3, item: 0, purpose: .init(kind: 255, index: 2))
    var values = [Double](repeating: 0, count: 10_000_000)
    let timing = values.withUnsafeMutableBufferPointer { buffer in
      Clock.processor.time(5) { law.fill(buffer, from: &stream) }
    }
    var outcome = Outcome(name: "stable variates, 1e7, beta \(beta)", timing: timing)
    if let peer {
      outcome.peers = [
        Peer(name: peer.version, seconds: (peer.seconds["rvs 1e5"] ?? 0) * 100)
      ]
    }
    return outcome
  }

  /// Equal steps in ln |x|, both signs.
  static func abscissae(_ count: Int) -> [Double] {
    (0..<count).map { index in
      let size = exp(log(1e-2) + log(1e6) * (Double(index) + 0.5) / Double(count))
      return index % 2 == 0 ? size : -size
    }
  }
}
