import Kinematics

extension MissingMomentumSearch {
  /// Whether a scattered lepton counts; without one there is no recoil to cut on.
  @inline(__always)
  func accepts(_ recoil: FourMomentum?) -> Bool {
    guard let recoil else { return recoilEnergy.lowerBound == 0 && recoilTransverse == 0 }
    return recoilEnergy.contains(recoil.energy)
      && recoil.x * recoil.x + recoil.y * recoil.y >= recoilTransverse * recoilTransverse
  }

  /// Whether both leptons together leave too little to be seen.
  @inline(__always)
  func isSoft(_ event: DecayedEvent) -> Bool {
    event.positive.energy + event.negative.energy <= vetoEnergy
  }

  /// How close a pair comes to leaving too little: 1 where it does.
  func softness(_ event: DecayedEvent) -> Double {
    if isSoft(event) { return 1 }
    let share = vetoEnergy / (event.positive.energy + event.negative.energy)
    return 0.1 * (share * share) * (share * share)
  }

  /// How close a scattered lepton comes to counting: 1 where it does.
  func closeness(_ recoil: FourMomentum?) -> Double {
    guard let recoil else { return accepts(nil) ? 1 : 0 }
    if accepts(recoil) { return 1 }
    let share =
      min(recoil.energy / max(recoilEnergy.lowerBound, 1e-9), 1)
      * min(recoilEnergy.upperBound / recoil.energy, 1)
      * min(recoil.transverse / max(recoilTransverse, 1e-9), 1)
    return 0.1 * (share * share) * (share * share)
  }
}
