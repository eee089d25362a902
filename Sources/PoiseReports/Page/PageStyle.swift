/// Style sheet and the one small script of a page.
enum PageStyle {
  static let sheet = """
    :root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1b1b; --soft: #55595e;
      --line: #d5d8dc; --card: #f4f6f8; --link: #00528f; --good: #00634a; --warn: #7a4b00;
      --bad: #a32a00; --mark: #fdeedd; --best: #e6f1f9; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #15181b; --ink: #e8eaec; --soft: #a9b0b7; --line: #3a4047;
        --card: #1e2327; --link: #7cc3f2; --good: #5fd0ab; --warn: #f0be62; --bad: #ff9a6e;
        --mark: #45301a; --best: #1a3140; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.55 "TeX Gyre Heros", "Helvetica Neue", Helvetica, Arial, sans-serif; }
    main { max-width: 50rem; margin: 0 auto; padding: 1.2rem 1rem 3rem; }
    .kicker { margin: 0; color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
    h1 { font-size: 1.45rem; line-height: 1.35; margin: .35rem 0 1rem; text-wrap: pretty; }
    h2 { font-size: 1.15rem; margin: 2.4rem 0 .7rem; padding-top: .7rem;
      border-top: 1px solid var(--line); }
    h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
    p { margin: .6rem 0; } ul { margin: .6rem 0; padding-left: 1.3rem; } li { margin: .25rem 0; }
    a { color: var(--link); } sub { line-height: 0; font-size: .72em; }
    pre { margin: 0; padding: .8rem .9rem; background: var(--card); border: 1px solid var(--line);
      border-radius: 6px; overflow-x: auto; font: .85rem/1.5 ui-monospace, "DejaVu Sans Mono",
      Menlo, Consolas, monospace; }
    .code { position: relative; } .code button { position: absolute; top: .45rem; right: .45rem;
      font: .85rem/1 inherit; padding: .45rem .7rem; color: var(--ink); background: var(--paper);
      border: 1px solid var(--soft); border-radius: 5px; cursor: pointer; }
    .code pre { padding-top: 2.6rem; }
    figure { margin: 1rem 0 1.4rem; } figcaption { color: var(--soft); font-size: .9rem;
      margin-top: .5rem; }
    .picture { background: #ffffff; border-radius: 6px; padding: .5rem; border: 1px solid
      var(--line); } .picture svg { display: block; width: 100%; height: auto; max-width: 600px;
      margin: 0 auto; } abbr { text-decoration: none; cursor: help; }
    .scroll { overflow: auto; max-height: 85vh; border: 1px solid var(--line);
      border-radius: 6px; margin: .8rem 0; }
    table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .87rem;
      font-variant-numeric: tabular-nums; }
    caption { text-align: left; padding: .5rem .7rem; color: var(--soft); }
    pre.command { white-space: pre-wrap; overflow-wrap: anywhere; }
    th, td { padding: .38rem .55rem; text-align: right; white-space: nowrap;
      border-bottom: 1px solid var(--line); }
    thead th { position: sticky; top: 0; background: var(--card); z-index: 1;
      font-weight: 600; vertical-align: bottom; }
    .word { text-align: left; } tbody th { font-weight: 400; }
    tbody tr:last-child > * { border-bottom: 0; } tr.best > * { background: var(--best);
      font-weight: 600; } td.worst { background: var(--mark); }
    .good { color: var(--good); font-weight: 600; } .warn { color: var(--warn);
      font-weight: 600; } .bad { color: var(--bad); font-weight: 600; }
    .note { color: var(--soft); font-size: .9rem; } details { margin: .5rem 0; }
    summary { cursor: pointer; } dl { display: grid; grid-template-columns: max-content 1fr;
      gap: .25rem 1rem; margin: .6rem 0; } dt { color: var(--soft); } dd { margin: 0;
      overflow-wrap: anywhere; }
    button:focus-visible, .scroll:focus-visible, summary:focus-visible, a:focus-visible {
      outline: 3px solid var(--link); outline-offset: 2px; }
    @media (max-width: 480px) { h1 { font-size: 1.22rem; } main { padding: .9rem .8rem 2rem; }
      .picture { padding: .2rem; } th, td { padding: .35rem .5rem; } }
    @media print { :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444;
        --line: #bbb; --card: #fff; --link: #000; --good: #004d39; --warn: #5c3900;
        --bad: #7a1f00; --mark: #f3e3d2; --best: #eef3f7; }
      body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
      .scroll { max-height: none; overflow: visible; border: 0; } table { font-size: 8pt; }
      th, td { padding: 2px 5px; } thead th { position: static; }
      button { display: none; } .code pre { padding-top: .8rem; white-space: pre-wrap; }
      .picture svg { max-width: 11cm; } .picture { border: 0; }
      figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; } }
    """

  /// Shows the copy button and makes it work; without it the lines can still be selected.
  static let script = """
    document.querySelectorAll('button[data-copy]').forEach(function (b) {
      b.hidden = false;
      b.addEventListener('click', function () {
        var pre = document.getElementById(b.getAttribute('data-copy'));
        var old = b.textContent;
        function done(word) {
          b.textContent = word; setTimeout(function () { b.textContent = old; }, 1600);
        }
        function select() {
          var range = document.createRange(); range.selectNodeContents(pre);
          var s = getSelection(); s.removeAllRanges(); s.addRange(range);
          var copied = false;
          try { copied = document.execCommand('copy'); } catch (e) { copied = false; }
          done(copied ? 'Copied' : 'Selected');
        }
        if (navigator.clipboard) {
          navigator.clipboard.writeText(pre.textContent).then(function () { done('Copied'); },
            select);
        } else { select(); }
      });
    });
    """
}
