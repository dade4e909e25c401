import Yams

/// A text of YAML on its way to a ``CardNode``.
struct YAMLText {
  var text: String
  var source: CardSource

  /// Letters for private use: the first ones stand for the first letters of keys that a later one
  /// repeats, one each, see ``root(log:)``.
  private static let repetitionMarks = Array(UInt32(0xE000)..<0xE064).compactMap(
    Unicode.Scalar.init)

  /// The most keys that a map may have.
  private static let mostKeys = 1000

  /// The node at the root; `nil` if the text could not be parsed, which is then a fault in the log.
  ///
  /// Yams gives up at the first repeated key of a map and names only the first one's place. That
  /// one's first letter is then replaced by a mark of the same width and the text parsed again, so
  /// that every repetition is reported, with all other faults, at its own line and column.
  func root(log: FaultLog) -> CardNode? {
    let text = Self.withPlainLineBreaks(text)
    let findings = YAMLGuard.findings(in: text)
    for finding in findings {
      log.add(
        at: source.location(line: finding.line, column: finding.column), of: source,
        finding.problem, mend: finding.remedy)
    }
    guard findings.isEmpty else { return nil }

    var attempt = text
    var lastRepetition: (names: [String], mark: Mark)?
    // Each repetition costs one more parse: a text too large to be a card gets few.
    let tries = max(3, 400_000 / max(4000, text.utf8.count))
    for repetitionMark in Self.repetitionMarks.prefix(tries) {
      do {
        guard let root = try Yams.compose(yaml: attempt) else {
          log.add(
            at: source.location(line: 1, column: 1), of: source, "there is nothing in it",
            mend: "write at least 'duskline: 1'")
          return nil
        }
        if let mapping = root.mapping, refusesSize(of: mapping, log: log) { return nil }
        return convert(root, log: log)
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        if let marked = marking(
          keyAt: context.mark, with: repetitionMark, of: names, in: attempt)
        {
          attempt = marked
          lastRepetition = (names, context.mark)
          continue
        }
        log.add(
          at: source.location(line: context.mark.line, column: context.mark.column), of: source,
          "duplicate key \(names.map { "'\($0)'" }.joined(separator: ", "))",
          mend: "keep one of them")
        return nil
      } catch {
        report(error, log: log)
        return nil
      }
    }
    let names = lastRepetition?.names.prefix(3).map { "'\($0)'" }.joined(separator: ", ") ?? ""
    log.add(
      at: location(of: lastRepetition?.mark), of: source,
      "too many duplicate keys to list them all (\(names), …)", mend: "give each key once")
    return nil
  }

  private func marking(
    keyAt mark: Mark, with repetitionMark: Unicode.Scalar, of names: [String], in text: String
  ) -> String? {
    var scalars = Array(text.unicodeScalars)
    // The start of the line, then the column: Yams counts both in scalars.
    var index = 0
    for _ in 1..<max(1, mark.line) {
      guard let end = scalars[index...].firstIndex(of: "\n") else { return nil }
      index = end + 1
    }
    index += mark.column - 1
    if scalars.indices.contains(index), scalars[index] == "\"" || scalars[index] == "'" {
      index += 1
    }
    guard scalars.indices.contains(index),
      names.contains(where: { !$0.isEmpty && scalars[index...].starts(with: $0.unicodeScalars) })
    else { return nil }
    scalars[index] = repetitionMark
    return String(String.UnicodeScalarView(scalars))
  }

