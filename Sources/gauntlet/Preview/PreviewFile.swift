import Diagnostics

/// The picture that `preview` drew of a scenario, for a report.
enum PreviewFile {
  /// Its name in a folder of results, where a report finds it by itself.
  static let name = "preview.png"

  /// What a PNG begins with.
  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// Larger ones would make a page that nobody can mail.
  private static let limit = 8 << 20

  /// The bytes of a picture.
  static func contents(of path: String) throws -> [UInt8] {
    let bytes: [UInt8]
    do throws(UserFile.Problem) {
      bytes = try UserFile.contents(of: path, upTo: limit)
    } catch {
      throw Failure("\(path): \(error)")
    }
    guard bytes.starts(with: signature) else {
      throw Failure("\(path): is no PNG image, as 'preview' draws them")
    }
    return bytes
  }

  /// The picture in a folder of results; empty where there is none.
  static func contents(in folder: String) throws -> [UInt8] {
    let path = UserPath.joined(folder, name)
    do throws(UserFile.Problem) {
      _ = try UserFile(path)
    } catch .missing {
      return []
    } catch {
      throw Failure("\(path): \(error)")
    }
    return try contents(of: path)
  }
}
