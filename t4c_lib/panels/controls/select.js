// One of a list that is too long for radio buttons.
controls.select = ({ model, el }) => {
  const select = make('select');
  frame(model, el, select);
  el.classList.add('t4c-fit');
  const choose = () => { select.value = model.get('index') ?? ''; };
  follow(model, ['labels'], () => {
    select.replaceChildren(...model.get('labels').map((label, place) => make('option', { value: place }, label)));
    choose();
  });
  follow(model, ['index'], choose);
  // A choice that the page's address keeps needs no other keeping. JupyterLab's address is not the page's.
  follow(model, ['address'], () => select.toggleAttribute('data-in-address', Boolean(model.get('address'))));
  model.on('change:address', () => {
    if (!model.get('address') || !globalThis.t4c) return;
    const address = new URL(location.href);
    for (const [name, value] of new URLSearchParams(model.get('address'))) address.searchParams.set(name, value);
    history.replaceState(history.state, '', address);
  });
  select.addEventListener('change', () => tell(model, 'index', Number(select.value)));
};
