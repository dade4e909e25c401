/// What a table of points has at most.
package struct TableLimits: Sendable {
  /// The largest file that is read: 2 GiB.
  static let fileSize = 1 << 31

  /// How many rows.
  package var rows = 10_000_000
  /// How many rows times columns, each value of which takes eight bytes in memory.
  package var cells = 200_000_000

  /// The limits of a scan.
  package init() {}
}
