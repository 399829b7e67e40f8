// A button that hands over a file: the kernel makes it at the press, and the browser keeps it.
controls.download = ({ model, el }) => stand(model, el, (follow) => {
  const [button, state] = [el.querySelector('button'), el.querySelector('.t4c-state')];
  follow(['label'], () => set(button, model.get('label')));
  follow(['state'], () => set(state, model.get('state')));
  keepFiles(model, () => button.removeAttribute('aria-busy'));
  follow(['state'], () => button.removeAttribute('aria-busy'));
  button.addEventListener('click', () => {
    button.setAttribute('aria-busy', 'true');
    state.textContent = 'Asked the workbook for the file …'; // of this page only: the workbook puts its answer in the place
    model.send({ kind: 'pressed' });
  });
});
