import DarkSector
import Kinematics
import ParticleData
import Reach
import Units

/// The particles of an event as records of particles list them, LHE and HepMC3 alike, in one order.
///
///     1 beam lepton   2 nucleus → 3 scattered lepton  4 recoiling nucleus  5 A′
///     5 A′                      → 6 χ₁  7 χ₂
///     7 χ₂                      → 8 χ₁  9 ℓ⁻  10 ℓ⁺
struct EventRecord: Sendable {
  /// The beam lepton's momentum.
  let beam: FourMomentum
  /// The nucleus's momentum.
  let target: FourMomentum
  /// The Monte Carlo numbers and masses of beam lepton and nucleus.
  let (beamCode, targetCode): (Int, Int)
  let (beamMass, targetMass): (Double, Double)
  /// m₁ and m₂.
  let (chi1Mass, chi2Mass): (Double, Double)

  init(_ plan: Plan) {
    let energy = plan.beam.energy
    (beamMass, targetMass) = (plan.beam.particle.mass, plan.target.nuclearMass)
    (beamCode, targetCode) = (plan.beam.particle.pdgID, plan.target.pdgID)
    let momentum = ((energy - beamMass) * (energy + beamMass)).squareRoot()
    beam = FourMomentum(energy: energy, x: 0, y: 0, z: momentum)
    target = FourMomentum(energy: targetMass, x: 0, y: 0, z: 0)
    guard let point = try? plan.modelPoint() else {
      preconditionFailure("a sample has a model point")
    }
    (chi1Mass, chi2Mass) = (point.chi1Mass, point.chi2Mass)
  }

  /// What is said of the Monte Carlo numbers.
  static let remarks = [
    "PDG Monte Carlo numbers: \(ParticleCode.darkPhoton) is the A', \(ParticleCode.chi1) chi1, "
      + "\(ParticleCode.chi2) chi2; 10LZZZAAAI a nucleus",
    "the lepton pair is drawn by branching ratio among e+e- and mu+mu-; the decay of chi2 is drawn from "
      + "the lifetime at the card's couplings",
  ]

  /// The momentum of a particle in a block of events.
  struct Momenta {
    let (energy, x, y, z): ([Double], [Double], [Double], [Double])

    init(_ events: EventBlock, _ particle: EventBlock.Particle) {
      energy = events.values(.energy(particle))
      x = events.values(.x(particle))
      y = events.values(.y(particle))
      z = events.values(.z(particle))
    }

    /// Appends ` px py pz E`.
    @inline(__always)
    func append(_ row: Int, to bytes: inout [UInt8]) {
      bytes.append(spaced: x[row])
      bytes.append(spaced: y[row])
      bytes.append(spaced: z[row])
      bytes.append(spaced: energy[row])
    }
  }
}

extension EventRecord {
  /// What both formats read of a block of events.
  struct Columns {
    let scattered, recoil, mediator, chi1, chi2, chi1Soft, leptonMinus, leptonPlus: Momenta
    let weight, mediatorMass, properFlight: [Double]
    private let leptonCode: [Double]

    init(_ events: EventBlock) {
      scattered = Momenta(events, .scattered)
      recoil = Momenta(events, .recoil)
      mediator = Momenta(events, .mediator)
      chi1 = Momenta(events, .chi1)
      chi2 = Momenta(events, .chi2)
      chi1Soft = Momenta(events, .chi1Soft)
      leptonMinus = Momenta(events, .leptonMinus)
      leptonPlus = Momenta(events, .leptonPlus)
      weight = events.values(.weight)
      mediatorMass = events.values(.mediatorMass)
      properFlight = events.values(.properFlight)
      leptonCode = events.values(.leptonPDGID)
    }

    /// Appends the pair, in the text of its flavour.
    @inline(__always)
    func appendPair(_ row: Int, _ electron: PairText, _ muon: PairText, to bytes: inout [UInt8]) {
      let text = leptonCode[row] == Double(LeptonFlavour.muon.pdgID) ? muon : electron
      bytes.append(contentsOf: text.minus)
      leptonMinus.append(row, to: &bytes)
      bytes.append(contentsOf: text.end)
      bytes.append(contentsOf: text.plus)
      leptonPlus.append(row, to: &bytes)
      bytes.append(contentsOf: text.end)
    }
  }

  /// What is the same for all pairs of a flavour: before the momenta of ℓ⁻ and ℓ⁺, and behind either.
  struct PairText {
    let (minus, plus, end): ([UInt8], [UInt8], [UInt8])
  }
}

extension [UInt8] {
  /// Appends a blank and a number.
  @inline(__always)
  mutating func append(spaced number: Double) {
    append(UInt8(ascii: " "))
    ShortestNumber.append(number, to: &self)
  }

  /// Appends a text.
  @inline(__always)
  mutating func append(_ text: String) { append(contentsOf: text.utf8) }
}
