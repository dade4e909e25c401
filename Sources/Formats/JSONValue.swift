import Foundation

/// A value of JSON, built by hand so that a key's name and its presence are plain to see.
///
///     let report: JSONValue = ["expected_events": .estimate(3.2, error: 0.1), "reason": .null]
///     let text = try report.text()
public enum JSONValue: Sendable, Hashable {
  /// Keys and values; written in the order of the alphabet.
  case object([String: JSONValue])
  /// A list.
  case array([JSONValue])
  /// A text.
  case string(String)
  /// A real number; one that is not finite is refused when it is written.
  case number(Double)
  /// A whole number.
  case integer(Int)
  /// True or false.
  case bool(Bool)
  /// Nothing; written as `null`, never left out.
  case null

  /// A Monte Carlo number: `{"value": …, "error": …}`.
  public static func estimate(_ value: Double, error: Double) -> JSONValue {
    .object(["value": .number(value), "error": .number(error)])
  }

  /// A number, or null where there is none.
  public static func number(orNull value: Double?) -> JSONValue {
    value.map { .number($0) } ?? .null
  }

  /// The value as indented text that ends in a newline, or on one line.
  ///
  /// - Throws: ``JSONError/notFinite(path:)``, as JSON has no word for NaN or infinity.
  public func text(indented isIndented: Bool = true) throws(JSONError) -> String {
    if let path = pathOfFirstNonFinite() {
      throw .notFinite(path: path.joined(separator: ".").replacing(".[", with: "["))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if isIndented { encoder.outputFormatting.insert(.prettyPrinted) }
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + (isIndented ? "\n" : "")
    } catch {
      throw .encoding("\(error)")
    }
  }

  /// Keys and indices that lead to the first number that is none.
  private func pathOfFirstNonFinite() -> [String]? {
    switch self {
    case .number(let value): return value.isFinite ? nil : []
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        if let path = element.pathOfFirstNonFinite() { return ["[\(index)]"] + path }
      }
    case .object(let members):
      for key in members.keys.sorted() {
        if let path = members[key]?.pathOfFirstNonFinite() { return [key] + path }
      }
    case .string, .integer, .bool, .null: break
    }
    return nil
  }
}

/// What keeps a value from being written as JSON.
public enum JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A number that is not finite, and where it stands.
  case notFinite(path: String)
  /// A failure of the encoder.
  case encoding(String)

  /// What, why, and how to mend it.
  public var description: String {
    switch self {
    case .notFinite(let path):
      "writing JSON: \(path.isEmpty ? "the value" : path) is not a finite number; "
        + "this is a fault of the program: please report it with your card"
    case .encoding(let reason): "writing JSON: \(reason); please report it with your card"
    }
  }
}

extension JSONValue: Encodable {
  /// Writes the value into an encoder.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .object(let members): try container.encode(members)
    case .array(let elements): try container.encode(elements)
    case .string(let text): try container.encode(text)
    case .number(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .bool(let value): try container.encode(value)
    case .null: try container.encodeNil()
    }
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
  ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral
{
  /// An object from its members; of a repeated key the last counts.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements) { $1 })
  }

  /// An array from its elements.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }

  /// A real number.
  public init(floatLiteral value: Double) { self = .number(value) }

  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }

  /// True or false.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}
