import PoiseInformation
import PoiseModel
import PoiseNetworks
import PoiseNumerics
import RealModule

/// Noisy signals through one finite network, and their second moments by layer.
struct NoisyPass {
  let network: FiniteNetwork<Double>
  let channel: NetworkChannel

  /// Inputs drawn for every unit: the sample covariance is then far from singular.
  static let rowsPerUnit = 8

  init(_ network: FiniteNetwork<Double>, _ channel: NetworkChannel) {
    self.network = network
    self.channel = channel
  }

  /// By layer: mean square, variance over inputs and noise, variance over noise, ½ ln det of the
  /// covariance per unit.
  func measure(_ stream: inout RandomStream) throws(PoiseError) -> [[Double]] {
    let width = network.architecture.inputs
    let rows = Self.rowsPerUnit * width
    // The first rows pass twice, with other noise.
    let twins = min(rows, 256)
    var signal = Matrix<Double>(rows: rows + twins, columns: width)
    fill(&signal, rows: rows, &stream)
    signal.withUnsafeMutableElements { base in
      (base.baseAddress! + rows * width).update(from: base.baseAddress!, count: twins * width)
    }
    var result: [[Double]] = []
    for layer in network.layers {
      signal = Matrix.product(signal, layer.weights, transposeB: true)
      let size = layer.biases.count
      let deviation = channel.noise.variance.squareRoot()
      var noise = [Double](repeating: 0, count: signal.elements.count)
      noise.withUnsafeMutableBufferPointer { stream.fillNormal($0) }
      var observed = signal
      observed.withUnsafeMutableElements { values in
        for index in 0..<values.count {
          values[index] += layer.biases[index % size] + deviation * noise[index]
        }
      }
      result.append(try moments(observed, rows: rows, twins: twins))
      if case .output = channel.noise {
        signal.withUnsafeMutableElements { values in
          for index in 0..<values.count { values[index] += layer.biases[index % size] }
        }
      } else {
        signal = observed
      }
      signal.withUnsafeMutableElements { values in
        network.activation.function.evaluate(
          UnsafePointer(values.baseAddress!), count: values.count, value: values.baseAddress!,
          derivative: nil)
      }
    }
    return result
  }

  private func fill(_ signal: inout Matrix<Double>, rows: Int, _ stream: inout RandomStream) {
    let parts = channel.inputs.parts
    signal.withUnsafeMutableElements { values in
      let count = rows * network.architecture.inputs
      if parts.count == 1 {
        stream.fillNormal(UnsafeMutableBufferPointer(rebasing: values[..<count]))
        let deviation = parts[0].variance.squareRoot()
        for index in 0..<count { values[index] = parts[0].mean + deviation * values[index] }
        return
      }
      for index in 0..<count { values[index] = component(&stream) }
    }
  }

  /// One component of an input.
  func component(_ stream: inout RandomStream) -> Double {
    let parts = channel.inputs.parts
    var chosen = parts[parts.count - 1]
    if parts.count > 1 {
      var level = stream.uniform()
      chosen =
        parts.first { part in
          level -= part.weight
          return level < 0
        } ?? chosen
    }
    let spread = chosen.variance > 0 ? chosen.variance.squareRoot() * stream.normal() : 0
    return chosen.mean + spread
  }

  private func moments(
    _ h: Matrix<Double>, rows: Int, twins: Int
  ) throws(PoiseError) -> [Double] {
    let size = h.columns
    var centred = Matrix<Double>(rows: rows, columns: size)
    var (square, between) = (0.0, 0.0)
    var means = [Double](repeating: 0, count: size)
    for row in 0..<rows {
      for unit in 0..<size {
        let value = h[row, unit]
        square += value * value
        means[unit] += value / Double(rows)
      }
    }
    centred.withUnsafeMutableElements { values in
      for row in 0..<rows {
        for unit in 0..<size { values[row * size + unit] = h[row, unit] - means[unit] }
      }
    }
    for row in 0..<twins {
      for unit in 0..<size {
        let difference = h[row, unit] - h[rows + row, unit]
        between += difference * difference
      }
    }
    var covariance = Matrix.product(centred, centred, transposeA: true)
    let freedom = Double(rows - 1)
    covariance.elements = covariance.elements.map { $0 / freedom }
    let factor = try covariance.choleskyFactor()
    // E ln det of a Wishart matrix less that of its scale: Σ ψ((ν − i)/2) + ln(2/ν).
    var (logDet, trace, bias) = (0.0, 0.0, 0.0)
    for unit in 0..<size {
      logDet += 2 * .log(factor[unit, unit])
      trace += covariance[unit, unit]
      bias += Digamma.value((freedom - Double(unit)) / 2) + .log(2 / freedom)
    }
    return [
      square / Double(rows * size), trace / Double(size), between / Double(2 * twins * size),
      (logDet - bias) / Double(2 * size),
    ]
  }
}
