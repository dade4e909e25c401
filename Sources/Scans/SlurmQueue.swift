/// Reads what `squeue` prints.
struct SlurmQueue: Sendable, Hashable {
  /// A row: one task of an array, or a job without one.
  struct Row: Sendable, Hashable {
    var job: Int
    var task: Int?
    var word: String
    var reason: String?
    var restarts: Int
    /// As `wait` has it: exit code times 256, plus the signal.
    var wait: Int?
    var name: String

    /// What became of it, by Slurm's word.
    ///
    /// See <https://slurm.schedmd.com/squeue.html#SECTION_JOB-STATE-CODES>.
    var state: QueueStatus.State {
      switch word {
      case "PENDING": restarts > 0 ? .requeued : .pending
      case "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT", "RESV_DEL_HOLD": .requeued
      case "RUNNING", "CONFIGURING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING",
        "STAGE_OUT", "RESIZING", "POWER_UP_NODE", "UPDATE_DB", "EXPEDITING":
        .running
      case "COMPLETED": .done
      case "CANCELLED", "REVOKED": .cancelled
      // BOOT_FAIL, DEADLINE, FAILED, LAUNCH_FAILED, NODE_FAIL, OUT_OF_MEMORY, PREEMPTED, TIMEOUT.
      default: .failed
      }
    }

    /// As the status shows it.
    func job(shard: Int?) -> QueueStatus.Job {
      let isFailed = state == .failed
      let signal = wait.map { $0 & 0x7F } ?? 0
      return QueueStatus.Job(
        id: task.map { "\(job)_\($0)" } ?? "\(job)", shard: shard, state: state, word: word,
        reason: reason, restarts: restarts,
        exitCode: isFailed && signal == 0 ? wait.map { $0 >> 8 } : nil,
        signal: isFailed && signal > 0 ? signal : nil)
    }
  }

  /// Columns of fixed width, which every version of Slurm has; a row of its own for each task.
  private static let columns = [
    ("ArrayJobID", 16), ("ArrayTaskID", 16), ("State", 20), ("RestartCnt", 12), ("exit_code", 16),
    ("Name", 64), ("Reason", 160),
  ]

  /// The arguments of `squeue` for the jobs of a name.
  static func arguments(name: String, cluster: String?) -> [String] {
    [
      "--noheader", "--array", "--states=all", "--name=\(name),\(name)-merge",
      "--Format=" + columns.map { "\($0.0):\($0.1)" }.joined(separator: ","),
    ] + (cluster.map { ["--clusters=\($0)"] } ?? [])
  }

  /// The rows of what `squeue` printed with these arguments; `nil` where one is none.
  static func rows(of text: String) -> [Row]? {
    var rows: [Row] = []
    for line in text.split(whereSeparator: \.isNewline) {
      // With --clusters a line names the cluster.
      if line.hasPrefix("CLUSTER:") || !line.contains(where: { !$0.isWhitespace }) { continue }
      guard let row = row(of: line) else { return nil }
      rows.append(row)
    }
    return rows
  }

  private static func row(of line: Substring) -> Row? {
    var rest = line[...]
    let fields = columns.map { _, width in
      let field = rest.prefix(width)
      rest = rest.dropFirst(width)
      return field.trimmingSpaces
    }
    guard let job = Int(fields[0]), fields[1] == "N/A" || Int(fields[1]) != nil,
      let first = fields[2].unicodeScalars.first, first.properties.isUppercase,
      let restarts = Int(fields[3])
    else { return nil }
    return Row(
      job: job, task: Int(fields[1]), word: fields[2],
      reason: fields[6].isEmpty || fields[6] == "None" ? nil : fields[6], restarts: restarts,
      wait: wait(fields[4]), name: fields[5])
  }

  /// `256`, or `1:0` in later versions.
  private static func wait(_ field: String) -> Int? {
    let parts = field.split(separator: ":").map { Int($0) }
    if parts.count == 2, let code = parts[0], let signal = parts[1] { return code << 8 | signal }
    return Int(field)
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
