import Foundation
import Testing
import _TestSupport

/// Which rows of a replay are of one client.
@Suite struct ReplayIDTests {
  /// Names of any kind give what the numbers of clients give.
  ///
  /// FoolsGold weighs clients by how much alike their sums of updates are: which rows are of one client
  /// decides.
  @Test(arguments: [
    ["0, 1, 2, 3, 4, 5", "5, 4, 3, 2, 1, 0"],
    ["\"a\", 1, \"2\", \"d\", \"e\", \"01\"", "\"01\", \"e\", \"d\", 2, 1, \"a\""],
    // Numbers that no client of six has are names.
    ["10, 11, 12, 13, 14, 15", "15, 14, 13, 12, 11, 10"],
  ])
  func idsTellWhoIsWho(ids: [String]) throws {
    let folder = try TemporaryFolder()
    func digest(_ name: String, _ ids: [String], count: Int) throws -> String {
      for (round, list) in ids.enumerated() {
        let rows = round == 0 ? ReplayTests.rows : ReplayTests.rows.reversed()
        let own = "\(name)/r\(round)"
        try FileManager.default.write(NumPyFile.floats(rows), to: own + "/u.npy", in: folder.path)
        try FileManager.default.write(
          Array("{\"round\": \(round), \"ids\": [\(list)], \"client_count\": \(count)}".utf8),
          to: own + "/meta.json", in: folder.path)
      }
      let dump = try ReplayTests().replay([name, "--defense", "foolsgold"], in: folder)[0]
      let score = try #require((dump["defenses"] as? [[String: Any]])?.first)
      #expect(score["status"] as? String == "ok")
      let rounds = try #require(score["rounds"] as? [[String: Any]])
      return try #require(rounds.last?["aggregate_sha256"] as? String)
    }
    let expected = try digest("numbers", ["0, 1, 2, 3, 4, 5", "5, 4, 3, 2, 1, 0"], count: 6)
    #expect(try digest("names", ids, count: 6) == expected)
    let unmoved = try digest("unmoved", ["0, 1, 2, 3, 4, 5", "0, 1, 2, 3, 4, 5"], count: 6)
    #expect(unmoved != expected)
    // A name in a later round is somebody new, and the others are who they were.
    let numbers = "0, 1, 2, 3, 4, 5"
    #expect(
      try digest("late-name", [numbers, "\"x\", 4, 3, 2, 1, 0"], count: 7)
        == digest("late-number", [numbers, "6, 4, 3, 2, 1, 0"], count: 7))
  }

  /// More names than there are clients cannot be right.
  @Test func moreIDsThanClientsAreAnError() throws {
    let folder = try TemporaryFolder()
    for (round, list) in ["0, 1, 2, 3, 4, 5", "0, 1, 2, 3, 4, \"x\"", "0, 1, 2, 3, 4, 7"]
      .enumerated()
    {
      try FileManager.default.write(
        NumPyFile.floats(ReplayTests.rows), to: "r/\(round)/u.npy", in: folder.path)
      try FileManager.default.write(
        Array("{\"round\": \(round), \"ids\": [\(list)], \"client_count\": 7}".utf8),
        to: "r/\(round)/meta.json", in: folder.path)
    }
    let outcome = try Program.run(["replay", "r", "--defense", "mean"], in: folder.path)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "gauntlet: r/2/u.npy: with its ids the rounds name 8 clients, and client_count in "
        + "meta.json is 7\n")
  }
}
