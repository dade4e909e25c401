import DarkSector
import Relic

/// A model point by ratios: Δ/m₁ and m_A′/m₁.
func modelPoint(_ m1: Double, _ splitting: Double, mediator: Double = 3) throws -> ModelPoint {
  try ModelPoint(
    chi1Mass: m1, massSplitting: splitting * m1, darkPhotonMass: mediator * m1)
}

/// Settings with leptons alone.
let leptonsOnly = RelicSettings(finalStates: .leptons)
