/// Bytes of Apache Thrift's compact protocol, as far as Parquet's metadata needs it.
///
/// Source: the Thrift project, "Thrift compact protocol encoding": variable-length integers, zigzag for signed ones, field
/// numbers as differences.
struct ThriftCompact {
  private(set) var bytes: [UInt8] = []
  /// The last field number of each structure that is open.
  private var lastFields: [Int] = [0]

  private enum Kind: UInt8 {
    case i32 = 5
    case i64 = 6
    case binary = 8
    case list = 9
    case structure = 12
  }

  mutating func field(_ number: Int, _ value: Int32) {
    begin(number, .i32)
    zigzag(Int64(value))
  }

  mutating func field(_ number: Int, _ value: Int64) {
    begin(number, .i64)
    zigzag(value)
  }

  mutating func field(_ number: Int, _ text: String) {
    begin(number, .binary)
    element(text)
  }

  /// A structure, whose fields `body` writes.
  mutating func field(_ number: Int, _ body: (inout ThriftCompact) -> Void) {
    begin(number, .structure)
    structure(body)
  }

  /// A list of structures.
  mutating func field<Items: Collection>(
    _ number: Int, each items: Items, _ body: (inout ThriftCompact, Items.Element) -> Void
  ) {
    begin(number, .list)
    beginList(count: items.count, .structure)
    for item in items { structure { body(&$0, item) } }
  }

  mutating func field(_ number: Int, list texts: [String]) {
    begin(number, .list)
    beginList(count: texts.count, .binary)
    for text in texts { element(text) }
  }

  mutating func field(_ number: Int, list values: [Int32]) {
    begin(number, .list)
    beginList(count: values.count, .i32)
    for value in values { zigzag(Int64(value)) }
  }

  /// Ends the outermost structure.
  mutating func end() { bytes.append(0) }

  private mutating func structure(_ body: (inout ThriftCompact) -> Void) {
    lastFields.append(0)
    body(&self)
    lastFields.removeLast()
    bytes.append(0)
  }

  private mutating func begin(_ number: Int, _ kind: Kind) {
    let step = number - lastFields[lastFields.count - 1]
    precondition((1...15).contains(step), "fields come in ascending order, by at most 15")
    bytes.append(UInt8(step) << 4 | kind.rawValue)
    lastFields[lastFields.count - 1] = number
  }

  private mutating func beginList(count: Int, _ kind: Kind) {
    if count < 15 {
      bytes.append(UInt8(count) << 4 | kind.rawValue)
    } else {
      bytes.append(0xF0 | kind.rawValue)
      unsigned(UInt64(count))
    }
  }

  private mutating func element(_ text: String) {
    unsigned(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func zigzag(_ value: Int64) {
    unsigned(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  private mutating func unsigned(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
