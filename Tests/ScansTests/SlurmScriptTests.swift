import Foundation
import Scans
import Testing

/// The scripts under a shell, without Slurm: what they do with what their program does.
@Suite(.tags(.unit))
struct SlurmScriptTests {
  private func engine(
    _ scratch: Scratch, executable: String? = nil, _ settings: ClusterSettings? = nil
  ) throws -> SlurmEngine {
    try SlurmEngine(
      folder: scratch.path, executable: executable ?? "\(scratch.path)/duskline",
      settings: try settings ?? ClusterSettings(shards: 4, memory: "50M"))
  }

  /// Runs the array's script for a shard, with a program and with a `scontrol` that says `state` and writes what it is asked.
  private func run(
    _ program: String, state: String = "RUNNING", restarts: Int = 0, requeueFails: Bool = false,
    folder name: String = "scan", terminateAfter file: String? = nil
  ) throws -> (exitCode: Int32, output: String, requests: String) {
    let scratch = try Scratch(named: name)
    try scratch.write("#!/bin/bash\n" + program, to: "duskline", executable: true)
    try scratch.write(
      """
      #!/bin/bash
      cd "$FAKE"
      echo "$*" >>requests
      case $1 in
      show) echo "JobId=9 ArrayJobId=7 ArrayTaskId=2 JobState=\(state) Reason=None" ;;
      requeue)
        \(requeueFails ? "exit 1" : "kill -TERM $PPID")
        ;;
      esac
      """, to: "bin/scontrol", executable: true)
    try scratch.write(try engine(scratch).arrayScript, to: "array.sh")
    let process = try scratch.start(
      "/bin/bash", ["array.sh"],
      environment: [
        "SLURM_ARRAY_JOB_ID": "7", "SLURM_ARRAY_TASK_ID": "2", "SLURM_JOB_ID": "9",
        "SLURM_RESTART_COUNT": "\(restarts)", "FAKE": scratch.path,
        "PATH": "\(scratch.path)/bin:/usr/bin:/bin",
      ])
    if let file {
      // 10 s: a shell starts in some ms.
      for _ in 0..<1000 where !scratch.has(file) { usleep(10_000) }
      kill(process.id, SIGTERM)
    }
    let (exitCode, output) = process.end()
    return (exitCode, output, scratch.read("requests"))
  }

  @Test func `the program gets the folder, the shard and the threads`() throws {
    let result = try run("printf '%s\\n' \"$@\"", folder: "it's a \"$(touch x)\" `y` %a é")
    #expect(result.exitCode == 0)
    #expect(result.requests == "")
    let words = result.output.split(separator: "\n")
    #expect(words[1] == "scan" && words[2] == "run-shard")
    #expect(words[3].hasSuffix("/it's a \"$(touch x)\" `y` %a é"))
    #expect(words[4...9] == ["--shard", "2", "--of", "4", "--threads", "1"])
  }

  @Test func `a stopped program goes back to the queue, once, by scontrol alone`() throws {
    let result = try run("exit 75")
    #expect(result.requests == "show job -o 7_2\nrequeue 7_2\n")
    #expect(result.exitCode == 75)
  }

  @Test func `where scontrol refuses, the code is left to the site's RequeueExit`() throws {
    let result = try run("exit 75", requeueFails: true)
    #expect(result.requests == "show job -o 7_2\nrequeue 7_2\n")
    #expect(result.exitCode == 75)
  }

  @Test(arguments: ["CANCELLED", "COMPLETING", "PREEMPTED", "TIMEOUT", "PENDING"])
  func `a job that runs no more is not put back`(state: String) throws {
    let result = try run("exit 75", state: state)
    #expect(result.requests == "show job -o 7_2\n")
    #expect(result.exitCode == 75)
  }

  @Test func `a killed program goes back to the queue, but not for ever`() throws {
    #expect(try run("kill -KILL $$", restarts: 4).requests.contains("requeue 7_2"))
    let last = try run("kill -KILL $$", restarts: 5)
    #expect(last.requests == "")
    #expect(last.exitCode == 1)
    #expect(last.output.contains("gives up after 5 restarts"))
    #expect(try run("exit 75", restarts: 999).requests.contains("requeue 7_2"))
    #expect(try run("exit 75", restarts: 1000).requests == "")
  }

  @Test(arguments: [1, 2, 126])
  func `other ends are final`(code: Int) throws {
    let result = try run("exit \(code)")
    #expect(result.requests == "")
    #expect(result.exitCode == Int32(code))
  }

  @Test func `TERM reaches the program, and its own exit code counts`() throws {
    // Slow to stop: the shell must wait for it after the signal.
    let program = """
      trap 'sleep 0.3; touch "$3/stopped"; exit 75' TERM
      touch "$3/started"
      while :; do sleep 0.01; done
      """
    let result = try run(program, terminateAfter: "started")
    #expect(result.output.contains("ended with exit code 75"))
    #expect(result.requests.hasSuffix("requeue 7_2\n"))
    let finished = try run(
      "trap 'sleep 0.3; exit 0' TERM; touch \"$3/started\"; while :; do sleep 0.01; done",
      terminateAfter: "started")
    #expect(finished.exitCode == 0)
    #expect(finished.requests == "")
  }

  @Test func `options stand at the top, as sbatch wants them`() throws {
    let scratch = try Scratch()
    let settings = try ClusterSettings(
      shards: 200, threads: 4, partition: "short,long", time: "30:05:09", memory: "2G",
      throttle: 50, directives: ["--account=muons", "-x node7"])
    let script = try engine(scratch, settings).arrayScript
    let head = script.split(separator: "\n").dropFirst().prefix { $0.hasPrefix("#SBATCH ") }
    let options = head.map { String($0.dropFirst(8)) }
    #expect(
      options.dropFirst() == [
        "--requeue", "--open-mode=append", "--signal=B:TERM@60", "--nodes=1", "--ntasks=1",
        "--cpus-per-task=4", "--mem=2048M", "--partition=short,long", "--time=1-06:05:09",
        "--account=muons", "-x node7",
      ])
    let merge = try engine(scratch, settings).mergeScript
    #expect(merge.contains("\n#SBATCH \(options[0])-merge\n"))
    #expect(merge.contains("\"$duskline\" scan merge \"$folder\" &"))
  }

  @Test(arguments: [
    "--arr=0-1", "--dep=singleton", "--tim=1", "--array=0-9", "-a 0-9", "-a0-9", "--output=x",
    "--wrap=x", "--time=1",
  ])
  func `directives that would break the engine are refused`(line: String) throws {
    let scratch = try Scratch()
    let settings = try ClusterSettings(shards: 1, directives: [line])
    let error = #expect(throws: ClusterError.self) { try engine(scratch, settings) }
    #expect(error?.description.contains("duskline itself sets this option") == true)
  }

  @Test func `directives that are none, and paths that Slurm cannot take, are refused`() throws {
    let scratch = try Scratch()
    for line in ["account=x", "#SBATCH --account=x", "---x", "-"] {
      let settings = try ClusterSettings(shards: 1, directives: [line])
      #expect(throws: ClusterError.self) { try engine(scratch, settings) }
    }
    #expect(throws: ClusterError.self) { try engine(scratch, executable: "/opt/a\\b") }
    #expect(throws: ClusterError.self) { try engine(scratch, executable: "/opt/a\nb") }
  }
}
