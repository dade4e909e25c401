import Calculus
import Integration

extension CandidateSample {
  /// The sample that independent runs of the same settings make together, in the order given.
  ///
  /// Events are numbered through; the cross section is the mean weighted by generated events,
  ///
  ///     σ = Σ N_k σ_k / Σ N_k,   δσ² = Σ N_k² δσ_k² / (Σ N_k)²
  ///
  /// which leaves each event its weight.
  ///
  /// - Parameter settings: those of the whole; the parts' differ in their seeds.
  /// - Precondition: there is a part, and all are of the same process on the same nucleon.
  public static func merging(_ parts: [CandidateSample], settings: [CandidateSetting])
    -> CandidateSample
  {
    guard var whole = parts.first else { preconditionFailure("nothing to merge") }
    precondition(
      parts.allSatisfy { $0.isOfSameKind(as: whole) }, "samples of different kinds do not merge")
    whole.settings = settings
    let total = parts.reduce(0) { $0 + $1.eventsGenerated }
    let shares = parts.map { Double($0.eventsGenerated) / Double(total) }
    var (value, variance) = (CompensatedSum(), CompensatedSum())
    for (part, share) in zip(parts, shares) {
      value.add(share * part.crossSection.value)
      variance.add(share * share * part.crossSection.error * part.crossSection.error)
    }
    whole.crossSection = Estimate(value: value.value, error: variance.value.squareRoot())
    var before = whole.eventsGenerated
    for part in parts.dropFirst() {
      whole.events += part.events.map { event in
        var event = event
        event.number += before
        return event
      }
      before += part.eventsGenerated
      whole.failedEvents += part.failedEvents
      whole.failedChunks += part.failedChunks
      whole.found.merge(part.found, uniquingKeysWith: +)
      whole.virtualities.merge(part.virtualities, uniquingKeysWith: +)
    }
    whole.eventsGenerated = total
    return whole
  }

  /// Whether both are of the same process, made in the same way.
  private func isOfSameKind(as other: CandidateSample) -> Bool {
    generator == other.generator && process == other.process && part == other.part
      && nucleon == other.nucleon && generatedOn == other.generatedOn && beam == other.beam
      && beamEnergy == other.beamEnergy && thresholds == other.thresholds
  }
}
