import Testing
import Units

@Suite("Units") struct UnitsTests {
  @Test("ħc and its square agree, and are those of CODATA", .tags(.reference))
  func bridge() {
    // CODATA 2022: ħc = 197.326 980 4… MeV fm, exact; (ħc)² = 0.389 379 372 1… GeV² mbarn.
    #expect(abs(Double.hbarC / 197.326_980_459_302_5e-15 - 1) < 1e-15)  // MeV fm in GeV mm.
    // 1 GeV⁻² = (ħc)² mm², and 1 mm² = 10³⁴ pb.
    #expect(abs(Double.hbarC * .hbarC * 1e34 / .hbarCSquared_GeV2pb - 1) < 1e-14)
    #expect(abs(1 / .picobarn / .hbarCSquared_GeV2pb - 1) < 1e-15)
  }

  @Test("quantities come in and go out in their units", .tags(.unit))
  func conversions() {
    #expect(160 * .GeV == 160)
    #expect(250 * .MeV / .GeV == 0.25)
    #expect(4 * .cm == 40 * .mm)
    #expect(1.5 * .m == 1500)
    #expect(2 * .mrad == 0.002)
  }

  @Test("a width of 1 eV is a length of 197 nm", .tags(.unit))
  func properLength() {
    #expect(abs(properDecayLength(ofWidth: 1e-9) / 1.973_269_804_593_025e-4 - 1) < 1e-15)
  }

  @Test("α is one over 137.036", .tags(.reference))
  func fineStructure() {
    #expect(abs(1 / PhysicalConstant.fineStructure - 137.035_999_177) < 1e-12)
  }
}
