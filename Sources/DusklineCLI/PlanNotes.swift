import Reach

/// What `explain` says beside the keys, as comment lines behind the card.
enum PlanNotes {
  /// The notes of a plan.
  static func lines(of plan: Plan) -> [String] {
    []
  }
}
