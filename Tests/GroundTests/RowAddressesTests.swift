import Sampling
import Testing

@Suite("Chosen rows") struct RowAddressesTests {
  private func column(_ stream: RandomStream, label: UInt32) -> [Double] {
    let batch = ColumnBatch(columns: 1)
    stream.fill(batch.base, count: 2048, label: label)
    return Array(UnsafeBufferPointer(start: batch.base, count: 2048))
  }

  @Test(
    "chosen rows have the numbers of their batches, and a sequence those of single draws",
    .tags(.unit))
  func chosenRows() {
    let picked: [(batch: Int, row: Int)] = [(3, 0), (3, 1), (3, 2047), (4, 6), (70_000, 9)]
    var rows = RowAddresses()
    rows.set(addresses: picked.map { UInt64($0.batch) << 32 | UInt64($0.row) }[...])
    let target = ColumnBatch(columns: 1)
    let stream = RandomStream(seed: 5, purpose: .decay, point: 9, batch: 0)
    stream.fill(target.base, at: rows, label: 7)
    for (k, address) in picked.enumerated() {
      let whole = RandomStream(seed: 5, purpose: .decay, point: 9, batch: address.batch)
      #expect(target.base[k] == column(whole, label: 7)[address.row])
    }
    rows.set(batch: 12, count: 2048)
    stream.fill(target.base, at: rows, label: 7)
    let twelfth = RandomStream(seed: 5, purpose: .decay, point: 9, batch: 12)
    #expect(
      Array(UnsafeBufferPointer(start: target.base, count: 2048)) == column(twelfth, label: 7))
    var single = twelfth
    twelfth.fillSequence(target.base, count: 101)
    #expect((0..<101).allSatisfy { target.base[$0] == single.uniform() })
  }
}
