// A table that can be sorted by any column, and scrolled sideways by keyboard where it is wider than the page.
controls.table = ({ model, el }) => {
  const caption = make('caption', { id: newId() });
  const head = make('tr');
  const body = make('tbody');
  const region = make('div', { class: 't4c-scroll', role: 'region', tabindex: '0', 'aria-labelledby': caption.id },
    make('table', {}, caption, make('thead', {}, head), body));
  const said = make('p', { class: 't4c-hidden', role: 'status' });
  el.classList.add('t4c-control', 't4c-wide');
  el.append(region, said);
  let sorted = null;

  const show = () => {
    const [columns, rows, keys] = [model.get('columns'), model.get('rows'), model.get('sorted_by')];
    const order = rows.map((_, place) => place);
    if (sorted) {
      const { column, down } = sorted;
      const by = (a, b) => { // what has no figure comes last, whichever way the column is sorted
        if (a === null || b === null) return (a === null) - (b === null);
        const less = typeof a === 'number' ? a - b : a.localeCompare(b, 'en-GB', { numeric: true });
        return down ? -less : less;
      };
      order.sort((one, other) => by(keys[one][column], keys[other][column]) || one - other);
    }
    body.replaceChildren(...order.map((place) => make('tr', {}, ...rows[place].map((text, column) => column
      ? make('td', columns[column].number ? { class: 'number' } : {}, text)
      : make('th', { scope: 'row' }, text)))));
    head.querySelectorAll('th').forEach((cell, column) => {
      const way = sorted?.column === column ? (sorted.down ? 'descending' : 'ascending') : 'none';
      cell.setAttribute('aria-sort', way);
    });
  };
  const build = () => {
    caption.textContent = model.get('caption');
    head.replaceChildren(...model.get('columns').map(({ label, number }, column) => {
      const button = make('button', { type: 'button' }, label, make('span', { class: 't4c-arrow', 'aria-hidden': 'true' }));
      button.addEventListener('click', () => {
        sorted = { column, down: sorted?.column === column && !sorted.down };
        show();
        said.textContent = `Sorted by ${label}, ${sorted.down ? 'largest or last' : 'smallest or first'} at the top.`;
      });
      return make('th', { scope: 'col', ...(number ? { class: 'number' } : {}) }, button);
    }));
    if (sorted && sorted.column >= model.get('columns').length) sorted = null;
    show();
  };
  follow(model, ['columns', 'rows', 'caption'], build);
};
