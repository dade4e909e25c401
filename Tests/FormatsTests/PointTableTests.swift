import Constraints
import Formats
import Testing

@Suite("Tables of points", .tags(.unit))
struct PointTableTests {
  private func faults(_ text: String) -> [CurveFault] {
    do {
      _ = try PointTable(parsing: text)
      return []
    } catch .malformed(let faults) {
      return faults
    } catch {
      return []
    }
  }

  @Test("columns come in either order, as ε or y")
  func reads() throws {
    let y = try PointTable(parsing: "# a remark\ny,m1_GeV\n1e-9,0.1\n2e-9,0.2\n")
    #expect(y.ordinate == .y)
    #expect(
      y.points == [CurvePoint(m1: 0.1, ordinate: 1e-9), CurvePoint(m1: 0.2, ordinate: 2e-9)])
    #expect(try PointTable(parsing: "m1_GeV,epsilon\n1,1e-3").ordinate == .epsilon)
  }

  @Test("all faults are told together, each with its line")
  func together() {
    let found = faults("m1_GeV,y\n0.1,-1\n1e-161,1e-9\n0.1,x\n0.1\n1e6,0\n0.2,1e-9\n")
    #expect(found.map(\.line) == [2, 3, 4, 5, 6, 6])
    #expect(found[1].problem == "m1_GeV = 1e-161 is out of range")
    #expect(found[1].remedy.contains("between 1e-9 and 100000"))
  }

  @Test("other columns are refused by the line of their names")
  func columns() {
    for names in ["m1_GeV,z", "m1_MeV,y", "m1_GeV,y,epsilon", "m1_GeV"] {
      let row = names.split(separator: ",").map { _ in "1" }.joined(separator: ",")
      #expect(faults("\(names)\n\(row)\n").map(\.line) == [1], "\(names)")
    }
    #expect(faults("").map(\.problem) == ["there is no row of numbers"])
  }
}
