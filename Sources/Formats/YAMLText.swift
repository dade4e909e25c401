import Yams

/// A text of YAML on its way to a ``CardNode``.
struct YAMLText {
  var text: String
  var source: CardSource

  /// Letters for private use: the first ones stand for the first letters of keys that a later one
  /// repeats, one each, see ``root(log:)``.
  private static let repetitionMarks = Array(UInt32(0xE000)..<0xE064).compactMap(
    Unicode.Scalar.init)

  /// The node at the root; `nil` if the text could not be parsed, which is then a fault in the log.
  ///
  /// Yams gives up at the first repeated key of a map and names only the first one's place. That
  /// one's first letter is then replaced by a mark of the same width and the text parsed again, so
  /// that every repetition is reported, with all other faults, at its own line and column.
  func root(log: FaultLog) -> CardNode? {
    let findings = YAMLGuard.findings(in: text)
    for finding in findings {
      log.add(
        at: source.location(line: finding.line, column: finding.column), of: source,
        finding.problem, mend: finding.remedy)
    }
    guard findings.isEmpty else { return nil }

    var attempt = text
    for repetitionMark in Self.repetitionMarks {
      do {
        guard let root = try Yams.compose(yaml: attempt) else {
          log.add(
            at: source.location(line: 1, column: 1), of: source, "there is nothing in it",
            mend: "write at least 'duskline: 1'")
          return nil
        }
        return convert(root, log: log)
      } catch YamlError.duplicatedKeysInMapping(let names, let context) {
        if let marked = marking(
          keyAt: context.mark, with: repetitionMark, of: names, in: attempt)
        {
          attempt = marked
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
    log.add(
      at: source.location(line: 1, column: 1), of: source, "more than a hundred duplicate keys",
      mend: "give each key once")
    return nil
  }

  private func marking(
    keyAt mark: Mark, with repetitionMark: Unicode.Scalar, of names: [String], in text: String
  ) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(mark.line - 1) else { return nil }
    var line = Array(lines[mark.line - 1].unicodeScalars)
    var column = mark.column - 1
    guard line.indices.contains(column) else { return nil }
    if line[column] == "\"" || line[column] == "'" { column += 1 }
    guard line.indices.contains(column), column >= 0 else { return nil }
    let letters = String(String.UnicodeScalarView(line[column...]))
    guard names.contains(where: { !$0.isEmpty && letters.hasPrefix($0) }) else { return nil }
    line[column] = repetitionMark
    let replacement = String(String.UnicodeScalarView(line))
    lines[mark.line - 1] = replacement[...]
    return lines.joined(separator: "\n")
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
