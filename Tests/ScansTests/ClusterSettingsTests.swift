import Scans
import Testing

@Suite(.tags(.unit))
struct ClusterSettingsTests {
  @Test func `times are hours, minutes and seconds, with days before them`() throws {
    #expect(try ClusterSettings(shards: 1, time: "1:30:00").timeLimit == 5400)
    #expect(try ClusterSettings(shards: 1, time: "0:02:00").timeLimit == 120)
    #expect(try ClusterSettings(shards: 1, time: "100:00:01").timeLimit == 360_001)
    #expect(try ClusterSettings(shards: 1, time: "2-12:00:00").timeLimit == 216_000)
    #expect(try ClusterSettings(shards: 1).timeLimit == nil)
  }

  @Test(arguments: [
    "", "90", "1:30", "1:60:00", "1:30:60", "1:3:00", "-1:30:00", "1-24:00:00", "1:30:00 ",
    "0:01:59",
    "2-", "1:30:00h", "٣:30:00", "9999999:00:00",
  ])
  func `other times are refused`(time: String) {
    let error = #expect(throws: ClusterError.self) { try ClusterSettings(shards: 1, time: time) }
    #expect(error?.isInput == true)
    #expect(error?.description.hasPrefix("--time \(time): ") == true)
  }

  @Test func `memory is a whole number with its unit`() throws {
    #expect(try ClusterSettings(shards: 1, memory: "500M").memory == 500)
    #expect(try ClusterSettings(shards: 1, memory: "2g").memory == 2048)
    #expect(try ClusterSettings(shards: 1, memory: "1T").memory == 1 << 20)
    #expect(try ClusterSettings(shards: 1).memory == 2048)
  }

  @Test(arguments: ["", "2", "G", "0G", "1.5G", "2GB", "2 G", "-2G", "2K", "1234567M"])
  func `other memory is refused`(memory: String) {
    #expect(throws: ClusterError.self) { try ClusterSettings(shards: 1, memory: memory) }
  }

  @Test func `an error lists all faults, each with its remedy`() {
    let error = #expect(throws: ClusterError.self) {
      try ClusterSettings(
        shards: 0, threads: -1, partition: "a b", time: "90", memory: "2", throttle: 0,
        directives: ["--account=x\n#SBATCH --array=0", " "])
    }
    #expect(error?.faults.count == 8)
    #expect(
      error?.description.split(separator: "\n").first
        == "--shards 0: not in 1 to 100000; give a whole number from 1 to 100000")
  }
}
