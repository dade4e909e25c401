import Detector
import Foundation
import Kinematics
import ParticleData
import Selection
import Testing

@Suite("Events that pass the cuts")
struct EventSelectorTests {
  private let events = Toy.events(8192, seed: 21)
  /// cτ in mm: some long, some short beside the window.
  private let lengths = [0.02, 0.2, 2, 200]

  // MARK: One event whose numbers are known

  private func passes(_ event: ToyEvent, _ cuts: SelectionCuts = .paper) -> Bool {
    Setting(cuts: cuts).accepted([event]).count == 1
  }

  @Test("Energies count just above a cut and not just below", .tags(.unit))
  func energyEdges() {
    // 1e-9: E from light-front components carries rounding of 10⁻¹⁵.
    #expect(passes(.onAxis(muon: 5 + 1e-9)) && !passes(.onAxis(muon: 5 - 1e-9)))
    #expect(passes(.onAxis(leptons: (5 + 1e-9, 20))) && !passes(.onAxis(leptons: (5 - 1e-9, 20))))
    #expect(passes(.onAxis(leptons: (20, 5 + 1e-9))) && !passes(.onAxis(leptons: (20, 5 - 1e-9))))
  }

  @Test("The opening angle counts just above its cut and not just below", .tags(.unit))
  func angleEdges() {
    // 1e-12 rad: slopes of 10⁻³ carry rounding of 10⁻¹⁹ and the pencil's momenta of 10⁻¹⁶.
    #expect(passes(.onAxis(opening: 1e-3 + 1e-12)) && !passes(.onAxis(opening: 1e-3 - 1e-12)))
    var cuts = SelectionCuts.paper
    cuts.minimumOpeningAngle = 0
    #expect(passes(.onAxis(opening: 1e-9), cuts))
  }

  @Test("A cut beyond a right angle is the angle that it says", .tags(.unit))
  func wideAngles() {
    // Leptons so wide meet no station: one huge plane stands for it.
    let wide = Apparatus.station(
      "wide", pitch: 1000, [Plane(centre: SIMD3(0, 0, 150), size: SIMD2(1e6, 1e6))])
    for angle in [0.5, 1.5, 1.6, 2.0, 3.0] {
      for cut in [0.4, 1.2, 1.55, 1.58, 1.8, 2.5, 3.1] {
        var setting = Setting(apparatus: wide)
        setting.cuts.minimumOpeningAngle = cut
        let count = setting.accepted([.onAxis(opening: angle)]).count
        #expect(count == (angle > cut ? 1 : 0), "angle \(angle), cut \(cut)")
      }
    }
  }

  @Test("The interval of a symmetric pair is where its tracks clear the last plane", .tags(.unit))
  func symmetricPair() {
    // Slopes of ±0.05 reach 50 mm after 1000 mm: from ζ = 0 on the pair fits the plane at 1 m.
    for (slope, expected) in [(0.05, 25.0), (0.0520833333, 40.0), (0.06, 1000 - 50 / 0.06)] {
      let accepted = Setting().accepted([.onAxis(opening: 2 * atan(slope))])
      guard accepted.count == 1 || expected > 140 else {
        Issue.record("slope \(slope): \(accepted.count) entries")
        continue
      }
      guard expected < 140 else {
        #expect(accepted.count == 0)
        continue
      }
      let boost = 70 / Toy.m2
      // 1e-6 mm: ten digits of the slope; the muon on the axis bounds nothing.
      #expect(abs(accepted.lower[0] * boost - expected) < 1e-5)
      #expect(abs(accepted.upper[0] * boost - 140) < 1e-9)
      #expect(accepted.event == [0] && accepted.weight == [1])
    }
  }

  @Test("A particle that flies backwards is never seen", .tags(.unit))
  func backwards() {
    var backward = ToyEvent.onAxis()
    backward.negative.z.negate()
    var cuts = SelectionCuts.paper
    cuts.minimumLeptonEnergy = 0
    cuts.minimumBeamLeptonEnergy = 0
    #expect(passes(.onAxis(), cuts) && !passes(backward, cuts))
    backward = ToyEvent.onAxis()
    backward.beamLepton.z.negate()
    #expect(!passes(backward, cuts))
    backward = ToyEvent.onAxis()
    backward.chi2.z.negate()
    #expect(!passes(backward, cuts))
  }

