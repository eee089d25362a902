import Foundation

/// gnuplot's SVG made fit for a page that holds several.
enum InlineSVG {
  /// Sans-serif where TeX Gyre Heros is not installed.
  static func withFallbackFonts(_ svg: String) -> String {
    svg.replacingOccurrences(
      of: "font-family=\"TeX Gyre Heros\"",
      with: "font-family=\"TeX Gyre Heros, Helvetica, Arial, sans-serif\"")
  }

  /// The `<svg>` element alone: names made unique by `prefix`, no title of gnuplot's, labelled.
  static func element(_ svg: String, prefix: String, label: String) -> String {
    guard let start = svg.range(of: "<svg") else { return "" }
    var text = String(svg[start.lowerBound...])
    for tag in ["title", "desc"] {
      text = text.replacingOccurrences(
        of: "<\(tag)>[^<]*</\(tag)>", with: "", options: .regularExpression)
    }
    let rules = [
      ("\\bid=(['\"])", "id=$1\(prefix)-"),
      ("href=(['\"])#", "href=$1#\(prefix)-"),
      ("url\\((['\"]?)#", "url($1#\(prefix)-"),
    ]
    for (pattern, template) in rules {
      text = text.replacingOccurrences(of: pattern, with: template, options: .regularExpression)
    }
    // The size rounds to what is seen; 560.123456 and 560.12 print alike.
    text = text.replacingOccurrences(
      of: "^<svg", with: "<svg role=\"img\" aria-label=\"\(HTML.escape(label))\"",
      options: .regularExpression)
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
