// A button whose press carries what the fields show, so that nothing is done but what was seen.
controls.button = ({ model, el }) => stand(model, el, async (follow) => {
  const button = el.querySelector('button');
  follow(['label'], () => set(button, model.get('label')));
  const widget = (reference) => model.widget_manager.get_model(reference.replace('IPY_MODEL_', ''));
  const fields = await Promise.all(model.get('fields').map(widget));
  if (fields.length === 1) { // as Enter in a form of one field does it
    for (const view of await Promise.all(Object.values(fields[0].views ?? {}))) {
      view.el.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || event.isComposing || !event.target.matches('input')) return;
        event.preventDefault();
        button.click();
      });
    }
  }
  const answer = model.get('answer') && await widget(model.get('answer'));
  const shown = (field) => field.get('labels')?.[field.get('index')] ?? field.get('value') ?? null;
  let unanswered = 0;
  const status = ({ content }) => {
    if (content.execution_state !== 'idle') return;
    unanswered -= 1;
    if (!unanswered) button.removeAttribute('aria-busy');
  };
  button.addEventListener('click', () => {
    unanswered += 1;
    button.setAttribute('aria-busy', 'true');
    // Of this page only: the workbook puts its answer in the place.
    const waiting = 'Sent to the workbook, which has not answered yet: it is not known to be saved.';
    answer?.set({ lead: '', text: waiting, tone: 'plain' });
    model.send({ kind: 'pressed', about: model.get('about'), shown: fields.map(shown) }, { iopub: { status } });
  });
});
