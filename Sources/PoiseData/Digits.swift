import Foundation
public import PoiseNumerics

/// The built-in handwritten digits: 1797 images of 8 × 8 pixels, values 0 to 16, labels 0 to 9.
///
/// Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine
/// Learning Repository (1998), test part, CC BY 4.0. Rows come from different writers in order:
/// shuffle before splitting.
public enum Digits {
  /// The attribution that the licence asks for.
  public static let notice = """
    Optical Recognition of Handwritten Digits (test part), E. Alpaydin and C. Kaynak, UCI \
    Machine Learning Repository, 1998, CC BY 4.0
    """

  /// Reads the digits (1797 × 64, raw values).
  ///
  /// - Throws: `unreadable` when the resource is not found, for example because the executable was
  ///   moved without its resource folder.
  public static func load() throws(PoiseError) -> Dataset { try load(from: places()) }

  /// Reads the first file that is there.
  static func load(from places: [String]) throws(PoiseError) -> Dataset {
    guard let path = places.first(where: FileAccess.isRegularFile) else {
      throw PoiseError(
        .unreadable, quantity: "built-in digits", value: "the resource folder is not found",
        allowed: "\(folder) beside the executable",
        suggestion: "move it together with the executable, or name it by POISE_RESOURCES")
    }
    let table = try CSV.read(path: path, header: .absent, labels: .last)
    return try Dataset(
      name: "digits", inputs: table.inputs, labels: table.labels, classes: 10, source: notice)
  }

  private static var folder: String {
    #if os(Linux)
      "poise_PoiseData.resources"
    #else
      "poise_PoiseData.bundle"
    #endif
  }

  /// Places to look, best first. `Bundle.module` would end the process where it finds nothing.
  static func places() -> [String] {
    let file = "Resources/digits.csv.gz"
    var places: [String] = []
    if let named = ProcessInfo.processInfo.environment["POISE_RESOURCES"], !named.isEmpty {
      places += ["\(named)/\(folder)", named]
    }
    var executables = [Bundle.main.bundleURL]
    if let resources = Bundle.main.resourceURL { executables.append(resources) }
    if let executable = Bundle.main.executableURL {
      executables.append(executable.resolvingSymlinksInPath().deletingLastPathComponent())
    }
    for url in executables {
      places += [url.path + "/" + folder, url.path + "/../share/poise/" + folder]
      // A test bundle on macOS lies three levels below the products.
      places.append(url.path + "/../../../" + folder)
    }
    // A build in place: the folder of the sources.
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
    places.append(sources)
    return places.map { "\($0)/\(file)" } + places.map { "\($0)/Contents/Resources/\(file)" }
  }
}
