import Foundation

/// A Slurm of one machine on loopback: munged, slurmctld and slurmd of the test's own, in a temporary folder and on free
/// ports, stopped when the test is done. As root, without systemd, beside whatever else runs here.
final class SlurmCluster {
  /// What must be done before these tests can run. They fail without it, and are never skipped.
  struct Missing: Error, CustomStringConvertible {
    var reason: String
    var description: String {
      "\(reason); `make test-long` needs slurm-wlm and munge (scripts/install-needs --long), and root for the "
        + "daemons that it starts"
    }
  }

  let scratch: Scratch
  /// Slurm's programs with the settings of this cluster, for `searchPath`.
  let programs: Scratch
  private let node: String

  /// - Parameter requeueExit: whether the site puts back what ends with 75.
  init(requeueExit: Bool) throws {
    guard getuid() == 0 else { throw Missing(reason: "not root") }
    for program in ["munged", "slurmctld", "slurmd"]
    where access("/usr/sbin/\(program)", X_OK) != 0 {
      throw Missing(reason: "no /usr/sbin/\(program)")
    }
    scratch = try Scratch(named: "slurm")
    programs = try Scratch(named: "bin")
    node = String(ProcessInfo.processInfo.hostName.prefix { $0 != "." })
    try scratch.write(try configuration(requeueExit: requeueExit), to: "slurm.conf")
    for folder in ["state", "spool", "munge", "log"] {
      try scratch.write("", to: "\(folder)/.keep")
    }
    for name in ["sbatch", "squeue", "scontrol", "scancel", "sinfo"] {
      try programs.write(
        "#!/bin/sh\nSLURM_CONF='\(scratch.path)/slurm.conf' exec /usr/bin/\(name) \"$@\"\n",
        to: name, executable: true)
    }
    try startMunge()
    try start("slurmctld")
    try start("slurmd")
    try wait("a node that is idle") { try self.ask("sinfo", "-h", "-o", "%t").hasPrefix("idle") }
  }

  deinit {
    _ = try? ask("scancel", "--state=RUNNING", "--user=root")
    for daemon in ["slurmd", "slurmctld", "munged"] { stop(daemon) }
  }

  // See PLATFORM.md, and <https://slurm.schedmd.com/slurm.conf.html>.
  private func configuration(requeueExit: Bool) throws -> String {
    let ports = try Self.freePorts(2)
    let place = scratch.path
    return """
      ClusterName=duskline
      SlurmctldHost=\(node)(127.0.0.1)
      SlurmctldPort=\(ports[0])
      SlurmdPort=\(ports[1])
      SlurmUser=root
      SlurmdUser=root
      AuthType=auth/munge
      # Else a requeue waits for 120 s.
      AuthInfo=socket=\(place)/munge/socket,cred_expire=5
      CredType=cred/munge
      MpiDefault=none
      ProctrackType=proctrack/linuxproc
      TaskPlugin=task/none
      SwitchType=switch/none
      SelectType=select/cons_tres
      SelectTypeParameters=CR_Core
      JobRequeue=1
      \(requeueExit ? "RequeueExit=75" : "")
      ReturnToService=2
      MinJobAge=3600
      KillWait=5
      SlurmctldTimeout=10
      SlurmdTimeout=10
      AccountingStorageType=accounting_storage/none
      JobAcctGatherType=jobacct_gather/none
      SchedulerParameters=sched_interval=2,batch_sched_delay=1
      # Four processors, whatever the machine has.
      SlurmdParameters=config_overrides
      StateSaveLocation=\(place)/state
      SlurmdSpoolDir=\(place)/spool
      SlurmctldPidFile=\(place)/slurmctld.pid
      SlurmdPidFile=\(place)/slurmd.pid
      SlurmctldLogFile=\(place)/log/slurmctld.log
      SlurmdLogFile=\(place)/log/slurmd.log
      NodeName=\(node) NodeAddr=127.0.0.1 CPUs=4 RealMemory=1000 State=UNKNOWN
      PreemptType=preempt/partition_prio
      PreemptMode=REQUEUE
      PartitionName=short Nodes=\(node) Default=YES MaxTime=INFINITE State=UP PriorityTier=1
      PartitionName=urgent Nodes=\(node) MaxTime=INFINITE State=UP PriorityTier=10 PreemptMode=OFF

      """
  }

