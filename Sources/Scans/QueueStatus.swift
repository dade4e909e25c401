import Formats

/// What Slurm's queue says about a scan's shards and its merge; HTCondor's is not asked.
public struct QueueStatus: Sendable, Hashable {
  /// What became of a job.
  public enum State: String, Sendable, Hashable, CaseIterable {
    /// It waits for the first time.
    case pending
    /// It runs, or is about to begin or to end.
    case running
    /// It ran, was stopped, and waits again.
    case requeued
    /// It ended without a result.
    case failed
    /// Somebody, or a dependency that cannot come true, cancelled it.
    case cancelled
    /// Its result is there.
    case done
    /// It has no result, and the queue knows nothing of it: never submitted, or forgotten.
    case absent

    /// Whether something will happen without another submission.
    public var isActive: Bool { self == .pending || self == .running || self == .requeued }
  }

  /// A shard's job, or the merge's.
  public struct Job: Sendable, Hashable {
    /// The job's number, as `scancel` takes it: `123_4`, or `124` for a merge; `nil` where there is none.
    public var id: String?
    /// The shard; `nil` for the merge.
    public var shard: Int?
    /// What became of it.
    public var state: State
    /// Slurm's word for that: `NODE_FAIL`.
    public var word: String?
    /// Slurm's reason for that: `Resources`, `NonZeroExitCode`.
    public var reason: String?
    /// How many times it went back to the queue.
    public var restarts = 0
    /// The exit code of one that failed.
    public var exitCode: Int?
    /// The signal that ended one that failed.
    public var signal: Int?
  }

  /// The jobs of the shards, in order.
  public let shards: [Job]
  /// The job of the merge.
  public let merge: Job

  /// Whether something will happen without another submission.
  public var isActive: Bool { merge.state.isActive || shards.contains { $0.state.isActive } }

  /// The number of shards in a state.
  public func count(of state: State) -> Int { shards.count { $0.state == state } }

  /// The status as JSON: counts, the merge, and each shard that is not done.
  public var json: JSONValue {
    .object([
      "engine": "slurm",
      "shards": .integer(shards.count),
      "counts": .object(
        Dictionary(
          uniqueKeysWithValues: State.allCases.map { ($0.rawValue, .integer(count(of: $0))) })),
      "merge": Self.json(merge),
      "jobs": .array(shards.filter { $0.state != .done }.map(Self.json)),
    ])
  }

  private static func json(_ job: Job) -> JSONValue {
    .object([
      "id": job.id.map { .string($0) } ?? .null,
      "shard": job.shard.map { .integer($0) } ?? .null,
      "state": .string(job.state.rawValue),
      "slurm_state": job.word.map { .string($0) } ?? .null,
      "reason": job.reason.map { .string($0) } ?? .null,
      "restarts": .integer(job.restarts),
      "exit_code": job.exitCode.map { .integer($0) } ?? .null,
      "signal": job.signal.map { .integer($0) } ?? .null,
    ])
  }

  /// Lines for people: shards by state and reason, and the merge.
  public var text: String {
    var lines: [String] = []
    for state in [State.done, .running, .pending, .requeued, .failed, .cancelled, .absent] {
      let jobs = shards.filter { $0.state == state }
      guard !jobs.isEmpty else { continue }
      let reasons = Dictionary(grouping: jobs) { Self.remark(on: $0) }
      for (remark, jobs) in reasons.sorted(by: { $0.key < $1.key }) {
        let list = ShardFiles.list(jobs.compactMap(\.shard))
        lines.append(
          "\(state.rawValue): \(jobs.count) of \(shards.count) shards (\(list))"
            + (remark.isEmpty ? "" : ": \(remark)"))
      }
    }
    let remark = Self.remark(on: merge)
    lines.append("merge: \(merge.state.rawValue)" + (remark.isEmpty ? "" : ": \(remark)"))
    return lines.joined(separator: "\n") + "\n"
  }

  private static func remark(on job: Job) -> String {
    guard job.state != .done else { return "" }
    let ending =
      if let code = job.exitCode, job.state == .failed {
        "exit code \(code)"
      } else if let signal = job.signal, job.state == .failed {
        "ended by signal \(signal)"
      } else {
        String?.none
      }
    return [job.state == .failed ? job.word : nil, job.reason, ending].compactMap(\.self)
      .joined(separator: ", ")
  }
}
