extension RunCard {
  /// The complete card: every default filled in, itself a valid card of the same plan.
  ///
  /// - Parameter notes: lines that follow as comments, such as the luminosity ledger.
  public func explanation(notes: [String] = []) -> String {
    CardWriter().text(of: plan, notes: notes)
  }

  /// The complete card as data files record it: without the number of threads, on which no result
  /// depends.
  public var recordedText: String {
    CardWriter(statesThreads: false).text(of: plan)
  }

  /// The complete card as JSON, key for key.
  public var json: JSONValue {
    let source = CardSource(name: name, folder: ".", layer: 0)
    let text = YAMLText(text: explanation(), source: source)
    guard let root = text.root(log: FaultLog()) else {
      preconditionFailure("the card that a writer made must be YAML")
    }
    return root.json
  }
}

extension CardNode {
  /// The value as JSON: what reads as a number becomes one.
  fileprivate var json: JSONValue {
    switch content {
    case .map(let entries):
      .object(Dictionary(entries.map { ($0.key, $0.value.json) }) { $1 })
    case .list(let nodes): .array(nodes.map(\.json))
    case .scalar(let text, let isPlain):
      if !isPlain {
        .string(text)
      } else if let whole = Int(text) {
        .integer(whole)
      } else if case .number(let value) = ScalarSyntax.number(text) {
        .number(value)
      } else {
        .string(text)
      }
    }
  }
}
