import Background
import Foundation
import Sampling

/// A run of the generator plug-in, in chunks that are processes of their own.
///
/// Pythia can hang or fail, so each chunk has a seed of its own and a time limit; a chunk that gives nothing is left out and
/// counted. The sample is the same for any number of threads, whichever chunk ends first.
public struct GeneratorRun: Sendable {
  /// The path of the plug-in.
  public var program: String
  /// What it is asked for.
  public var settings: GeneratorSettings
  /// How many events are generated.
  public var events: Int
  /// The seed of the run; each chunk's follows from it, the settings and the chunk's number.
  public var seed: UInt64
  /// The events of a chunk; the last may have fewer.
  public var eventsPerChunk = 50_000
  /// The time in s after which a chunk is ended: it takes 2 to 10 s on a core of its own.
  public var timeLimit = 120.0

  /// A run of a program.
  public init(_ program: String, _ settings: GeneratorSettings, events: Int, seed: UInt64) {
    self.program = program
    self.settings = settings
    self.events = events
    self.seed = seed
  }

  /// The plug-in beside this program, or `nil`: it need not be there.
  public static var installedProgram: String? {
    let own = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    guard let path = own?.appending(path: "duskline-pythia").path(percentEncoded: false),
      FileManager.default.isExecutableFile(atPath: path)
    else { return nil }
    return path
  }

  /// Runs all chunks and puts together what they give.
  ///
  /// - Throws: ``GeneratorError`` if the program cannot be run, refuses the settings, or no chunk gives anything;
  ///   `CancellationError`.
  public func sample(threads: Int) async throws -> CandidateSample {
    precondition(threads >= 1, "work needs a thread")
    precondition(events >= 1 && eventsPerChunk >= 1, "a run needs events")
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw GeneratorError.notInstalled(program)
    }
    let chunkCount = (events + eventsPerChunk - 1) / eventsPerChunk
    let outcomes = try await outcomes(ofChunks: chunkCount, threads: threads)
    let samples = outcomes.compactMap { try? $0.get() }
    let failures = outcomes.compactMap { outcome -> ChunkFailure? in
      if case .failure(let failure) = outcome { failure } else { nil }
    }
    guard let first = samples.first else {
      throw GeneratorError.nothing(chunks: chunkCount, failures[0].description)
    }
    var whole = CandidateSample.merging(
      samples,
      settings: first.settings.filter { $0.name != "seed" } + [
        CandidateSetting("seed", "\(seed)"),
        CandidateSetting("events_per_chunk", "\(eventsPerChunk)"),
      ])
    whole.failedChunks = failures.count
    return whole
  }

  /// What each chunk leaves, in their order; as many run at a time as there are threads.
  private func outcomes(ofChunks count: Int, threads: Int) async throws -> [Outcome] {
    try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
      var outcomes = [Outcome?](repeating: nil, count: count)
      var next = 0
      for _ in 0..<min(threads, count) {
        group.addTask { [next] in (next, try await outcome(ofChunk: next)) }
        next += 1
      }
      while let (chunk, outcome) = try await group.next() {
        outcomes[chunk] = outcome
        guard next < count else { continue }
        group.addTask { [next] in (next, try await self.outcome(ofChunk: next)) }
        next += 1
      }
      return outcomes.compactMap(\.self)
    }
  }

  private typealias Outcome = Result<CandidateSample, ChunkFailure>

  /// What a chunk leaves: a sample, or why there is none.
  private func outcome(ofChunk chunk: Int) async throws -> Outcome {
    let count = min(eventsPerChunk, events - chunk * eventsPerChunk)
    let arguments =
      settings.arguments + [
        "events=\(count)", "seed=\(seedOfChunk(chunk))",
        // Should this program be gone: at once, and whatever happens by then.
        "parent=\(getpid())", "time-limit=\(Int(timeLimit.rounded(.up)) + 1)",
      ]
    let result: ChildProcess.Result
    do {
      result = try await ChildProcess.run(program, arguments, timeLimit: timeLimit)
    } catch let error as ChildProcess.StartError {
      throw GeneratorError.notStarted(program, error.reason)
    } catch let error as ChildProcess.PlaceError {
      throw GeneratorError.noPlace(error.folder, error.reason)
    }
    switch result.end {
    case .timeout: return .failure(.timeout(timeLimit))
    case .signal(let signal): return .failure(.signal(signal))
    case .exit(2): throw GeneratorError.refused(result.lastError)
    case .exit(let code) where code != 0: return .failure(.exit(code, result.lastError))
    case .exit: break
    }
    do {
      let sample = try CandidateFile.sample(parsing: result.output, name: "chunk \(chunk + 1)")
      guard sample.eventsGenerated == count, sample.process == settings.process,
        sample.nucleon == settings.nucleon
      else { return .failure(.malformed("it is about other events than were asked for")) }
      return .success(sample)
    } catch {
      return .failure(.malformed("\(error)"))
    }
  }

  /// The seed of a chunk: 1 to 900 000 000, as Pythia wants it.
  private func seedOfChunk(_ chunk: Int) -> Int {
    var stream = RandomStream(
      seed: seed, purpose: .generator, point: settings.digest, batch: chunk)
    return 1 + Int(stream.uniform() * 9e8)
  }
}

/// Why a chunk gave nothing.
private enum ChunkFailure: Error, CustomStringConvertible {
  case timeout(Double)
  case signal(Int32)
  case exit(Int32, String)
  case malformed(String)

  var description: String {
    switch self {
    case .timeout(let seconds): "it did not end within \(Int(seconds)) s"
    case .signal(let signal): "it was ended by signal \(signal)"
    case .exit(let code, let message):
      "it ended with exit code \(code)\(message.isEmpty ? "" : " (\(message))")"
    case .malformed(let fault): "its output cannot be used (\(fault))"
    }
  }
}

/// What can go wrong with the generator plug-in.
public enum GeneratorError: Error, Sendable, Hashable {
  /// There is no such program.
  case notInstalled(String)
  /// The system could not start it: its path, and why.
  case notStarted(String, String)
  /// There is no place for what it writes: the folder of temporary files, and why.
  case noPlace(String, String)
  /// It does not take the settings: what it says.
  case refused(String)
  /// No chunk gave anything: how many there were, and why the first failed.
  case nothing(chunks: Int, String)
}

extension GeneratorError: CustomStringConvertible {
  /// What, where, why, and how to mend it.
  public var description: String {
    switch self {
    case .notInstalled(let path):
      "generating background events: there is no program \(path); 'make pythia' builds it, and the events that come with "
        + "duskline need none"
    case .notStarted(let path, let reason):
      "starting \(path): \(reason); check that the file is a program of this machine, or run 'make pythia' again"
    case .noPlace(let folder, let reason):
      "generating background events: temporary files cannot be written in \(folder): \(reason); make room there, or set TMPDIR to "
        + "another folder"
    case .refused(let message):
      "generating background events: the settings are refused (\(message.isEmpty ? "the program does not say why" : message)); "
        + "change them"
    case .nothing(let chunks, let reason):
      "generating background events: \(chunks == 1 ? "the only chunk" : "each of \(chunks) chunks") failed, the first because "
        + "\(reason); try another seed, or run the program by hand"
    }
  }
}
