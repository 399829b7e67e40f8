// Words that are read out when they change. The element is there from the start: one that appears is often not read.
controls.message = ({ model, el }) => stand(model, el, (follow) => {
  const words = el.querySelector('p');
  const [lead, text] = [words.querySelector('strong'), words.querySelector('span')];
  follow(['lead', 'text', 'tone'], () => {
    const tone = model.get('tone');
    words.className = { refused: 't4c-warning', plain: 't4c-plain' }[tone] ?? 't4c-aside';
    words.hidden = !model.get('text');
    // What was saved is marked: the page then forgets what it kept of the typing.
    words.removeAttribute('data-t4c-seen');
    words.toggleAttribute('data-t4c-saved', tone === 'done' && Boolean(model.get('text')));
    set(lead, model.get('lead'));
    lead.hidden = !model.get('lead');
    set(text, model.get('text'));
  });
});
