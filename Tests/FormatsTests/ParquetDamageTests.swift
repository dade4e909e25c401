import Formats
import Foundation
import Testing

/// A damaged file gives an error or a table, and never ends the program.
@Suite("Damaged Parquet files", .tags(.property))
struct ParquetDamageTests {
  /// Files that between them use all that is read.
  static let options = [
    "{}", #"{"data_page_version": "2.0", "row_group_size": 20}"#,
    #"{"compression": "none", "use_dictionary": false, "column_encoding": {"bool": "RLE"}}"#,
    #"{"use_dictionary": false, "data_page_size": 100, "write_batch_size": 10}"#,
  ]

  /// Equal numbers each time.
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private func bytes(_ options: String) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let (path, _) = try ParquetReaderTests.table(folder, rows: 50, options)
    return [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  /// Whether a file gives a table; if not, that the error tells the path, what is wrong and how to mend it.
  private func isRead(_ bytes: [UInt8]) -> Bool {
    do {
      let file = try ParquetReader(bytes, path: "x.parquet")
      return file.columns.allSatisfy { $0.values.count == file.rowCount }
    } catch {
      #expect(error.path == "x.parquet" && error.faults.count == 1)
      #expect(error.faults.allSatisfy { !$0.problem.isEmpty && !$0.remedy.isEmpty })
      return false
    }
  }

  @Test("changed bytes", arguments: options)
  func changes(options: String) throws {
    let sound = try bytes(options)
    try #require(isRead(sound))
    var numbers = Numbers(state: 20_240_906)
    var refused = 0
    for _ in 0..<4000 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...4, using: &numbers) {
        let place = Int.random(in: 0..<bytes.count, using: &numbers)
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
        case 1: bytes[place] = .random(in: 0...255, using: &numbers)
        case 2: bytes[place] = [0, 0x7F, 0x80, 0xFF].randomElement(using: &numbers) ?? 0
        default:
          // A long integer, or a length beyond everything.
          for next in place..<min(place + 9, bytes.count) { bytes[next] = 0xFF }
        }
      }
      if !isRead(bytes) { refused += 1 }
    }
    #expect(refused > 400)
  }

  @Test("files that end early, and files without a part", arguments: options)
  func truncations(options: String) throws {
    let sound = try bytes(options)
    let end = sound.suffix(8)
    var numbers = Numbers(state: 7)
    for _ in 0..<2000 {
      let length = Int.random(in: 0..<sound.count, using: &numbers)
      #expect(!isRead(Array(sound[..<length])))
      // With an end that seems sound.
      #expect(!isRead(Array(sound[..<min(length, sound.count - 9)] + end)))
      let place = Int.random(in: 4..<sound.count, using: &numbers)
      let part = place..<min(place + Int.random(in: 1...40, using: &numbers), sound.count)
      var bytes = sound
      bytes.removeSubrange(part)
      _ = isRead(bytes)
      bytes = sound
      bytes.insert(contentsOf: sound[part], at: place)
      _ = isRead(bytes)
    }
  }

  @Test("a footer of nothing but lists in lists is refused, whatever its depth")
  func nesting() {
    for byte in [0x19, 0x1C, 0xF9, 0xFC, 0x1B, 0x91] as [UInt8] {
      let footer = [UInt8](repeating: byte, count: 100_000)
      let length = (0..<4).map { UInt8(truncatingIfNeeded: footer.count >> (8 * $0)) }
      #expect(!isRead(Array("PAR1".utf8) + footer + length + Array("PAR1".utf8)))
    }
  }
}
