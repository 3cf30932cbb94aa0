import Testing

@testable import Workers

/// Programs that are asked for a line.
@Suite struct ShortProgramTests {
  private func ending(_ script: String, within seconds: Double = 60) -> ShortProgram.Ending {
    ShortProgram.ending(of: ["sh", "-c", script], within: seconds)
  }

  @Test func whatItSays() {
    #expect(ending("echo one; echo two") == .done("one"))
    #expect(ending("printf half") == .done("half"))
    #expect(ending("true") == .done(""))
    #expect(ending("cat; echo read") == .done("read"))
    #expect(ending("echo bad >&2; echo worse >&2; exit 3") == .failed("worse"))
    #expect(ending("kill -KILL $$") == .failed(nil))
    #expect(ShortProgram.ending(of: ["gauntlet-no-such-program"]) == .absent)
  }

  /// A child that holds the output keeps nobody, and ends with it.
  @Test func aChildThatHoldsTheOutputIsNotWaitedFor() {
    #expect(ending("sleep 500 & echo 1.0") == .done("1.0"))
    #expect(ending("sleep 500 & exit 4") == .failed(nil))
  }

  @Test(arguments: ["trap '' TERM; sleep 500", "yes", "echo no; sleep 500"])
  func whatGoesOnIsEnded(script: String) {
    #expect(ending(script, within: 0.3) == .failed(nil))
  }
}
