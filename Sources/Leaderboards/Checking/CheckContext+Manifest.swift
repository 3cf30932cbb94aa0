import Diagnostics
import Results

extension CheckContext {
  /// S004, S005, S017, S019.
  func manifest(engine: Int) -> [EntryFinding] {
    var findings: [EntryFinding] = []
    let manifest = results.manifest
    for (name, stated) in manifest.files.sorted(by: { $0.key < $1.key }) {
      // A name of somebody else's making leads nowhere.
      guard ResultFolder.fileNames.contains(name) || name == Entry.scenarioName else { continue }
      let path = UserPath.joined(results.folder, name)
      if let found = results.digests[name] {
        guard found != stated else { continue }
        findings.append(
          EntryFinding(
            .digests, file: path,
            "its digest is \(found.prefix(12))…, and run.json says \(excerpt(String(stated.prefix(12))))…"
          ))
      } else {
        findings.append(
          EntryFinding(
            .digests, file: manifestPath, place: "/files/\(name)", "names a file that is not there")
        )
      }
    }
    if manifest.files[ResultFolder.trialsName] == nil {
      findings.append(
        EntryFinding(
          .digests, file: manifestPath, place: "/files",
          "has no digest of \(ResultFolder.trialsName)"))
    }
    if let altered = manifest.altered, !altered.isEmpty {
      findings.append(
        EntryFinding(
          .digests, file: manifestPath, place: "/altered",
          "says that \(names(altered)) was changed after the run"))
    }
    let others = lines.filter { $0.record.engine != manifest.engine }
    findings += limited(
      others.map {
        EntryFinding(
          .engine, file: trialsPath, place: "\($0.number)",
          "is of engine \($0.record.engine), and run.json of engine \(manifest.engine)")
      })
    if manifest.finished == nil {
      findings.append(
        EntryFinding(.finished, file: manifestPath, place: "/finished", "the run did not end"))
    }
    if manifest.engine != engine {
      findings.append(
        EntryFinding(
          .otherEngine, file: manifestPath, place: "/engine",
          "the results are of engine \(manifest.engine), and this is engine \(engine)"))
    }
    return findings
  }
}
