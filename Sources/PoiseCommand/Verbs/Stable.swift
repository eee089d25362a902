public import ArgumentParser
import Foundation
public import Poise
import PoiseReports

struct Stable: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What is the stable law, and are these numbers of one?",
    discussion: """
      Lévy's α-stable laws: what sums of heavy-tailed numbers tend to. Density, probabilities,
      quantiles and samples; fits of data with errors; other laws beside them; power-law tails.

        poise stable pdf --x 0.5,3 --alpha 1.5
        poise stable fit --data weights.safetensors --tensor layers.0.weight
        poise stable compare --data returns.csv --column change
        poise stable tail --data values.npy

      Source: Nolan 1997; McCulloch 1986; Clauset et al. 2009; `poise cite stable`.
      """,
    subcommands: [
      StablePDF.self, StableCDF.self, StableQuantile.self, StableSample.self, StableFitting.self,
      StableComparing.self, StableTail.self,
    ])
}

/// A law or several: every parameter may be a list or a range.
struct StableLawOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Index α, above 0 to 2. A number, list or range.")
  var alpha: String
  @Option(parsing: .unconditional, help: "Skewness β, −1 to 1.") var beta = "0"
  @Option(parsing: .unconditional, help: "Scale c: E e^(itX) = e^(−(c|t|)^α) for β = 0.")
  var scale = "1"
  @Option(parsing: .unconditional, help: "Location in the parametrisation chosen.")
  var location = "0"
  @Option(help: "s0 (continuous in all parameters) or s1 (a shift of sums).")
  var parameterization: StableLaw.Parameterization = .s0

  func laws() throws(PoiseError) -> [StableLaw] {
    var all: [StableLaw] = []
    for alpha in try Axis(alpha, quantity: "--alpha").values {
      for beta in try Axis(beta, quantity: "--beta").values {
        for scale in try Axis(scale, quantity: "--scale").values {
          for location in try Axis(location, quantity: "--location").values {
            all.append(
              try StableLaw(
                alpha: alpha, beta: beta, scale: scale, location: location,
                parameterization: parameterization))
            guard all.count <= 10_000 else {
              throw PoiseError(
                .outOfRange, quantity: "laws", value: "more than 10000", allowed: "at most 10000")
            }
          }
        }
      }
    }
    return all
  }
}

extension StableLaw.Parameterization: ExpressibleByArgument {}
extension StableFit.Model: ExpressibleByArgument {}
extension StableFit.Method: ExpressibleByArgument {}

/// Numbers of a file.
struct SampleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Numbers: .csv, .npy, .npz or .safetensors.", valueName: "file"))
  var data: String
  @Option(help: "Array or tensor of an .npz or .safetensors file, by name.") var tensor: String?
  @Option(help: "One column: by name (CSV with a header) or number from 0. Default: all numbers.")
  var column: String?
  @Flag(help: "Leave out NaN and infinities; they are counted. Default: refuse.")
  var dropInvalid = false

  var name: String { tensor.map { "\(data)#\($0)" } ?? data }

  func load() throws(PoiseError) -> RealSample {
    try RealSample(
      NumberFile.read(path: data, tensor: tensor, column: column),
      invalid: dropInvalid ? .drop : .refuse)
  }
}

/// Options of the check of values.
struct StableCheckOptions: ParsableArguments {
  @Flag(help: "Draw numbers of the law and compare their shares with its probabilities.")
  var check = false
  @Option(parsing: .unconditional, help: "Numbers to draw for the check.")
  var draws = 1_000_000
}

/// What the three value commands share.
private func runCurves(
  _ operation: StableResult.Operation, _ law: StableLawOptions, _ arguments: [Double],
  _ options: StableCheckOptions, _ common: CommonOptions
) throws {
  let laws = try law.laws()
  guard laws.count * arguments.count <= Axis.limit else {
    throw PoiseError(
      .outOfRange, quantity: "values", value: "\(laws.count) laws at \(arguments.count) arguments",
      allowed: "at most \(Axis.limit) values")
  }
  let delivery = Delivery(common: common)
  let line = ProgressLine(quiet: common.quiet)
  let jobs = try common.threads()
  let check =
    options.check ? try StableCheck(draws: options.draws, seed: common.seed, jobs: jobs) : nil
  let result = try StableSurvey.curves(
    operation, laws, at: arguments, jobs: jobs, check: check,
    progress: { line.report($0, $1, $2) })
  line.finish()
  try deliver(result, delivery)
  if result.check?.verdict == .differs { throw ExitCode(1) }
}

