import Testing
import _TestSupport

@testable import Workers

@Suite struct MissingScriptTests {
  /// The value of an option is no script, whatever it looks like.
  @Test(arguments: [
    ["sh", "-o", "no/such"], ["python3", "-W", "ignore::numpy.ComplexWarning", "my.py"],
    ["python3", "-X", "pycache_prefix=/no/such", "my.py"], ["python3", "-m", "no.such"],
  ])
  func valuesOfOptionsAreNotLookedFor(words: [String]) throws {
    let folder = try TemporaryFolder()
    let reasons = WorkerCommand(words, folder: folder.path).missing.map(\.reason)
    #expect(!reasons.contains { $0.contains("there is no file") })
  }

  @Test(arguments: [["sh", "my.sh"], ["sh", "-u", "my.sh"]])
  func aScriptIs(words: [String]) throws {
    let folder = try TemporaryFolder()
    let reasons = WorkerCommand(words, folder: folder.path).missing.map(\.reason)
    #expect(reasons.count == 1 && reasons[0].contains("there is no file 'my.sh'"))
  }
}
