import PoiseModel
public import PoiseNumerics
import RealModule

/// Hamiltonian Monte Carlo over the whitened weights of any network at T > 0: potential
/// |f − Y|²/2T + ½|w|², unit masses.
///
/// Trajectories of 18 leapfrog steps, jittered by ×[½, 3/2], with steps jittered by e^±0.2; the step is
/// adapted by dual averaging during the warm-up and then fixed.
public struct HamiltonianChain: PosteriorChain {
  /// The posterior that is sampled.
  public let task: SamplingTask
  /// Trajectories that adapt the step.
  public let warmup: Int
  private let seed: UInt64
  private let chain: Int
  public private(set) var sweep: Int
  private var weights: [Matrix<Double>]
  private var adaptation: StepAdaptation
  private var point: Point
  /// Trajectories kept of those after the warm-up.
  public private(set) var accepted = 0

  /// Mean leapfrog steps of a trajectory.
  public static let leapfrogSteps = 18

  /// Potential and gradient at one position.
  private struct Point {
    var potential: Double
    var gradient: [Matrix<Double>]
    var outputs: Matrix<Double>
  }

  /// - Throws: `outOfRange` at T = 0; `shapeMismatch` for a foreign state.
  public init(
    _ task: SamplingTask, warmup: Int, seed: UInt64, chain: Int,
    resuming state: ChainState? = nil
  ) throws(PoiseError) {
    guard task.temperature > 0 else {
      throw PoiseError(
        .outOfRange, quantity: "temperature", value: "0", allowed: "T > 0 for sampling",
        suggestion: "a small temperature, such as 0.01 of the variance of the labels")
    }
    BLAS.useOneThread()
    self.task = task
    self.warmup = warmup
    let start = state ?? ChainState(prior: task, seed: seed, chain: chain)
    self.seed = start.seed
    self.chain = start.chain
    sweep = start.sweep
    weights = try start.matrices(task)
    let scale = (task.temperature / Double(task.patternCount)).squareRoot()
    adaptation = start.adaptation ?? StepAdaptation(step: min(0.1, scale))
    point = Point(potential: 0, gradient: [], outputs: task.targets)
    point = evaluate(weights)
  }

  public var state: ChainState {
    var state = ChainState(seed: seed, chain: chain, sweep: sweep, weights: weights)
    state.adaptation = adaptation
    return state
  }

  /// The step that sampling uses.
  public var step: Double { adaptation.averaged }

  /// h, φ and φ′ of all layers, then gradients on the way back.
  private func evaluate(_ w: [Matrix<Double>]) -> Point {
    var (signals, slopes) = ([task.inputs], [Matrix<Double>]())
    for layer in 0..<task.depth {
      var signal = Matrix<Double>(rows: task.patternCount, columns: task.widths[layer])
      multiply(signals[layer], w[layer], into: &signal, task.gain(layer), transposeB: true)
      var slope = signal
      signal.withUnsafeMutableElements { x in
        slope.withUnsafeMutableElements { d in
          task.activation.function.evaluate(
            UnsafePointer(x.baseAddress!), count: x.count, value: x.baseAddress!,
            derivative: d.baseAddress!)
        }
      }
      signals.append(signal)
      slopes.append(slope)
    }
    var outputs = Matrix<Double>(rows: task.patternCount, columns: task.outputCount)
    multiply(
      signals[task.depth], w[task.depth], into: &outputs, task.gain(task.depth), transposeB: true)
    var back = outputs
    var energy = 0.0
    for index in back.elements.indices {
      let distance = outputs.elements[index] - task.targets.elements[index]
      energy += distance * distance / (2 * task.temperature)
      back.elements[index] = distance / task.temperature
    }
    var gradient = w
    for layer in stride(from: task.depth, through: 0, by: -1) {
      w[layer].withUnsafeElements {
        energy += Double.dot($0.count, $0.baseAddress!, $0.baseAddress!) / 2
      }
      multiply(
        back, signals[layer], into: &gradient[layer], task.gain(layer), beta: 1, transposeA: true)
      guard layer > 0 else { break }
      var below = slopes[layer - 1]
      multiply(back, w[layer], into: &below, task.gain(layer))
      for index in below.elements.indices {
        below.elements[index] *= slopes[layer - 1].elements[index]
      }
      back = below
    }
    return Point(potential: energy, gradient: gradient, outputs: outputs)
  }

  public mutating func advance() throws(PoiseError) -> [Double] {
    var stream = SamplerStream.hamiltonian.stream(seed: seed, chain: chain, index: sweep)
    let adapting = sweep < warmup
    let jitter = Double.exp(0.4 * stream.uniform() - 0.2)
    let step = (adapting ? adaptation.step : adaptation.averaged) * jitter
    let count = max(
      1, Int((Double(Self.leapfrogSteps) * (0.5 + stream.uniform())).rounded()))
    var momenta = weights.map { stream.normals($0.rows, $0.columns) }
    let kinetic = Self.square(momenta) / 2
    var position = weights
    var present = point
    Self.push(&momenta, present.gradient, -step / 2)
    for index in 1...count {
      Self.push(&position, momenta, step)
      present = evaluate(position)
      guard present.potential.isFinite else { break }
      Self.push(&momenta, present.gradient, index < count ? -step : -step / 2)
    }
    let change = point.potential + kinetic - present.potential - Self.square(momenta) / 2
    let acceptance = change.isFinite ? min(1, Double.exp(change)) : 0
    if stream.uniform() < acceptance {
      (weights, point) = (position, present)
      if !adapting { accepted += 1 }
    }
    if adapting { adaptation.learn(acceptance: acceptance) }
    sweep += 1
    return observe()
  }

  private static func square(_ parts: [Matrix<Double>]) -> Double {
    parts.reduce(0) {
      $0 + $1.withUnsafeElements { Double.dot($0.count, $0.baseAddress!, $0.baseAddress!) }
    }
  }

  /// x ← x + factor y.
  private static func push(
    _ x: inout [Matrix<Double>], _ y: [Matrix<Double>], _ factor: Double
  ) {
    for layer in x.indices {
      x[layer].withUnsafeMutableElements { target in
        y[layer].withUnsafeElements { source in
          for index in 0..<target.count { target[index] += factor * source[index] }
        }
      }
    }
  }

  public var observableNames: [String] {
    let m = task.outputCount
    return (m == 1 ? ["q_\(task.depth)"] : (1...m).map { "|a_\($0)|²/N" }) + ["training error"]
      + (task.testInputs.rows > 0 ? ["test error"] : [])
  }

  private func observe() -> [Double] {
    let readout = weights[task.depth]
    var values = (0..<task.outputCount).map { k in
      task.variances[task.depth] / Double(readout.columns)
        * readout.row(k).reduce(0) { $0 + $1 * $1 }
    }
    values.append(task.trainingError(point.outputs))
    if task.testInputs.rows > 0 { values.append(task.testError(outputs(task.testInputs))) }
    return values
  }

  /// Outputs on other inputs (input × output) with the present weights.
  public func outputs(_ inputs: Matrix<Double>) -> Matrix<Double> {
    var signal = inputs
    for layer in 0...task.depth {
      var next = Matrix<Double>(rows: inputs.rows, columns: task.sizes[layer + 1])
      multiply(signal, weights[layer], into: &next, task.gain(layer), transposeB: true)
      if layer < task.depth, inputs.rows > 0 {
        next.withUnsafeMutableElements { x in
          task.activation.function.evaluate(
            UnsafePointer(x.baseAddress!), count: x.count, value: x.baseAddress!, derivative: nil)
        }
      }
      signal = next
    }
    return signal
  }
}
