// swift-tools-version: 6.2
import PackageDescription

// Each target is a room with one physics subject. Imports point down the diagram in
// Documentation/Architecture.md; `make layers` checks that they do. Tuning flags live in the
// Makefile: a package with unsafe flags could not be anybody's dependency.

let strict: [SwiftSetting] =
  Context.environment["DUSKLINE_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

func room(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [])
  -> Target
{
  .target(
    name: name, dependencies: dependencies, exclude: [], resources: resources,
    swiftSettings: strict)
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
  ]
)
