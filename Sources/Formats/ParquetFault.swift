/// Why a Parquet file cannot be read, and how to mend it; whoever passes it on puts the place in front.
struct ParquetFault: Error {
  var problem: String
  var remedy: String

  init(_ problem: String, mend remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }

  /// A file that contradicts itself.
  static func damaged(_ problem: String) -> ParquetFault {
    ParquetFault(problem, mend: "the file is damaged: copy or write it again")
  }

  /// The fault with its place in front.
  func at(_ place: String) -> ParquetFault { ParquetFault("\(place): \(problem)", mend: remedy) }
}
