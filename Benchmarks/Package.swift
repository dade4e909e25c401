// swift-tools-version: 6.1
import PackageDescription

// What users wait for, measured: `make bench` in the folder above. A package of its own, so that nobody
// who uses or tests Duskline builds it. The tuning flags are those of the Makefile; the C yardstick
// needs more, which only a package that nobody depends on may have.

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "Duskline", path: ".."),
    // Without its traits: they preload libraries, and allocations are counted here instead.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    // The production point in C.
    .target(
      name: "Yardstick", path: "Yardstick",
      cSettings: [.unsafeFlags(["-O3", "-ffp-contract=off"])]),
    .target(name: "AllocationCounter", path: "AllocationCounter"),
    .executableTarget(
      name: "Chain",
      dependencies: [
        "Yardstick", "AllocationCounter",
        .product(name: "Duskline", package: "Duskline"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Chain",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ]
)
