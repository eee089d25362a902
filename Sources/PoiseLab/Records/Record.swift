public import Foundation
import PoiseNumerics

/// Everything about one run: what was asked, what came out, how to redo it. Tables, figures and
/// pages are made from records only.
public struct Record: Codable, Sendable {
  /// Version of this layout.
  public static let schema = "poise.record/1"

  /// `Record.schema` of the program that wrote it.
  public var schema: String
  /// Version of Poise.
  public var version: String
  /// The verb: advise, phase, propagate, …
  public var verb: String
  /// The whole command line that redoes the run.
  public var command: String
  /// Seed of all random streams.
  public var seed: UInt64
  /// What was taken for granted.
  public var assumptions: [String]
  /// Papers and derivations behind the numbers.
  public var sources: [String]
  /// The machine that ran it.
  public var machine: MachineSummary
  /// When and how long: the only fields that two runs of one command may differ in.
  public var timing: Timing
  /// What came out.
  public var result: Result

  /// The answer of one verb. In JSON an object with the verb as its single key.
  public enum Result: Codable, Sendable {
    case advise(AdviceResult)
    case phase(PhaseResult)
    case propagate(PropagationResult)
    case spectrum(SpectrumResult)
    case kernel(KernelResult)
    case estimate(EstimateResult)
    case bottleneck(BottleneckResult)
    case tails(TailsResult)
    case layerSpectrum(LayerSpectrumResult)
    case manifold(ManifoldResult)
    case stablePhase(StablePhaseResult)
    case stableAdvice(StableAdviceResult)
    case stable(StableResult)
    case information(InformationResult)
    case posterior(PosteriorResult)
    case sweep(SweepResult)
    case train(TrainingResult)
    case study(StudyResult)

    private enum CodingKeys: String, CodingKey {
      case advise, phase, propagate, spectrum, kernel
      case estimate, bottleneck, tails, stable, information, posterior
      case layerSpectrum, manifold, sweep, stablePhase, stableAdvice, train, study
    }

    /// The result of whichever verb it is.
    public var value: any RecordedResult {
      switch self {
      case .advise(let result): result
      case .phase(let result): result
      case .propagate(let result): result
      case .spectrum(let result): result
      case .kernel(let result): result
      case .estimate(let result): result
      case .bottleneck(let result): result
      case .tails(let result): result
      case .layerSpectrum(let result): result
      case .manifold(let result): result
      case .stablePhase(let result): result
      case .stableAdvice(let result): result
      case .stable(let result): result
      case .information(let result): result
      case .posterior(let result): result
      case .sweep(let result): result
      case .train(let result): result
      case .study(let result): result
      }
    }

