import Units

/// The values of one column of a table, all of one kind.
public enum ColumnValues: Sendable, Hashable {
  /// Truth values.
  case booleans([Bool])
  /// Integers.
  case integers([Int64])
  /// Numbers, `nan` and infinities among them.
  case numbers([Double])
  /// Texts, most of which may be equal.
  case texts(RepeatedTexts)

  /// How many there are.
  public var count: Int {
    switch self {
    case .booleans(let values): values.count
    case .integers(let values): values.count
    case .numbers(let values): values.count
    case .texts(let values): values.count
    }
  }

  /// A value as cards write it: `true`, an integer, the shortest decimals that read back to the same double, or the text
  /// itself.
  public func text(at row: Int) -> String {
    switch self {
    case .booleans(let values): values[row] ? "true" : "false"
    case .integers(let values): String(values[row])
    case .numbers(let values):
      values[row].isFinite ? ShortestNumber.text(values[row]) : "\(values[row])"
    case .texts(let values): values[row]
    }
  }
}

/// Texts in their order, each different one kept once.
public struct RepeatedTexts: Sendable, Hashable {
  /// The texts that occur, by first occurrence.
  public private(set) var different: [String] = []
  private var numbers: [Key: UInt32] = [:]
  /// For each place the number of its text.
  public private(set) var places: [UInt32] = []

  /// A text by its bytes: a composed letter is not the same as a letter and its accent, which Swift holds for equal.
  private struct Key: Hashable {
    var text: String

    static func == (left: Key, right: Key) -> Bool {
      left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
      for byte in text.utf8 { hasher.combine(byte) }
    }
  }

  /// No texts.
  public init() {}

  /// A list from the texts that occur and, for each place, the number of its text; `nil` where one is not among them.
  public init?(_ different: [String], places: [UInt32]) {
    guard places.allSatisfy({ $0 < different.count }) else { return nil }
    self.different = different
    self.places = places
    numbers = Dictionary(
      zip(different.map(Key.init), 0...), uniquingKeysWith: { first, _ in first })
  }

  /// How many there are.
  public var count: Int { places.count }

  /// The text at a place.
  public subscript(place: Int) -> String { different[Int(places[place])] }

  /// Puts a text behind the others.
  public mutating func append(_ text: String) { places.append(number(of: text)) }

  /// The number of a text, by which it can be put behind the others.
  mutating func number(of text: String) -> UInt32 {
    if let number = numbers[Key(text: text)] { return number }
    let number = UInt32(different.count)
    different.append(text)
    numbers[Key(text: text)] = number
    return number
  }

  /// Puts texts behind the others, given by their numbers.
  mutating func append(numbers: [UInt32]) { places += numbers }

  /// Lists are equal when their texts are.
  public static func == (left: RepeatedTexts, right: RepeatedTexts) -> Bool {
    left.count == right.count && (0..<left.count).allSatisfy { left[$0] == right[$0] }
  }

  /// Hashes the texts.
  public func hash(into hasher: inout Hasher) {
    for place in 0..<count { hasher.combine(self[place]) }
  }
}
