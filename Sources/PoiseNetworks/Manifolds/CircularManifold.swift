import PoiseModel
public import PoiseNumerics
import RealModule

/// A circle of inputs x(θ) = r (cos θ u + sin θ v) and its image in every layer, with exact first and second
/// derivatives in θ:
///
///     h = Wφ,   h′ = W(φ′(h) h′),   h″ = W(φ″(h) h′² + φ′(h) h″)      (products unit by unit)
public struct CircularManifold: Sendable {
  /// Points on the circle, equally spaced.
  public let points: Int
  /// r.
  public let radius: Double

  /// - Parameters:
  ///   - points: 8 to 100000.
  ///   - radius: above 0.
  /// - Throws: `outOfRange`.
  public init(points: Int = 1000, radius: Double = 1) throws(PoiseError) {
    guard (8...100_000).contains(points) else {
      throw PoiseError(
        .outOfRange, quantity: "points", value: "\(points)", allowed: "8 to 100000",
        suggestion: "1000")
    }
    self.points = points
    self.radius = try radius.checked("radius", in: 1e-12...1e12)
  }

  /// The image of the circle in one layer.
  public struct Image: Sendable {
    /// Layer, from 1.
    public let layer: Int
    /// h (point × unit).
    public let preactivations: Matrix<Double>
    /// Standard deviation over mean of the distances between neighbours: 0 for uniform stretching, large
    /// where it is intermittent; 0 where all points coincide.
    public let variation: Double
    /// Mean distance between neighbours over the root mean square of |h|.
    public let relativeDistance: Double
    /// ∮ |h′| dθ.
    public let length: Double
    /// Mean over θ of the curvature κ, κ² = (|h′|²|h″|² − (h′·h″)²)/|h′|⁶.
    public let meanCurvature: Double
    /// ∮ κ |h′| dθ: 2π for a circle, more for a curve that turns.
    public let totalCurvature: Double
  }

  /// The images in all hidden layers of a network, along the first two coordinates of its input.
  ///
  /// - Throws: `shapeMismatch` for fewer than two inputs; `noAnswer` where values overflow;
  ///   `outOfRange` for more than 2³⁰ numbers in a layer.
  public func images(in network: FiniteNetwork<Double>) throws(PoiseError) -> [Image] {
    var images: [Image] = []
    try forEachImage(network.activation, network.architecture, { network.layers[$0] }) {
      images.append($0)
    }
    return images
  }

  /// Visits the images of all hidden layers of a network that is drawn layer by layer: one layer is held at
  /// a time.
  ///
  /// - Throws: as `images(in:)`, and what `visit` throws.
  public func forEachImage(
    in sample: NetworkSample, _ visit: (Image) throws(PoiseError) -> Void
  ) throws(PoiseError) {
    try forEachImage(sample.ensemble.activation, sample.architecture, { sample.layer($0) }, visit)
  }

  private func forEachImage(
    _ activation: Activation, _ architecture: Architecture,
    _ layer: (Int) -> FiniteNetwork<Double>.Layer, _ visit: (Image) throws(PoiseError) -> Void
  ) throws(PoiseError) {
    let inputs = architecture.inputs
    guard inputs >= 2 else {
      throw PoiseError(
        .shapeMismatch, quantity: "inputs", value: "\(inputs)", allowed: "at least 2")
    }
    guard points * max(inputs, architecture.widest) <= 1 << 30 else {
      throw PoiseError(
        .outOfRange, quantity: "points × units", value: "\(points) × \(inputs)",
        allowed: "at most 2^30", suggestion: "fewer points")
    }
    var (x, first) = (
      Matrix<Double>(rows: points, columns: inputs), Matrix<Double>(rows: points, columns: inputs)
    )
    for point in 0..<points {
      let angle = 2 * .pi * Double(point) / Double(points)
      x[point, 0] = radius * .cos(angle)
      x[point, 1] = radius * .sin(angle)
      first[point, 0] = -x[point, 1]
      first[point, 1] = x[point, 0]
    }
    var second = x
    for index in second.elements.indices { second.elements[index] = -x.elements[index] }
    for index in 0..<architecture.depth {
      let layer = layer(index)
      var h = Matrix.product(x, layer.weights, transposeB: true)
      for point in 0..<points {
        for unit in 0..<h.columns { h.elements[point * h.columns + unit] += layer.biases[unit] }
      }
      let tangent = Matrix.product(first, layer.weights, transposeB: true)
      let bend = Matrix.product(second, layer.weights, transposeB: true)
      guard h.elements.allSatisfy(\.isFinite) else {
        throw PoiseError(
          .noAnswer, quantity: "preactivations of layer \(index + 1)", value: "overflow",
          allowed: "a network whose signals stay finite", suggestion: "a smaller scale")
      }
      try visit(image(h, tangent, bend, layer: index + 1))
      guard index + 1 < architecture.depth else { return }
      (x, first, second) = passed(activation.function, h, tangent, bend)
    }
  }

  /// φ(h) with its first and second derivative in θ.
  private func passed(
    _ function: any ActivationFunction, _ h: Matrix<Double>, _ tangent: Matrix<Double>,
    _ bend: Matrix<Double>
  ) -> (Matrix<Double>, Matrix<Double>, Matrix<Double>) {
    var (x, first, second) = (h, tangent, bend)
    for place in h.elements.indices {
      let (value, t) = (h.elements[place], tangent.elements[place])
      let slope = function.derivative(value)
      x.elements[place] = function.value(value)
      first.elements[place] = slope * t
      second.elements[place] =
        function.secondDerivative(value) * t * t + slope * bend.elements[place]
    }
    return (x, first, second)
  }

  private func image(
    _ h: Matrix<Double>, _ tangent: Matrix<Double>, _ bend: Matrix<Double>, layer: Int
  ) -> Image {
    let width = h.columns
    var (distances, radii) = (RunningMoments(), 0.0)
    var (length, curvature, turning) = (0.0, 0.0, 0.0)
    for point in 0..<points {
      let (row, next) = (point * width, (point + 1) % points * width)
      var (distance, radius) = (0.0, 0.0)
      var (speed, acceleration, mixed) = (0.0, 0.0, 0.0)
      for unit in 0..<width {
        let d = h.elements[next + unit] - h.elements[row + unit]
        distance += d * d
        radius += h.elements[row + unit] * h.elements[row + unit]
        let (v, a) = (tangent.elements[row + unit], bend.elements[row + unit])
        speed += v * v
        acceleration += a * a
        mixed += v * a
      }
      distances.add(distance.squareRoot())
      radii += radius
      let v = speed.squareRoot()
      length += v
      if speed > 0 {
        // κ v = √(|h″|² − (h′·h″)²/|h′|²)/|h′|.
        let bending = max(0, acceleration - mixed / speed * mixed).squareRoot() / v
        turning += bending
        curvature += bending / v
      }
    }
    let step = 2 * .pi / Double(points)
    let rootMeanSquare = (radii / Double(points)).squareRoot()
    let mean = distances.mean
    return Image(
      layer: layer, preactivations: h,
      variation: mean > 0 ? (distances.variance ?? 0).squareRoot() / mean : 0,
      relativeDistance: rootMeanSquare > 0 ? mean / rootMeanSquare : 0, length: length * step,
      meanCurvature: curvature / Double(points), totalCurvature: turning * step)
  }
}
