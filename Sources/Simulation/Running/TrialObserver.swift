public import Datasets
public import Federation
public import Tensors
import Training

/// Sees what trials make besides their records, such as updates and models; no number depends on it.
///
/// It is not told of trials that run only to be compared with, nor of those whose results are there
/// already: what they made was kept when they were recorded, or nobody asked for it.
///
/// A trial that loses a program of somebody else's is played a second time from its start, and told
/// again from round 0 on. Rounds that trials share are told of each of them when they are played; where
/// one of these rounds fails, each trial is played alone, and told from round 0 on.
///
/// Calls about one trial come in its order; those about different trials from any thread.
public protocol TrialObserver: Sendable {
  /// Whether it wants the rows of a round.
  func wantsRows(of round: Int, in trial: ObservedTrial) -> Bool
  /// Whether it wants the model at the end.
  func wantsModel(of trial: ObservedTrial) -> Bool

  /// Takes a round.
  ///
  /// - Parameters:
  ///   - round: What the meters see.
  ///   - rows: What reached the server, where it wants that.
  ///   - trial: The trial.
  /// - Throws: What keeps it from going on; it ends the run.
  func observe(_ round: RoundObservation, _ rows: ReceivedRows?, in trial: ObservedTrial) throws

  /// Takes the model that a trial ended with; what it throws ends the run.
  func finish(with model: TrainedModel, in trial: ObservedTrial) throws

  /// Passes over what it keeps of a trial that is not finished, so that the trial can go on in another
  /// process; one that reads is told of the rounds that follow. Where it was told otherwise, so that it
  /// lacks something of the rounds before, it fails the pass, and all rounds are played again.
  func checkpoint(_ pass: inout CheckpointPass, of trial: ObservedTrial)
}

extension TrialObserver {
  public func checkpoint(_: inout CheckpointPass, of _: ObservedTrial) {}
}

/// A trial with the facts of its scenario that its rounds do not say.
public struct ObservedTrial: Sendable {
  public let trial: PlannedTrial
  /// Where each tensor lies in a row.
  public let layout: ParameterLayout
  /// The number of clients, N.
  public let clientCount: Int
  /// The number of clients that are chosen for a round.
  public let participantCount: Int
  /// The number of attackers per round that the scenario declares; `nil` where it declares none.
  public let declaredByzantine: Int?
  /// The first cell of the plan with the key of the trial.
  ///
  /// Cells that share a key have equal numbers; what is kept of a key names this one, whichever of them
  /// runs, and when.
  public let firstCell: String
  /// Whether no trial before it in the plan that observers see has its key: what is kept by key is
  /// kept once.
  public let isFirstOfKey: Bool

  init(
    _ trial: PlannedTrial, of variant: Plan.Variant, firstCell: String, isFirstOfKey: Bool
  ) {
    self.trial = trial
    self.firstCell = firstCell
    self.isFirstOfKey = isFirstOfKey
    layout = variant.task.layout
    clientCount = variant.scenario.clients.count
    participantCount = variant.scenario.clients.participantCount
    declaredByzantine = variant.scenario.declaredByzantine
  }

  /// Whether the last round is meant.
  public func isLast(_ round: Int) -> Bool { round == trial.rounds - 1 }
}

/// What a trial ends with.
public struct TrainedModel: Sendable {
  /// The final global parameters.
  public let parameters: [Float]
  /// The backdoor that the trial reports on; `nil` where it has none.
  public let backdoor: Backdoor?
  /// Test examples that count for it, with the trigger in them, under their true labels; the first
  /// of them.
  public let triggered: Shard?
  /// The same examples without the trigger; `nil` where they have no version without it.
  public let clean: Shard?
}

/// An observer of one trial, and what to do with its errors.
struct TrialObservation {
  let observer: any TrialObserver
  let trial: ObservedTrial
  /// Ends the run.
  let onFailure: @Sendable (any Error) -> Void

  /// How many triggered examples are passed on.
  static let exampleLimit = 256

  func wantsRows(of round: Int) -> Bool { observer.wantsRows(of: round, in: trial) }

  /// Whether it wants the rows of any round.
  var wantsRows: Bool { (0..<trial.trial.rounds).contains { wantsRows(of: $0) } }

  var wantsModel: Bool { observer.wantsModel(of: trial) }

  func observe(_ round: RoundObservation, _ rows: ReceivedRows?) {
    do { try observer.observe(round, rows, in: trial) } catch { onFailure(error) }
  }

  func checkpoint(_ pass: inout CheckpointPass) { observer.checkpoint(&pass, of: trial) }

  func finish(with model: TrainedModel) {
    do { try observer.finish(with: model, in: trial) } catch { onFailure(error) }
  }
}
