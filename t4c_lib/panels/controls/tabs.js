// Parts of a page of which one shows. Arrows, Home and End move between the tabs; Tab leads into the part.
controls.tabs = ({ model, el }) => stand(model, el, async (follow) => {
  const [bar, panels] = el.children;
  const [tabs, parts] = [[...bar.children], [...panels.children]];
  follow(['label'], () => bar.setAttribute('aria-label', model.get('label')));
  follow(['index'], () => tabs.forEach((tab, place) => {
    const chosen = place === model.get('index');
    tab.setAttribute('aria-selected', String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    parts[place].hidden = !chosen;
  }));
  tabs.forEach((tab, place) => tab.addEventListener('click', () => tell(model, 'index', place)));
  bar.addEventListener('keydown', (event) => {
    const [last, now] = [tabs.length - 1, model.get('index')];
    const to = { ArrowRight: now === last ? 0 : now + 1, ArrowLeft: now ? now - 1 : last, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    tell(model, 'index', to);
    tabs[to].focus();
  });
  await Promise.all(model.get('children').map((child, place) => showWidget(model, child, parts[place])));
});
