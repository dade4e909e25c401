import Synchronization

/// Computes `transform(0) … transform(count - 1)` on at most `threads` tasks and returns the results in order.
///
/// Tasks take the next index when they are free; a result depends on its index alone, so that it is the same
/// for any number of threads. The first error, in index order, is thrown after all have ended.
public func concurrentMap<Result: Sendable>(
  count: Int, threads: Int,
  _ transform: @escaping @Sendable (Int) throws -> Result
) async throws -> [Result] {
  precondition(threads >= 1, "work needs a thread")
  guard count > 0 else { return [] }
  let next = SharedCounter()
  let parts = await withTaskGroup(of: [(Int, Swift.Result<Result, any Error>)].self) { group in
    for _ in 0..<min(threads, count) {
      group.addTask {
        var results: [(Int, Swift.Result<Result, any Error>)] = []
        while let index = next.take(below: count), !Task.isCancelled {
          results.append((index, Swift.Result { try transform(index) }))
        }
        return results
      }
    }
    var parts: [(Int, Swift.Result<Result, any Error>)] = []
    for await part in group { parts += part }
    return parts
  }
  try Task.checkCancellation()
  return try parts.sorted { $0.0 < $1.0 }.map { try $0.1.get() }
}

/// A counter that tasks share.
package final class SharedCounter: Sendable {
  private let value = Atomic<Int>(0)

  /// A counter at 0.
  package init() {}

  /// The next number, if it lies below a limit.
  package func take(below limit: Int) -> Int? {
    let index = value.add(1, ordering: .relaxed).oldValue
    return index < limit ? index : nil
  }
}
