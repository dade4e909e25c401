import Background
import Units

extension CandidateFile {
  /// The text of a sample, which reads back to the same sample.
  public static func text(of sample: CandidateSample) -> String {
    let number = ShortestNumber.text(_:)
    var header: [(String, String)] = [
      ("duskline-candidates", "1"), ("generator", sample.generator),
      ("process", sample.process.rawValue), ("part", sample.part.rawValue),
      ("nucleon", sample.nucleon.rawValue), ("generated_on", sample.generatedOn.rawValue),
      ("beam", sample.beam.rawValue), ("beam_energy_GeV", number(sample.beamEnergy)),
      ("candidate_energy_GeV", number(sample.thresholds.candidateEnergy)),
      ("pair_energy_GeV", number(sample.thresholds.pairEnergy)),
      ("veto_energy_GeV", number(sample.thresholds.vetoEnergy)),
    ]
    header += sample.settings.map { ($0.name, $0.text) }
    header += [
      ("events", "\(sample.eventsGenerated)"), ("failed_events", "\(sample.failedEvents)"),
      ("failed_chunks", "\(sample.failedChunks)"),
      ("cross_section_pb", ShortestNumber.text(sample.crossSection.value, in: .picobarn)),
      ("cross_section_error_pb", ShortestNumber.text(sample.crossSection.error, in: .picobarn)),
    ]
    var text = header.map { "# \($0): \($1)\n" }.joined()
    for event in sample.events {
      text += "event \(event.number) \(event.kind.rawValue) \(number(event.weight)) "
      text += "\(number(event.virtuality)) \(number(event.hadronicMass)) \(event.particles.count)\n"
      for particle in event.particles {
        text += "\(particle.pdgID) \(number(particle.x)) \(number(particle.y)) "
        text += "\(number(particle.z))\n"
      }
    }
    for kind in CandidateClass.allCases {
      let kept = sample.events.lazy.count { $0.kind == kind }
      text += "count \(kind.rawValue) \(sample.found[kind] ?? 0) \(kept)\n"
    }
    for (bin, weight) in sample.virtualities.sorted(by: { $0.key < $1.key }) {
      text += "q2 \(bin) \(number(weight))\n"
    }
    return text + "end \(sample.eventsGenerated)\n"
  }
}
