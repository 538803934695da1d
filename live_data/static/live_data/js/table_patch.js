// Puts a table that the server has rendered anew into the page: only what differs, and never under a
// person's hands - a cell that has the focus or an open question stays until that is over.

/** Rows are known by data-key; both bodies have rows of the same columns. */
export function patchRows(body, fresh) {
  const known = new Map([...body.rows].map((row) => [row.dataset.key, row]));
  const focused = document.activeElement;
  const rows = [...fresh.rows].map((row) => merged(known.get(row.dataset.key), row));
  for (const row of [...body.rows]) if (!rows.includes(row)) row.remove();
  for (const [place, row] of rows.entries()) {
    if (body.rows[place] !== row) body.insertBefore(row, body.rows[place] ?? null);
  }
  if (focused !== document.activeElement && body.contains(focused)) focused.focus({ preventScroll: true });
}

export function patchElement(old, fresh) {
  if (!old.isEqualNode(fresh) && !isInUse(old)) old.replaceWith(document.importNode(fresh, true));
}

function merged(row, fresh) {
  if (!row) return document.importNode(fresh, true);
  row.className = fresh.className;
  for (const [place, cell] of [...row.cells].entries()) {
    if (fresh.cells[place]) patchElement(cell, fresh.cells[place]);
  }
  return row;
}

const isInUse = (node) => node.contains(document.activeElement) || node.querySelector("details[open]") !== null;
