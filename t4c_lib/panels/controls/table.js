// A table that can be sorted by any column, and scrolled sideways by keyboard where it is wider than the page.
const sortedTables = new WeakMap(); // by which column each stands, also after the kernel has made its rows anew
controls.table = ({ model, el }) => stand(model, el, (follow) => {
  const [body, said] = [el.querySelector('tbody'), el.querySelector('[role=status]')];
  const [heads, rows] = [[...el.querySelectorAll('thead th')], [...body.rows]];
  const show = () => {
    const sorted = sortedTables.get(el);
    const keys = model.get('sorted_by');
    const order = rows.map((_, place) => place);
    if (sorted) {
      const { column, down } = sorted;
      const by = (a, b) => { // what has no figure comes last, whichever way the column is sorted
        if (a === null || b === null) return (a === null) - (b === null);
        const less = typeof a === 'number' ? a - b : a.localeCompare(b, 'en-GB', { numeric: true });
        return down ? -less : less;
      };
      order.sort((one, other) => by(keys[one][column], keys[other][column]) || one - other);
      body.append(...order.map((place) => rows[place]));
    }
    heads.forEach((cell, column) => {
      cell.setAttribute('aria-sort', sorted?.column === column ? (sorted.down ? 'descending' : 'ascending') : 'none');
    });
  };
  if ((sortedTables.get(el)?.column ?? 0) >= heads.length) sortedTables.delete(el);
  follow(['caption'], () => set(el.querySelector('caption'), model.get('caption')));
  heads.forEach((cell, column) => cell.querySelector('button').addEventListener('click', () => {
    const sorted = sortedTables.get(el);
    const down = sorted?.column === column && !sorted.down;
    sortedTables.set(el, { column, down });
    show();
    const { label } = model.get('columns')[column];
    said.textContent = `Sorted by ${label}, ${down ? 'largest or last' : 'smallest or first'} at the top.`;
  }));
  show();
});