private func deliver(_ result: StableResult, _ delivery: Delivery) throws {
  let record = delivery.record(
    "stable", .stable(result), assumptions: StableSurvey.assumptions,
    sources: StableSurvey.sources)
  let files = try delivery.write(record)
  try delivery.print(record) { RecordText.render($0, style: Terminal.style, files: files) }
}

/// Simulated samples: as asked for, or few enough for an answer within a minute or so.
private func replicates(_ asked: Int?, _ usual: Int) throws(PoiseError) -> Int {
  guard let asked else { return usual }
  guard (0...100_000).contains(asked) else {
    throw PoiseError(
      .outOfRange, quantity: "--bootstrap", value: "\(asked)", allowed: "0 to 100000")
  }
  return asked
}

struct StablePDF: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pdf", abstract: "Densities.",
    discussion: "  poise stable pdf --x -3:3:0.5 --alpha 1.5 --beta 0.5 --check")
  @Option(parsing: .unconditional, help: "Where: a number, list or range.") var x: String
  @OptionGroup(title: "Law") var law: StableLawOptions
  @OptionGroup(title: "Check") var check: StableCheckOptions
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    try runCurves(.pdf, law, try Axis(x, quantity: "--x").values, check, common)
  }
}

struct StableCDF: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cdf", abstract: "Probabilities P(X ≤ x) and P(X > x).",
    discussion: "  poise stable cdf --x 1:1e6@7 --alpha 1.5")
  @Option(parsing: .unconditional, help: "Where: a number, list or range.") var x: String
  @OptionGroup(title: "Law") var law: StableLawOptions
  @OptionGroup(title: "Check") var check: StableCheckOptions
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    try runCurves(.cdf, law, try Axis(x, quantity: "--x").values, check, common)
  }
}

struct StableQuantile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantile", abstract: "Quantiles.",
    discussion: "  poise stable quantile --p 0.5,0.95,0.999 --alpha 1.5")
  @Option(parsing: .unconditional, help: "Probabilities: a number, list or range.") var p: String
  @OptionGroup(title: "Law") var law: StableLawOptions
  @OptionGroup(title: "Check") var check: StableCheckOptions
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    try runCurves(.quantile, law, try Axis(p, quantity: "--p").values, check, common)
  }
}

struct StableSample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Random numbers, to an NPY file.",
    discussion: "  poise stable sample --count 1e6 --alpha 1.5 --output x.npy")
  @Option(parsing: .unconditional, help: "How many.") var count: String
  @OptionGroup(title: "Law") var law: StableLawOptions
  @Option(
    help: ArgumentHelp("Write the numbers here as NPY, float64.", valueName: "file.npy"))
  var output: String
  @Option(help: "Seed of every random number.") var seed: UInt64 = 1
  @Flag(help: "Print the record as JSON.") var json = false
  @Flag(help: "No progress on standard error.") var quiet = false

  func run() throws {
    let laws = try law.laws()
    guard laws.count == 1 else {
      throw PoiseError(
        .outOfRange, quantity: "parameters", value: "\(laws.count) laws", allowed: "one law")
    }
    let wanted = try Axis(count, quantity: "--count").integers("--count")
    guard wanted.count == 1, (1...200_000_000).contains(wanted[0]) else {
      throw PoiseError(
        .outOfRange, quantity: "--count", value: count, allowed: "a number from 1 to 200000000")
    }
    var stream = RandomStream(
      seed: seed, item: 0, purpose: RandomStream.Purpose(kind: 0xE0, index: 0))
    let line = ProgressLine(quiet: quiet)
    var values = [Double](repeating: 0, count: wanted[0])
    let part = 1 << 20
    for start in stride(from: 0, to: values.count, by: part) {
      values.withUnsafeMutableBufferPointer {
        let range = start..<min(start + part, $0.count)
        laws[0].fill(UnsafeMutableBufferPointer(rebasing: $0[range]), from: &stream)
      }
      line.report("numbers drawn", min(start + part, values.count), values.count)
    }
    line.finish()
    try NPY.write(StoredArray(values), path: output)
    var result = StableResult(.sample)
    result.file = output
    result.curves = [StableSurvey.lawOnly(laws[0])]
    result.sample = StableSurvey.summary(values, name: output)
    let common = try CommonOptions.parse(["--seed", "\(seed)"] + (json ? ["--json"] : []))
    try deliver(result, Delivery(common: common))
  }
}

