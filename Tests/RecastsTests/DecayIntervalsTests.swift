import Foundation
import Kinematics
import Recasts
import Sampling
import Testing

extension DecaySearch {
  /// Whether a detector at the face, or around the decay, sees a decay at z: straight tracks and thresholds, no intervals.
  func isSeen(
    _ size: SIMD2<Double>, chi2: FourMomentum, _ leptons: [FourMomentum], at z: Double
  ) -> Bool {
    guard chi2.z > 0 else { return false }
    let vertex = SIMD2(chi2.x / chi2.z * z, chi2.y / chi2.z * z)
    func isInside(_ place: SIMD2<Double>) -> Bool {
      abs(place.x) <= size.x / 2 && abs(place.y) <= size.y / 2
    }
    let seen: [FourMomentum]
    switch place {
    case .volume: seen = isInside(vertex) ? leptons : []
    case .face:
      let way = decayZ.upperBound - z
      seen = leptons.filter { lepton in
        lepton.z > 0
          && isInside(
            SIMD2(vertex.x + lepton.x / lepton.z * way, vertex.y + lepton.y / lepton.z * way))
      }
    }
    let energies = seen.map(\.energy)
    switch energy {
    case .summed: return energies.reduce(0, +) > minimumEnergy
    case .leading: return (energies.max() ?? 0) > minimumEnergy
    }
  }
}

@Suite("Where decays are seen") struct DecayIntervalsTests {
  /// A random momentum of a mass, within a slope about z; backwards once in a while.
  private func momentum(
    _ mass: Double, slope: Double, energies: ClosedRange<Double>,
    using stream: inout RandomStream
  ) -> FourMomentum {
    var z = stream.uniform(in: energies)
    let (x, y) = (stream.uniform(in: -slope...slope) * z, stream.uniform(in: -slope...slope) * z)
    if stream.uniform() < 0.05 { z = -z }
    return FourMomentum(
      energy: (mass * mass + x * x + y * y + z * z).squareRoot(), x: x, y: y, z: z)
  }

  @Test(
    "the intervals hold a decay where tracks and thresholds see it", .tags(.property),
    arguments: DecaySearch.Place.allCases, DecaySearch.LeptonEnergy.allCases)
  func bruteForce(place: DecaySearch.Place, energy: DecaySearch.LeptonEnergy) {
    let search = DecaySearch(
      decayZ: 2000...5000, place: place,
      detectors: [
        .init(share: 0.25, size: [400, 900]), .init(share: 0.5, size: [1200, 500]),
      ], energy: energy, minimumEnergy: 1)
    var stream = RandomStream(seed: 1, purpose: .test, point: 41, batch: 0)
    var counts = [Double: Int]()
    for number in 0..<60_000 {
      // Every other decay is nearly collinear: then both leptons may hit, and bounds come close.
      let slope = number % 2 == 0 ? 0.25 : 0.05
      let chi2 = momentum(0.1, slope: slope, energies: 1...10, using: &stream)
      let leptons = (0..<2).map { _ in
        momentum(0.0005, slope: 2 * slope, energies: 0.1...2, using: &stream)
      }
      var intervals: [(share: Double, z: ClosedRange<Double>)] = []
      let event = DecayedEvent(
        weight: 1, mass: 0.1, chi2: chi2, positive: leptons[0], negative: leptons[1],
        pairMass: 0.01)
      search.intervals(event) { intervals.append(($0, $1)) }
      for (share, z) in intervals {
        #expect(search.decayZ.contains(z.lowerBound) && search.decayZ.contains(z.upperBound))
        #expect(z.lowerBound < z.upperBound && [0.25, 0.5].contains(share))
      }
      for _ in 0..<4 {
        let z = stream.uniform(in: search.decayZ)
        for detector in search.detectors {
          // Once at most: intervals of one detector do not overlap.
          let found = intervals.count { $0.share == detector.share && $0.z.contains(z) }
          let expected = search.isSeen(detector.size, chi2: chi2, leptons, at: z)
          #expect(
            found == (expected ? 1 : 0), "event \(number), z = \(z): \(chi2), \(leptons)")
          if expected { counts[detector.share, default: 0] += 1 }
        }
      }
    }
    // The test is one: a good part is seen, and a good part is not.
    for share in [0.25, 0.5] { #expect((15_000..<200_000).contains(counts[share] ?? 0)) }
  }