    /// The result of the first known verb among the keys; an unknown verb is an error.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      func result<Value: RecordedResult>(_ key: CodingKeys) throws -> Value {
        try container.decode(Value.self, forKey: key)
      }
      switch container.allKeys.first {
      case .advise: self = .advise(try result(.advise))
      case .phase: self = .phase(try result(.phase))
      case .propagate: self = .propagate(try result(.propagate))
      case .spectrum: self = .spectrum(try result(.spectrum))
      case .kernel: self = .kernel(try result(.kernel))
      case .estimate: self = .estimate(try result(.estimate))
      case .bottleneck: self = .bottleneck(try result(.bottleneck))
      case .tails: self = .tails(try result(.tails))
      case .layerSpectrum: self = .layerSpectrum(try result(.layerSpectrum))
      case .manifold: self = .manifold(try result(.manifold))
      case .stablePhase: self = .stablePhase(try result(.stablePhase))
      case .stableAdvice: self = .stableAdvice(try result(.stableAdvice))
      case .stable: self = .stable(try result(.stable))
      case .information: self = .information(try result(.information))
      case .posterior: self = .posterior(try result(.posterior))
      case .sweep: self = .sweep(try result(.sweep))
      case .train: self = .train(try result(.train))
      case .study: self = .study(try result(.study))
      case nil:
        throw DecodingError.dataCorrupted(
          .init(codingPath: container.codingPath, debugDescription: "no known verb"))
      }
    }

    /// An object with the verb as its single key.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      func put(_ value: some RecordedResult, _ key: CodingKeys) throws {
        try container.encode(value, forKey: key)
      }
      switch self {
      case .advise(let result): try put(result, .advise)
      case .phase(let result): try put(result, .phase)
      case .propagate(let result): try put(result, .propagate)
      case .spectrum(let result): try put(result, .spectrum)
      case .kernel(let result): try put(result, .kernel)
      case .estimate(let result): try put(result, .estimate)
      case .bottleneck(let result): try put(result, .bottleneck)
      case .tails(let result): try put(result, .tails)
      case .layerSpectrum(let result): try put(result, .layerSpectrum)
      case .manifold(let result): try put(result, .manifold)
      case .stablePhase(let result): try put(result, .stablePhase)
      case .stableAdvice(let result): try put(result, .stableAdvice)
      case .stable(let result): try put(result, .stable)
      case .information(let result): try put(result, .information)
      case .posterior(let result): try put(result, .posterior)
      case .sweep(let result): try put(result, .sweep)
      case .train(let result): try put(result, .train)
      case .study(let result): try put(result, .study)
      }
    }
  }

  /// A record of this run: schema, version and machine are those of this program.
  public init(
    verb: String, command: String, seed: UInt64, assumptions: [String], sources: [String],
    timing: Timing, result: Result
  ) {
    schema = Self.schema
    version = PoiseVersion.current
    self.verb = verb
    self.command = command
    self.seed = seed
    self.assumptions = assumptions
    self.sources = sources
    machine = .current
    self.timing = timing
    self.result = result
  }

  /// The record as JSON: sorted keys, all digits, one trailing newline.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// Reads a record back.
  /// - Throws: `unreadable` with the path and what is wrong with the file.
  public static func read(from path: String) throws -> Record {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw PoiseError(
        .unreadable, quantity: path, value: "no such file, or no permission",
        allowed: "a record.json that Poise wrote")
    }
    do {
      let record = try JSONDecoder().decode(Record.self, from: data)
      guard record.schema == schema else {
        throw PoiseError(
          .unreadable, quantity: path, value: "schema \(record.schema)", allowed: schema,
          suggestion: "the version of Poise that wrote it: \(record.version)")
      }
      try record.checkShape(path)
      return record
    } catch let error as PoiseError {
      throw error
    } catch {
      throw PoiseError(
        .unreadable, quantity: path, value: "not a record of Poise",
        allowed: "JSON of schema \(schema)", suggestion: "run the command again with --output")
    }
  }
}

/// What the results of all verbs have in common.
public protocol RecordedResult: Codable, Sendable {
  /// Theory against networks, layer by layer, where the result keeps it in this form.
  var networkCheck: CheckResult? { get }
  /// Which arrays belong together, and whether they have one length: what reads a record may then
  /// index them.
  var shape: [(name: String, isWhole: Bool)] { get }
}

extension RecordedResult {
  /// nil: results that keep no such check.
  public var networkCheck: CheckResult? { nil }
}

extension Record {
  /// Theory against networks, wherever the record keeps it.
  public var check: CheckResult? { result.value.networkCheck }
}

/// The version of Poise.
public enum PoiseVersion {
  /// As `poise --version` prints it.
  public static let current = "0.1.0"
}

/// When a run started and how long it took.
public struct Timing: Codable, Sendable, Equatable {
  /// ISO 8601, UTC.
  public var started: String
  /// Seconds from start to end.
  public var wallSeconds: Double

  /// The start as a date, the time between both.
  public init(started: Date, ended: Date) {
    self.started = started.formatted(.iso8601)
    wallSeconds = ended.timeIntervalSince(started)
  }
}

/// What of a machine decides about the last bits of a result.
public struct MachineSummary: Codable, Sendable, Equatable {
  /// Operating system and version.
  public var system: String
  /// Processor kernel of the BLAS.
  public var blasCore: String

  /// This machine.
  public static var current: MachineSummary {
    MachineSummary(
      system: ProcessInfo.processInfo.operatingSystemVersionString, blasCore: BLAS.coreName)
  }
}

/// A number that may not exist. JSON gets an explicit null, never a missing key; the reason stands
/// beside it under `<name>Case`.
@propertyWrapper
public struct Nullable: Codable, Sendable, Equatable {
  /// The number; nil where it does not exist.
  public var wrappedValue: Double?

  /// The number, or nil.
  public init(wrappedValue: Double?) { self.wrappedValue = wrappedValue }

  /// A number, or nil for null.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Double.self)
  }

  /// The number, or null for nil.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}
