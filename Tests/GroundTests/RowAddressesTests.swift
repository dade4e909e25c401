import Sampling
import Testing

@Suite("Chosen rows") struct RowAddressesTests {
  private func column(_ stream: RandomStream, label: UInt32) -> [Double] {
    let batch = ColumnBatch(columns: 1)
    stream.fill(batch.base, count: 2048, label: label)
    return Array(UnsafeBufferPointer(start: batch.base, count: 2048))
  }

  @Test(
    "chosen rows have the numbers of their batches, whatever is kept of them", .tags(.unit))
  func chosenRows() {
    let picked: [UInt32] = [0, 1, 3, 6, 9, 2047]
    var rows = RowAddresses()
    let target = ColumnBatch(columns: 1)
    let stream = RandomStream(seed: 5, purpose: .decay, point: 9, batch: 0)
    for batch in [3, 70_000] {
      let whole = column(
        RandomStream(seed: 5, purpose: .decay, point: 9, batch: batch), label: 7)
      rows.set(batch: batch, rows: picked[1...])
      stream.fill(target.base, at: rows, label: 7)
      let drawn = Array(UnsafeBufferPointer(start: target.base, count: 5))
      #expect(drawn == picked[1...].map { whole[Int($0)] })
      var kept = RowAddresses(rows)
      kept.keep([0, 3], count: 2)
      stream.fill(target.base, at: kept, label: 7)
      #expect(kept.count == 2 && target.base[0] == whole[1] && target.base[1] == whole[9])
    }
    rows.set(batch: 12, count: 2048)
    stream.fill(target.base, at: rows, label: 7)
    let twelfth = RandomStream(seed: 5, purpose: .decay, point: 9, batch: 12)
    #expect(
      Array(UnsafeBufferPointer(start: target.base, count: 2048)) == column(twelfth, label: 7))
  }
}
