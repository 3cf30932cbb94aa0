import Results
import Studies

/// How far the study steps into known pitfalls.
struct PitfallTable {
  private let study: Study

  init(_ study: Study) { self.study = study }

  /// `nil` for a study without trials.
  func table() -> DataTable? {
    guard !study.results.records.isEmpty else { return nil }
    return DataTable(
      id: "pitfalls", title: "Known pitfalls of evaluations of defenses",
      caption: StudyCaption(study).text([
        "How far this study goes; its limits are this project's own, and a second study may cover what"
          + " this one lacks."
      ]),
      columns: [
        .init("pitfall", "pitfall"), .init("about", "what is looked at"),
        .init("verdict", "verdict"), .init("found", "what the study has"),
        .init("remedy", "what would mend it"), .init("source", "source"),
      ],
      rows: PitfallAudit(study).items.map { item in
        DataTable.Row([
          .text(item.id), .text(item.title), .text(item.verdict.rawValue), .text(item.found),
          .text(item.remedy), .text(item.source),
        ])
      })
  }
}
