import AllocationCounter
import Benchmark
import Foundation

// Time is the library's; beside it each benchmark reports what the library does not know here: allocations, and the
// processor time of all threads. How many items an iteration does, and on how many threads, stand in the tags:
// scripts/check-benchmarks divides.

private let allocations = BenchmarkMetric.custom("allocations", useScalingFactor: false)
private let processorTime = BenchmarkMetric.custom("processorTime", useScalingFactor: false)

private func configuration(
  items: Int, threads: Int, seconds: Double, warmups: Int
) -> Benchmark.Configuration {
  Benchmark.Configuration(
    metrics: [.wallClock, allocations, processorTime],
    tags: ["items": "\(items)", "threads": "\(threads)"], timeUnits: .nanoseconds,
    units: [allocations: .count, processorTime: .count], warmupIterations: warmups,
    maxDuration: .seconds(seconds), maxIterations: 10_000)
}

/// Registers a benchmark.
///
/// - Parameters:
///   - items: what one call of `work` does, in the unit that the table quotes a time for.
///   - seconds: calls are repeated for so long; the first that ends later is the last.
///   - prepare: runs before each call, unmeasured.
func measure(
  _ name: String, items: Int, seconds: Double = 0.5, prepare: @escaping () -> Void = {},
  _ work: @escaping () throws -> Void
) {
  let configuration = configuration(items: items, threads: 1, seconds: seconds, warmups: 2)
  Benchmark(name, configuration: configuration) { benchmark in
    prepare()
    let processor = processorNanoseconds()
    benchmark.startMeasurement()
    let blocks = allocation_count()
    try work()
    let blocksAfter = allocation_count()
    benchmark.stopMeasurement()
    benchmark.measurement(processorTime, processorNanoseconds() - processor)
    benchmark.measurement(allocations, Int(blocksAfter - blocks))
  }
}

/// Registers a benchmark of work that is shared out among threads.
func measure(
  _ name: String, items: Int, threads: Int, seconds: Double = 2, warmups: Int = 1,
  _ work: @escaping (_ threads: Int) async throws -> Void
) {
  let configuration = configuration(
    items: items, threads: threads, seconds: seconds, warmups: warmups)
  Benchmark(name, configuration: configuration) { benchmark in
    let processor = processorNanoseconds()
    benchmark.startMeasurement()
    let blocks = allocation_count()
    try await work(threads)
    let blocksAfter = allocation_count()
    benchmark.stopMeasurement()
    benchmark.measurement(processorTime, processorNanoseconds() - processor)
    benchmark.measurement(allocations, Int(blocksAfter - blocks))
  }
}

/// The processor time of all threads of this process, in ns.
private func processorNanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
