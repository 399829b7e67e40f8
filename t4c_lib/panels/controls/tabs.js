// Parts of a page of which one shows. Arrows, Home and End move between the tabs; Tab leads into the part.
controls.tabs = async ({ model, el }) => {
  const bar = make('div', { class: 't4c-tabs', role: 'tablist' });
  const panels = make('div');
  el.classList.add('t4c-control', 't4c-wide');
  el.append(bar, panels);
  let tabs = [];
  const choose = () => tabs.forEach(({ tab, panel }, place) => {
    const chosen = place === model.get('index');
    tab.setAttribute('aria-selected', String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    panel.hidden = !chosen;
  });
  const build = async () => {
    tabs = model.get('titles').map((title, place) => {
      const tab = make('button', { type: 'button', role: 'tab', id: newId() }, title);
      const panel = make('div', { class: 't4c-tabpanel', role: 'tabpanel', id: newId(), 'aria-labelledby': tab.id, tabindex: '0' });
      tab.setAttribute('aria-controls', panel.id);
      tab.addEventListener('click', () => tell(model, 'index', place));
      return { tab, panel };
    });
    bar.replaceChildren(...tabs.map(({ tab }) => tab));
    panels.replaceChildren(...tabs.map(({ panel }) => panel));
    choose();
    const made = tabs;
    await Promise.all(model.get('children').map((child, place) => made[place] && showWidget(model, child, made[place].panel)));
  };
  follow(model, ['label'], () => bar.setAttribute('aria-label', model.get('label')));
  model.on('change:index', choose);
  model.on('change:children', build);
  bar.addEventListener('keydown', (event) => {
    const [last, now] = [tabs.length - 1, model.get('index')];
    const to = { ArrowRight: now === last ? 0 : now + 1, ArrowLeft: now ? now - 1 : last, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    tell(model, 'index', to);
    tabs[to].tab.focus();
  });
  await build();
};
