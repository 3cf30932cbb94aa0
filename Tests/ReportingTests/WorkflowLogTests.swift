import Testing

@testable import Reporting

@Suite struct WorkflowLogTests {
  @Test func theTextStandsBetweenTheCommands() {
    let text = WorkflowLog.inert("::error::planted\n##[add-mask]x", token: "t")
    #expect(text == "::stop-commands::t\n::error::planted\n##[add-mask]x\n::t::\n")
    #expect(WorkflowLog.inert("a\n", token: "t") == "::stop-commands::t\na\n::t::\n")
    #expect(WorkflowLog.inert("").isEmpty)
  }

  @Test func nobodyKnowsTheToken() {
    let tokens = Set((1...100).map { _ in WorkflowLog.randomToken() })
    #expect(tokens.count == 100)
    #expect(tokens.allSatisfy { $0.wholeMatch(of: /gauntlet-[0-9a-z]+-[0-9a-z]+/) != nil })
  }

  @Test func wordsOfAShell() {
    #expect(ShellWord.quoted("a/b-c_1.json") == "a/b-c_1.json")
    #expect(ShellWord.quoted("it's here") == #"'it'\''s here'"#)
    #expect(ShellWord.quoted("").count == 2)
  }
}
