import Constraints
import Foundation
import Tables
import Testing

@Suite("The catalogue") struct ConstraintCatalogueTests {
  private static let names = [
    "babar", "lep", "e137", "lsnd", "babar-displaced", "bdx", "ldmx", "miniboone", "belle2",
    "seaquest", "jsns2",
  ]

  @Test("every curve parses, exclusions first", .tags(.unit))
  func names() {
    let curves = ConstraintCatalogue.builtIn.curves
    #expect(curves.map(\.name) == Self.names)
    let exclusions = curves.filter { $0.kind == .exclusion }.map(\.name)
    #expect(exclusions == ["babar", "lep", "e137", "lsnd"])
    for curve in curves {
      #expect(curve.origin == .digitised && curve.ordinate == .epsilon, "\(curve.name)")
      #expect(curve.licence.hasPrefix("MIT, Copyright (c) F. Kling, S. Trojanowski"))
      #expect(curve.source.contains("to be confirmed"), "\(curve.name)")
      #expect(curve.confidenceLevel == nil, "the digitisation tells none: \(curve.name)")
      #expect(curve.assumptions.mediatorMassOverM1 == 3)
      let expected: Double? = ["lep": nil, "miniboone": 0.05][curve.name] ?? 0.1
      #expect(curve.assumptions.splittingOverM1 == expected, "\(curve.name)")
      #expect(curve.assumptions.alphaD == (curve.name == "lep" ? nil : 0.1), "\(curve.name)")
    }
  }

  @Test("the numbers are those digitised, and y follows from them", .tags(.reference))
  func digitised() throws {
    let table = try referenceTable("digitised-limits")
    let (numbers, m1) = (try table.required("curve"), try table.required("m1_GeV"))
    let (epsilon, y) = (try table.required("epsilon"), try table.required("y"))
    // Corners that close an outline along the frame are ours, at the end.
    let added = ["lep": 1, "ldmx": 2, "belle2": 2]
    for (number, name) in Self.names.enumerated() {
      let curve = try ConstraintCatalogue.builtIn.curve(named: name)
      let rows = numbers.indices.filter { Int(numbers[$0]) == number }
      #expect(curve.points.count == rows.count + added[name, default: 0], "\(name)")
      let converted = try curve.points(as: .y, alphaD: 0.1, mediatorMassOverM1: 3)
      for (row, (point, yPoint)) in zip(rows, zip(curve.points, converted)) {
        #expect(point == CurvePoint(m1: m1[row], ordinate: epsilon[row]), "\(name)")
        // 1.2e-5: six digits of ε, squared, and six of y; the largest found is 1.09e-5.
        #expect(abs(yPoint.ordinate / y[row] - 1) < 1.2e-5, "\(name), m1 = \(point.m1)")
      }
    }
  }

  @Test("every curve holds a point within it, and none beyond its masses", .tags(.unit))
  func regions() {
    for curve in ConstraintCatalogue.builtIn.curves {
      let middle = (curve.massRange.lowerBound * curve.massRange.upperBound).squareRoot()
      let intervals = curve.excludedOrdinates(atM1: middle)
      #expect(!intervals.isEmpty, "\(curve.name)")
      for interval in intervals {
        let centre = (interval.lowerBound * interval.upperBound).squareRoot()
        #expect(curve.holds(m1: middle, ordinate: centre), "\(curve.name)")
        #expect(!curve.holds(m1: middle, ordinate: interval.lowerBound * 0.999))
      }
      #expect(curve.excludedOrdinates(atM1: curve.massRange.upperBound * 1.01).isEmpty)
    }
  }

  @Test("open edges are closed along the frame of the figure", .tags(.unit))
  func closedEdges() throws {
    let catalogue = ConstraintCatalogue.builtIn
    let ldmx = try catalogue.curve(named: "ldmx")
    #expect(ldmx.holds(m1: 0.0463, ordinate: 0.09))
    #expect(!ldmx.holds(m1: 0.0461, ordinate: 1e-3))
    let lep = try catalogue.curve(named: "lep")
    #expect(lep.holds(m1: 0.02, ordinate: 0.99) && lep.holds(m1: 99, ordinate: 0.5))
    let belle2 = try catalogue.curve(named: "belle2")
    #expect(belle2.holds(m1: 1, ordinate: 1e-2) && !belle2.holds(m1: 1, ordinate: 6e-5))
  }

  @Test("a misspelt name is met with the nearest one", .tags(.unit))
  func misspelt() {
    do {
      _ = try ConstraintCatalogue.builtIn.curve(named: "bell2")
      Issue.record("there is no such curve")
    } catch {
      #expect("\(error)" == "there is no curve 'bell2'; did you mean 'belle2'?")
    }
  }

  @Test("a user's curves come behind the built-in ones, under names of their own", .tags(.unit))
  func userCurves() throws {
    let mine = try curve([(0.1, 1e-3), (1, 1e-3), (1, 1e-2)])
    let catalogue = try ConstraintCatalogue.builtIn.adding([mine])
    #expect(catalogue.curves.last == mine && catalogue.userNames == ["mine"])
    #expect(throws: ConstraintError.nameTaken("mine")) { try catalogue.adding([mine]) }
  }

  @Test("10⁴ points are checked against all curves in a fraction of a second", .tags(.unit))
  func speed() {
    let limits: [any Constraint] = ConstraintCatalogue.builtIn.curves
    let clock = ContinuousClock()
    var excluded = 0
    let time = clock.measure {
      for i in 0..<10_000 {
        let (m1, epsilon) = (
          0.01 * pow(1e4, Double(i % 100) / 100), pow(1e-6, Double(i / 100) / 100)
        )
        excluded +=
          ConstraintVerdict(on: point(m1: m1, epsilon: epsilon), by: limits).isExcluded ? 1 : 0
      }
    }
    #expect(excluded > 1000 && excluded < 9000)
    // 1 s: the promise is under a second for the whole command; this takes some 0.1 s.
    #expect(time < .seconds(1))
  }
}
