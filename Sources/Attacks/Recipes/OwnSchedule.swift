import Components
import Federation
import Training

/// An attacker's own learning rate, number of epochs and batch size.
///
/// Whatever stands at `honest` follows the honest schedule of the round. An own learning rate is
/// the same in every round; own epochs replace a length in steps too.
struct OwnSchedule: Sendable {
  static let parameters = [
    ParameterSpec(
      "lr", .positive(orWords: ["honest"]), default: .text("honest"),
      help: "learning rate of the attacker's local training"),
    ParameterSpec(
      "epochs", .integer(1...1_000_000, orWords: ["honest"]), default: .text("honest"),
      help: "passes of the attacker over its data"),
    ParameterSpec(
      "batch", .integer(1...1_000_000, orWords: ["honest"]), default: .text("honest"),
      help: "examples per local step of the attacker"),
  ]

  let learningRate: Float?
  let epochs: Int?
  let batchSize: Int?

  /// Reads the parameters and adds to `problems` what the setup cannot honor.
  init(
    _ arguments: Arguments, setup: AttackSetup, component: ComponentID,
    problems: inout [ConfigurationError.Problem]
  ) {
    learningRate = arguments.number("lr").map { Float($0) }
    epochs = arguments.wholeNumber("epochs")
    batchSize = arguments.wholeNumber("batch")
    let problem = setup.localTrainingProblem(of: "lr, epochs or batch", component: component)
    if isOwn, let problem { problems.append(problem) }
  }

  /// Whether anything differs from honest training.
  var isOwn: Bool { learningRate != nil || epochs != nil || batchSize != nil }

  /// Returns the schedule of the attacker in a round.
  func applied(to honest: LocalSchedule) -> LocalSchedule {
    var schedule = honest
    if let learningRate { schedule.learningRate = learningRate }
    if let epochs { schedule.length = .epochs(epochs) }
    if let batchSize { schedule.batchSize = batchSize }
    return schedule
  }
}
