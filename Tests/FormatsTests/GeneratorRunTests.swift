import Background
import Formats
import Foundation
import Testing
import Units

/// Runs a script in the generator's place.
@Suite("Runs of the generator plug-in", .tags(.unit))
struct GeneratorRunTests {
  /// Takes events and seed from its arguments; one event, whose momentum is the seed, and a cross section from it.
  private static let head = """
    #!/bin/sh
    for argument; do
      case $argument in
        events=*) events=${argument#*=} ;;
        seed=*) seed=${argument#*=} ;;
        process=*) process=${argument#*=} ;;
        nucleon=*) nucleon=${argument#*=} ;;
      esac
    done

    """
  private static let answer = """
    cat <<END
    # duskline-candidates: 1
    # generator: script
    # process: $process
    # part: all
    # nucleon: $nucleon
    # generated_on: $nucleon
    # beam: muon
    # beam_energy_GeV: 160
    # candidate_energy_GeV: 5
    # pair_energy_GeV: 5
    # veto_energy_GeV: 5
    # seed: $seed
    # arguments: $*
    # events: $events
    # failed_events: 1
    # cross_section_pb: $((seed % 1000 + 1))
    # cross_section_error_pb: 1
    event 2 V 1 0.5 10 1
    13 0 0 $seed
    count V 1 1
    count P 0 0
    count L 0 0
    end $events
    END

    """

  /// A run of 27 events by tens: the last of three chunks has seven.
  private func run(_ body: String, in folder: TemporaryFolder) throws -> GeneratorRun {
    let path = try folder.file("generator", Self.head + body)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    var run = GeneratorRun(path, GeneratorSettings(.dis, on: .neutron), events: 27, seed: 11)
    run.eventsPerChunk = 10
    run.timeLimit = 60
    return run
  }

  @Test("chunks are merged in their order, each with a seed of its own")
  func succeeds() async throws {
    let folder = try TemporaryFolder()
    let sample = try await run(Self.answer, in: folder).sample(threads: 2)
    #expect(sample.eventsGenerated == 27 && sample.failedChunks == 0 && sample.failedEvents == 3)
    #expect(sample.process == .dis && sample.nucleon == .neutron)
    #expect(sample.events.map(\.number) == [2, 12, 22] && sample.found[.longLived] == 3)
    let seeds = sample.events.map { $0.particles[0].z }
    #expect(Set(seeds).count == 3 && seeds.allSatisfy { (1...9e8).contains($0) })
    let values = seeds.map { Double(Int($0) % 1000 + 1) }
    let mean = (10 * values[0] + 10 * values[1] + 7 * values[2]) / 27
    #expect(abs(sample.crossSection.value / .picobarn - mean) < 1e-9 * mean)  // roundings
    #expect(sample.setting("seed") == "11" && sample.setting("events_per_chunk") == "10")
    let arguments = try #require(sample.setting("arguments"))
    for argument in ["process=dis", "nucleon=n", "dis-q2min=4", "beam-energy=160", "events=10"] {
      #expect(arguments.contains(argument), "\(arguments)")
    }
  }

  @Test("neither threads nor the order in which chunks end change the sample")
  func order() async throws {
    let folder = try TemporaryFolder()
    // The last digit of the seed, in tenths of a second.
    let slow = "sleep 0.$((seed % 10))\n" + Self.answer
    var one = try run(slow, in: folder)
    one.events = 75
    let reference = try await one.sample(threads: 1)
    for threads in [2, 8] {
      let other = try await one.sample(threads: threads)
      #expect(other == reference)
      #expect(CandidateFile.text(of: other) == CandidateFile.text(of: reference))
    }
    one.seed = 12
    #expect(try await one.sample(threads: 8) != reference)
  }

