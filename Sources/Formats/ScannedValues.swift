import Reach

/// The values that a scan gives to keys, each checked by itself: one that no card may have is a fault, and not a point without a number.
enum ScannedValues {
  /// Checks those of `scan.over` and notes what is at fault, where it stands.
  static func check(_ plan: ScanSettings, in root: CardNode, log: FaultLog) {
    let axes = Array(zip(root["scan"]?["over"]?.entries ?? [], plan.axes))
    // Keys may need each other, as those of a luminosity: each value stands beside the first of the other axes.
    var card = withoutAxes(root)
    for (entry, axis) in axes { card = assigning(0, of: axis, entry, in: card) }
    for (entry, axis) in axes {
      for index in representatives(of: axis.values) {
        _ = PlanReader(log: log, scope: .valuesAlone)
          .plan(from: assigning(index, of: axis, entry, in: card))
        if log.count >= RunCard.mostFaultsOfScans { return }
      }
    }
  }

  /// The most words of an axis or a column that are checked: more would take longer than a user waits.
  static let mostWords = 10_000

  private static func assigning(
    _ index: Int, of axis: ScanAxis, _ entry: CardEntry, in card: CardNode
  ) -> CardNode {
    let node: CardNode
    if case .list(let nodes) = entry.value.content {
      node = nodes[index]
    } else if axis.values.count > 1 {
      // One of a range stands where the range does.
      node = CardNode(
        content: .scalar(axis.values[index], isPlain: true), location: entry.value.location,
        source: entry.value.source)
    } else {
      node = entry.value
    }
    return CardLayers.assigning(
      node, to: entry.key.split(separator: ".").map(String.init), in: card)
  }

  /// A card whose axes are left out: reading them once is enough.
  static func withoutAxes(_ root: CardNode) -> CardNode {
    guard let scan = root["scan"], let over = scan["over"] else { return root }
    let none = CardNode(content: .map([]), location: over.location, source: over.source)
    return CardLayers.assigning(none, to: ["scan", "over"], in: root)
  }

  /// The places of values that stand for all: of numbers the smallest, the largest and the first that is not whole, as ranges have no other
  /// holes; of other texts each the first time, up to ``mostWords``.
  static func representatives(of values: some RandomAccessCollection<String>) -> [Int] {
    var numbers: [(place: Int, value: Double)] = []
    var words: [Int] = []
    var known: Set<String> = []
    for (place, text) in values.enumerated() {
      if case .number(let value) = ScalarSyntax.number(text) {
        numbers.append((place, value))
      } else if words.count < mostWords, known.insert(text).inserted {
        words.append(place)
      }
    }
    return ends(of: numbers.map(\.value)) { $0 == $0.rounded() }.map { numbers[$0].place } + words
  }

  /// The places of the smallest, the largest and the first that is not whole.
  fileprivate static func ends<Number: Comparable>(
    of values: [Number], isWhole: (Number) -> Bool
  ) -> [Int] {
    let places = [
      values.min().flatMap(values.firstIndex), values.max().flatMap(values.firstIndex),
      values.firstIndex { !isWhole($0) },
    ]
    return Set(places.compactMap(\.self)).sorted()
  }
}

extension RunCard {
  /// The most faults of a scan's values that are told together.
  public static let mostFaultsOfScans = TableFaults.most

  /// The rows of a column whose values stand for all: those that have to be checked.
  public static func representatives(of column: ColumnValues) -> [Int] {
    switch column {
    case .texts(let texts):
      var first = [Int](repeating: 0, count: texts.different.count)
      for (row, number) in texts.places.enumerated().reversed() { first[Int(number)] = row }
      return ScannedValues.representatives(of: texts.different).map { first[$0] }
    case .booleans(let values):
      return [values.firstIndex(of: false), values.firstIndex(of: true)].compactMap(\.self)
    case .integers(let values): return ScannedValues.ends(of: values) { _ in true }
    case .numbers(let values): return ScannedValues.ends(of: values) { $0 == $0.rounded() }
    }
  }
}
