/// Style sheets of pages: light and dark, narrow and wide, on screen and on paper.
public enum PageStyle {
  /// Text, tables, forms and details.
  ///
  /// Colors are variables: `--text`, `--muted`, `--page`, `--soft` (below headings), `--line`,
  /// `--accent`, `--good`, `--warn`, `--bad`. The reader's system decides between light and dark, and
  /// `data-theme` on the root, which the script sets, goes before it.
  public static let common = """
    :root{\(light)}
    @media (prefers-color-scheme:dark){:root:not([data-theme=light]){\(dark)}}
    :root[data-theme=dark]{\(dark)}
    *{box-sizing:border-box}
    html{scroll-padding-top:1rem}
    body{margin:0 auto;max-width:90rem;padding:1rem;background:var(--page);color:var(--text);\
    font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}
    h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0}
    h2{font-size:1.3rem;margin:2.2rem 0 .5rem;padding-top:.5rem;border-top:1px solid var(--line)}
    h3{font-size:1.05rem;margin:1.4rem 0 .4rem}
    p,li,dd,summary{max-width:75ch}
    a{color:var(--accent)}
    code,pre{font:.86em/1.45 ui-monospace,monospace}
    code{overflow-wrap:anywhere}
    pre{overflow:auto;max-height:30rem;padding:.7rem;background:var(--soft);border-radius:.3rem}
    small,.muted{color:var(--muted)}
    small{font-size:.82em}
    .scroll{overflow-x:auto;margin:.5rem 0;max-width:100%}
    table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
    caption{text-align:left;color:var(--muted);padding:.3rem 0;\
    max-width:min(75ch,calc(100vw - 2.5rem))}
    th,td{padding:.3rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
    thead th{vertical-align:bottom;background:var(--soft);min-width:4.5rem}
    tbody th{font-weight:600;background:var(--page);max-width:18rem;min-width:7rem;\
    overflow-wrap:anywhere}
    tbody tr:hover>*{background:var(--soft)}
    td.number,th.number{text-align:right}
    td.number{white-space:nowrap}
    td.missing{color:var(--muted);font-style:italic}
    td small{display:block}
    .best{font-weight:700}
    .second{text-decoration:underline;text-underline-offset:.2em}
    tr.reference>*{border-bottom:2px solid var(--muted)}
    th>button{all:unset;cursor:pointer;font:inherit;font-weight:700;border-bottom:1px dotted \
    var(--muted)}
    th>button::after{content:" \\2195";color:var(--muted);font-weight:400}
    th[aria-sort=ascending]>button::after{content:" \\2191";color:var(--text)}
    th[aria-sort=descending]>button::after{content:" \\2193";color:var(--text)}
    :focus-visible,th>button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    form.filters,p.tools{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center;\
    margin:.6rem 0}
    form.filters label{display:inline-flex;gap:.4rem;align-items:center;max-width:100%}
    form.filters select,form.filters input[type=search]{min-width:0;max-width:15rem}
    input,select,button.tool{font:inherit;font-size:.9rem;color:var(--text);background:var(--page);\
    border:1px solid var(--muted);border-radius:.25rem;padding:.2rem .5rem}
    ::placeholder{color:var(--muted);opacity:1}
    button.tool{cursor:pointer}
    button.tool:hover{background:var(--soft)}
    button.theme{float:right}
    [hidden]{display:none!important}
    .tag{display:inline-block;padding:0 .4em;border:1px solid var(--line);border-radius:.6em;\
    font-size:.8em;white-space:nowrap;margin:0 .15em .15em 0}
    .tag.good{border-color:var(--good);color:var(--good)}
    .tag.warn{border-color:var(--warn);color:var(--warn)}
    .tag.bad{border-color:var(--bad);color:var(--bad)}
    details{margin:.4rem 0}
    summary{cursor:pointer}
    details:target,:target>summary,tr:target>*{background:var(--soft)}
    dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem 1rem;margin:.5rem 0}
    dt{color:var(--muted)}
    dd{margin:0;overflow-wrap:anywhere}
    @media (min-width:45rem){body{padding:1.5rem 2rem}\
    tbody th:first-child{position:sticky;left:0;z-index:1}}
    @media (max-width:30rem){dl{display:block}dd{margin:0 0 .4rem}th,td{padding:.25rem .4rem}}
    @media print{:root,:root:not([data-theme=light]),:root[data-theme=dark]{\(light)}body{max-width:none;padding:0;font-size:9pt}form.filters,p.tools,\
    button.theme{display:none!important}.scroll{overflow:visible}pre{max-height:none;\
    white-space:pre-wrap}table{font-size:7.5pt}th,td{padding:.15rem .3rem}thead{display:\
    table-header-group}tr{break-inside:avoid}details::details-content{content-visibility:visible}\
    th>button::after{content:none!important}}
    """

  private static let light = """
    color-scheme:light;--text:#1b1f24;--muted:#59636e;--page:#fff;--soft:#f1f4f7;--line:#d5dae0;\
    --accent:#0958ba;--good:#116329;--warn:#7d4e00;--bad:#a81e2b
    """

  private static let dark = """
    color-scheme:dark;--text:#e6e9ed;--muted:#9aa4af;--page:#14171b;--soft:#20252b;--line:#3a424b;\
    --accent:#6cb0ff;--good:#57c878;--warn:#e0a53c;--bad:#ff7b7b
    """
}