  @Test("seeds follow from the settings too, and a longer run begins with the shorter one")
  func seeds() async throws {
    let folder = try TemporaryFolder()
    let short = try run(Self.answer, in: folder)
    var (long, other) = (short, short)
    long.events = 47
    other.settings.disMinimumMass = 2
    let first = try await short.sample(threads: 2).events.map { $0.particles[0].z }
    let more = try await long.sample(threads: 2).events.map { $0.particles[0].z }
    let others = try await other.sample(threads: 2).events.map { $0.particles[0].z }
    #expect(Array(more[..<3]) == first && more.count == 5)
    #expect(Set(others).isDisjoint(with: first))
  }

  @Test(
    "a chunk that fails is left out and counted",
    arguments: [
      "exit 1", "kill -KILL $$", "exec sleep 600", "echo '# duskline-candidates: 1'", "exit 0",
      "events=8",
    ])
  func fails(how: String) async throws {
    let folder = try TemporaryFolder()
    var run = try run("[ $events = 7 ] && { \(how); }\n" + Self.answer, in: folder)
    if how.contains("sleep") { run.timeLimit = 2 }
    // Those that only print go on to the answer, and thereby fail too.
    let sample = try await run.sample(threads: 3)
    #expect(sample.failedChunks == 1 && sample.eventsGenerated == 20)
    #expect(sample.events.map(\.number) == [2, 12])
  }

  @Test("a run that gives nothing tells why")
  func nothing() async throws {
    let folder = try TemporaryFolder()
    func message(_ body: String, limit: Double = 60) async throws -> String {
      var run = try run(body, in: folder)
      run.timeLimit = limit
      do {
        _ = try await run.sample(threads: 3)
        return "none"
      } catch {
        return "\(error)"
      }
    }
    let failed = try await message("echo 'noise' >&2; echo 'no grid' >&2; exit 1\n")
    #expect(failed.contains("each of 3 chunks failed") && failed.contains("exit code 1 (no grid)"))
    let hung = try await message("exec sleep 600\n", limit: 1)
    #expect(hung.contains("did not end within 1 s"))
    let killed = try await message("kill -TERM $$\n")
    #expect(killed.contains("ended by signal 15"))
    let cut = try await message("echo '# duskline-candidates: 1'\n")
    #expect(cut.contains("chunk 1") && cut.contains("not complete"))
    let refused = try await message("echo 'seed is 0; give another' >&2; exit 2\n")
    #expect(refused.contains("settings are refused (seed is 0; give another)"))
  }

  @Test("a program that is missing or none says so")
  func missing() async throws {
    let folder = try TemporaryFolder()
    let settings = GeneratorSettings(.soft, on: .proton)
    await #expect(throws: GeneratorError.notInstalled("/nowhere/generator")) {
      try await GeneratorRun("/nowhere/generator", settings, events: 1, seed: 1).sample(threads: 1)
    }
    let path = try folder.file("generator", "\u{7F}ELF no program")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    let error = await #expect(throws: GeneratorError.self) {
      try await GeneratorRun(path, settings, events: 1, seed: 1).sample(threads: 1)
    }
    #expect(error?.description.contains("starting \(path)") == true, "\(error.debugDescription)")
  }

  @Test("chunks leave no files behind, not even while they run, and know whose they are")
  func temporaryFiles() async throws {
    let folder = try TemporaryFolder()
    let list = "ls -l /proc/$$/fd/1 | sed 's/.*-> //' > \(folder.path)/names\n"
    let sample = try await run(list + Self.answer, in: folder).sample(threads: 1)
    let arguments = try #require(sample.setting("arguments"))
    #expect(arguments.contains("parent=\(getpid())"))
    #if os(Linux)
      let name = try String(contentsOfFile: "\(folder.path)/names", encoding: .utf8)
      #expect(name.hasSuffix(" (deleted)\n"), "\(name)")
    #endif
  }

  @Test("no place for temporary files is told as that, with its folder")
  func noPlace() {
    let error = GeneratorError.noPlace("/scratch", "No space left on device").description
    #expect(error.contains("/scratch: No space left on device") && error.contains("TMPDIR"))
  }

  @Test("a run that is cancelled ends its chunks")
  func cancelled() async throws {
    let folder = try TemporaryFolder()
    var run = try run("exec sleep 600\n", in: folder)
    run.timeLimit = 600
    let sampled = run
    let task = Task { try await sampled.sample(threads: 3) }
    try await Task.sleep(for: .milliseconds(300))
    let start = ContinuousClock.now
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    // They would take ten; other tests may hold the processors for a while.
    #expect(ContinuousClock.now - start < .seconds(120))
  }

  @Test("soft events on a neutron are made in two parts, all others in one")
  func samples() {
    #expect(
      GeneratorSettings.samples(of: .soft, on: .neutron).map(\.part) == [
        .nonDiffractive, .diffractive,
      ])
    #expect(GeneratorSettings.samples(of: .soft, on: .proton).map(\.part) == [.all])
    #expect(GeneratorSettings.samples(of: .dis, on: .neutron).map(\.part) == [.all])
  }
}

