// swift-tools-version: 6.2
import PackageDescription

// Each target is a room with one physics subject. Imports point down the diagram in
// Documentation/Architecture.md; `make layers` checks that they do. Tuning flags live in the
// Makefile: a package with unsafe flags could not be anybody's dependency.

let strict: [SwiftSetting] =
  Context.environment["DUSKLINE_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

func room(
  _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [],
  exclude: [String] = [], plugins: [Target.PluginUsage] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: exclude, resources: resources,
    swiftSettings: strict, plugins: plugins)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [])
  -> Target
{
  .testTarget(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let ground: [Target.Dependency] = ["Units", "Tables", "Calculus", "Sampling", "Integration"]
let particles: [Target.Dependency] = ground + ["Kinematics", "ParticleData"]
let experiment: [Target.Dependency] = particles + ["Detector", "Selection"]
let physics: [Target.Dependency] = particles + ["DarkSector", "Production", "Decay", "Showers"]
let answer: [Target.Dependency] =
  physics + [
    "Relic", "Detector", "Selection", "Background", "Statistics", "Constraints", "Reach",
    "Recasts",
  ]

let package = Package(
  name: "Duskline",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "duskline", targets: ["DusklineCLI"]),
    .library(name: "Duskline", targets: ["Duskline"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // ground
    room("Units"),
    room("Tables"),
    room("Calculus"),
    room("Sampling"),
    room("Integration", ["Calculus", "Sampling"]),
    // particles
    room("Kinematics", ["Units", "Sampling", "Calculus"]),
    room("ParticleData", ["Units"]),
    // physics
    room(
      "DarkSector", ["Units", "Tables", "Calculus", "Kinematics", "ParticleData"],
      resources: [.embedInCode("Resources/r-ratio.csv")]),
    room("Production", particles + ["DarkSector"]),
    room("Decay", particles + ["DarkSector"]),
    room("Showers", ["Units", "Calculus", "Sampling", "Integration", "ParticleData"]),
    room(
      "Relic", ["Units", "Tables", "Calculus", "Kinematics", "ParticleData", "DarkSector"],
      resources: [.embedInCode("Resources/relativistic-degrees-of-freedom.csv")]),
    // experiment
    room("Detector", ["Units", "Calculus"]),
    room("Selection", ["Units", "Calculus", "Sampling", "Kinematics", "ParticleData", "Detector"]),
    room("Background", experiment),
    // inference
    room("Statistics", ["Calculus"]),
    room(
      "Constraints", ["Units", "Tables", "Calculus"],
      resources: [
        "babar", "lep", "e137", "lsnd", "babar-displaced", "bdx", "ldmx", "miniboone", "belle2",
        "seaquest", "jsns2",
      ].map { .embedInCode("Resources/\($0).csv") }),
    // answer
    room("Reach", physics + ["Relic", "Detector", "Selection", "Background", "Statistics"]),
    room(
      "Recasts",
      physics + ["Detector", "Selection", "Statistics", "Constraints", "Reach"]),
    // pages
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .yum(["zlib-devel"])]),
    room(
      "Formats", answer + [.product(name: "Yams", package: "Yams"), "CZlib"],
      resources: [
        .embedInCode("Resources/muone-paper.card.yaml"),
        .embedInCode("Resources/muone-paper.apparatus.yaml"),
        .embedInCode("Resources/e137.apparatus.yaml"),
        .embedInCode("Resources/bdx.apparatus.yaml"),
        .embedInCode("Resources/ldmx.apparatus.yaml"),
        .embedInCode("Resources/na64mu.apparatus.yaml"),
      ], exclude: ["Resources/candidates"], plugins: ["BuildStamp", "EmbedCandidates"]),
    .plugin(name: "BuildStamp", capability: .buildTool()),
    .plugin(name: "EmbedCandidates", capability: .buildTool()),
    room("Scans", answer + ["Formats", .product(name: "GRDB", package: "GRDB.swift")]),
    room(
      "Report", answer + ["Formats"],
      resources: [
        .embedInCode("Resources/contour.csv"),
        .embedInCode("Resources/decays.csv"),
        .embedInCode("Resources/kinematics-means-muon-beryllium.csv"),
        .embedInCode("Resources/kinematics-quantiles-muon-beryllium.csv"),
        .embedInCode("Resources/production-muon-beryllium.csv"),
        .embedInCode("Resources/production-second-method.csv"),
        .embedInCode("Resources/relic.csv"),
        .embedInCode("Resources/single-photon-second-method.csv"),
        .embedInCode("Resources/yields.csv"),
      ]),
    // doors
    room("Duskline", answer + ["Formats", "Report"]),
    .executableTarget(
      name: "DusklineCLI",
      dependencies: answer + [
        "Formats", "Scans", "Report",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    // tests
    tests("GroundTests", ground),
    tests("KinematicsTests", particles),
    tests("DarkSectorTests", particles + ["DarkSector"]),
    tests("ProductionTests", particles + ["DarkSector", "Production"]),
    tests("DecayTests", physics),
    tests(
      "ShowersTests", ["Units", "Calculus", "Sampling", "Integration", "ParticleData", "Showers"]),
    tests("RelicTests", particles + ["DarkSector", "Relic"]),
    tests("DetectorTests", experiment),
    tests("SelectionTests", experiment),
    tests("BackgroundTests", experiment + ["Background"]),
    tests("StatisticsTests", ["Calculus", "Sampling", "Statistics"]),
    tests("ConstraintsTests", ["Units", "Tables", "Calculus", "Sampling", "Constraints"]),
    tests("RecastsTests", answer),
    tests("ReachTests", answer),
    tests("PhysicsValidation", answer + ["Formats"]),
    tests("FormatsTests", answer + ["Formats"]),
    tests(
      "ScansTests", answer + ["Formats", "Scans", .product(name: "GRDB", package: "GRDB.swift")]),
    tests("ReportTests", answer + ["Formats", "Report"]),
    tests("DusklineTests", ["Duskline"]),
    tests("EndToEnd", []),
  ]
)
