/// A value of a card with the place it was given at: what is left of YAML once it is parsed.
struct CardNode: Sendable, Hashable {
  /// A scalar, a list or a map.
  enum Content: Sendable, Hashable {
    /// Text; plain means without quotes, so that it may be a number.
    case scalar(String, isPlain: Bool)
    case list([CardNode])
    case map([CardEntry])
  }

  var content: Content
  var location: CardLocation
  var source: CardSource

  /// Whether nothing was given: `key:`, `key: ~`, `key: null`.
  var isNull: Bool {
    if case .scalar(let text, isPlain: true) = content {
      return ["", "~", "null", "Null", "NULL"].contains(text)
    }
    return false
  }

  /// The entries of a map; `nil` for anything else.
  var entries: [CardEntry]? {
    if case .map(let entries) = content { entries } else { nil }
  }

  /// The node under a key of a map.
  subscript(key: String) -> CardNode? {
    entries?.first { $0.key == key }?.value
  }

  /// The value as YAML on one line.
  var flowText: String {
    switch content {
    case .scalar(let text, isPlain: true): text
    case .scalar(let text, isPlain: false): CardText.quoted(text)
    case .list(let nodes): CardText.list(nodes.map(\.flowText))
    case .map(let entries): CardText.map(entries.map { ($0.key, $0.value.flowText) })
    }
  }

  /// The value as results show it: a text without quotes.
  var label: String {
    if case .scalar(let text, _) = content { text } else { flowText }
  }

  /// A few words that name the value in a message; never longer than a line.
  var summary: String {
    switch content {
    case .scalar where isNull: "nothing"
    case .scalar(let text, _):
      "'" + (text.count > 40 ? text.prefix(37) + "..." : text[...]).replacing("\n", with: " ") + "'"
    case .list(let nodes): nodes.isEmpty ? "an empty list" : "a list"
    case .map: "a map"
    }
  }
}

/// A key of a map with its value.
struct CardEntry: Sendable, Hashable {
  var key: String
  var keyLocation: CardLocation
  var value: CardNode
}
