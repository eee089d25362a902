import Foundation
import PoiseLab
import PoiseNumerics
import Testing

@testable import PoiseReports

@Suite struct FigureTests {
  static let gnuplot = try? Gnuplot()
  static let reason: Comment = "gnuplot is not installed: no figure was drawn in this test"

  static func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("poise-reports-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test func namesAreShownLetterByLetter() {
    #expect(GnuplotText.quoted("he_normal") == "'he\\_normal'")
    #expect(GnuplotText.quoted("a^{b}@c&d~e\\") == "'a\\^\\{b\\}\\@c\\&d\\~e\\\\'")
    #expect(!GnuplotText.escaped("it's `date`\nexit").contains { "'`\n".contains($0) })
    #expect(GnuplotText.title("weight variance σ_w²") == "'weight variance σ_{w}²'")
    #expect(GnuplotText.title("of my_file") == "'of my\\_file'")
    #expect(GnuplotText.number(.nan) == "nan" && GnuplotText.number(nil) == "nan")
  }

  @Test func everyRecordGetsItsFigures() {
    let names = Samples.small().mapValues { record in Figures.all(of: record).map(\.name) }
    #expect(names["advise"] == ["phase", "profiles", "gradient"])
    #expect(names["map"] == ["phase"])
    #expect(names["line"] == ["line"])
    #expect(names["point"] == ["profiles"])
    #expect(names["propagate"] == ["propagate"])
    #expect(names["kernel"] == ["kernel"])
    #expect(names["information"] == ["information-layers", "within-unit"])
    #expect(names["information range"] == ["information-variance"])
    #expect(names["sweep map"] == ["sweep-1", "sweep-2"])
    for kind in ["line", "curves", "names"] { #expect(names["sweep \(kind)"] == ["sweep"]) }
    #expect(names["estimate"] == [] && names["bottleneck"] == ["plane", "variance"])
  }

  /// Depth series, map and isometric line of a spectrum; the laws beside a recommendation.
  @Test func spectraGetTheirFigures() throws {
    let series = Samples.spectrum(map: false)
    #expect(
      Figures.all(of: series).map(\.name) == ["spectrum", "spectrum-depth", "isometry-line"])
    let map = Samples.spectrum(map: true)
    #expect(Figures.all(of: map).map(\.name) == ["isometry-map", "isometry-line"])
    var advice = Samples.advice("tanh", depth: 8, columns: 12)
    advice.spectra = advice.candidates.map {
      .init(name: $0.name, curve: Samples.curve(depth: 8, mean: $0.isRecommended ? 0 : -3))
    }
    let record = Samples.record(.advise(advice), verb: "advise")
    let figure = try #require(CandidateSpectrumFigure.script(record))
    #expect(figure.script(format: .svg).contains("(recommended)"))
    guard let gnuplot = Self.gnuplot else { return }
    let folder = try Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for one in [Figures.all(of: series), Figures.all(of: map), [figure]] {
      #expect(try gnuplot.draw(one, format: .svg, in: folder).count == one.count)
    }
    let text = RecordText.render(map, style: .plain)
    #expect(text.contains("isometric (v ≤ 1") && text.contains("v at the edge"))
  }

  @Test func theKernelMapIsColouredByThePairsAndRuledBetweenLabels() throws {
    let figure = try #require(
      Figures.all(of: Samples.kernel(labels: [0, 0, 0, 1, 1, 2, 2, 2])).first)
    for part in [
      "set cbrange [0.2:0.6]", "set xtics ('0' 1.0, '1' 3.5, '2' 6.0)",
      "set arrow from 2.5,-0.5 to 2.5,7.5", "set yrange [7.5:-0.5]", "cosine of the NTK",
    ] { #expect(figure.commands.contains(part), "\(part)") }
    #expect(figure.caption.contains("sorted by label"))
    #expect(figure.data.split(separator: "\n").count == 8)
    let alike = try #require(Figures.all(of: Samples.kernel(labels: nil)).first)
    #expect(!alike.commands.contains("cbrange") && !alike.commands.contains("arrow"))
    #expect(alike.caption.contains("in their order"))
  }

