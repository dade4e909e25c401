import DarkSector
import Production
import Relic

/// Why a point of a figure or table cannot be: masses that close a decay, a beam too weak to make
/// them, or an abundance out of reach. Such a point is
/// left out and named; any other error ends the run.
///
/// - Returns: `nil` for an error of another kind.
func reasonForAbsence(_ error: any Error) -> String? {
  switch error {
  case let error as DarkSectorError: return error.description
  case let error as ProductionError:
    guard case .belowThreshold = error else { return nil }
    return error.description
  case let error as RelicError: return error.isPropertyOfPoint ? error.description : nil
  default: return nil
  }
}
