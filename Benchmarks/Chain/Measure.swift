import AllocationCounter
import Benchmark
import Foundation

// Time is the library's; beside it each benchmark reports what the library does not know here: allocations, the processor
// time of all threads, and how long C takes for the same. How many items an iteration does, and on how many threads, stand
// in the tags: scripts/check-benchmarks divides.

private let allocations = BenchmarkMetric.custom("allocations", useScalingFactor: false)
private let processorTime = BenchmarkMetric.custom("processorTime", useScalingFactor: false)
private let timeInC = BenchmarkMetric.custom("timeInC", useScalingFactor: false)

private func configuration(
  items: Int, threads: Int, seconds: Double, warmups: Int
) -> Benchmark.Configuration {
  Benchmark.Configuration(
    metrics: [.wallClock, allocations, processorTime, timeInC],
    tags: ["items": "\(items)", "threads": "\(threads)"], timeUnits: .nanoseconds,
    units: [allocations: .count, processorTime: .count, timeInC: .count], warmupIterations: warmups,
    maxDuration: .seconds(seconds), maxIterations: 10_000)
}

/// Registers a benchmark.
///
/// - Parameters:
///   - items: what one call of `work` does, in the unit that the table quotes a time for.
///   - seconds: calls are repeated for so long; the first that ends later is the last.
///   - prepare: runs before each call, unmeasured.
///   - workInC: the same in C. Swift and C take turns, so that both see the machine in the same mood.
func measure(
  _ name: String, items: Int, seconds: Double = 0.5, prepare: @escaping () -> Void = {},
  inC workInC: (() -> Void)? = nil, _ work: @escaping () throws -> Void
) {
  let configuration = configuration(items: items, threads: 1, seconds: seconds, warmups: 2)
  Benchmark(name, configuration: configuration) { benchmark in
    prepare()
    let processor = nanoseconds(CLOCK_PROCESS_CPUTIME_ID)
    benchmark.startMeasurement()
    let blocks = allocation_count()
    try work()
    let blocksAfter = allocation_count()
    benchmark.stopMeasurement()
    benchmark.measurement(processorTime, nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - processor)
    benchmark.measurement(allocations, Int(blocksAfter - blocks))
    if let workInC {
      prepare()
      let start = nanoseconds(CLOCK_MONOTONIC)
      workInC()
      benchmark.measurement(timeInC, nanoseconds(CLOCK_MONOTONIC) - start)
    }
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
    let processor = nanoseconds(CLOCK_PROCESS_CPUTIME_ID)
    benchmark.startMeasurement()
    let blocks = allocation_count()
    try await work(threads)
    let blocksAfter = allocation_count()
    benchmark.stopMeasurement()
    benchmark.measurement(processorTime, nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - processor)
    benchmark.measurement(allocations, Int(blocksAfter - blocks))
  }
}

/// What a clock of the system shows, in ns.
private func nanoseconds(_ clock: clockid_t) -> Int {
  var time = timespec()
  clock_gettime(clock, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
