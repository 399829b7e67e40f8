// Takes the last change back, and says which.
controls.undo = ({ model, el }) => {
  const button = make('button', { type: 'button', class: 't4c-button' });
  const said = make('p', { class: 't4c-hidden', role: 'status' });
  el.classList.add('t4c-control');
  el.append(button, said);
  let used = false;
  follow(model, ['last'], () => {
    used ||= Boolean(model.get('last'));
    button.hidden = !used; // it comes with the first change, and then stays: the focus may be on it
    button.textContent = model.get('last') ? `Undo: ${model.get('last')}` : 'Nothing to undo';
    // Not "disabled": a disabled button drops the focus of whoever has just pressed it.
    button.setAttribute('aria-disabled', String(!model.get('last')));
  });
  follow(model, ['said'], () => { said.textContent = model.get('said'); });
  button.addEventListener('click', () => { if (model.get('last')) model.send({ kind: 'undo' }); });
};