struct StableFitting: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Which stable law fits these numbers, and how well?",
    discussion: "  poise stable fit --data x.npy --model symmetric --output fit")
  @OptionGroup(title: "Data") var sample: SampleOptions
  @Option(help: "full (α, β, scale, location) or symmetric (α, scale; centred).")
  var model: StableFit.Model = .full
  @Option(help: "likelihood, mcculloch or koutrouvelis.")
  var method: StableFit.Method = .likelihood
  @Option(
    parsing: .unconditional,
    help: "Simulated samples behind p-values. Default: 99 up to 20000 numbers, else none.")
  var bootstrap: Int?
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let line = ProgressLine(quiet: common.quiet)
    let numbers = try sample.load()
    let result = try StableSurvey.fit(
      numbers, name: sample.name, model: model, method: method,
      replicates: replicates(bootstrap, numbers.count <= 20_000 ? 99 : 0), seed: common.seed,
      jobs: common.threads(), progress: { line.report($0, $1, $2) })
    line.finish()
    try deliver(result, delivery)
  }
}

struct StableComparing: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Stable, Gaussian, Student's t or log-normal: which law is closest?",
    discussion: "  poise stable compare --data x.npy --output compare")
  @OptionGroup(title: "Data") var sample: SampleOptions
  @Option(help: "Stable model: full (α, β, scale, location) or symmetric (α, scale; centred).")
  var model: StableFit.Model = .full
  @Option(
    parsing: .unconditional,
    help: "Simulated samples behind p-values. Default: 99 up to 20000 numbers, else none.")
  var bootstrap: Int?
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let line = ProgressLine(quiet: common.quiet)
    let numbers = try sample.load()
    let result = try StableSurvey.compare(
      numbers, name: sample.name, model: model,
      replicates: replicates(bootstrap, numbers.count <= 20_000 ? 99 : 0), seed: common.seed,
      jobs: common.threads(), progress: { line.report($0, $1, $2) })
    line.finish()
    try deliver(result, delivery)
  }
}

struct StableTail: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail", abstract: "Has |x| a power-law tail, from where, with which exponent?",
    discussion: "  poise stable tail --data x.npy --output tail")
  @OptionGroup(title: "Data") var sample: SampleOptions
  @Option(
    parsing: .unconditional,
    help: "Simulated samples behind the p-value. Default: 200 up to 1e5 numbers, 50 above.")
  var bootstrap: Int?
  @Option(
    parsing: .unconditional,
    help: "Simulated samples of Gaussian and stable noise. Default: 100 up to 1e5 numbers, else 20."
  )
  var noise: Int?
  @OptionGroup(title: "Output") var common: CommonOptions

  func run() throws {
    let delivery = Delivery(common: common)
    let line = ProgressLine(quiet: common.quiet)
    let numbers = try sample.load()
    let isSmall = numbers.count <= 100_000
    let result = try StableSurvey.tail(
      numbers, name: sample.name, replicates: replicates(bootstrap, isSmall ? 200 : 50),
      noise: replicates(noise, isSmall ? 100 : 20), seed: common.seed, jobs: common.threads(),
      progress: { line.report($0, $1, $2) })
    line.finish()
    try deliver(result, delivery)
  }
}
