/// A hadron that lives long enough to decay behind the target that it was made in.
///
/// The raw value is its Monte Carlo number. Source of masses and lifetimes: PDG 2024, meson and baryon summary tables.
public enum LongLivedHadron: Int, Sendable, Hashable, Codable, CaseIterable {
  /// K⁰_S.
  case kaonShort = 310
  /// K⁰_L.
  case kaonLong = 130
  /// Λ.
  case lambda = 3122
  /// Λ̄.
  case antilambda = -3122
  /// Ξ⁰.
  case xiZero = 3322
  /// Ξ̄⁰.
  case antixiZero = -3322

  /// The mass in GeV.
  public var mass: Double {
    switch self {
    case .kaonShort, .kaonLong: Mass.neutralKaon
    case .lambda, .antilambda: Mass.lambda
    case .xiZero, .antixiZero: 1.314_86
    }
  }

  /// cτ in mm.
  public var properDecayLength: Double {
    switch self {
    case .kaonShort: 26.844
    case .kaonLong: 15_337
    case .lambda, .antilambda: 78.46
    case .xiZero, .antixiZero: 87.1
    }
  }

  /// The symbol in plain text: `K_S`.
  public var symbol: String {
    switch self {
    case .kaonShort: "K_S"
    case .kaonLong: "K_L"
    case .lambda: "Lambda"
    case .antilambda: "anti-Lambda"
    case .xiZero: "Xi0"
    case .antixiZero: "anti-Xi0"
    }
  }
}