  // MARK: Two ways, one answer

  @Test("The quick form gives the bytes of the general one", .tags(.identity))
  func quickForm() {
    for apparatus in [Apparatus.paper, .tilted] {
      for vertex in InteractionVertex.allCases {
        var quick = Setting(
          apparatus: apparatus, spot: SIMD2(10, 5), divergence: SIMD2(1e-3, 1e-4))
        quick.cuts.interactionVertex = vertex
        var general = quick
        general.cuts.requiredPlanes = .atLeast(apparatus.planes.count)
        let (a, b) = (quick.accepted(events), general.accepted(events))
        #expect(a == b && a.count > 500)
      }
    }
  }

  @Test("A pencil beam draws nothing: any stream gives its bytes", .tags(.identity))
  func pencil() {
    let pencil = Setting()
    #expect(pencil.accepted(events, seed: 1) == pencil.accepted(events, seed: 2))
    let zero = Setting(spot: SIMD2(0, 0), divergence: SIMD2(0, 0))
    #expect(zero.accepted(events, seed: 3) == pencil.accepted(events))
    // And a spread of nothing much is the pencil within rounding.
    let tiny = Setting(spot: SIMD2(1e-9, 1e-9), divergence: SIMD2(1e-14, 1e-14))
    for length in lengths {
      let (a, b) = (
        tiny.accepted(events).survival(length), pencil.accepted(events).survival(length)
      )
      // 1e-6: a shift of 10⁻⁹ mm moves an end by 10⁻⁹ mm/slope, 10⁻⁶ mm at the smallest angles.
      #expect(abs(a / b - 1) < 1e-6)
    }
    // The pencil takes a first look at energies, which a beam with a spread does not: the same events, by number and weight.
    for (planes, energy) in [
      (RequiredPlanes.all, 5.0), (.all, 0), (.atLeast(2), 5), (.atLeast(2), 0),
    ] {
      var settings = [pencil, tiny]
      for k in settings.indices {
        settings[k].cuts.requiredPlanes = planes
        settings[k].cuts.minimumLeptonEnergy = energy
        settings[k].cuts.minimumBeamLeptonEnergy = energy
      }
      let (a, b) = (settings[0].accepted(events), settings[1].accepted(events))
      #expect(a.count > 20 && a.event == b.event && a.weight == b.weight)
    }
    #expect(Setting(spot: SIMD2(5, 5)).accepted(events) != pencil.accepted(events))
    #expect(Setting(divergence: SIMD2(1e-3, 0)).accepted(events) != pencil.accepted(events))
  }

  // MARK: More or less

  @Test("Acceptance falls with the beam's size and with its divergence", .tags(.property))
  func beamSize() {
    func falls(_ setting: (Double) -> Setting, _ sizes: [Double]) -> Bool {
      lengths.allSatisfy { length in
        let values = sizes.map { setting($0).accepted(events).survival(length) }
        return zip(values, values.dropFirst()).allSatisfy { $0 > $1 }
      }
    }
    // One seed: the same directions for all sizes, so that the fall does not drown in scatter.
    #expect(falls({ Setting(spot: SIMD2($0, $0)) }, [0, 10, 20, 26, 40, 60]))
    #expect(falls({ Setting(divergence: SIMD2($0, $0)) }, [0, 0.01, 0.02, 0.04, 0.08]))
  }

