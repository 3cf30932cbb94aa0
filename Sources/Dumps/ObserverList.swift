public import Federation
public import Simulation

/// Several observers, asked in order.
public struct ObserverList: TrialObserver {
  private let observers: [any TrialObserver]

  public init(_ observers: [any TrialObserver]) { self.observers = observers }

  public func wantsRows(of round: Int, in trial: ObservedTrial) -> Bool {
    observers.contains { $0.wantsRows(of: round, in: trial) }
  }

  public func wantsModel(of trial: ObservedTrial) -> Bool {
    observers.contains { $0.wantsModel(of: trial) }
  }

  public func observe(
    _ round: RoundObservation, _ rows: ReceivedRows?, in trial: ObservedTrial
  ) throws {
    for observer in observers { try observer.observe(round, rows, in: trial) }
  }

  public func checkpoint(_ pass: inout CheckpointPass, of trial: ObservedTrial) {
    for observer in observers {
      pass.mark("\(type(of: observer))")
      observer.checkpoint(&pass, of: trial)
    }
    pass.mark("\(observers.count) observers")
  }

  public func finish(with model: TrainedModel, in trial: ObservedTrial) throws {
    for observer in observers { try observer.finish(with: model, in: trial) }
  }
}
