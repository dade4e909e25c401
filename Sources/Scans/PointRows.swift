import Formats
import Foundation
import Sampling
import Units

/// A table of points, column by column: a column a key of the card, a row a point.
public struct PointRows: Sendable, Hashable {
  /// The paths of keys.
  public let keys: [String]
  /// Their values.
  let columns: [ColumnValues]
  /// Of apparatus, the name of each that occurs.
  private let names: [Int: [String]]

  /// A table that was read from a file. Apparatus files that it names are read, and written out.
  ///
  /// - Parameter path: the table's path, for messages.
  /// - Throws: `RunCardError`.
  public init(_ table: ScanTable, path: String) throws(RunCardError) {
    var columns = table.columns
    for (index, key) in table.columnNames.enumerated() where key == "apparatus" {
      guard case .texts(let texts) = columns[index] else { continue }
      let values = try RunCard.writtenOut(apparatus: texts.different) { number in
        let row = texts.places.firstIndex(of: UInt32(number)) ?? 0
        return .row(table.place(ofRow: row), ofTable: path)
      }
      columns[index] =
        RepeatedTexts(values, places: texts.places).map { .texts($0) } ?? columns[index]
    }
    self.init(keys: table.columnNames, columns: columns)
  }

  init(keys: [String], columns: [ColumnValues]) {
    self.keys = keys
    self.columns = columns
    names = Dictionary(
      uniqueKeysWithValues: zip(keys, columns).enumerated().compactMap { index, column in
        guard case ("apparatus", .texts(let texts)) = column else { return nil }
        return (index, texts.different.map(RunCard.name(ofApparatus:)))
      })
  }

  /// How many points there are.
  public var count: Int { columns.first?.count ?? 0 }

  /// The values of a point as a card has them.
  func values(of point: Int) -> [String] { columns.map { $0.text(at: point) } }

  /// The values of a point as results show them.
  func labels(of point: Int) -> [String] {
    columns.enumerated().map { index, column in
      if let names = names[index], case .texts(let texts) = column {
        return names[Int(texts.places[point])]
      }
      return column.text(at: point)
    }
  }

  /// A number that tells this table from others.
  var digest: UInt64 {
    var digest = Digest()
    for (key, column) in zip(keys, columns) {
      digest.combine(key)
      let stored = StoredColumn(column)
      digest.combine(stored.kind.rawValue)
      digest.combine(stored.bytes)
      for text in stored.texts { digest.combine(text) }
    }
    return digest.value
  }
}

/// A column as a state keeps it: the bytes of its values in the order of this machine, and the texts to which they point.
struct StoredColumn {
  enum Kind: String { case booleans, integers, numbers, texts }

  var kind: Kind
  var bytes: Data
  /// The texts that occur; of other kinds none.
  var texts: [String] = []

  init(_ values: ColumnValues) {
    func data<Value: BitwiseCopyable>(_ values: [Value]) -> Data {
      values.withUnsafeBytes { Data($0) }
    }
    switch values {
    case .booleans(let values): (kind, bytes) = (.booleans, Data(values.map { $0 ? 1 : 0 }))
    case .integers(let values): (kind, bytes) = (.integers, data(values))
    case .numbers(let values): (kind, bytes) = (.numbers, data(values))
    case .texts(let values): (kind, bytes, texts) = (.texts, data(values.places), values.different)
    }
  }

  init(kind: Kind, bytes: Data, texts: [String]) {
    (self.kind, self.bytes, self.texts) = (kind, bytes, texts)
  }

  /// The column; `nil` where bytes are missing.
  var values: ColumnValues? {
    switch kind {
    case .booleans: .booleans(bytes.map { $0 != 0 })
    case .integers: array(of: Int64.self).map { .integers($0) }
    case .numbers: array(of: Double.self).map { .numbers($0) }
    case .texts:
      array(of: UInt32.self).flatMap { RepeatedTexts(texts, places: $0) }.map { .texts($0) }
    }
  }

  private func array<Value: BitwiseCopyable>(of type: Value.Type) -> [Value]? {
    let size = MemoryLayout<Value>.size
    guard bytes.count.isMultiple(of: size) else { return nil }
    return [Value](unsafeUninitializedCapacity: bytes.count / size) { buffer, count in
      count = bytes.copyBytes(to: buffer) / size
    }
  }
}

extension Digest {
  /// Takes in bytes, eight at a time, and how many there are.
  mutating func combine(_ bytes: Data) {
    bytes.withUnsafeBytes { bytes in
      let whole = bytes.count & ~7
      for place in stride(from: 0, to: whole, by: 8) {
        combine(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      }
      for byte in bytes[whole...] { combine(UInt64(byte)) }
      combine(UInt64(bytes.count))
    }
  }
}
