// Name the controls of Datasette's own pages that have no label, for those who hear a page.
const NAMES = [
  ['[name^="_filter_column"]', "Column to filter by"],
  ['[name^="_filter_op"]', "How the column compares"],
  ['[name^="_filter_value"]', "Value to compare with"],
  ['[name="_sort"]', "Column to sort by"],
  [".CodeMirror textarea, .cm-content, textarea[name=sql]", "SQL query"],
];
function name() {
  for (const [found, label] of NAMES) {
    for (const control of document.querySelectorAll(found)) {
      if (!control.labels?.length && !control.ariaLabel) control.setAttribute("aria-label", label);
    }
  }
  // Its headings begin at the third level, behind the title's first.
  for (const heading of document.querySelectorAll("section.content h3")) heading.ariaLevel = "2";
  for (const frame of document.querySelectorAll(".table-wrapper")) {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
  }
}
name();
// The editor of SQL comes later.
addEventListener("load", () => setTimeout(name, 0));
