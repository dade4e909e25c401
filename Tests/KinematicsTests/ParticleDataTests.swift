import ParticleData
import Testing
import Units

@Suite("Particles and materials") struct ParticleDataTests {
  @Test("beryllium has the printed mass and density of nuclei", .tags(.reference))
  func beryllium() {
    // Documentation/Physics.md: M = 8.392 75 GeV; n_Be = 1.2349e23 and n_e = 4.9395e23 per cm³.
    #expect(abs(Material.beryllium.nuclearMass - 8.39275) < 1e-5)
    #expect(abs(Material.beryllium.nucleiPerCubicCentimetre / 1.2349e23 - 1) < 1e-4)
    #expect(abs(Material.beryllium.electronsPerCubicCentimetre / 4.9395e23 - 1) < 1e-4)
    #expect(Material.named("beryllium") == .beryllium)
    #expect(Material.named("unobtainium") == nil)
  }

  @Test("nuclei weigh what their nucleons do less their binding", .tags(.property))
  func nuclearMasses() {
    for material in Material.builtIn {
      let (Z, A) = (Double(material.atomicNumber), material.massNumber)
      let binding = Z * Mass.proton + (A - Z) * Mass.neutron - material.nuclearMass
      // 6.4 to 8.8 MeV a nucleon from beryllium to iron and lead; hydrogen has the 13.6 eV of its electron.
      if A == 1 {
        #expect(abs(binding) < 2e-8, "\(material.name)")
      } else {
        #expect(binding / A > 6.3e-3 && binding / A < 8.9e-3, "\(material.name)")
      }
      // Molar masses of natural mixtures lie within a unit of the isotope's mass number.
      #expect(abs(material.molarMass - A) < 1)
      #expect(material.density > 0 && material.radiationLength > 0)
    }
    #expect(Set(Material.builtIn.map(\.name)).count == Material.builtIn.count)
  }

  @Test("antiparticles share masses and have opposite numbers", .tags(.unit))
  func beams() {
    #expect(BeamParticle.antimuon.mass == BeamParticle.muon.mass)
    #expect(BeamParticle.antimuon.pdgID == -BeamParticle.muon.pdgID)
    #expect(BeamParticle.positron.pdgID == -11 && BeamParticle.electron.pdgID == 11)
    #expect(LeptonFlavour.allCases.map(\.pdgID) == [11, 13, 15])
    #expect(LeptonFlavour.allCases.map(\.pairSymbol) == ["ee", "mumu", "tautau"])
  }
}
