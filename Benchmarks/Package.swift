// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "poise-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "poise", path: "..")],
  targets: [
    .executableTarget(
      name: "poise-bench", dependencies: [.product(name: "Poise", package: "poise")],
      path: "Sources/PoiseBench",
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
