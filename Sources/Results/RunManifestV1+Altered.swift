import Foundation

extension RunManifestV1 {
  /// Marks files as changed after their run.
  public mutating func markAltered(_ names: [String]) {
    guard !names.isEmpty else { return }
    altered = Set((altered ?? []) + names).sorted()
  }
}

extension ResultFolder {
  /// The files with measurements whose digest is not the one in `run.json`: they were changed since
  /// their run ended.
  ///
  /// One that is named and gone is among them; without a digest a file is not checked.
  ///
  /// - Parameters:
  ///   - folder: The folder of results.
  ///   - manifest: Its `run.json`.
  ///   - digest: The SHA-256 of the file at a path, in hexadecimal.
  /// - Returns: their names.
  public static func altered(
    in folder: String, _ manifest: RunManifestV1, digest: (_ path: String) -> String?
  ) -> [String] {
    [trialsName, roundsName].filter { name in
      manifest.files[name].map { $0 != digest(path(name, in: folder)) } ?? false
    }
  }
}
