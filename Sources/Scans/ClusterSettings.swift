/// What a scan asks of a cluster: how it is cut, and what each task gets.
///
///     let settings = try ClusterSettings(shards: 200, time: "1:30:00", memory: "2G", throttle: 50)
///
/// What is `nil` is left to the site.
public struct ClusterSettings: Sendable, Hashable {
  /// The number of shards: one task each.
  public let shards: Int
  /// Threads, and processors, of each task.
  public let threads: Int
  /// The partition (queue); Slurm alone has it.
  public let partition: String?
  /// The most seconds that a task may run.
  public let timeLimit: Int?
  /// Memory of each task, in MiB.
  public let memory: Int
  /// The most tasks that run at a time.
  public let throttle: Int?
  /// Further lines for the engine: `--account=muons` for Slurm, `+AccountingGroup = "muons"` for HTCondor.
  public let directives: [String]

  /// Settings as a user writes them.
  ///
  /// - Parameters:
  ///   - time: `1:30:00`, or `2-12:00:00` for two days and a half.
  ///   - memory: a whole number with its unit: `500M`, `2G`, `1T`.
  /// - Throws: ``ClusterError`` with all faults together.
  public init(
    shards: Int, threads: Int = 1, partition: String? = nil, time: String? = nil,
    memory: String = "2G", throttle: Int? = nil, directives: [String] = []
  ) throws(ClusterError) {
    var faults: [ClusterError.Fault] = []
    func fault(_ subject: String, because reason: String, mend remedy: String) {
      faults.append(ClusterError.Fault(subject: subject, reason: reason, remedy: remedy))
    }
    func requireCount(_ option: String, _ value: Int?, upTo largest: Int) {
      guard let value, !(1...largest).contains(value) else { return }
      fault(
        "\(option) \(value)", because: "not in 1 to \(largest)",
        mend: "give a whole number from 1 to \(largest)")
    }
    requireCount("--shards", shards, upTo: ScanRun.mostShards)
    requireCount("--threads", threads, upTo: 1024)
    requireCount("--throttle", throttle, upTo: 1_000_000)
    if let partition, !Self.isPartition(partition) {
      fault(
        "--partition \(partition)", because: "not a name of partitions",
        mend: "give one that `sinfo` lists, or several with commas between them")
    }
    let seconds = time.flatMap(Self.seconds)
    if let time {
      switch seconds {
      case nil:
        fault(
          "--time \(time)", because: "not a time of the form hours:minutes:seconds",
          mend: "write 1:30:00 for an hour and a half, 2-12:00:00 for two days and a half")
      case .some(..<120):
        fault(
          "--time \(time)", because: "less than two minutes, and tasks are told to stop one before",
          mend: "give 0:02:00 or more")
      default: break
      }
    }
    let mebibytes = Self.mebibytes(memory)
    if mebibytes == nil {
      fault(
        "--memory \(memory)", because: "not a whole number with a unit M, G or T",
        mend: "write 500M or 2G; for one and a half, 1536M")
    }
    for line in directives where !Self.isLine(line) {
      fault(
        "--directive \(line.debugDescription)", because: "empty, or more than one line",
        mend: "give the option once for each line")
    }
    guard faults.isEmpty, let mebibytes else { throw ClusterError(input: faults) }
    self.shards = shards
    self.threads = threads
    self.partition = partition
    timeLimit = seconds
    self.memory = mebibytes
    self.throttle = throttle
    self.directives = directives
  }

  private static func isPartition(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        let character = Character(Unicode.Scalar(byte))
        return byte < 128
          && (character.isLetter || character.isNumber || "_-.,".contains(character))
      } && !text.hasPrefix("-")
  }

  private static func isLine(_ text: String) -> Bool {
    text.contains { !$0.isWhitespace } && !text.unicodeScalars.contains { $0.value < 32 }
  }

  /// `hours:minutes:seconds`, days and a hyphen before it; `nil` for anything else.
  ///
  /// Slurm reads 1:30 as a minute and a half and 90 as an hour and a half: neither is taken here.
  private static func seconds(_ text: String) -> Int? {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let clock = parts.last, let days = parts.count == 2 ? number(parts[0]) : 0 else {
      return nil
    }
    let fields = clock.split(separator: ":", omittingEmptySubsequences: false)
    guard fields.count == 3, let hours = number(fields[0]), fields[1].utf8.count == 2,
      fields[2].utf8.count == 2, let minutes = number(fields[1]), let seconds = number(fields[2]),
      minutes < 60, seconds < 60, parts.count == 1 || hours < 24
    else { return nil }
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
  }

  private static func mebibytes(_ text: String) -> Int? {
    guard let unit = text.last, let count = number(text.dropLast()), count > 0 else { return nil }
    return switch unit {
    case "M", "m": count
    case "G", "g": count << 10
    case "T", "t": count << 20
    default: nil
    }
  }

  /// Up to six digits.
  private static func number(_ text: Substring) -> Int? {
    guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    return Int(text)
  }
}
