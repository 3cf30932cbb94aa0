#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What lies in a folder.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
package enum FolderNames {
  /// The names in a folder without `.` and `..`, in order; `nil` where it cannot be listed.
  package static func sorted(in folder: String) -> [String]? {
    guard let stream = unsafe opendir(folder) else { return nil }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(
          to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)
        ) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
  /// Makes a folder in one that is there; one of its name is fine.
  static func make(_ folder: String) throws(DatasetError) {
    guard unsafe mkdir(folder, 0o777) != 0 else { return }
    let code = errno
    guard code == EEXIST, sorted(in: folder) != nil else {
      throw .unwritable(
        path: folder,
        reason: code == EEXIST ? "it is no folder" : writingErrorText(code, path: folder))
    }
  }
}
