import Foundation
import ParticleData
import Production
import Testing

@Suite("Nuclear form factors") struct NuclearFormFactorTests {
  @Test("Tsai's radiation logarithms less one half give the screening constants", .tags(.reference))
  func radiationLogarithms() {
    // PDG 2024, § 34.4.2, Table 34.2: L_rad and L′_rad of Y.-S. Tsai; beyond Z = 4 ln 184.15 Z^(-1/3) and
    // ln 1194 Z^(-2/3).
    var table: [(Z: Int, elastic: Double, inelastic: Double)] = [
      (1, 5.31, 6.144), (2, 4.79, 5.621), (3, 4.74, 5.805), (4, 4.71, 5.924),
    ]
    for Z in [5, 6, 29, 74, 82] {
      table.append((Z, log(184.15 / cbrt(Double(Z))), log(1194 / pow(cbrt(Double(Z)), 2))))
    }
    for (Z, elastic, inelastic) in table {
      let constants = NuclearFormFactor.screeningConstants(atomicNumber: Z, model: .tsai)
      let root = cbrt(Double(Z))
      // 1.5 %: the logarithms are printed with two or three decimals, from form factors that are not
      // exactly Tsai's two-parameter ones (helium is 1.2 % off).
      #expect(abs(constants.a / root / exp(elastic - 0.5) - 1) < 0.015, "a, Z = \(Z)")
      #expect(
        abs(constants.aPrime / (root * root) / exp(inelastic - 0.5) - 1) < 0.015, "a′, Z = \(Z)")
      // The generic constants would not do for light nuclei.
      if Z == 1 {
        #expect(abs(773 / exp(inelastic - 0.5) - 1) > 0.5)
      }
    }
    let generic = NuclearFormFactor.screeningConstants(atomicNumber: 4, model: .tsaiGeneric)
    #expect(generic == (111, 773))
  }

  @Test("the form factor is the formula as printed", .tags(.identity))
  func formula() {
    let (Z, A, m) = (4.0, 9.0, Mass.electron)
    let a = 111 / cbrt(Z) / m
    let aPrime = 773 / pow(cbrt(Z), 2) / m
    let d = 0.164 / pow(cbrt(A), 2)
    for n in [0.0, 1, 2] {
      let model: InelasticModel = n == 0 ? .off : n == 1 ? .n1 : .n2
      let formFactor = NuclearFormFactor(.beryllium, model: .tsaiGeneric, inelastic: model)
      for t in [1e-12, 1e-9, 1e-6, 1e-4, 0.01, 0.3, 5] {
        let screening = a * a * t / (1 + a * a * t)
        let size = 1 / (1 + t / d)
        let elastic = pow(Z * screening * size, 2)
        let inner = pow(aPrime * aPrime * t / (1 + aPrime * aPrime * t), 2)
        let magnetic = 1 + t * (2.79 * 2.79 - 1) / (4 * Mass.proton * Mass.proton)
        let nucleon = magnetic / pow(1 + t / 0.71, 4)
        let inelastic = n == 0 ? 0 : Z * inner * pow(nucleon, n)
        // 1e-13: a dozen roundings, and cube roots squared.
        #expect(
          abs(formFactor.squared(t) / (elastic + inelastic) - 1) < 1e-13, "t = \(t), n = \(n)")
      }
    }
  }

  @Test("a point charge has G₂ = Z² at every t", .tags(.limit))
  func point() {
    for name in ["hydrogen", "beryllium", "lead"] {
      let target = material(name)
      let formFactor = NuclearFormFactor(target, model: .point, inelastic: .off)
      for t in [1e-20, 1e-9, 1, 1e4] {
        #expect(formFactor.squared(t) == Double(target.atomicNumber * target.atomicNumber))
      }
    }
  }

  @Test("screening takes G₂ to 0 like t², and the size like t⁻²", .tags(.limit))
  func limits() {
    for target in Material.builtIn {
      for model in [FormFactorModel.tsai, .tsaiGeneric] {
        let formFactor = NuclearFormFactor(target, model: model, inelastic: .n1)
        #expect(formFactor.squared(0) == 0)
        // a²t ≈ 10⁻⁸ and t/d ≈ 10³: the limits hold to about these.
        #expect(abs(formFactor.squared(2e-20) / formFactor.squared(1e-20) - 4) < 1e-4)
        let elastic = NuclearFormFactor(target, model: model, inelastic: .off)
        let d = 0.164 / pow(cbrt(target.massNumber), 2)
        #expect(abs(elastic.squared(1e4 * d) / elastic.squared(2e4 * d) - 4) < 1e-2)
        let largest = Double(target.atomicNumber * target.atomicNumber)
        #expect((-12...2).allSatisfy { elastic.squared(pow(10.0, Double($0))) < largest })
      }
    }
  }
}
