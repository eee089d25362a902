import Foundation
public import PoiseLab

/// One self-contained page that answers the question of a record. It makes no request to anywhere.
public enum Page {
  /// A picture ready to be put into the page.
  public struct Picture: Sendable {
    /// The script, with its caption and its alternative text.
    public var figure: FigureScript
    /// The SVG that gnuplot drew.
    public var svg: String

    /// - Parameter svg: what gnuplot drew from the script.
    public init(figure: FigureScript, svg: String) {
      self.figure = figure
      self.svg = svg
    }
  }

  /// The page as text: HTML that is well-formed XML too.
  ///
  /// - Parameters:
  ///   - figures: pictures, the most telling first.
  ///   - pytorch: lines of Python to copy, if there are any.
  ///   - note: a sentence in place of the pictures where they could not be drawn.
  public static func render(
    record: Record, figures: [Picture], pytorch: String?, note: String? = nil
  ) -> String {
    PageWriter(record: record, figures: figures, pytorch: pytorch, note: note).page
  }
}

/// A page in the making.
struct PageWriter {
  let record: Record
  let figures: [Page.Picture]
  let pytorch: String?
  let note: String?

  var page: String {
    """
    <!DOCTYPE html>
    <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="generator" content="Poise \(HTML.escape(record.version))"/>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
    style-src 'unsafe-inline'; script-src 'unsafe-inline'"/>
    <title>\(HTML.escape(title))</title>
    <style>/*<![CDATA[*/
    \(PageStyle.sheet)
    /*]]>*/</style>
    </head>
    <body>
    <main>
    <header>
    <p class="kicker">\(HTML.escape(title))</p>
    <h1>\(HTML.symbols(words.headline))</h1>
    </header>
    \(answer)\(picture)\(comparison)\(check)\(trust)\(redo)</main>
    <script>/*<![CDATA[*/
    \(PageStyle.script)
    /*]]>*/</script>
    </body>
    </html>

    """
  }

  private var title: String { "poise \(record.verb): \(words.subject)" }

  private var words: any Answer { record.answer }

  /// 1: reasons, and the lines to copy.
  private var answer: String {
    var text =
      words.paragraphs.count > 1
      ? HTML.list(words.paragraphs)
      : words.paragraphs.map { "<p>\(HTML.symbols($0))</p>\n" }.joined()
    if case .advise(let advice) = record.result { text += learningRate(advice) }
    if let pytorch {
      text += "<h3>In PyTorch</h3>\n<div class=\"code\"><button type=\"button\" "
      text += "data-copy=\"pytorch\" hidden=\"hidden\">Copy</button><pre id=\"pytorch\" "
      text += "tabindex=\"0\">"
      text += HTML.escape(pytorch.trimmingCharacters(in: .newlines)) + "</pre></div>\n"
    }
    return text
  }

  private func learningRate(_ advice: AdviceResult) -> String {
    guard let rate = advice.learningRate else { return "" }
    return "<p>Learning rate: SGD \(NumberText.short(rate.sgdLow)) to "
      + "\(NumberText.short(rate.sgdHigh)), times 1 − momentum; Adam "
      + "\(NumberText.short(rate.adam)). <span class=\"note\">Rule: \(HTML.symbols(rate.rule)).</span>"
      + "</p>\n"
  }

  /// 2: the first picture; a note where there is none.
  private var picture: String {
    if let first = figures.first { return figure(first, number: 0) }
    guard let note else { return "" }
    return "<p class=\"note\" role=\"note\">No pictures: \(HTML.escape(note))</p>\n"
  }

  private func figure(_ picture: Page.Picture, number: Int) -> String {
    let svg = InlineSVG.element(
      picture.svg, prefix: "f\(number)", label: picture.figure.alternativeText)
    return "<figure>\n<div class=\"picture\">\(svg)</div>\n<figcaption>"
      + "\(HTML.symbols(picture.figure.caption))</figcaption>\n</figure>\n"
  }

  /// 3: the numbers, verdict first.
  private var comparison: String {
    if case .advise(let advice) = record.result {
      return HTML.section("Comparison", id: "comparison", PageTables.candidates(advice))
    }
    return words.tables.enumerated().map { index, table in
      HTML.section(
        table.heading, id: "numbers-\(index + 1)", PageTables.plain(table.table, table.caption))
    }.joined()
  }

  /// 4: theory against networks, and the other pictures.
  private var check: String {
    var text = ""
    if let check = record.check { text += PageTables.verdict(check) }
    for (number, picture) in figures.enumerated().dropFirst() {
      text += figure(picture, number: number)
    }
    if let check = record.check { text += PageTables.check(check) }
    let name = record.check == nil ? "More pictures" : "Theory against networks"
    return HTML.section(name, id: "check", text)
  }

  /// 5: assumptions and limits.
  private var trust: String {
    var text = ""
    if !record.assumptions.isEmpty { text += "<h3>Assumed</h3>\n" + HTML.list(record.assumptions) }
    let caveats = words.caveats
    if case .advise(let advice) = record.result, let data = advice.data {
      text += "<h3>Data</h3>\n<p>\(HTML.escape(data.name)): \(data.rows) of \(data.totalRows) rows "
      text += "with \(data.features) features; \(HTML.escape(data.preparation)); mean square "
      text += "\(NumberText.short(data.meanSquare)).</p>\n"
    }
    if !caveats.isEmpty { text += "<h3>When not to trust this</h3>\n" + HTML.list(caveats) }
    return HTML.section("What this rests on", id: "trust", text)
  }

  /// 6: how to redo it, and what to cite.
  private var redo: String {
    var text = "<pre class=\"command\">\(HTML.escape(record.command))</pre>\n<dl>\n"
    for (name, value) in [
      ("Poise", record.version), ("Seed", "\(record.seed)"), ("System", record.machine.system),
      ("BLAS kernel", record.machine.blasCore), ("Started", record.timing.started),
      ("Took", "\(NumberText.short(record.timing.wallSeconds)) s"),
    ] {
      text += "<dt>\(name)</dt><dd>\(HTML.escape(value))</dd>\n"
    }
    text += "</dl>\n"
    if !record.sources.isEmpty { text += "<h3>Sources</h3>\n" + HTML.list(record.sources) }
    let citations = Citations.forVerb(record.verb)
    text += "<h3>To cite</h3>\n<ul>\n"
    for citation in citations {
      let name = HTML.escape("\(citation.short): \(citation.title)")
      let link = citation.address.map { "<a href=\"\($0)\">\(name)</a>" } ?? name
      text += "<li>\(link) <span class=\"note\">(\(HTML.escape(citation.use)))</span></li>\n"
    }
    text += "</ul>\n<details><summary>BibTeX</summary>\n<div class=\"code\"><button "
    text += "type=\"button\" data-copy=\"bibtex\" hidden=\"hidden\">Copy</button><pre "
    text += "id=\"bibtex\" tabindex=\"0\">"
    text += HTML.escape(citations.map(\.bibTeX).joined(separator: "\n\n"))
    return HTML.section(
      "How to redo it", id: "redo", text + "</pre></div>\n</details>\n")
  }
}
