import Dispatch
import Foundation

/// A command that may start programs of somebody else's, and has no results that a stop would keep.
protocol StartsPrograms {}

extension AggregateCommand: StartsPrograms {}
extension CraftCommand: StartsPrograms {}
extension ReplayCommand: StartsPrograms {}
extension PluginCheckCommand: StartsPrograms {}
extension ValidateCommand: StartsPrograms {}
extension PlanCommand: StartsPrograms {}
extension SlurmScriptCommand: StartsPrograms {}
extension BaselinePruneCommand: StartsPrograms {}

/// Ends this program on SIGINT, SIGTERM and SIGHUP so that programs that it started, which are in
/// groups of their own, end with it; the exit code is 128 and the number of the signal, as a shell's.
///
/// SIGHUP stays ignored where it is, as `nohup` wants it.
final class EndingWatch {
  private let sources: [any DispatchSourceSignal]

  init() {
    let queue = DispatchQueue(label: "gauntlet.ending")
    let hangup = Terminal.ignoresHangup ? [] : [SIGHUP]
    sources = ([SIGINT, SIGTERM] + hangup).map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { Ending.end(with: 128 + number) }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
  }
}
