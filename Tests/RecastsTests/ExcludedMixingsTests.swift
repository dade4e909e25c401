import Recasts
import Testing

@Suite("Excluded mixings") struct ExcludedMixingsTests {
  @Test("a mixing is excluded inside the intervals, ends included", .tags(.unit))
  func contains() {
    let mixings = ExcludedMixings([1e-4...1e-3, 0.1...1])
    #expect([1e-4, 5e-4, 1e-3, 0.1, 1].allSatisfy(mixings.contains))
    #expect(![0, 9.9e-5, 1.1e-3, 0.09, 1.1].contains(where: mixings.contains))
    #expect(!ExcludedMixings([]).contains(0.5))
  }
}
