/// How the pages of a column are compressed.
enum ParquetCodec {
  case uncompressed
  case snappy

  /// The codec of that number in parquet.thrift.
  init(number: Int) throws(ParquetFault) {
    switch number {
    case 0: self = .uncompressed
    case 1: self = .snappy
    default:
      let names = [2: "GZIP", 3: "LZO", 4: "BROTLI", 5: "LZ4", 6: "ZSTD", 7: "LZ4"]
      throw ParquetFault(
        "the compression \(names[number] ?? "number \(number)") is not read",
        mend: "write the file with compression=\"snappy\", as in "
          + "df.to_parquet(\"points.parquet\", compression=\"snappy\") with pandas, or "
          + "df.write_parquet(\"points.parquet\", compression=\"snappy\") with polars")
    }
  }

  /// The bytes of a page.
  ///
  /// - Parameter size: how many there are, as the page's header says.
  func decompress(_ bytes: ArraySlice<UInt8>, size: Int) throws(ParquetFault) -> ArraySlice<UInt8> {
    switch self {
    case .uncompressed:
      guard bytes.count == size else {
        throw .damaged("a page without compression has two different sizes")
      }
      return bytes
    case .snappy: return try Snappy.decompress(bytes, size: size)[...]
    }
  }
}
