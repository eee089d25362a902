// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Elementary functions, spelled the same on every system.
let real = Target.Dependency.product(name: "RealModule", package: "swift-numerics")

/// Complex numbers.
let complex = Target.Dependency.product(name: "ComplexModule", package: "swift-numerics")

/// A library target; the arrows of `docs/ARCHITECTURE.md` are its dependencies.
func layer(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil
) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [],
  resources: [Resource]? = nil
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: exclude, resources: resources,
    swiftSettings: strict)
}

let package = Package(
  name: "poise",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Poise", targets: ["Poise"]),
    .executable(name: "poise", targets: ["PoiseCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
  ],
  targets: [
    // 1: numbers
    .systemLibrary(
      name: "CBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "CPoiseKernels"),
    layer("PoiseNumerics", ["CBLAS", "CPoiseKernels", real]),
    // 2: nouns
    layer("PoiseModel", ["PoiseNumerics", real]),
    layer("PoiseData", ["PoiseNumerics", "CZlib"], resources: [.copy("Resources")]),
    // 3: theory | finite networks; the two never import each other
    layer("PoiseMeanField", ["PoiseNumerics", "PoiseModel", real]),
    layer("PoiseSpectra", ["PoiseNumerics", "PoiseModel", "PoiseMeanField", real, complex]),
    layer(
      "PoiseInformation",
      ["PoiseNumerics", "PoiseModel", "PoiseMeanField", "PoiseSpectra", real]),
    layer("PoiseHeavyTails", ["PoiseNumerics", "PoiseModel", "PoiseMeanField", real, complex]),
    layer("PoisePosterior", ["PoiseNumerics", "PoiseModel", "PoiseMeanField", real]),
    layer("PoiseNetworks", ["PoiseNumerics", "PoiseModel", real]),
    // 4: the laboratory sees both
    layer(
      "PoiseLab",
      [
        "PoiseNumerics", "PoiseModel", "PoiseData", "PoiseMeanField", "PoiseSpectra",
        "PoiseHeavyTails", "PoiseInformation", "PoisePosterior", "PoiseNetworks", real,
      ],
      resources: [.copy("Resources")]),
    // 5: faces
    layer("PoiseReports", ["PoiseNumerics", "PoiseLab"]),
    layer(
      "Poise",
      [
        "PoiseNumerics", "PoiseModel", "PoiseData", "PoiseMeanField", "PoiseSpectra",
        "PoiseHeavyTails", "PoiseInformation", "PoisePosterior", "PoiseNetworks", "PoiseLab",
      ]),
    .executableTarget(
      name: "PoiseCommand",
      // The modules behind the umbrella are named too: an incremental build would otherwise miss
      // a change of their types.
      dependencies: [
        "Poise", "PoiseNumerics", "PoiseModel", "PoiseData", "PoiseMeanField", "PoiseSpectra",
        "PoiseHeavyTails", "PoiseInformation", "PoisePosterior", "PoiseNetworks", "PoiseLab",
        "PoiseReports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    tests(
      "PoiseNumericsTests",
      ["PoiseNumerics", "CPoiseKernels", real],
      exclude: ["References"]),
    tests(
      "PoisePosteriorTests",
      ["PoisePosterior", "PoiseLab", "PoiseMeanField", "PoiseModel", "PoiseNumerics", real],
      exclude: ["References"]),
    tests("PoiseModelTests", ["PoiseModel", "PoiseNumerics"], exclude: ["References"]),
    tests("PoiseDataTests", ["PoiseData", "PoiseNumerics"]),
    tests(
      "PoiseMeanFieldTests",
      [
        "PoiseMeanField", "PoiseModel", "PoiseNumerics",
        real,
      ],
      exclude: ["References"]),
    tests(
      "PoiseSpectraTests", ["PoiseSpectra", "PoiseMeanField", "PoiseModel", "PoiseNumerics"]),
    tests(
      "PoiseInformationTests",
      ["PoiseInformation", "PoiseSpectra", "PoiseMeanField", "PoiseModel", "PoiseNumerics", real],
      exclude: ["References"]),
    tests(
      "PoiseHeavyTailsTests",
      ["PoiseHeavyTails", "PoiseMeanField", "PoiseModel", "PoiseNumerics", real],
      exclude: ["References"]),
    tests(
      "PoiseNetworksTests", ["PoiseNetworks", "PoiseModel", "PoiseNumerics"],
      exclude: ["References"]),
    tests(
      "PoiseLabTests",
      [
        "PoiseLab", "PoiseData", "PoiseHeavyTails", "PoiseModel", "PoiseNumerics",
        "PoiseMeanField", "PoiseNetworks",
      ],
      exclude: ["References"]),
    tests("PoiseReportsTests", ["PoiseReports", "PoiseLab", "PoiseNumerics"]),
    tests(
      "TheoryMeetsNetworksTests",
      [
        "Poise", "PoiseData", "PoiseHeavyTails", "PoiseInformation", "PoiseLab", "PoiseMeanField",
        "PoiseModel", "PoiseNetworks", "PoiseNumerics", "PoisePosterior", "PoiseSpectra",
      ]),
    tests("CommandTests", ["Poise", "PoiseLab", "PoiseCommand"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)

// Only `make docs` needs the documentation plugin; nobody else should wait for it to build.
if Context.environment["POISE_DOCS"] != nil {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