/// Builds the plug-in, which takes minutes the first time, and runs it.
@Suite(
  "The generator plug-in", .tags(.reference), .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["DUSKLINE_LONG_TESTS"] != nil))
struct GeneratorPluginTests {
  /// Builds it into a folder.
  private func build(into folder: TemporaryFolder) throws -> String {
    let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
    let process = Process()
    process.executableURL = package.appending(path: "scripts/build-pythia")
    process.arguments = [folder.path]
    process.currentDirectoryURL = package
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "scripts/build-pythia failed: see what it says")
    return "\(folder.path)/duskline-pythia"
  }

  @Test("its cross sections are those of Pythia's Python module, and equal runs give equal events")
  func crossSections() async throws {
    let folder = try TemporaryFolder()
    let program = try build(into: folder)
    let references: [(CandidateProcess, Nucleon, Double)] = [
      (.soft, .proton, 8.166e5), (.dis, .proton, 3.77e4), (.dis, .neutron, 2.82e4),
    ]
    for (process, nucleon, reference) in references {
      let settings = GeneratorSettings(process, on: nucleon)
      let run = GeneratorRun(program, settings, events: 100_000, seed: 1)
      let sample = try await run.sample(threads: 2)
      #expect(sample.failedChunks == 0)
      #expect(sample.crossSection.relativeError < 0.01)
      let ratio = sample.crossSection.value / .picobarn / reference
      // 2 %: four standard errors of either.
      #expect(abs(ratio - 1) < 0.02, "\(process) on \(nucleon): \(ratio)")
      #expect(sample.events.contains { $0.kind == .longLived })
    }
    // On a neutron the parts add up to what there is on a proton.
    var total = 0.0
    for settings in GeneratorSettings.samples(of: .soft, on: .neutron) {
      let sample = try await GeneratorRun(program, settings, events: 50_000, seed: 1)
        .sample(threads: 1)
      #expect(sample.failedChunks == 0)
      total += sample.crossSection.value / .picobarn
    }
    #expect(abs(total / 8.166e5 - 1) < 0.02)
  }

  @Test("equal arguments give equal bytes, whatever the order of the chunks")
  func determinism() async throws {
    let folder = try TemporaryFolder()
    let program = try build(into: folder)
    var run = GeneratorRun(
      program, GeneratorSettings(.soft, on: .proton), events: 9000, seed: 3)
    run.eventsPerChunk = 2000
    let first = try await run.sample(threads: 1)
    let second = try await run.sample(threads: 3)
    #expect(CandidateFile.text(of: first) == CandidateFile.text(of: second))
  }

  @Test("settings beyond its bounds are refused")
  func refusal() async throws {
    let folder = try TemporaryFolder()
    let program = try build(into: folder)
    var settings = GeneratorSettings(.soft, on: .proton)
    settings.softMinimumW = 3
    let error = await #expect(throws: GeneratorError.self) {
      try await GeneratorRun(program, settings, events: 10, seed: 1).sample(threads: 1)
    }
    #expect(error?.description.contains("soft-wmin is '3'") == true)
  }
}
