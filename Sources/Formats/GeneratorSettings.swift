import Background
import ParticleData
import Sampling
import Units

/// What the generator plug-in is asked for: all that its events depend on, but for seed and number.
public struct GeneratorSettings: Sendable, Hashable, Codable {
  /// What happens.
  public var process: CandidateProcess
  /// How much of the process.
  public var part: CandidatePart
  /// The nucleon that the sample stands for.
  public var nucleon: Nucleon
  /// The beam's particle: a muon or an antimuon.
  public var beam: BeamParticle = .muon
  /// The beam's energy in GeV.
  public var beamEnergy = 160.0
  /// The largest Q² of a soft event in GeV².
  public var softMaximumQ2 = 1.0
  /// The least W of a soft event in GeV.
  public var softMinimumW = 10.0
  /// The least Q² of a deep inelastic event in GeV².
  public var disMinimumQ2 = 4.0
  /// The least mass of lepton and quark in a deep inelastic event in GeV.
  public var disMinimumMass = 4.0
  /// Whether the bounds are lifted beyond which Pythia warns: Q² up to 2 GeV², W from 5 GeV.
  public var isForced = false
  /// What is kept.
  public var thresholds = CandidateThresholds()
  /// One in so many events with a long-lived hadron is kept where something else would be seen too.
  public var loosePrescale: Int
  /// One in so many pairs is kept.
  public var pairPrescale: Int

  /// The default settings of a process on a nucleon, with the prescales of the samples that come with the program.
  public init(_ process: CandidateProcess, part: CandidatePart = .all, on nucleon: Nucleon) {
    self.process = process
    self.part = part
    self.nucleon = nucleon
    loosePrescale = process == .dis ? 10 : part == .diffractive ? 100 : 200
    pairPrescale = process == .dis ? 25 : 1000
  }

  /// The samples that make up a process on a nucleon: one, but for soft events on a neutron, where Pythia hangs in
  /// diffraction: its diffractive part is made on a proton.
  public static func samples(of process: CandidateProcess, on nucleon: Nucleon)
    -> [GeneratorSettings]
  {
    guard process == .soft, nucleon == .neutron else {
      return [GeneratorSettings(process, on: nucleon)]
    }
    return [.nonDiffractive, .diffractive].map {
      GeneratorSettings(process, part: $0, on: nucleon)
    }
  }

  /// The arguments of the plug-in.
  var arguments: [String] {
    let number = ShortestNumber.text(_:)
    var arguments = [
      "process=\(process.rawValue)", "nucleon=\(nucleon.rawValue)", "beam=\(beam.rawValue)",
      "beam-energy=\(number(beamEnergy))", "candidate-energy=\(number(thresholds.candidateEnergy))",
      "pair-energy=\(number(thresholds.pairEnergy))",
      "veto-energy=\(number(thresholds.vetoEnergy))", "loose-prescale=\(loosePrescale)",
      "prescale=\(pairPrescale)", "digits=7",
    ]
    switch process {
    case .soft:
      arguments += [
        "part=\(part.rawValue)", "soft-q2max=\(number(softMaximumQ2))",
        "soft-wmin=\(number(softMinimumW))",
      ]
    case .dis:
      arguments += [
        "dis-q2min=\(number(disMinimumQ2))", "dis-mhatmin=\(number(disMinimumMass))",
      ]
    }
    if isForced { arguments.append("force=1") }
    return arguments
  }

  /// The name of the random streams.
  var digest: UInt64 {
    var digest = Digest()
    for argument in arguments { digest.combine(argument) }
    return digest.value
  }
}