  /// Ports that nobody listens at, by the system's choice.
  private static func freePorts(_ count: Int) throws -> [UInt16] {
    var descriptors: [Int32] = []
    defer { for descriptor in descriptors { close(descriptor) } }
    return try (0..<count).map { _ in
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      descriptors.append(descriptor)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let code = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
      }
      guard code else { throw Missing(reason: "no free port") }
      return UInt16(bigEndian: address.sin_port)
    }
  }

  private func startMunge() throws {
    let munge = "\(scratch.path)/munge"
    var key = Data()
    var random = SystemRandomNumberGenerator()
    for _ in 0..<128 { key.append(UInt8.random(in: 0...255, using: &random)) }
    try key.write(to: URL(filePath: "\(munge)/key"))
    chmod("\(munge)/key", 0o400)
    try run(
      "/usr/sbin/munged", "--force", "--socket=\(munge)/socket", "--key-file=\(munge)/key",
      "--pid-file=\(scratch.path)/munged.pid", "--log-file=\(scratch.path)/log/munged.log",
      "--seed-file=\(munge)/seed")
  }

  /// Starts `slurmctld` or `slurmd`, which go into the background by themselves.
  func start(_ daemon: String) throws {
    scratch.remove("\(daemon).pid")
    try run("/usr/sbin/\(daemon)", "-f", "\(scratch.path)/slurm.conf")
    try wait("the id of \(daemon)") { self.id(of: daemon) != nil }
  }

  private func run(_ program: String, _ arguments: String...) throws {
    let process = try scratch.start(program, arguments)
    let (code, output) = process.end()
    guard code == 0 else { throw Missing(reason: "\(program) ended with \(code): \(output)") }
  }

  private func id(of daemon: String) -> pid_t? {
    pid_t(scratch.read("\(daemon).pid").trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// Kills a daemon as a crash would.
  func crash(_ daemon: String) throws {
    guard let id = id(of: daemon) else { throw Missing(reason: "\(daemon) has no id") }
    kill(id, SIGKILL)
    try wait("the end of \(daemon)") { kill(id, 0) != 0 }
  }

  /// Waits until the merge is in what slurmctld has on the disk.
  func waitForSavedQueue() throws {
    try wait("the saved queue") {
      (FileManager.default.contents(atPath: "\(scratch.path)/state/job_state") ?? Data())
        .range(of: Data("-merge".utf8)) != nil
    }
  }

  /// Ends this cluster's own daemon, at latest after 5 s.
  private func stop(_ daemon: String) {
    guard let id = id(of: daemon) else { return }
    kill(id, SIGTERM)
    for _ in 0..<500 where kill(id, 0) == 0 { usleep(10_000) }
    kill(id, SIGKILL)
  }

  /// What one of Slurm's programs prints.
  @discardableResult
  func ask(_ program: String, _ arguments: String...) throws -> String {
    try scratch.start("\(programs.path)/\(program)", arguments).end().output
  }

  /// Kills a task with its batch script and Slurm's step daemon above it, as the end of a node would.
  func killJob(of program: pid_t) {
    var chain = [program]
    while let last = chain.last, chain.count < 4, let parent = scratch.parent(of: last), parent > 1
    {
      let name = FileManager.default.contents(atPath: "/proc/\(parent)/comm") ?? Data()
      chain.append(parent)
      if String(decoding: name, as: UTF8.self).hasPrefix("slurmstepd") { break }
    }
    // The step daemon first: it must not tell of the end of the others.
    for id in chain.reversed() { kill(id, SIGKILL) }
  }

  /// Waits for what must come, a minute at most.
  func wait(_ what: String, seconds: Double = 60, until holds: () throws -> Bool) throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while clock.now < deadline {
      if try holds() { return }
      usleep(50_000)
    }
    throw Missing(
      reason: "\(what) did not come in \(Int(seconds)) s:\n"
        + ((try? ask("squeue", "--array", "--states=all")) ?? "")
        + String(scratch.read("log/slurmctld.log").suffix(2000)))
  }
}

extension Scratch {
  /// The process that started a process.
  func parent(of id: pid_t) -> pid_t? {
    let text = FileManager.default.contents(atPath: "/proc/\(id)/status") ?? Data()
    let line = String(decoding: text, as: UTF8.self).split(separator: "\n").first {
      $0.hasPrefix("PPid:")
    }
    return line.flatMap { pid_t($0.dropFirst(5).trimmingCharacters(in: .whitespaces)) }
  }
}
