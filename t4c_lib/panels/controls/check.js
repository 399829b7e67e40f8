// Yes or no: the whole line can be pressed.
controls.check = ({ model, el }) => stand(model, el, (follow) => {
  const [box, words, help] = [el.querySelector('input'), el.querySelector('.t4c-choice span'), el.querySelector('.t4c-help')];
  const take = () => tell(model, 'value', box.checked);
  if (box.checked !== box.defaultChecked) take(); // it was ticked before this program came
  follow(['label', 'help', 'disabled'], () => {
    set(words, model.get('label'));
    set(help, model.get('help'));
    help.hidden = !model.get('help');
    if (model.get('help')) box.setAttribute('aria-describedby', help.id); else box.removeAttribute('aria-describedby');
    box.disabled = model.get('disabled');
  });
  follow(['value'], () => { box.checked = model.get('value'); });
  box.addEventListener('change', take);
});