  @Test("leptons that hit in separate stretches leave two intervals, as long as they should be")
  func apart() throws {
    let search = DecaySearch(
      decayZ: 0...100, place: .face, detectors: [.init(share: 1, size: [2, 2])], energy: .summed,
      minimumEnergy: 0.5)
    // χ₂ at a slope of 0.05: at the face 5 for a late decay. One lepton straight on misses when late …
    let chi2 = FourMomentum(energy: 10, x: 0.5, y: 0, z: 10)
    let straight = FourMomentum(energy: 1, x: 0, y: 0, z: 1)
    // … and one that bends back at -0.2 hits when 0.05 z - 0.2 (100 - z) is within 1.
    let back = FourMomentum(energy: 1, x: -0.2, y: 0, z: 1)
    var found: [ClosedRange<Double>] = []
    search.intervals(
      DecayedEvent(
        weight: 1, mass: 0.1, chi2: chi2, positive: straight, negative: back, pairMass: 0.1)
    ) { found.append($1) }
    let sorted = found.sorted { $0.lowerBound < $1.lowerBound }
    try #require(sorted.count == 2)
    // 1e-12: a handful of operations on numbers up to 100.
    for (a, b) in zip(sorted, [0.0...20.0, 76...84]) {
      #expect(abs(a.lowerBound - b.lowerBound) < 1e-12)
      #expect(abs(a.upperBound - b.upperBound) < 1e-12)
    }
  }
}

@Suite("Decays that are not seen") struct UnseenDecaysTests {
  @Test("binned lengths give the sum over events wherever any survive", .tags(.property))
  func sum() {
    var stream = RandomStream(seed: 1, purpose: .test, point: 42, batch: 0)
    for width in [0.3, 3.0] {
      var tally = UnseenDecays.Tally()
      var events: [(weight: Double, length: Double?)] = []
      for _ in 0..<5000 {
        let length = exp(5 + width * (stream.uniform() + stream.uniform() - 1))
        // One in a thousand is never seen.
        let isEverSeen = stream.uniform() > 1e-3
        let weight = stream.uniform()
        tally.add(weight, until: length, isEverSeen: isEverSeen)
        events.append((weight, isEverSeen ? length : nil))
      }
      let unseen = tally.unseen
      let total = events.reduce(0) { $0 + $1.weight }
      for step in 0...60 {
        let properDecayLength = exp(-2 + 0.25 * Double(step))
        let direct = events.reduce(0) { sum, event in
          sum + event.weight * (event.length.map { exp(-$0 / properDecayLength) } ?? 1)
        }
        // 10⁻³: the bins' own account is 10⁻⁴ where one in 10⁴ survives.
        if direct > 1e-4 * total {
          #expect(
            abs(unseen(properDecayLength) / direct - 1) < 1e-3, "\(width), \(properDecayLength)")
        }
      }
      let never = events.reduce(0) { $0 + ($1.length == nil ? $1.weight : 0) }
      // 1e-12: sums of 5000 numbers in another order.
      #expect(abs(unseen(1e-9) / never - 1) < 1e-12)
      #expect(abs(unseen(nil) / total - 1) < 1e-12)
      #expect(abs(unseen(1e15) / total - 1) < 1e-9)
    }
  }

  @Test("events without weight change nothing, not even where they are alone", .tags(.limit))
  func weightless() {
    var tally = UnseenDecays.Tally()
    tally.add(2, until: 10, isEverSeen: true)
    tally.add(0, until: 20, isEverSeen: true)
    tally.add(0, until: 20, isEverSeen: false)
    #expect(abs(tally.unseen(10) - 2 * exp(-1)) < 1e-15)
    #expect(tally.unseen(nil) == 2)
  }
}
