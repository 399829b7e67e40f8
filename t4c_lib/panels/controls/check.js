// Yes or no: the whole line can be pressed.
controls.check = ({ model, el }) => {
  const box = make('input', { type: 'checkbox' });
  const words = make('span');
  const help = make('p', { class: 't4c-help', id: newId() });
  el.classList.add('t4c-control');
  el.append(make('div', { class: 't4c-field' }, make('label', { class: 't4c-choice' }, box, words), help));
  follow(model, ['label', 'help', 'disabled'], () => {
    words.textContent = model.get('label');
    help.textContent = model.get('help');
    help.hidden = !model.get('help');
    if (model.get('help')) box.setAttribute('aria-describedby', help.id); else box.removeAttribute('aria-describedby');
    box.disabled = model.get('disabled');
  });
  follow(model, ['value'], () => { box.checked = model.get('value'); });
  box.addEventListener('change', () => tell(model, 'value', box.checked));
};
