// Takes the last change back, and says which.
controls.undo = ({ model, el }) => stand(model, el, (follow) => {
  const [button, said] = [el.querySelector('button'), el.querySelector('[role=status]')];
  follow(['last'], () => {
    const last = model.get('last');
    button.hidden &&= !last; // it comes with the first change, and then stays: the focus may be on it
    set(button, last ? `Undo: ${last}` : 'Nothing to undo');
    button.setAttribute('aria-disabled', String(!last));
  });
  follow(['said'], () => set(said, model.get('said')));
  button.addEventListener('click', () => { if (model.get('last')) model.send({ kind: 'undo' }); });
});