  /// The text with every line break that YAML knows as a newline, so that lines are counted alike by
  /// all that reads it.
  private static func withPlainLineBreaks(_ text: String) -> String {
    // A byte order mark at the head is no part of the text.
    let text =
      text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    let others: [Unicode.Scalar] = ["\r", "\u{85}", "\u{2028}", "\u{2029}"]
    guard text.unicodeScalars.contains(where: others.contains) else { return text }
    var result = String.UnicodeScalarView()
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      let isSecondHalf = scalar == "\n" && previous == "\r"
      if !isSecondHalf { result.append(others.contains(scalar) ? "\n" : scalar) }
      previous = scalar
    }
    return String(result)
  }

  // MARK: From Yams's nodes to ours

  private func location(of mark: Mark?) -> CardLocation {
    source.location(line: mark?.line ?? 1, column: mark?.column ?? 1)
  }

  private func convert(_ node: Yams.Node, log: FaultLog) -> CardNode {
    let location = location(of: node.mark)
    func make(_ content: CardNode.Content) -> CardNode {
      CardNode(content: content, location: location, source: source)
    }
    switch node {
    case .scalar(let scalar):
      // Yams gives every quoted scalar the tag of a text.
      let isQuotedText =
        scalar.style != .plain && scalar.tag.description == Tag.Name.str.rawValue
      if !isQuotedText { refuseTag(scalar.tag, at: location, log: log) }
      return make(.scalar(scalar.string, isPlain: scalar.style == .plain))
    case .sequence(let sequence):
      refuseTag(sequence.tag, at: location, log: log)
      return make(.list(sequence.map { convert($0, log: log) }))
    case .mapping(let mapping):
      refuseTag(mapping.tag, at: location, log: log)
      return make(.map(entries(of: mapping, log: log)))
    case .alias:
      log.add(
        at: location, of: source, "aliases are not part of a card", mend: "write the value out")
      return make(.scalar("", isPlain: true))
    }
  }

  private func entries(of mapping: Yams.Node.Mapping, log: FaultLog) -> [CardEntry] {
    var entries: [CardEntry] = []
    if refusesSize(of: mapping, log: log) { return [] }
    for (key, value) in mapping {
      let location = location(of: key.mark)
      guard case .scalar(let name) = key else {
        log.add(at: location, of: source, "a key must be a word", mend: "give a plain key")
        continue
      }
      if Self.isMarked(name) {
        // The next key with the same letters but the first is what repeats it.
        let rest = name.string.unicodeScalars.dropFirst()
        let later = mapping.keys.compactMap(\.scalar).drop { $0.string != name.string }.dropFirst()
        let repetition = later.first { $0.string.unicodeScalars.dropFirst().elementsEqual(rest) }
        let original = later.first {
          $0.string.unicodeScalars.dropFirst().elementsEqual(rest) && !Self.isMarked($0)
        }
        log.add(
          at: self.location(of: repetition?.mark), of: source,
          "duplicate key '\(original?.string ?? "")' (already on line \(key.mark?.line ?? 1))",
          mend: "keep one of them")
        continue
      }
      if name.string == "<<" {
        log.add(
          at: location, of: source, "merge keys are not part of a card ('<<')",
          mend: "write the keys out")
        continue
      }
      entries.append(
        CardEntry(
          key: name.string, keyLocation: location, value: convert(value, log: log)))
    }
    return entries
  }

  private func refusesSize(of mapping: Yams.Node.Mapping, log: FaultLog) -> Bool {
    guard mapping.count > Self.mostKeys else { return false }
    log.add(
      at: location(of: mapping.mark), of: source, "a map of \(mapping.count) keys",
      mend: "a card's largest map has a dozen: is this a card?")
    return true
  }

  private static func isMarked(_ key: Yams.Node.Scalar) -> Bool {
    key.string.unicodeScalars.first.map(repetitionMarks.contains) ?? false
  }

  private func refuseTag(_ tag: Tag, at location: CardLocation, log: FaultLog) {
    guard tag.description != Tag.implicit.description, tag.description != "!" else { return }
    let name = tag.description.replacing("tag:yaml.org,2002:", with: "!!")
    log.add(
      at: location, of: source, "tags are not part of a card ('\(name)')",
      mend: "remove the tag; a key's meaning fixes its type")
  }

  // MARK: Faults of the text itself

  private func report(_ error: any Error, log: FaultLog) {
    var (line, column, problem) = (1, 1, "\(error)")
    switch error as? YamlError {
    case .scanner(let context, let text, let mark, _), .parser(let context, let text, let mark, _),
      .composer(let context, let text, let mark, _):
      (line, column) = (mark.line, mark.column)
      problem = [context?.text, text].compactMap(\.self).joined(separator: ", ")
    case .reader(let text, let offset, _, let yaml):
      problem = text
      if let offset {
        let before = yaml.prefix(offset)
        line = before.count(where: \.isNewline) + 1
        column = before.reversed().prefix { !$0.isNewline }.count + 1
      }
    default: break
    }
    // Tabs are the commonest cause, and libyaml's words for them puzzle.
    let remedy =
      problem.contains("cannot start any token") || problem.contains("tab")
      ? "quote the value, and indent with spaces, never with tabs"
      : "mend the YAML at this place"
    log.add(
      at: source.location(line: line, column: column), of: source, "not YAML (\(problem))",
      mend: remedy)
  }
}
