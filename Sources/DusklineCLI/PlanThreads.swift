import Foundation
import Reach

extension Plan {
  /// The number of threads to use: the card's, or what the machine has.
  var threadCount: Int { run.threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
