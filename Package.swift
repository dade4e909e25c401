// swift-tools-version: 6.2
import PackageDescription

// Each target is a room with one physics subject. Imports point down the diagram in
// Documentation/Architecture.md; `make layers` checks that they do. Tuning flags live in the
// Makefile: a package with unsafe flags could not be anybody's dependency.

let strict: [SwiftSetting] =
  Context.environment["DUSKLINE_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

func room(
  _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [],
  plugins: [Target.PluginUsage] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: [], resources: resources,
    swiftSettings: strict, plugins: plugins)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [])
  -> Target
{
  .testTarget(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let answer: [Target.Dependency] = [
  "Units", "ParticleData", "Production", "Detector", "Selection", "Reach",
]

let package = Package(
  name: "Duskline",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "duskline", targets: ["DusklineCLI"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // ground
    room("Units"),
    // particles
    room("ParticleData", ["Units"]),
    // physics
    room("Production"),
    // experiment
    room("Detector", ["Units"]),
    room("Selection", ["Units"]),
    // answer
    room("Reach", ["ParticleData", "Production", "Detector", "Selection"]),
    // pages
    room(
      "Formats", answer + [.product(name: "Yams", package: "Yams")],
      resources: [
        .embedInCode("Resources/muone-paper.card.yaml"),
        .embedInCode("Resources/muone-paper.apparatus.yaml"),
      ], plugins: ["BuildStamp"]),
    .plugin(name: "BuildStamp", capability: .buildTool()),
    // doors
    .executableTarget(
      name: "DusklineCLI",
      dependencies: answer + [
        "Formats", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // tests
    tests("FormatsTests", answer + ["Formats"]),
    tests("EndToEnd", []),
  ]
)
