import Calculus
import Kinematics
import ParticleData
import Sampling
import Units

/// e⁺e⁻ → A′ on atomic electrons at rest, the A′ with its line shape: what the positrons of a shower add to radiation.
///
///     σ(s) = 4π²αε² ρ(s),   ρ(Q²) = QΓ(Q)/π / [(Q² - m_A′²)² + Q²Γ(Q)²],   s = 2m_e² + 2m_e E₊
///
/// For a narrow A′, ∫σ dE₊ = 2π²αε²/m_e at E₊ = m_A′²/2m_e. The A′ flies along the positron and is transverse: its spin state is that of
/// a current of opposite helicities.
///
/// The electron's mass is left out beside √s. Source: ∫σ ds = 12π²Γ(A′ → ee)/m_A′ of a resonance of spin 1 (PDG 2024, review
/// *Cross-section formulae*), with Γ(A′ → ee) = αε²m_A′/3; the line shape is that of ``Mediator/spectral(_:)``.
public struct ResonantAnnihilation: Sendable, Hashable {
  /// The A′.
  public let shape: LineShape
  /// The range of Q² that positrons up to the beam's energy make, in GeV².
  private let squaredMasses: ClosedRange<Double>
  /// mΓ at the resonance, in GeV².
  private let massTimesWidth: Double

  /// The process, or `nil` where positrons of so much energy in GeV make no pair χ₁χ₂.
  public init?(_ shape: LineShape, highestEnergy: Double) {
    self.shape = shape
    let least = shape.sumMass * shape.sumMass
    let top = Self.mass(positronEnergy: highestEnergy)
    let most = top * top
    guard most > least, shape.mass > shape.sumMass else { return nil }
    // At threshold itself the decay has no phase space.
    squaredMasses = min(least * (1 + 1e-9), most)...most
    massTimesWidth = shape.massTimesWidth(shape.mass * shape.mass)
  }

  /// E₊ in GeV at which s is a squared mass.
  public static func positronEnergy(squaredMass: Double) -> Double {
    squaredMass / (2 * Mass.electron) - Mass.electron
  }

  /// The mass in GeV that a positron of an energy in GeV makes: √s.
  public static func mass(positronEnergy: Double) -> Double {
    (2 * Mass.electron * (Mass.electron + positronEnergy)).squareRoot()
  }

  /// One row of so many is drawn evenly in ln Q².
  private static let evenStride = 4

  /// ∫σ dE₊ of a narrow A′ on one electron, in pb GeV at ε = 1: `2π²α/m_e`.
  public static let narrowIntegral =
    2 * .pi * .pi * PhysicalConstant.fineStructure / Mass.electron * Double.hbarCSquared_GeV2pb

  /// Fills the production columns of a batch: A′ of drawn masses along z and their spin state, nothing else, with weights whose mean is
  /// ∫ σ(E₊) T(E₊) dE₊ in pb at ε = 1, on one electron.
  ///
  /// Q² is drawn by the line shape of constant width, so that the weights are those of the running width and of T; every fourth evenly
  /// in its logarithm instead, for what is far from the resonance.
  ///
  /// - Parameter trackLength: T, the positrons' track length per GeV.
  public func fill(
    _ events: borrowing ColumnBatch, count: Int, stream: RandomStream,
    trackLength: (Double) -> Double
  ) {
    let base = events.base
    let mass2 = shape.mass * shape.mass
    let first = Elementary.arctangentTurns((squaredMasses.lowerBound - mass2) / massTimesWidth)
    let last = Elementary.arctangentTurns((squaredMasses.upperBound - mass2) / massTimesWidth)
    let logarithms = Elementary.log(squaredMasses.upperBound / squaredMasses.lowerBound)
    let draws = base + EventColumn.recoilX
    stream.fill(draws, count: count, label: 0)
    // Which rows are which is fixed, so that a narrow resonance has the weight of its rows alone.
    let evenly = Double(count / Self.evenStride) / Double(count)
    for i in 0..<count {
      let draw: Double
      if i % Self.evenStride == Self.evenStride - 1 {
        draw = squaredMasses.lowerBound * Elementary.exp(logarithms * draws[i])
      } else {
        let (sine, cosine) = Elementary.sinCos(turns: first + (last - first) * draws[i])
        draw = mass2 + massTimesWidth * sine / cosine
      }
      let Q2 = min(max(draw, squaredMasses.lowerBound), squaredMasses.upperBound)
      let offset = Q2 - mass2
      let running = shape.massTimesWidth(Q2)
      let lineShape = running / .pi / (offset * offset + running * running)
      // Of both ways to draw, whichever it was (the balance heuristic of E. Veach and L. J. Guibas, SIGGRAPH 1995).
      let density =
        (1 - evenly) * massTimesWidth
        / (2 * .pi * (last - first) * (offset * offset + massTimesWidth * massTimesWidth))
        + evenly / (logarithms * Q2)
      let energy = Self.positronEnergy(squaredMass: Q2)
      base[EventColumn.weight + i] =
        Self.narrowIntegral * lineShape / density * trackLength(energy)
      base[EventColumn.momentumTransfer + i] = 0
      base[EventColumn.mediatorMass + i] = Q2.squareRoot()
      base[EventColumn.mediatorPlus + i] =
        energy + Mass.electron
        + ((energy - Mass.electron) * (energy + Mass.electron)).squareRoot()
      for column in [
        EventColumn.mediatorX, EventColumn.mediatorY, EventColumn.recoilX, EventColumn.recoilY,
        EventColumn.recoilZ, EventColumn.scatteredPlus, EventColumn.scatteredX,
        EventColumn.scatteredY, EventColumn.densityXY, EventColumn.densityXZ,
        EventColumn.densityYZ,
      ] { base[column + i] = 0 }
      base[EventColumn.densityXX + i] = 0.5
      base[EventColumn.densityYY + i] = 0.5
    }
  }
}
