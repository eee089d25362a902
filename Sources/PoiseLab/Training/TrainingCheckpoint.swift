import Foundation
import PoiseData
import PoiseMeanField
import PoiseNetworks
import PoiseNumerics

/// A network under training in a safetensors file: weights under the names of `InitialWeights`, so that
/// other frameworks load it as it is, the optimiser's moments as `optimizer.<i>.layers.…`, the course so
/// far in the metadata. The file is replaced as a whole after an epoch.
struct TrainingCheckpoint {
  static let key = "poise.training/2"
  let path: String
  /// Of everything that decides the bits of the run.
  let identity: String

  /// The course up to an epoch.
  struct History: Codable {
    var identity: String
    var epoch: Int
    var course: TrainingResult.Course
    var observations: [TrainingResult.Observation]
    /// Of all numbers in the file.
    var checksum: UInt64
  }

  /// What the file holds; nil if there is none.
  /// - Throws: `unreadable` for other files and for another run.
  func read(
    like state: TrainingState<Float>
  ) throws(PoiseError) -> (history: History, state: TrainingState<Float>)? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let file = try Safetensors.read(path: path)
    guard let text = file.metadata[Self.key],
      let history = try? JSONDecoder().decode(History.self, from: Data(text.utf8))
    else { throw refusal("not a checkpoint of training") }
    guard history.identity == identity else {
      throw refusal("a checkpoint of another command, seed or data set")
    }
    let course = history.course
    guard history.epoch >= 1, course.trainingLoss.count == history.epoch,
      course.testAccuracy.count == history.epoch
    else { throw refusal("damaged: its course does not fit its epoch") }
    var restored = state
    restored.epoch = history.epoch
    restored.parameters = try layers(file, prefix: "", like: state.parameters)
    for index in state.moments.indices {
      restored.moments[index] = try layers(
        file, prefix: "optimizer.\(index).", like: state.moments[index])
    }
    guard Self.checksum(of: restored) == history.checksum else {
      throw refusal("damaged: its numbers are not those that were written")
    }
    return (history, restored)
  }

  /// - Throws: `outOfRange` if more epochs are in the file than are asked for.
  func check(_ history: History, epochs: Int) throws(PoiseError) {
    guard history.epoch <= epochs else {
      throw PoiseError(
        .outOfRange, quantity: "epochs", value: "\(epochs)",
        allowed: "\(history.epoch) or more, which \(path) has behind it",
        suggestion: "another --output, or remove the file")
    }
  }

  private static func checksum(of state: TrainingState<Float>) -> UInt64 {
    var sum = Checksum()
    for layer in state.parameters + state.moments.joined() {
      for number in layer.weights.elements { sum.add(UInt64(number.bitPattern)) }
      for number in layer.biases { sum.add(UInt64(number.bitPattern)) }
    }
    return sum.value
  }

  /// - Throws: `unwritable`.
  func write(
    _ state: TrainingState<Float>, epoch: Int, course: TrainingResult.Course,
    observations: [TrainingResult.Observation]
  ) throws(PoiseError) {
    let history = History(
      identity: identity, epoch: epoch, course: course, observations: observations,
      checksum: Self.checksum(of: state))
    var tensors: [String: StoredArray] = [:]
    try Self.put(state.parameters, prefix: "", into: &tensors)
    for (index, moment) in state.moments.enumerated() {
      try Self.put(moment, prefix: "optimizer.\(index).", into: &tensors)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let text = try? encoder.encode(history) else {
      throw PoiseError(
        .unwritable, quantity: path, value: "a course with a number that is not finite",
        allowed: "finite losses")
    }
    try Safetensors(
      tensors: tensors, metadata: [Self.key: String(decoding: text, as: UTF8.self)]
    ).write(path: path)
  }

  private static func put(
    _ layers: [FiniteNetwork<Float>.Layer], prefix: String,
    into tensors: inout [String: StoredArray]
  ) throws(PoiseError) {
    for (index, layer) in layers.enumerated() {
      tensors["\(prefix)layers.\(index).weight"] = try StoredArray(
        shape: [layer.weights.rows, layer.weights.columns],
        elements: layer.weights.elements.map { Double($0) }, elementType: .float32)
      tensors["\(prefix)layers.\(index).bias"] = try StoredArray(
        shape: [layer.biases.count], elements: layer.biases.map { Double($0) },
        elementType: .float32)
    }
  }

  private func layers(
    _ file: Safetensors, prefix: String, like layers: [FiniteNetwork<Float>.Layer]
  ) throws(PoiseError) -> [FiniteNetwork<Float>.Layer] {
    var result = layers
    for (index, layer) in layers.enumerated() {
      let name = "\(prefix)layers.\(index)"
      guard let weights = file.tensors["\(name).weight"], let biases = file.tensors["\(name).bias"],
        weights.shape == [layer.weights.rows, layer.weights.columns],
        biases.shape == [layer.biases.count]
      else { throw refusal("\(name) is missing or has another shape") }
      result[index].weights.elements = weights.elements.map { Float($0) }
      result[index].biases = biases.elements.map { Float($0) }
    }
    return result
  }

  private func refusal(_ what: String) -> PoiseError {
    PoiseError(
      .unreadable, quantity: path, value: what,
      allowed: "a checkpoint that the same command wrote",
      suggestion: "another --output, or remove the file")
  }
}