  @Test("Two of three planes accept all that three do, and more", .tags(.property))
  func fewerPlanes() {
    var fewer = Setting()
    fewer.cuts.requiredPlanes = .atLeast(2)
    let (all, two) = (Setting().accepted(events), fewer.accepted(events))
    #expect(Set(all.event).isSubset(of: Set(two.event)))
    for length in lengths { #expect(two.survival(length) > all.survival(length)) }
    fewer.cuts.requiredPlanes = .atLeast(1)
    #expect(fewer.accepted(events).survival(1) > two.survival(1))
  }

  @Test("A second interval appears where a track may miss the middle plane", .tags(.unit))
  func twoIntervals() {
    // A small plane in the middle, two of three asked for: near it or far from it.
    let planes = [(150.0, 100.0), (575, 10), (1000, 100)].map {
      Plane(centre: SIMD3(0, 0, $0.0), size: SIMD2($0.1, $0.1))
    }
    var setting = Setting(apparatus: .station("small", pitch: 1000, planes))
    setting.cuts.requiredPlanes = .atLeast(2)
    setting.cuts.decayWindow = 0...900
    // Slopes of ±0.06: the last plane from ζ = 166.7 mm on, too late for the first; with the middle one from 491.7.
    let accepted = setting.accepted([.onAxis(opening: 2 * atan(0.06))])
    let boost = 70 / Toy.m2
    #expect(accepted.count == 1)
    if accepted.count == 1 {
      #expect(abs(accepted.lower[0] * boost - (575 - 5 / 0.06)) < 1e-6)
      #expect(abs(accepted.upper[0] * boost - 575) < 1e-6)
    }
    // Slopes of ±0.055: the last plane from 90.9 mm on, with the first up to 150, with the middle from 484.
    let two = setting.accepted([.onAxis(opening: 2 * atan(0.055))])
    #expect(two.count == 2 && two.event == [0, 0])
    if two.count == 2 {
      let ends = [two.lower[0], two.upper[0], two.lower[1], two.upper[1]].map { $0 * boost }
      let expected = [1000 - 50 / 0.055, 150, 575 - 5 / 0.055, 575]
      // 1e-6 mm: rounding of 10⁻¹³ mm over the slope.
      #expect(zip(ends, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test("Stations downstream add nothing while decays lie before the first plane", .tags(.identity))
  func downstreamWithoutGain() {
    var downstream = Setting()
    downstream.cuts.tracking = .anyDownstream
    for length in lengths {
      let own = Setting().accepted(events).survival(length)
      // 1e-12: five equal shares in place of one, added in another order.
      #expect(abs(downstream.accepted(events).survival(length) / own - 1) < 1e-12)
    }
  }

  @Test("Stations downstream gain for decays beyond the first plane, the more modules the more")
  func downstreamGain() {
    var own = Setting()
    own.cuts.decayWindow = 25...5000
    var previous = own.accepted(events).survival(30)
    // Own station: the number of modules is a matter of luminosity alone.
    var ten = own
    ten.cuts.lastModules = 10
    #expect(ten.accepted(events) == own.accepted(events))
    for modules in [1, 2, 5, 10] {
      var any = own
      any.cuts.tracking = .anyDownstream
      any.cuts.lastModules = modules
      let value = any.accepted(events).survival(30)
      if modules == 1 {
        #expect(value == previous)
      } else {
        #expect(value > 1.01 * previous, "\(modules) modules")
      }
      previous = value
    }
  }

  @Test("A wider window accepts more, and twice the window is the sum of its halves")
  func windows() {
    func survival(_ window: ClosedRange<Double>, _ length: Double) -> Double {
      var setting = Setting()
      setting.cuts.decayWindow = window
      return setting.accepted(events).survival(length)
    }
    for length in lengths {
      let whole = survival(25...140, length)
      let halves = survival(25...80, length) + survival(80...140, length)
      // 1e-12: sums of 10³ terms of one sign.
      #expect(abs(whole / halves - 1) < 1e-12)
    }
  }

  @Test("a plain stack and the same planes turned once round accept the same", .tags(.identity))
  func stack() throws {
    let events = Toy.events(20_000, seed: 12)
    for window in [25.0...140, 0...149, 100...600] {
      var plain = Setting()
      plain.cuts.decayWindow = window
      var turned = plain
      // A full turn leaves a plane where it is, and the general form at work.
      turned.apparatus.planes = plain.apparatus.planes.map {
        Plane(centre: $0.centre, size: $0.size, rotation: 2 * .pi)
      }
      let (quick, general) = (plain.accepted(events), turned.accepted(events))
      #expect(quick.count > 100 && quick.event == general.event && quick.weight == general.weight)
      for i in 0..<min(quick.count, general.count) {
        // 1e-10: bounds of up to 10³ mm over slopes that differ by as little as 10⁻⁴.
        #expect(abs(quick.lower[i] - general.lower[i]) < 1e-10 * (1 + general.lower[i]))
        #expect(abs(quick.upper[i] - general.upper[i]) < 1e-10 * (1 + general.upper[i]))
      }
    }
  }
}
