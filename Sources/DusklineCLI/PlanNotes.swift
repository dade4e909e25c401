import Reach

/// What `explain` says beside the keys, as comment lines behind the card.
enum PlanNotes {
  /// The notes of a plan: how its luminosity comes about.
  static func lines(of plan: Plan) -> [String] {
    let ledger = LuminosityLedger(plan.luminosity, plan: plan)
    return ["Luminosity ledger", "\(ledger.perPicobarn) /pb: \(ledger.origin)"] + ledger.lines
  }
}
