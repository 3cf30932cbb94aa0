import Charts

/// The style of the report, beside that of its frame.
enum ReportStyle {
  static let text = Drawing.styleSheet + heat + layout

  /// The steps of heat maps in tables, in the colors of drawings.
  private static let heat =
    (0...10).map { ".c-h\($0){background:var(--c-h\($0));color:var(--c-n\($0))}\n" }.joined() + """
      .heat td,.heat th{padding:0;border:1px solid var(--page)}
      .heat thead th,.heat tbody th,.heat .axis{padding:.2rem .45rem}
      .heat thead th,.heat tbody th{min-width:0;font-weight:600}
      .heat thead th{text-align:right}
      .heat thead th:first-child,.heat tbody th{text-align:left;white-space:nowrap}
      .heat td a{display:block;color:inherit;text-decoration:none;min-width:4.4em}
      .heat td a>span{display:block;padding:.1rem .4rem;text-align:right;white-space:nowrap}
      .heat td span.word{color:var(--muted);font-style:italic}
      .heat td span.beside{color:var(--muted);font-size:.92em}
      .heat td a:hover,.heat td a:focus-visible{outline:2px solid var(--text);outline-offset:-2px}
      .heat tr.reference>*{border-bottom:4px solid var(--page)}
      .swatches{white-space:nowrap}
      .swatch{display:inline-block;width:1.5em;height:1em;vertical-align:middle}

      """

  private static let layout = """
    .skip{position:absolute;left:-99rem}
    .skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.3rem .6rem;z-index:3}
    .visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);\
    white-space:nowrap}
    .contents{columns:14rem;padding-left:1.2rem}
    .flag{position:relative;text-decoration:none;font-weight:700;margin-left:.15em}
    .warning{border-left:4px solid var(--warn);padding-left:.7rem}
    .cell{border-top:1px solid var(--line);content-visibility:auto;\
    contain-intrinsic-size:auto 30rem}
    .cell:target{outline:2px solid var(--accent);outline-offset:.3rem}
    table.figures tbody th{min-width:0;white-space:nowrap}
    table.figures td,table.figures thead th+th{text-align:right;white-space:nowrap}
    .beside,div.figures{display:flex;flex-wrap:wrap;gap:.5rem 2rem;align-items:flex-start}
    figure{margin:.5rem 0;max-width:100%;overflow-x:auto}
    figcaption{max-width:75ch}
    figure svg,.preview img{max-width:100%;height:auto}
    .preview img{image-rendering:pixelated}
    .wide svg{min-width:40rem}
    .flags{color:var(--muted);font-size:.9em;padding-left:1.2rem}
    .facts td code{overflow-wrap:anywhere}
    .audit{display:block}
    .audit dt{color:var(--text);font-weight:600;margin-top:.6rem}
    thead th.number{white-space:normal;max-width:10rem}
    .worst td small{display:block;width:auto}
    @media print{.cell{content-visibility:visible;break-inside:avoid}.skip{display:none}\
    .heat span,.swatch{print-color-adjust:exact;-webkit-print-color-adjust:exact}\
    .worst td small{white-space:normal}pre.scenario{columns:3;font-size:6pt}}

    """
}
