/// The two batch scripts of a scan on Slurm: an array of shards, and the merge behind it.
///
/// Both are whole: `sbatch` needs beside them only what differs from one submission to the next, the array's
/// indices, the dependency and the folder.
struct SlurmScripts: Sendable, Hashable {
  /// The scan's folder, absolute.
  var folder: String
  /// The program, absolute.
  var executable: String
  /// What is asked for.
  var settings: ClusterSettings
  /// The name of the array's job; that of the merge ends with `-merge`.
  var name: String

  /// The script of the array: one shard a task.
  var array: String {
    script(
      name: name, job: "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID",
      title: "shard $SLURM_ARRAY_TASK_ID of \(settings.shards)",
      arguments: "scan run-shard \"$folder\" --shard \"$SLURM_ARRAY_TASK_ID\" "
        + "--of \(settings.shards) --threads \(settings.threads)")
  }

  /// The script of the merge.
  var merge: String {
    script(
      name: "\(name)-merge", job: "$SLURM_JOB_ID", title: "merge",
      arguments: "scan merge \"$folder\"")
  }

  /// The most times that a task stopped in its work (exit 75) goes back to the queue.
  private static let requeues = 1000
  /// The most times that one does whose program was killed: lack of memory would never end.
  private static let retries = 5

  private func script(name: String, job: String, title: String, arguments: String) -> String {
    """
    #!/bin/bash
    \(options(name).map { "#SBATCH \($0)" }.joined(separator: "\n"))
    # Written by duskline, and anew at each submission: `duskline scan --engine slurm` submits it.
    # A stopped task (exit 75) and one whose program was killed go back to the queue, and go on where they were.
    set -u
    duskline=\(ShellWord.quoted(executable))
    folder=\(ShellWord.quoted(folder))
    job=\(job)
    restarts=${SLURM_RESTART_COUNT:-0}

    say() { echo "$(date '+%F %T') \(title): $*"; }

    # Slurm sends TERM one minute before the time limit, and when it stops a task: the program keeps what it has.
    child=
    stopped=
    interrupted=
    forward() {
      stopped=yes
      interrupted=yes
      [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
    }
    trap forward TERM INT

    say "starts on $(uname -n), job $job, restart $restarts"
    "$duskline" \(arguments) &
    child=$!
    [ -z "$stopped" ] || kill -TERM "$child" 2>/dev/null
    # A signal ends `wait` before the program has ended.
    while
      interrupted=
      wait "$child"
      code=$?
      [ -n "$interrupted" ]
    do :; done
    # bash may lose the code of a program that ends as a signal arrives (5.2 gives -1, 127 is its word for an unknown
    # process): that program was told to stop, and goes on, or is done at once, when it is run again.
    if [ -n "$stopped" ] && { [ "$code" -lt 0 ] || [ "$code" -eq 127 ]; }; then code=75; fi
    say "ended with exit code $code"

    most=0
    if [ "$code" -eq 75 ]; then
      most=\(Self.requeues)
    elif [ "$code" -gt 128 ]; then
      most=\(Self.retries)
    fi
    if [ "$restarts" -lt "$most" ]; then
      # Cancelled, preempted and failed jobs are Slurm's: only one that still runs is put back, and once. Where that
      # works it never ends with 75: a site's RequeueExit would put it back too, but break the merge's dependency.
      case " $(scontrol show job -o "$job" 2>/dev/null)" in
      *" JobState=RUNNING "*)
        # Slurm stops this script then, which may be before `scontrol` has ended.
        trap 'exit 75' TERM
        if scontrol requeue "$job"; then
          sleep 600 &
          wait $!
        fi
        ;;
      esac
    elif [ "$most" -gt 0 ]; then
      say "gives up after $restarts restarts"
      exit 1
    fi
    exit "$code"

    """
  }

  private func options(_ name: String) -> [String] {
    var options = [
      "--job-name=\(name)", "--requeue", "--open-mode=append", "--signal=B:TERM@60", "--nodes=1",
      "--ntasks=1", "--cpus-per-task=\(settings.threads)", "--mem=\(settings.memory)M",
    ]
    if let partition = settings.partition { options.append("--partition=\(partition)") }
    if let limit = settings.timeLimit { options.append("--time=\(Self.time(limit))") }
    return options + settings.directives
  }

  /// `days-hours:minutes:seconds`.
  private static func time(_ seconds: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (minutes, hours) = (seconds / 60, seconds / 3600)
    return "\(hours / 24)-\(two(hours % 24)):\(two(minutes % 60)):\(two(seconds % 60))"
  }

  /// The options that the engine itself sets, and that a directive may not.
  static let ownOptions: Set<String> = [
    "array", "chdir", "dependency", "error", "job-name", "kill-on-invalid-dep", "no-requeue",
    "open-mode", "output", "parsable", "requeue", "signal", "test-only", "wait", "wrap", "mem",
    "mem-per-cpu", "time", "partition", "nodes", "ntasks", "cpus-per-task", "a", "D", "d", "e", "J",
    "o", "W", "t", "p", "N", "n", "c",
  ]
}
