// One place for each name, so that whoever asks for a curve or a variant cannot misspell it.

extension ComputedCurve {
  /// The names of the curves.
  public enum Name {
    /// The electroweak fit.
    public static let lep = "lep-computed"
    /// Single photons at BaBar.
    public static let baBar = "babar-computed"
    /// Single photons at Belle II.
    public static let belle2 = "belle2-computed"
    /// Displaced pairs at BaBar.
    public static let baBarDisplaced = "babar-displaced-computed"
    /// Displaced pairs at Belle II.
    public static let belle2Displaced = "belle2-displaced-computed"
    /// E137.
    public static let e137 = thickTarget("e137")
    /// BDX.
    public static let bdx = thickTarget("bdx")
    /// LDMX.
    public static let ldmx = thickTarget("ldmx")

    /// The limit of a thick-target experiment.
    public static func thickTarget(_ experiment: String) -> String { experiment + ending }

    /// How all of them end; no other limit's name does.
    public static let ending = "-computed"
  }

  /// The names of the variants.
  public enum VariantName {
    /// The electroweak fit with its published normalisation: the default.
    public static let published = "published"
    /// Our own fit at tree level, to a rise of χ² by 2.71.
    public static let treeLevelOneSided = "tree-level-2.71"
    /// Our own fit at tree level, to a rise of χ² by 3.84.
    public static let treeLevelTwoSided = "tree-level-3.84"

    /// Single photons, whatever χ₂ does.
    public static let noVeto = "no-veto"
    /// Single photons with the default veto, above 0.1 GeV.
    public static let veto = veto(above: 0.1)
    /// The veto that notices most, above 0.05 GeV: one end of the band.
    public static let keenestVeto = veto(above: 0.05)
    /// The veto that notices least, above 0.3 GeV: the other end.
    public static let laxestVeto = veto(above: 0.3)

    /// A thick-target experiment as its file has it.
    public static let asDescribed = "default"
    /// The same, with this number of events needed.
    public static func events(_ count: Int) -> String { "events-\(count)" }
    /// The same, with positrons that annihilate into A′.
    public static let annihilation = "annihilation"
    /// The same, with the whole shower in place of the beam particle alone.
    public static let shower = "shower"

    /// Displaced pairs from 10 mm off the beam.
    public static let vertexFrom10mm = vertex(from: 10)
    /// Displaced pairs from 170 mm off the beam, Belle II's default.
    public static let vertexFrom170mm = vertex(from: 170)
    /// Displaced pairs from 236 mm off the beam.
    public static let vertexFrom236mm = vertex(from: 236)

    /// By the energy in GeV above which a charged product is noticed.
    static func veto(above energy: Double) -> String { "veto-\(energy)-GeV" }
    /// By the least distance of the vertex from the beam, in mm.
    static func vertex(from radius: Double) -> String { "vertex-from-\(Int(radius))-mm" }
  }

  /// The variant of a name.
  ///
  /// - Precondition: the curve has it: names come from ``VariantName``.
  public func variant(named name: String) -> Variant {
    guard let variant = variants.first(where: { $0.name == name }) else {
      preconditionFailure("\(self.name) has no variant '\(name)'")
    }
    return variant
  }

  /// The curve of a name, out of some.
  ///
  /// - Precondition: it is among them: names come from ``Name``.
  public static func named(_ name: String, among curves: [ComputedCurve]) -> ComputedCurve {
    guard let curve = curves.first(where: { $0.name == name }) else {
      preconditionFailure("no curve is called '\(name)'")
    }
    return curve
  }
}
