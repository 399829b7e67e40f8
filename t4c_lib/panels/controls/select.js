// One of a list that is too long for radio buttons.
controls.select = ({ model, el }) => stand(model, el, (follow) => {
  const select = el.querySelector('select');
  const take = () => tell(model, 'index', Number(select.value));
  const given = [...select.options].findIndex((one) => one.defaultSelected);
  if (given >= 0 && select.selectedIndex !== given) take(); // it was chosen before this program came
  frame(model, el, follow);
  follow(['index'], () => { select.value = model.get('index') ?? ''; });
  // A choice that the page's address keeps needs no other keeping. JupyterLab's address is not the page's.
  let before = model.get('address');
  follow(['address'], () => {
    select.toggleAttribute('data-in-address', Boolean(model.get('address')));
    if (model.get('address') === before || !model.get('address') || !globalThis.t4c) return;
    before = model.get('address');
    const address = new URL(location.href);
    for (const [name, value] of new URLSearchParams(before)) address.searchParams.set(name, value);
    history.replaceState(history.state, '', address);
  });
  select.addEventListener('change', take);
});
