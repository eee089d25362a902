import Foundation
import Poise

/// Elementwise functions and random blocks, per element, against loops of the C library.
enum KernelBenchmarks {
  private static let count = 8192
  private static let passes = 400

  static func run(_ numpy: NumpyPeer?) -> [Outcome] {
    let peers = numpy?.run("kernels_numpy.py", as: [String: Double].self) ?? [:]
    let label = numpy?.version ?? "numpy"
    return (doubles() + floats() + generators()).map { outcome in
      var outcome = outcome
      if let time = peers[outcome.name] { outcome.peers.append(Peer(name: label, seconds: time)) }
      return outcome
    }
  }

  /// Arguments from −8 to 8, or positive ones.
  private static func arguments(positive: Bool) -> [Double] {
    (0..<count).map { index in
      let t = (Double(index) + 0.5) / Double(count)
      return positive ? 100 * t : 16 * t - 8
    }
  }

  private static func doubles() -> [Outcome] {
    typealias Kernel = (UnsafePointer<Double>, UnsafeMutablePointer<Double>, Int) -> Void
    let kernels: [(String, Bool, Kernel, (Double) -> Double)] = [
      ("tanh", false, { VectorMath.tanh($0, $1, count: $2) }, { Foundation.tanh($0) }),
      ("exp", false, { VectorMath.exp($0, $1, count: $2) }, { Foundation.exp($0) }),
      ("erf", false, { VectorMath.erf($0, $1, count: $2) }, { Foundation.erf($0) }),
      ("log", true, { VectorMath.log($0, $1, count: $2) }, { Foundation.log($0) }),
      ("sin", false, { VectorMath.sin($0, $1, count: $2) }, { Foundation.sin($0) }),
    ]
    return kernels.map { name, positive, kernel, reference in
      let x = arguments(positive: positive)
      return compare("\(name) double", x, kernel, reference, scale: 0x1p-52)
    }
  }

  private static func floats() -> [Outcome] {
    typealias Kernel = (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
    let kernels: [(String, Bool, Kernel, (Float) -> Float)] = [
      ("tanh", false, { VectorMath.tanh($0, $1, count: $2) }, { Foundation.tanh($0) }),
      ("exp", false, { VectorMath.exp($0, $1, count: $2) }, { Foundation.exp($0) }),
      ("erf", false, { VectorMath.erf($0, $1, count: $2) }, { Foundation.erf($0) }),
      ("log", true, { VectorMath.log($0, $1, count: $2) }, { Foundation.log($0) }),
      ("sin", false, { VectorMath.sin($0, $1, count: $2) }, { Foundation.sin($0) }),
    ]
    return kernels.map { name, positive, kernel, reference in
      let x = arguments(positive: positive).map { Float($0) }
      return compare("\(name) float", x, kernel, reference, scale: 0x1p-23)
    }
  }

  /// Times a kernel and the loop; the error is relative, in units of `scale`.
  private static func compare<Scalar: BinaryFloatingPoint>(
    _ name: String, _ x: [Scalar],
    _ kernel: (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>, Int) -> Void,
    _ reference: (Scalar) -> Scalar, scale: Double
  ) -> Outcome {
    var (y, expected) = (x, x)
    let own = perElement { kernel(x, &y, x.count) }
    let loop = perElement {
      for index in x.indices { expected[index] = reference(x[index]) }
    }
    let error = zip(y, expected).map { abs(Double($0 - $1)) / max(abs(Double($1)), 1e-30) }.max()!
    return Outcome(
      name: name, unit: .nanoseconds, timing: own, error: error / scale,
      peers: [Peer(name: "libm", seconds: loop.best)])
  }

  private static func generators() -> [Outcome] {
    var stream = RandomStream(seed: 1, item: 0, purpose: .init(kind: 255, index: 0))
    var doubles = [Double](repeating: 0, count: count)
    var floats = [Float](repeating: 0, count: count)
    let timings = [
      "normal double": perElement {
        doubles.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
      },
      "normal float": perElement {
        floats.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
      },
      "uniform double": perElement {
        doubles.withUnsafeMutableBufferPointer { stream.fillUniform($0) }
      },
      "uniform float": perElement {
        floats.withUnsafeMutableBufferPointer { stream.fillUniform($0) }
      },
    ]
    return timings.sorted { $0.key < $1.key }.map { name, timing in
      Outcome(name: name, unit: .nanoseconds, timing: timing)
    }
  }

  private static func perElement(_ body: () -> Void) -> Timing {
    Clock.processor.time(9) { for _ in 0..<passes { body() } }
      .divided(by: 1e-9 * Double(count * passes))
  }
}