  @Test func thePhaseFigureSaysWhatItShows() throws {
    let record = Samples.record(
      .advise(Samples.advice("tanh", depth: 8, columns: 20)), verb: "advise")
    let figure = try #require(PhaseFigure.script(record))
    let script = figure.script(format: .svg)
    for part in [
      "with image", "'edge of chaos'", "set object polygon", "'recommended'", "σ_{w}²", "σ_{b}²",
      "set cbrange [-", "data = 'figure-phase.dat'", "set output 'figure-phase.svg'",
      "'xavier\\_uniform,'", "'lecun\\_normal,'",
    ] { #expect(script.contains(part), "\(part)") }
    #expect(figure.caption.contains("Outside of the picture: wide_gain."))
    #expect(!script.contains("wide"))
    let relu = Samples.record(
      .advise(Samples.advice("relu", depth: 8, columns: 20)), verb: "advise")
    let other = try #require(PhaseFigure.script(relu)).script(format: .pdf)
    #expect(other.contains("pattern 4") && other.contains("'lengths diverge'"))
    #expect(!script.contains("pattern 4"))
  }

  @Test func pointsOfOnePlaceShareALabel() {
    let axis = PlaneAxis(values: [0, 1, 2, 3])
    let marks = [
      MarkedPoint(name: "a", weightVariance: 2, biasVariance: 0),
      MarkedPoint(name: "b", weightVariance: 2 + 1e-9, biasVariance: 0),
      MarkedPoint(name: "far", weightVariance: 9, biasVariance: 0),
    ]
    let (groups, omitted) = PhaseMarks.group(marks, x: axis, y: axis)
    #expect(groups.map(\.lines) == [["a,", "b"]])
    #expect(omitted == ["far"])
  }

  @Test func axesFollowTheSpacing() {
    #expect(!PlaneAxis(values: [1, 2, 3]).isLogarithmic)
    let logarithmic = PlaneAxis(values: [1e-3, 1e-2, 1e-1, 1])
    #expect(logarithmic.isLogarithmic && logarithmic.position(0) == nil)
    #expect(logarithmic.position(0.1) == -1)
    let uneven = PlaneAxis(values: [0, 1, 5])
    #expect(!uneven.isLogarithmic && uneven.indices.count == 200)
    #expect(Set(uneven.indices) == [0, 1, 2])
    let falling = PlaneAxis(values: [3, 2, 1])
    #expect(falling.range.lowerBound == 0.5 && falling.indices.first == 2)
  }

  @Test func labelsKeepApart() {
    var layout = LabelLayout(plot: .init(left: 0, bottom: 0, width: 400, height: 300))
    let boxes = (0..<8).map { layout.place(["label \($0)"], x: 200 + Double($0), y: 150) }
    for (index, box) in boxes.enumerated() {
      for other in boxes[..<index] { #expect(box.overlap(other) == 0) }
    }
  }

  @Test func extremeProfilesLeaveThePictureAndTheCaptionSaysSo() throws {
    let record = Samples.record(.advise(Samples.advice("tanh", columns: 4)), verb: "advise")
    let figure = try #require(GradientFigure.script(record))
    #expect(figure.caption.contains("Leaving the picture beyond ±15: pytorch_default, wide_gain."))
    #expect(figure.commands.contains("every 4 using"))
  }

  @Test(.enabled(if: gnuplot != nil, reason)) func gnuplotDrawsEveryFigure() throws {
    let folder = try Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, record) in Samples.small() {
      for format in FigureFormat.allCases {
        let target = folder.appendingPathComponent("\(name)-\(format)")
        let outcome = try ReportWriter.write(record: record, to: target, figureFormat: format)
        #expect(outcome.warning == nil)
        for figure in Figures.all(of: record) {
          for part in ["gp", "dat", format.rawValue] {
            let file = target.appendingPathComponent("\(figure.stem).\(part)")
            #expect(try Data(contentsOf: file).count > 100, "\(file.path)")
          }
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: target.path)
        #expect(!left.contains { $0.hasPrefix(".") || $0.hasPrefix("page-") })
      }
    }
  }

  @Test(.enabled(if: gnuplot != nil, reason)) func aScriptRunsByItselfInItsFolder() throws {
    let gnuplot = try #require(Self.gnuplot)
    let folder = try Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let record = try #require(Samples.small()["map"])
    _ = try ReportWriter.write(record: record, to: folder)
    let picture = folder.appendingPathComponent("figure-phase.svg")
    try FileManager.default.removeItem(at: picture)
    try gnuplot.run(["figure-phase.gp"], in: folder)
    #expect(try String(contentsOf: picture, encoding: .utf8).contains("</svg>"))
  }

  @Test(.enabled(if: gnuplot != nil, reason)) func hostileNamesDoNothing() throws {
    let folder = try Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var advice = Samples.advice("tanh", depth: 8, columns: 6)
    let hostile = "x'; system('touch broken'); `touch broken` \" {/=90 \\\n!touch broken\n"
    advice.plane.presets[0].name = hostile
    advice.gradientProfiles[1].name = hostile
    advice.check?.series[0].title = hostile
    let outcome = try ReportWriter.write(
      record: Samples.record(.advise(advice), verb: "advise"), to: folder)
    #expect(outcome.warning == nil)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!files.contains("broken"))
    for name in ["figure-phase", "figure-gradient", "figure-profiles"] {
      let svg = try String(
        contentsOf: folder.appendingPathComponent("\(name).svg"), encoding: .utf8)
      #expect(svg.contains("</svg>"))
    }
  }

  @Test func aHungGnuplotIsEnded() throws {
    let folder = try Self.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let program = folder.appendingPathComponent("gnuplot")
    try Data("#!/bin/sh\nexec sleep 60\n".utf8).write(to: program)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
    let gnuplot = Gnuplot(executable: program, timeLimit: 0.5)
    let start = Date()
    let error = #expect(throws: PoiseError.self) { try gnuplot.run(["a.gp"], in: folder) }
    #expect(error?.code == .notConverged)
    #expect(Date().timeIntervalSince(start) < 20)
  }
}
