import Federation

/// Values of every kind that a checkpoint knows.
struct EveryValue {
  private var flag = false
  private var number = 0
  private var word: UInt64 = 0
  private var single: Float = 0
  private var double = 0.0
  private var text = ""
  private var client = ClientID(0)
  private var flags: [Bool] = []
  private var numbers: [Int] = []
  private var singles: [Float] = []
  private var doubles: [Double] = []
  private var optional: Double?
  private var lists: [[Int]] = []
  private var clients: [ClientID: [Float]] = [:]
  private var figures: [String: Double] = [:]
  private var set: Set<ClientID> = []

  static let example: EveryValue = {
    var value = EveryValue()
    value.text = "text"
    value.flags = [true, false]
    value.numbers = [1, 2]
    value.singles = [0.5]
    value.doubles = [0.25]
    value.optional = 1
    value.lists = [[], [1]]
    value.clients = [ClientID(1): [2], ClientID(2): []]
    value.figures = ["a": 1, "b": 2]
    value.set = [ClientID(3), ClientID(4)]
    return value
  }()

  mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.mark("every value")
    pass.visit(&flag)
    pass.visit(&number)
    pass.visit(&word)
    pass.visit(&single)
    pass.visit(&double)
    pass.visit(&text)
    pass.visit(&client)
    pass.visit(&flags)
    pass.visit(&numbers)
    pass.visit(&singles)
    pass.visit(&doubles)
    pass.visit(&optional, from: 0) { $0.visit(&$1) }
    pass.visit(&lists, from: []) { $0.visit(&$1) }
    pass.visit(&clients, from: []) { $0.visit(&$1) }
    pass.visit(&figures)
    pass.visit(&set)
  }
}
