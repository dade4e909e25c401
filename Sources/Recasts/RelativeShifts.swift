/// The relative shifts of the observables at tree level.
package struct RelativeShifts {
  private let mixing: NeutralBosonMixing
  private let leptons: Double
  private let hadrons: Double
  private let all: Double

  package init(_ mixing: NeutralBosonMixing, quarkFactor: Double) {
    self.mixing = mixing
    let sineSquared = mixing.unmixedSineSquared
    let shift = -mixing.squaredWMassShift
    var hadrons = (width: 0.0, shift: 0.0)
    var all = (width: 0.0, shift: 0.0)
    var lepton = (width: 0.0, shift: 0.0)
    for fermion in ZFermion.all {
      let weight = fermion.weight * (fermion.isQuark ? quarkFactor : 1)
      let width = weight * fermion.width(sineSquared: sineSquared)
      let change = weight * fermion.widthShift(from: sineSquared, by: shift)
      all = (all.width + width, all.shift + change)
      if fermion.isQuark { hadrons = (hadrons.width + width, hadrons.shift + change) }
      if fermion.isChargedLepton { lepton = (width, change) }
    }
    self.leptons = lepton.shift / lepton.width
    self.hadrons = hadrons.shift / hadrons.width
    self.all = all.shift / all.width
  }

  package func of(_ observable: ElectroweakObservable) -> Double {
    switch observable {
    case .wMass: mixing.relativeWMassShift
    case .zWidth: mixing.rhoShift + all + mixing.rhoShift * all
    case .hadronicCrossSection:
      // (1 + l)(1 + h)/(1 + a)² - 1; ρ and m_Z cancel.
      (leptons + hadrons + leptons * hadrons - 2 * all - all * all) / ((1 + all) * (1 + all))
    case .hadronToLeptonRatio: (hadrons - leptons) / (1 + leptons)
    case .effectiveSineSquared: -mixing.squaredWMassShift / mixing.unmixedSineSquared
    }
  }
}

/// A kind of fermion to which the Z decays.
private struct ZFermion {
  let isospin: Double
  let charge: Double
  /// Colours times generations.
  let weight: Double

  var isQuark: Bool { abs(charge) > 0 && abs(charge) < 1 }
  var isChargedLepton: Bool { charge == -1 }

  static let all = [
    ZFermion(isospin: 0.5, charge: 0, weight: 3),
    ZFermion(isospin: -0.5, charge: -1, weight: 3),
    ZFermion(isospin: 0.5, charge: 2.0 / 3, weight: 6),
    ZFermion(isospin: -0.5, charge: -1.0 / 3, weight: 9),
  ]

  /// (T₃ - s²Q)² + (s²Q)², to which the width is proportional.
  func width(sineSquared: Double) -> Double {
    let right = sineSquared * charge
    let left = isospin - right
    return left * left + right * right
  }

  /// The change of ``width(sineSquared:)`` from s² to s² + δ: `2Qδ (Q(2s² + δ) - T₃)`.
  func widthShift(from sineSquared: Double, by shift: Double) -> Double {
    2 * charge * shift * (charge * (2 * sineSquared + shift) - isospin)
  }
}
