// A button that hands over a file: the kernel makes it at the press, and the browser keeps it.
controls.download = ({ model, el }) => stand(model, el, (follow) => {
  const [button, state] = [el.querySelector('button'), el.querySelector('.t4c-state')];
  follow(['label'], () => set(button, model.get('label')));
  follow(['state'], () => set(state, model.get('state')));
  const save = ({ kind, name, type }, buffers) => {
    if (kind !== 'file') return;
    const url = URL.createObjectURL(new Blob(buffers, { type }));
    const link = document.createElement('a');
    [link.href, link.download] = [url, name];
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000); // a browser may ask first where to put it
    button.removeAttribute('aria-busy');
  };
  model.off('msg:custom', model.t4cSave); // shown anew, it would be handed over twice
  model.t4cSave = save;
  model.on('msg:custom', save);
  follow(['state'], () => button.removeAttribute('aria-busy'));
  button.addEventListener('click', () => {
    button.setAttribute('aria-busy', 'true');
    state.textContent = 'Asked the workbook for the file …'; // of this page only: the workbook puts its answer in the place
    model.send({ kind: 'pressed' });
  });
});
