/// Guesses which word a misspelt one stands for.
public enum NearestWord {
  /// The nearest known word, if one is near: a third of the letters may differ, and case does not count.
  public static func nearest(to word: String, among known: [String]) -> String? {
    let ranked = known.map { (word: $0, distance: distance(word.lowercased(), $0.lowercased())) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, min(word.count, best.word.count) / 3) ? best.word : nil
  }

  /// How an unknown word could be mended: `did you mean 'lep'?`, or the list of what is known.
  public static func remedy(for word: String, among known: [String]) -> String {
    if let match = nearest(to: word, among: known) { return "did you mean '\(match)'?" }
    return "known here: \(known.joined(separator: ", "))"
  }

  /// The number of insertions, deletions, replacements and swaps of neighbours between two words.
  ///
  /// Restricted Damerau–Levenshtein distance, `O(nm)`; words are cut at 80 letters.
  public static func distance(_ first: String, _ second: String) -> Int {
    let (a, b) = (Array(first.prefix(80)), Array(second.prefix(80)))
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var best = min(
          rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, rows[i - 1][j - 1] + 1)
        }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
