// Words that are read out when they change. The element is there from the start: one that appears is often not read.
controls.message = ({ model, el }) => {
  const place = make('div', { role: 'status', class: 't4c-message' });
  const button = make('button', { type: 'button', class: 't4c-button' });
  el.classList.add('t4c-control', 't4c-wide');
  el.append(place, button);
  follow(model, ['lead', 'text', 'tone', 'button'], () => {
    const [lead, text, tone] = [model.get('lead'), model.get('text'), model.get('tone')];
    const lines = text.split('\n').flatMap((line, place) => (place ? [make('br'), line] : [line]));
    const words = make('p', { class: { refused: 't4c-warning', plain: 't4c-plain' }[tone] ?? 't4c-aside' });
    words.append(...(lead ? [make('strong', {}, lead), ' '] : []), ...lines);
    if (tone === 'done') words.dataset.t4cSaved = ''; // the page then forgets what it kept of the typing
    place.replaceChildren(...(text ? [words] : []));
    button.textContent = model.get('button');
    button.hidden = !text || !model.get('button');
  });
  button.addEventListener('click', () => model.send({ kind: 'pressed' }));
};
