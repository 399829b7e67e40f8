// What an X comes to. Goal, people and the other reading are worked out here, within the frame in which a key is
// pressed; the section that the kernel then sends says the same, and what only the model knows besides.
controls.answer = ({ model, el }) => {
  const take = () => {
    const said = made(model);
    el.classList.remove('t4c-waiting');
    // What stands there already would be read out a second time.
    if (said.innerHTML !== el.innerHTML) fill(el, said);
  };
  take();
  for (const name of ['element', 'answers']) model.on(`change:${name}`, take);

  const other = (name) => model.widget_manager.get_model(model.get(name).replace('IPY_MODEL_', ''));
  const put = (part, words) => {
    const found = el.querySelector(part);
    if (found) set(found, words);
  };
  let [amount, kind, base] = [];

  function answer() {
    const [name, dividedBy] = model.get('kinds')[kind.get('index')] ?? [];
    const baseline = model.get('bases')[base.get('index')];
    if (amount.get('value') === null || !name || !baseline) return null;
    const now = 'value' in model.get('now') ? model.get('now') : null;
    const change = { kind: name, amount: arithmetic.rounded(amount.get('value') / dividedBy, 8) };
    const found = arithmetic.reading(change, baseline, now);
    return found && { ...found, rising: found.goal > baseline.value, twin: arithmetic.twin(change, baseline, now) };
  }

  function show() {
    const found = answer();
    el.classList.add('t4c-waiting');
    if (!found) return;
    const { heads, rising, twin } = found;
    put('[data-part=goal] .t4c-figure', arithmetic.percent(found.goal));
    const words = model.get('people')[(rising ? heads <= 0 : heads >= 0) ? 'none' : rising ? 'more' : 'fewer'];
    if (heads !== null && words) {
      put('[data-part=people] .t4c-figure', words[0].replace('{heads}', arithmetic.number(Math.abs(heads))));
      put('[data-part=people] .t4c-detail', words[1]);
    }
    if (twin) put('.t4c-aside span', model.get('twins')[twin.kind].replace('{sentence}', twin.sentence));
    const target = { chart: model.get('chart')?.replace('IPY_MODEL_', ''), value: found.goal, said: arithmetic.percent(found.goal) };
    document.dispatchEvent(new CustomEvent('t4c-target', { detail: target }));
  }

  return Promise.all(['amount', 'kind_field', 'base'].map(other)).then((fields) => {
    [amount, kind, base] = fields;
    amount.on('change:value', show);
    for (const choice of [kind, base]) choice.on('change:index', show);
  });
};
