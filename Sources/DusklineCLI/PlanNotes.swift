import Reach
import Units

/// What `explain` says beside the keys, as comment lines behind the card.
enum PlanNotes {
  /// The notes of a plan: how its luminosity comes about.
  static func lines(of plan: Plan) -> [String] {
    let ledger = LuminosityLedger(plan.luminosity, plan: plan)
    let value = ShortestNumber.text(ledger.perPicobarn)
    return ["Luminosity ledger", "\(value) /pb: \(ledger.origin)"] + ledger.lines
  }
}
