import Testing

@testable import Results

@Suite struct SelectionTests {
  private let cell = [
    "attack": "ipm-1.5", "defense": "krum", "threat.malicious": "0.20", "clients.partition": "iid",
  ]

  @Test(arguments: [
    ("attack=ipm-1.5", true), ("attack=ipm", false), ("attack=ipm-*", true), ("attack=*", true),
    ("attack=*1.5", true), ("attack=i*-*5", true), ("attack=i*x*", false), ("attack=**", true),
    ("attack=alie,ipm-*", true), ("attack=alie,sign-flip", false), ("attack!=alie", true),
    ("attack!=ipm-*", false), ("attack!=alie,ipm-1.5", false), ("attack=IPM-1.5", false),
    ("threat.malicious=0.2", true), ("threat.malicious=2e-1", true),
    ("threat.malicious!=0.2", false), ("threat.malicious<0.2", false),
    ("threat.malicious<=0.2", true), ("threat.malicious>0.1", true),
    ("threat.malicious>=0.3", false), ("threat.malicious>=0.2", true), ("defense>1", false),
    ("defense=krum attack=ipm-*", true), ("defense=krum attack=alie", false),
    ("  defense=krum\t attack=ipm-*  ", true), ("clients.partition=iid", true),
    ("other=1", false),
  ])
  func `terms hold or do not`(expression: String, holds: Bool) throws {
    #expect(try Selection(expression).matches(cell) == holds)
  }

  @Test(arguments: [
    "", "  ", "attack", "=x", "attack=", "attack=a,,b", "attack==a", "attack=<1", "attack!a",
    "defense<krum", "attack<=1,x", "attack=a b", "a=b=c", "!=x",
  ])
  func `what cannot be read is refused with the offending word`(expression: String) {
    let error = #expect(throws: Selection.SyntaxError.self) { try Selection(expression) }
    #expect(error?.description.contains(expression.isEmpty ? "empty" : "") == true)
  }

  @Test func `a syntax error shows what a selection looks like`() {
    #expect(
      #expect(throws: Selection.SyntaxError.self) { try Selection("attack=a b") }?.description
        == "'b' is not a selection such as attack=backdoor*,sign-flip or threat.malicious<=0.2")
    #expect(
      #expect(throws: Selection.SyntaxError.self) { try Selection("a<=x") }?.description
        == "'a<=x': '<=' needs a number")
  }

  @Test(arguments: [
    ("attack=alie", nil), ("attack=al*", nil), ("attack!=no*", nil), ("seed<3", nil),
    ("seed=1.0", nil),
    ("attack!=nothing", "selection: no attack is 'nothing'; known: alie, none"),
    ("attack=alei", "selection: no attack is 'alei'; did you mean 'alie'?"),
    ("attack=alie,x*", "selection: no attack is 'x*'; known: alie, none"),
    ("atack=alie", "selection: unknown key 'atack'; did you mean 'attack'?"),
    ("seed=4", "selection: no seed is '4'; did you mean '1'?"),
  ])
  func `keys and values that no cell has are named`(expression: String, problem: String?) throws {
    let known: [String: Set<String>] = ["attack": ["none", "alie"], "seed": ["1", "2"]]
    #expect(try Selection(expression).problem(known: known) == problem)
  }

  @Test func `many wildcards are matched in reasonable time`() throws {
    let long = String(repeating: "a", count: 5000)
    let stars = String(repeating: "*a", count: 400)
    #expect(!(try Selection("attack=\(stars)*c").matches(["attack": long])))
    #expect(try Selection("attack=\(stars)*").matches(["attack": long]))
  }

  @Test(arguments: [
    ("nan", "nan", true), ("inf", "infinity", false), ("inf", "inf", true),
    ("1e400", "2e400", false),
    ("", "", true), ("", "*", true), ("", "a", false), ("abcabd", "*abd", true),
    ("abcab", "*abd", false), ("aab", "a*ab", true), ("ab", "a*b*c", false),
  ])
  func `words meet patterns`(value: String, pattern: String, isMatch: Bool) {
    #expect(CellPattern.matches(value, pattern) == isMatch)
  }
}
